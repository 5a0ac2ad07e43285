"""Decoding of bytes to text, and extraction of fields from plain text and Markdown."""
