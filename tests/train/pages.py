"""The pages that weights are learnt from: those of publishers that judge nothing."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from trafilatura import bare_extraction
from trafilatura.settings import Document

from corpus.article import MediaType, RawArticle, Source
from corpus.encodings.decoding import DecodingError
from indexer.clean.pages.block_features import BlockFeatures, PageBlocks
from indexer.clean.pages.html import read_page_blocks
from tests.eval.folds import fold, held_out, publisher
from tests.eval.pages import DATA
from tests.train.labels import of_body, of_snippets, words

SETS: Final = {
    "wcxb": "Web Content Extraction Benchmark, CC BY 4.0",
    "trafilatura": "Trafilatura's evaluation pages: repository Apache-2.0, pages (c) publishers",
}
_NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
_NEWS: Final = (b"NewsArticle", b"ReportageNewsArticle")


@dataclass(frozen=True, slots=True)
class Job:
    """A page with what is known of its article."""

    name: str
    url: str
    content: bytes
    body: str
    inside: tuple[str, ...]
    outside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Learnt:
    """A page, its candidates with what is known of each, and whether it is of the body.

    `sizes` are in words; `news` is whether the page calls itself that.
    """

    page: PageBlocks
    rows: list[BlockFeatures]
    texts: list[str]
    labels: list[int]
    sizes: list[int]
    body: str
    fold: int
    news: bool


def jobs() -> Iterator[Job]:
    judging = _judging()
    for name in SETS:
        files = _members(DATA / "pages" / f"{name}.tar.xz")
        for line in io.BytesIO(files["gold.jsonl"]):
            gold = json.loads(line)
            if not held_out(gold["url"]) and publisher(gold["url"]) not in judging:
                yield Job(
                    f"{name}/{gold['file']}",
                    gold["url"],
                    files[Path(gold["file"]).name],
                    gold.get("body") or "",
                    tuple(gold.get("with", ())),
                    tuple(gold.get("without", ())),
                )


def learnt(job: Job) -> Learnt | None:
    """What a page teaches; nothing if it cannot be read."""
    raw = RawArticle(Source("pages", "/pages"), job.name, MediaType.HTML, job.content)
    try:
        tree, told = read_page_blocks(raw, _NOW)
    except DecodingError:
        return None
    page = PageBlocks(tree, told)
    texts = [page.texts[at] for at in page.candidates]
    if not texts:
        return None
    if job.body:
        labels = of_body(texts, job.body)
    else:
        labels = of_snippets(texts, job.inside, job.outside, _second_opinions(job.content))
    sizes = [len(words(text)) for text in texts]
    news = any(name in job.content for name in _NEWS)
    return Learnt(
        page, page.calculate_features(), texts, labels, sizes, job.body, fold(job.url), news
    )


def _second_opinions(content: bytes) -> list[str]:
    """The bodies that others find, of a page of which little is known."""
    read = partial(bare_extraction, content, include_comments=False, with_metadata=False)
    found = (read(), read(favor_precision=True))
    return [each.text for each in found if isinstance(each, Document) and each.text]


def _judging() -> frozenset[str]:
    """The publishers of the sets that judge as a whole."""
    urls = list(json.loads(_members(DATA / "pages" / "dates" / "pages.tar.xz")[_DATES]))
    for file in (DATA / "pages" / "fundus").glob("*/meta.info"):
        urls += [known["url"] for known in json.loads(file.read_text("utf-8")).values()]
    return frozenset(map(publisher, urls))


_DATES: Final = "eval_mediacloud_2020.json"


def _members(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as members:
        found = {Path(member.name).name: members.extractfile(member) for member in members}
        return {name: file.read() for name, file in found.items() if file}
