"""Reuters-21578, the 1987 newswire collection, as JSON Lines.

`python -m tests.reuters ARCHIVE > FILE.jsonl` reads the archive as it is distributed: a
tar of SGML files in latin-1. SGML is not XML and nothing here nests, so regular
expressions read it. Articles without a body (headlines sent alone, unprocessed text) are
left out. Times have no zone.
"""

from __future__ import annotations

import html
import json
import re
import sys
import tarfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

_ARTICLE = re.compile(r'<REUTERS [^>]*NEWID="(\d+)"[^>]*>(.*?)</REUTERS>', re.DOTALL)
_PARTS = {
    name.lower(): re.compile(f"<{name}>(.*?)</{name}>", re.DOTALL)
    for name in (
        "DATE", "TITLE", "AUTHOR", "DATELINE", "BODY", "TOPICS", "PLACES", "PEOPLE", "ORGS",
    )
}  # fmt: skip
_TAG = re.compile(r"<D>(.*?)</D>")
_LISTS = ("topics", "places", "people", "orgs")
_LINES = ("title", "author", "dateline")
_DAY = re.compile(r"\d{1,2}-[A-Z]{3}-\d{4}")
_TIME = re.compile(r"(?<= )\d\d:\d\d:\d\d")
# The wire marks a paragraph by its indentation alone.
_INDENTED = re.compile(r"\n+ {4,}(?=\S)")
_NUMBERED = re.compile(r"&#(\d+);")
_CONTROL = dict.fromkeys(
    point for point in (*range(0x20), *range(0x7F, 0xA0)) if point not in b"\t\n"
)


def articles(archive: Path) -> Iterator[dict[str, object]]:
    """Each article that has a body, in the archive's order.

    `id`, `title`, `body` and `date` are always there; `author`, `dateline` and the lists
    `topics`, `places`, `people` and `orgs` where the article has them.
    """
    for sgml in _files(archive):
        for number, inside in _ARTICLE.findall(sgml):
            if body := _text(inside, "body"):
                paragraphs = _INDENTED.sub("\n\n", body)
                yield {"id": number, "body": paragraphs, **_rest(inside)}


def _files(archive: Path) -> Iterator[str]:
    with tarfile.open(archive, "r|*") as members:
        for member in members:
            if member.name.endswith(".sgm") and (file := members.extractfile(member)):
                yield file.read().decode("latin-1")


def _rest(inside: str) -> dict[str, object]:
    lines = {name: " ".join(_text(inside, name).split()) for name in _LINES}
    lists = {name: list(map(_decoded, _TAG.findall(_raw(inside, name)))) for name in _LISTS}
    found = {"date": _date(_raw(inside, "date")), **lines, **lists}
    return {name: value for name, value in found.items() if value}


def _raw(inside: str, name: str) -> str:
    match = _PARTS[name].search(inside)
    return match[1] if match else ""


def _text(inside: str, name: str) -> str:
    return _decoded(_raw(inside, name)).strip()


def _decoded(sgml: str) -> str:
    """Character references resolved; control characters, which the wire used, dropped."""
    # By itself, because html.unescape reads numbers from 128 to 159 as Windows does.
    numbered = _NUMBERED.sub(lambda reference: chr(int(reference[1])), sgml)
    return html.unescape(numbered).translate(_CONTROL)


def _date(written: str) -> str:
    """ISO, to the second; of the day if the time is none (`31-MAR-1987 605:12:19.12`)."""
    day, time = _DAY.search(written), _TIME.search(written)
    if day is None:
        return ""
    date = datetime.strptime(day[0], "%d-%b-%Y").date().isoformat()
    return f"{date}T{time[0]}" if time else date


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.reuters ARCHIVE > FILE.jsonl")
    for article in articles(Path(sys.argv[1])):
        print(json.dumps(article))


if __name__ == "__main__":
    main()
