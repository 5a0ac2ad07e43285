"""The HTTP server: what the API and the pages share, and how it is run."""
