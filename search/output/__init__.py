"""Output for other programs: JSON, feeds, tables and TREC runs."""
