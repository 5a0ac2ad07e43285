"""Preview of cleaning: the fields that it extracts from files, without storing them."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import BinaryIO

from corpus.article import Article, MediaType, RawArticle, Source
from corpus.sources import MAX_BYTES, Unreadable, items, read
from corpus.sources.formats.jsonl import read_json, read_lines
from indexer.clean import clean
from indexer.entities.extractor import known_names
from indexer.workers.cleaner import Cleaner
from search.project.entity_updates import extractor_of
from search.project.project import Project

STDIN = "-"


def preview(
    path: str, stdin: BinaryIO, project: Project, now: datetime | None
) -> Iterator[tuple[Article | None, str]]:
    """Yield each article of a file, a folder or standard input; or None and the reason.

    Raises SourceError if the path does not exist, SpacyMissingError if spaCy is configured and
    not installed.
    """
    config = project.config
    extractor = extractor_of(config)
    cleaning = partial(clean, names=known_names(config.aliases))
    with Cleaner(config.workers, now or datetime.now(UTC), cleaning) as cleaner:
        for record, cleaned in cleaner.clean_each(_found(path, stdin, project), _raw):
            if isinstance(cleaned, Article):
                # Cleaning has extracted entities by the rules only.
                if config.entities.spacy:
                    (entities,) = extractor.extract([cleaned])
                    cleaned = replace(cleaned, entities=entities)
                yield cleaned, ""
            else:
                reason = record.reason if isinstance(record, Unreadable) else cleaned
                yield None, f"{record.path}: {reason}"


def _raw(found: RawArticle | Unreadable) -> RawArticle | None:
    return None if isinstance(found, Unreadable) else found


def _found(path: str, stdin: BinaryIO, project: Project) -> Iterator[RawArticle | Unreadable]:
    if path == STDIN:
        yield from _piped(stdin, Source("stdin", "", project.config.zone.key))
        return
    source = project.source_at(Path(path))
    for item in items(source):
        yield from read(source, item)


def _piped(stdin: BinaryIO, source: Source) -> Iterator[RawArticle | Unreadable]:
    """Read standard input; its first characters tell the format."""
    content = stdin.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        yield Unreadable(STDIN, f"longer than {MAX_BYTES:,} bytes")
        return
    first, _, rest = content.strip(_BLANK).partition(b"\n")
    if first.startswith((b"{", b"[")):
        lines = first.rstrip().endswith(b"}") and rest
        reader = read_lines if lines else read_json
        yield from reader(source, STDIN, BufferedReader(BytesIO(content)))
        return
    media_type = MediaType.HTML if first.startswith(b"<") else MediaType.TEXT
    yield RawArticle(source, STDIN, media_type, content)


_BLANK = codecs.BOM_UTF8 + b" \t\r\n"
