"""The article that a page describes in JSON-LD, as a record."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from indexer.clean.metadata import Json, get_value_text

JsonObject = dict[str, Json]

_MAX_OBJECTS = 2_000
_CONTAINER_KEYS = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart")
_UPDATES_KEY = "liveBlogUpdate"
_UPDATE_TEXT_KEYS = ("articleBody", "text", "description")
_UPDATE_TIME_KEYS = ("datePublished", "dateCreated", "dateModified")
_ISO_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)")


def find_article_record(scripts: Iterable[str]) -> JsonObject:
    """Return the object of the page's article, with its references resolved; {} if there is none.

    Of several articles, the first with a date and a headline is the page's own.
    """
    objects = [item for script in scripts for item in _list_objects(script)][:_MAX_OBJECTS]
    articles = [item for item in objects if _is_article(item)]
    if not articles:
        return next((_keep_dates(item) for item in objects if _is_dated_page(item)), {})
    best = max(articles, key=_rate_article)
    by_id = {str(item["@id"]): item for item in objects if "@id" in item and len(item) > 1}
    record = {
        name: _resolve_references(value, by_id)
        for name, value in best.items()
        if name != _UPDATES_KEY
    }
    if updates := _list_updates(best, by_id):
        record["body"] = [record.get("articleBody"), *updates]
    return record


def _rate_article(record: JsonObject) -> tuple[int, bool]:
    return bool(record.get("datePublished")) + ("headline" in record), _UPDATES_KEY in record


def _list_updates(live_blog: JsonObject, by_id: dict[str, JsonObject]) -> list[Json]:
    """Return the updates of a live blog as paragraphs, in its order: time and headline, text."""
    updates = live_blog.get(_UPDATES_KEY)
    if isinstance(updates, dict) and "itemListElement" in updates:
        updates = updates["itemListElement"]
    items = updates if isinstance(updates, list) else [updates]
    texts: list[Json] = []
    for item in items[:_MAX_OBJECTS]:
        update = _resolve_references(item, by_id)
        if isinstance(update, dict) and isinstance(update.get("item"), dict):
            update = update["item"]
        if isinstance(update, dict):
            head = f"{_format_time(update)} {get_value_text(update.get('headline'))}".strip()
            text = next((update[name] for name in _UPDATE_TEXT_KEYS if update.get(name)), None)
            texts += [head, text] if text else []
    return texts


def _format_time(update: JsonObject) -> str:
    """Return the time of an update as stated, to the minute, without its zone."""
    stated = next((update[name] for name in _UPDATE_TIME_KEYS if update.get(name)), None)
    match = _ISO_TIME.match(get_value_text(stated))
    return " ".join(match.groups()) if match else ""


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
