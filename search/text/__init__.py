"""Text that is shown: where a query matches in it, fragments of it, and what changed in it."""
