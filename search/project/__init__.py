"""A project: a folder with settings, a corpus and an index, and the operations on it."""

from search.project.project import Project

__all__ = ["Project"]
