"""The articles of a benchmark: as many as asked for, as JSON Lines that every peer reads."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

# Copies take their second half from an article so many places on: a prime, so that the
# halves of no two copies meet twice.
_STRIDE = 7_919


@dataclass(frozen=True, slots=True)
class Story:
    """What the peers index. `date` is ISO with a zone, or nothing."""

    id: str
    title: str
    body: str
    date: str = ""
    author: str = ""
    source: str = ""

    @property
    def seconds(self) -> int | None:
        return int(datetime.fromisoformat(self.date).timestamp()) if self.date else None


def prepare(corpus: Path, file: Path, *, articles: int, copies: int) -> int:
    """Write a corpus file's first articles, with their copies. Returns the bytes of clean text."""
    stories = list(islice(_clean(corpus), articles))
    size = 0
    with file.open("w", encoding="utf-8") as lines:
        for story in _replicated(stories, copies):
            size += len(story.title.encode()) + len(story.body.encode())
            lines.write(as_line(story))
    return size


def read(file: Path) -> Iterator[Story]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            yield Story(**json.loads(line))


def as_line(story: Story) -> str:
    filled = {name: value for name, value in asdict(story).items() if value}
    return json.dumps({"title": "", "body": "", **filled}) + "\n"


def _clean(corpus: Path) -> Iterator[Story]:
    """The articles of a file that have a text, each id once; web addresses stay out."""
    seen: set[str] = set()
    opened = gzip.open if corpus.suffix == ".gz" else open
    with opened(corpus, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if record.get("body") and record["id"] not in seen:
                seen.add(record["id"])
                names = ("title", "body", "author", "source")
                texts = {name: _text(record.get(name)) for name in names}
                yield Story(id=record["id"], date=_date(record.get("date")), **texts)


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _date(value: object) -> str:
    try:
        date = datetime.fromisoformat(str(value))
    except ValueError:
        return ""
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).isoformat()


def _replicated(stories: list[Story], copies: int) -> Iterable[Story]:
    """The stories; each further copy has the second half of its text from another story.

    Copies that are alike to the letter would all have one score, which no news has.
    """
    yield from stories
    for copy in range(1, copies):
        for place, story in enumerate(stories):
            other = stories[(place + copy * _STRIDE) % len(stories)]
            body = f"{_half(story.body, 0)}\n\n{_half(other.body, 1)}"
            yield replace(story, id=f"{story.id}~{copy}", body=body)


def _half(body: str, which: int) -> str:
    middle = body.find(" ", len(body) // 2)
    return (body[:middle], body[middle:])[which] if middle > 0 else body
