"""What we hold and where it comes from: articles, the sources that yield them, the store."""
