"""Readers of formats: from the bytes of a file or an HTTP response to raw articles."""
