"""The article that a page describes in JSON-LD, as a record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from indexer.clean.metadata import Json

Record = dict[str, Json]

_MOST_OBJECTS = 2_000
_HOLDERS = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart")


def article_record(scripts: Iterable[str]) -> Record:
    """The record of the page's article, with what is told elsewhere put in; {} if none is.

    Of several articles, the first with a date and a headline is the page's own.
    """
    objects = [found for script in scripts for found in _objects(script)][:_MOST_OBJECTS]
    articles = [found for found in objects if _is_article(found)]
    if not articles:
        return next((_dated(found) for found in objects if _is_page(found)), {})
    best = max(articles, key=lambda found: bool(found.get("datePublished")) + ("headline" in found))
    by_id = {str(found["@id"]): found for found in objects if "@id" in found and len(found) > 1}
    return {name: _resolved(value, by_id) for name, value in best.items()}


def _objects(script: str) -> Iterator[Record]:
    """The objects of one script, outermost first."""
    text = script.strip().removeprefix("<!--").removesuffix("-->").strip(" \n;")
    try:
        waiting: list[Json] = [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        return
    for _ in range(_MOST_OBJECTS):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            yield value
            waiting += [value[name] for name in _HOLDERS if name in value]


def _types(record: Record) -> list[str]:
    kind = record.get("@type")
    return [str(each) for each in (kind if isinstance(kind, list) else [kind])]


def _is_article(record: Record) -> bool:
    return any(kind.endswith(("Article", "BlogPosting", "Report")) for kind in _types(record))


def _is_page(record: Record) -> bool:
    return "WebPage" in _types(record) and "datePublished" in record


def _dated(page: Record) -> Record:
    """Of a page as such only the dates are surely the article's."""
    return {name: page[name] for name in ("datePublished", "dateModified") if name in page}


def _resolved(value: Json, by_id: dict[str, Record]) -> Json:
    """A value with references to other objects ({"@id": ...}) replaced by those."""
    if isinstance(value, list):
        return [_resolved(each, by_id) for each in value[:50]]
    if isinstance(value, dict) and set(value) <= {"@id", "@type"}:
        return dict(by_id.get(str(value.get("@id")), value))
    return value
