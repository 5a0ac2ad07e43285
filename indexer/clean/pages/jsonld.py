"""The article that a page describes in JSON-LD, as a record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from indexer.clean.metadata import Json

JsonObject = dict[str, Json]

_MAX_OBJECTS = 2_000
_CONTAINER_KEYS = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart")


def find_article_record(scripts: Iterable[str]) -> JsonObject:
    """Return the object of the page's article, with its references resolved; {} if there is none.

    Of several articles, the first with a date and a headline is the page's own.
    """
    objects = [item for script in scripts for item in _list_objects(script)][:_MAX_OBJECTS]
    articles = [item for item in objects if _is_article(item)]
    if not articles:
        return next((_keep_dates(item) for item in objects if _is_dated_page(item)), {})
    best = max(articles, key=lambda item: bool(item.get("datePublished")) + ("headline" in item))
    by_id = {str(item["@id"]): item for item in objects if "@id" in item and len(item) > 1}
    return {name: _resolve_references(value, by_id) for name, value in best.items()}


def _list_objects(script: str) -> Iterator[JsonObject]:
    """Yield the objects of one script, outermost first."""
    text = script.strip().removeprefix("<!--").removesuffix("-->").strip(" \n;")
    try:
        waiting: list[Json] = [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        return
    for _ in range(_MAX_OBJECTS):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            yield value
            waiting += [value[name] for name in _CONTAINER_KEYS if name in value]


def _list_types(record: JsonObject) -> list[str]:
    kind = record.get("@type")
    return [str(name) for name in (kind if isinstance(kind, list) else [kind])]


def _is_article(record: JsonObject) -> bool:
    return any(kind.endswith(("Article", "BlogPosting", "Report")) for kind in _list_types(record))


def _is_dated_page(record: JsonObject) -> bool:
    return "WebPage" in _list_types(record) and "datePublished" in record


def _keep_dates(page: JsonObject) -> JsonObject:
    """Return the dates of a web page, the only values of it that are surely the article's."""
    return {name: page[name] for name in ("datePublished", "dateModified") if name in page}


def _resolve_references(value: Json, by_id: dict[str, JsonObject]) -> Json:
    """Return a value with references ({"@id": ...}) replaced by the objects that they name."""
    if isinstance(value, list):
        return [_resolve_references(item, by_id) for item in value[:50]]
    if isinstance(value, dict) and set(value) <= {"@id", "@type"}:
        return dict(by_id.get(str(value.get("@id")), value))
    return value
