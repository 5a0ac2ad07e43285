"""The HTTP faces: the API for programs and feed readers, and what the page shares with it."""
