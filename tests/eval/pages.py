"""Pages with what is known to be right of them, from four public sets.

- `fundus`: all 258 pages. A gold date at midnight is a day; the few that are later than
  the day of the fetch are errors of the set, and left out. The standfirst is neither
  wanted in a body nor wrong there, since both readings of it are sound. The nth version of
  a publisher's layout belongs to its nth page by date.
- `dates`: all 200 pages; the day is the gold, and five have none; one that is wrong is left out.
  It is the day at the page's place, which the set does not name: an instant that a page gives in
  UTC counts as wrong if it is on another day there.
- `wcxb` and `trafilatura`: the pages of the publishers that are held out (`folds.py`).
"""

from __future__ import annotations

import gzip
import json
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from tests.eval.folds import held_out

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
# It shows 2 Tir 1399, and its address 20200622: that is 22 June, and the set says 2 July.
_WRONG_DATES = frozenset({"1641304459.html"})
# Where the set does not say when a page was fetched: after the last of all pages.
_FETCHED = datetime(2026, 9, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Gold:
    """What is right; None or nothing where the set does not say.

    `published` is a datetime if the time is known. An `undated` page is known to have no
    date, so that any is wrong. `spare` may stand in the body or not.
    `inside` are texts that the article has, `outside` texts that it must not have.
    """

    title: str = ""
    body: str = ""
    spare: str = ""
    published: date | None = None
    undated: bool = False
    authors: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was fetched."""

    name: str
    url: str
    content: bytes
    fetched: datetime
    gold: Gold


def fundus() -> Iterator[Page]:
    for golds in sorted((DATA / "pages" / "fundus").glob("*/*.json")):
        info = json.loads((golds.parent / "meta.info").read_text("utf-8"))
        versions = json.loads(golds.read_text("utf-8"))
        names = sorted(file.name for file in golds.parent.glob(f"{golds.stem}_[0-9]*.html.gz"))
        ordered = sorted(versions, key=lambda name: [int(n) for n in re.findall(r"\d+", name)])
        for name, version in zip(names, ordered, strict=True):
            content = gzip.decompress((golds.parent / name).read_bytes())
            fetched = datetime.fromisoformat(info[name]["crawl_date"]).replace(tzinfo=UTC)
            gold = _fundus_gold(versions[version], fetched)
            yield Page(name, info[name]["url"], content, fetched, gold)


def _fundus_gold(version: dict[str, object], fetched: datetime) -> Gold:
    match version:
        case {"title": str(title), "publishing_date": str(when), "body": dict(body)}:
            sections = [
                text
                for section in body["sections"]
                for text in (*section["headline"], *section["paragraphs"])
            ]
            authors = version.get("authors")
            return Gold(
                title=title,
                body="\n\n".join(sections),
                spare="\n\n".join(body["summary"]),
                published=_when(when, fetched),
                authors=tuple(map(str, authors)) if isinstance(authors, list) else (),
            )
    raise ValueError(f"not the form of the set: {sorted(version)}")


def _when(written: str, fetched: datetime) -> date | None:
    at = datetime.fromisoformat(written)
    if at.date() > fetched.date():
        return None
    return at.date() if " 00:00:00" in written else at


def dates() -> Iterator[Page]:
    files = _members(DATA / "pages" / "dates" / "pages.tar.xz")
    golds = json.loads(files.pop("eval_mediacloud_2020.json"))
    for url, known in golds.items():
        if known["file"] in _WRONG_DATES:
            continue
        written = known["date"]  # not a number, for the five pages without a date
        dated = isinstance(written, str)
        gold = Gold(published=date.fromisoformat(written) if dated else None, undated=not dated)
        yield Page(known["file"], url, files[known["file"]], _FETCHED, gold)


def wcxb() -> Iterator[Page]:
    for known, content in _listed("wcxb"):
        gold = Gold(
            title=known["title"] or "",
            body=known["body"] or "",
            published=date.fromisoformat(known["date"]) if known["date"] else None,
        )
        yield Page(known["file"], known["url"], content, _FETCHED, gold)


def trafilatura() -> Iterator[Page]:
    for known, content in _listed("trafilatura"):
        gold = Gold(inside=tuple(known["with"]), outside=tuple(known["without"]))
        url = "" if "::" in known["url"] else known["url"]
        yield Page(known["file"], url, content, _FETCHED, gold)


def _listed(name: str) -> Iterator[tuple[dict[str, str], bytes]]:
    files = _members(DATA / "pages" / f"{name}.tar.xz")
    # Not splitlines: a gold text may hold a line separator.
    for line in files["gold.jsonl"].decode().split("\n"):
        known = json.loads(line) if line else {}
        if known and held_out(known["url"]):
            yield known, files[Path(known["file"]).name]


def _members(archive: Path) -> dict[str, bytes]:
    """The files of an archive by their names without folders."""
    with tarfile.open(archive) as members:
        found = {Path(member.name).name: members.extractfile(member) for member in members}
        return {name: file.read() for name, file in found.items() if file}
