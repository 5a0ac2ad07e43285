"""The fields that cleaning makes of files, without keeping them."""

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
    """Each article of a file, a folder or standard input; or None and the reason why not.

    Raises SourceError if the path is not there, SpacyMissingError if it is asked for and is not.
    """
    config = project.config
    extractor = extractor_of(config)
    cleaning = partial(clean, names=known_names(config.aliases))
    with Cleaner(config.workers, now or datetime.now(UTC), cleaning) as cleaner:
        for found, cleaned in cleaner.clean_each(_found(path, stdin, project), _raw):
            if isinstance(cleaned, Article):
                # Cleaning has had it read by the rules.
                if config.entities.spacy:
                    (entities,) = extractor.extract([cleaned])
                    cleaned = replace(cleaned, entities=entities)
                yield cleaned, ""
            else:
                reason = found.reason if isinstance(found, Unreadable) else cleaned
                yield None, f"{found.path}: {reason}"


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
    """What standard input gives; what it is shows in how it begins."""
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
