"""Formats: from the bytes of a file or an answer to raw articles."""
