"""Pages: from HTML to fields, told by what a page says of itself and what it shows."""
