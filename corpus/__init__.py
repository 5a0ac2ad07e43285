"""Articles, the sources that yield them, and the store that keeps every version of them."""
