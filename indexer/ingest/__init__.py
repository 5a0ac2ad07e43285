"""Ingest: from what sources and callers give to articles in the store."""
