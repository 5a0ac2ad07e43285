"""HTML pages: extraction of fields from the metadata of a page and from its visible text."""
