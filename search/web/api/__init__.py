"""The HTTP API: its routes, their parameters, and its description."""
