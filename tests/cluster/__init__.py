"""A real OpenSearch cluster on this machine's loopback, a process a node."""
