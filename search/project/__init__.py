"""One project: a folder with settings, a corpus and an index, and what is done with it."""
