"""Sources on the web: the entries that they list, and polite and safe fetching of pages."""
