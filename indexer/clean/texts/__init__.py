"""Texts: from bytes to text, and from plain text and Markdown to fields."""
