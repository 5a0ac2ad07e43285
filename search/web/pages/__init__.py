"""The pages in a browser: each a route, frozen values and a template."""
