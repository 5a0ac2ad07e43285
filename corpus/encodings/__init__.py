"""Decoding of bytes to text, whatever encoding they declare: of pages, texts, feeds and wires."""
