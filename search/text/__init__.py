"""Text for display: query matches, snippets, escaping, line wrapping and differences."""
