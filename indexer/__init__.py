"""Raw articles to fields, and fields to an inverted index."""
