"""The HTTP server: the parts that the API and the pages share, and how to run it."""
