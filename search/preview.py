"""The fields that cleaning makes of files, without keeping them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from corpus.article import Article, MediaType, RawArticle, Source
from corpus.sources import Unreadable, items, read
from indexer.clean import CleanError, clean
from search.project import Project

STDIN = "-"


def preview(
    path: str, stdin: BinaryIO, project: Project, now: datetime | None
) -> Iterator[tuple[Article | None, str]]:
    """Each article of a file, a folder or standard input; or None and the reason why not.

    Raises SourceError if the path is not there.
    """
    for found in _found(path, stdin, project):
        if isinstance(found, Unreadable):
            yield None, f"{found.path}: {found.reason}"
            continue
        try:
            yield clean(found, now=now or datetime.now(UTC)), ""
        except CleanError as err:
            yield None, f"{found.path}: {err}"


def _found(path: str, stdin: BinaryIO, project: Project) -> Iterator[RawArticle | Unreadable]:
    if path == STDIN:
        content = stdin.read()
        source = Source("stdin", "", project.config.zone.key)
        yield RawArticle(source, STDIN, _media_type(content), content)
        return
    source = project.source_at(Path(path))
    for item in items(source):
        yield from read(source, item)


def _media_type(content: bytes) -> MediaType:
    """What standard input is, by how it begins."""
    start = content[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"{"):
        return MediaType.RECORD
    return MediaType.HTML if start.startswith(b"<") else MediaType.TEXT
