"""Removal of what is no part of an article from its page: boxes, captions, the next stories."""
