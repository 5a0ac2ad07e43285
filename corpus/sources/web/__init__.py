"""The web as a source: what addresses list, and fetching it politely and safely."""
