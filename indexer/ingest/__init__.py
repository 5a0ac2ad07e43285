"""Ingest: raw articles of sources and callers are cleaned and stored."""
