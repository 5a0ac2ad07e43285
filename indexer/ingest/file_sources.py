"""Sources in files: list them, and read the items that are new or changed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from corpus.article import Source
from corpus.sources import (
    Item,
    SkipReason,
    SourceError,
    calculate_digest,
    estimate_unpacked_bytes,
    list_files,
    read_item,
)
from indexer.ingest.event_writer import EventWriter
from indexer.ingest.events import Event
from indexer.ingest.open_source import OpenSource


def ingest_files(source: Source, writer: EventWriter, known: Sequence[Source]) -> None:
    """Ingest a source of files, except for the files of other known sources inside it."""
    opened = writer.open_source(source)
    with writer.transaction():
        writer.ledger.clear_failures(source.name, "")
    skipped = Counter[SkipReason]()
    try:
        listed = _list_items(source, known, skipped)
    except SourceError as err:
        with writer.transaction():
            writer.add_failure(opened, "", "", str(err))
        return
    _report_skipped(opened, writer, skipped)
    opened.gone = frozenset(path for path in opened.fingerprints if not _is_listed(path, listed))
    modified = [item for item in listed.values() if not opened.is_unmodified(item)]
    total = sum(estimate_unpacked_bytes(source, item) for item in modified)
    writer.stats = writer.stats.add(total=total)
    writer.write_events(_read_items(opened, writer, modified))
    # After reading: an article whose file was moved is in another one now, and not removed.
    if not writer.keep_missing:
        _remove_missing(opened, writer)
    if opened.kept:
        writer.stats = writer.stats.add_notes(
            f"{source.name}: {opened.kept:,} articles are gone from it, most of it, and are kept;"
            " if that is right, run: dateline update --allow-removals"
        )


def _remove_missing(source: OpenSource, writer: EventWriter) -> None:
    with writer.transaction():
        writer.remove_articles(
            source,
            lambda: sum(writer.ledger.remove_item(source.name, path) for path in source.gone),
        )


def _read_items(source: OpenSource, writer: EventWriter, todo: Sequence[Item]) -> Iterator[Event]:
    for item in todo:
        content_digest = calculate_digest(source.source, item)
        opened = source.open_item(item, content_digest)
        if source.is_ingested(item, content_digest):
            source.close_item(opened)
        else:
            yield from writer.compare_records(opened, read_item(source.source, item))


def _report_skipped(source: OpenSource, writer: EventWriter, skipped: Counter[SkipReason]) -> None:
    writer.stats = writer.stats.add(skipped=skipped.total()).add_notes(
        *(f"{source.name}: {count:,} skipped: {reason.value}" for reason, count in skipped.items())
    )


def _list_items(
    source: Source, known: Sequence[Source], skipped: Counter[SkipReason]
) -> dict[str, Item]:
    """Return the items of a source by path: a file belongs to the innermost source around it.

    Counts the files that are skipped. Raises SourceError.
    """
    inner = _list_inner_paths(source, known)

    def count_skipped(path: str, reason: SkipReason) -> None:
        skipped[reason] += not _is_within(path, inner)

    files = list_files(source, count_skipped)
    return {item.path: item for item in files if not _is_within(item.path, inner)}


def _list_inner_paths(source: Source, known: Sequence[Source]) -> frozenset[str]:
    """Return the locations of other sources inside a source, as paths of items."""
    outer = Path(source.location)
    return frozenset(
        os.path.relpath(other.location, outer).replace(os.sep, "/")
        for other in known
        if other.location != source.location and Path(other.location).is_relative_to(outer)
    )


def _is_within(path: str, folders: frozenset[str]) -> bool:
    return bool(folders) and any(
        str(part) in folders for part in (path, *PurePosixPath(path).parents)
    )


def _is_listed(path: str, listed: Mapping[str, Item]) -> bool:
    """Return whether an item is listed, or a folder above it that could not be read."""
    return path in listed or any(str(above) in listed for above in PurePosixPath(path).parents)
