"""The query: from text to a tree of frozen nodes, and from that to text again."""
