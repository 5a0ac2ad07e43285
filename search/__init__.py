"""Queries to ranked hits with highlighted snippets."""
