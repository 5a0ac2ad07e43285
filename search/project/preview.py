"""Preview of cleaning: the fields that it extracts from files, without storing them."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import BinaryIO

from corpus.article import Article, MediaType, RawArticle, Source
from corpus.sources import MAX_RECORD_BYTES, ReadFailure, list_files, read_item
from corpus.sources.formats.json_files import read_json, read_json_lines
from indexer.clean import clean
from indexer.entities.extractor import index_known_names
from indexer.workers.cleaner import Cleaner
from search.project.entity_updates import make_extractor
from search.project.project import Project

STDIN_PATH = "-"


@dataclass(frozen=True, slots=True)
class Preview:
    """An article as cleaning makes it, or None and the reason.

    `path` is the place of its record in the file, the folder or standard input (`-`) that was read.
    """

    path: str
    article: Article | None
    reason: str = ""


def preview_articles(
    path: str, stdin: BinaryIO, project: Project, now: datetime | None
) -> Iterator[Preview]:
    """Yield each article of a file, a folder or standard input.

    Raises SourceError if the path does not exist, SpacyMissingError if spaCy is configured and
    not installed.
    """
    config = project.config
    extractor = make_extractor(config)
    cleaning = partial(clean, names=index_known_names(config.aliases))
    with Cleaner(config.workers, now or datetime.now(UTC), cleaning) as cleaner:
        for record, cleaned in cleaner.clean_each(
            _read_records(path, stdin, project), _select_raw_article
        ):
            if isinstance(cleaned, Article):
                # Cleaning has extracted entities by the rules only.
                if config.entities.spacy:
                    (entities,) = extractor.extract([cleaned])
                    cleaned = replace(cleaned, entities=entities)
                yield Preview(record.path, cleaned)
            else:
                reason = record.reason if isinstance(record, ReadFailure) else cleaned
                yield Preview(record.path, None, reason or "")


def _select_raw_article(record: RawArticle | ReadFailure) -> RawArticle | None:
    return None if isinstance(record, ReadFailure) else record


def _read_records(
    path: str, stdin: BinaryIO, project: Project
) -> Iterator[RawArticle | ReadFailure]:
    if path == STDIN_PATH:
        yield from _read_stdin(stdin, Source("stdin", "", project.config.zone.key))
        return
    source = project.make_source(Path(path))
    skipped: list[ReadFailure] = []
    for item in list_files(
        source,
        lambda path, reason: skipped.append(ReadFailure(path, f"skipped: {reason.value}")),
    ):
        yield from read_item(source, item)
    yield from skipped


def _read_stdin(stdin: BinaryIO, source: Source) -> Iterator[RawArticle | ReadFailure]:
    """Read standard input; its first characters tell the format."""
    content = stdin.read(MAX_RECORD_BYTES + 1)
    if len(content) > MAX_RECORD_BYTES:
        yield ReadFailure(STDIN_PATH, f"longer than {MAX_RECORD_BYTES:,} bytes")
        return
    first, _, rest = content.strip(_BLANK_BYTES).partition(b"\n")
    if first.startswith((b"{", b"[")):
        lines = first.rstrip().endswith(b"}") and rest
        reader = read_json_lines if lines else read_json
        yield from reader(source, STDIN_PATH, BufferedReader(BytesIO(content)))
        return
    media_type = MediaType.HTML if first.startswith(b"<") else MediaType.TEXT
    yield RawArticle(source, STDIN_PATH, media_type, content)


_BLANK_BYTES = codecs.BOM_UTF8 + b" \t\r\n"
