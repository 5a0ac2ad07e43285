"""Cursors: where a page of hits ended, so that the next one goes on there.

Articles come and go between two pages. By date, a page goes on after the date and the id of the
last hit, so nothing is shown twice and nothing left out. By score, which other articles change
too, it goes on after the last hits, wherever they stand now.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.article import Article
from search.engines.hit_order import has_scores
from search.engines.searcher import Searcher, Sort, read_matched_articles
from search.query.nodes import And, Missing, Query, Range, Term
from search.query.query_errors import CursorError, WindowError
from search.results.execute import Execution
from search.results.ranked_hits import RankedHits
from search.results.request import Request
from search.results.snapshot import Snapshot

# Pages reach so far; further down, narrow the query.
MAX_WINDOW = 100_000

# The cursor of a first page.
BEGINNING = "*"

_LAST_HITS_KEPT = 3
# How many more articles may have come in before the last hits than there were.
_MAX_NEW_HITS = 1_000
_MAX_CURSOR_CHARS = 4_000


@dataclass(frozen=True, slots=True)
class PageEnd:
    """The end of a page: of which search, in which state of the index, after how many articles.

    `published` (seconds) is the last hit's; `ids` are those of the last hits, the last one first.
    """

    search: str
    state: str
    offset: int
    published: int | None
    ids: tuple[str, ...]

    @classmethod
    def after(cls, hits: Sequence[Article], offset: int, request: Request, state: str) -> PageEnd:
        published = hits[-1].published
        return cls(
            search=_digest_request(request),
            state=state,
            offset=offset,
            published=published.epoch_seconds if published else None,
            ids=tuple(hit.id for hit in hits[: -_LAST_HITS_KEPT - 1 : -1]),
        )

    def __str__(self) -> str:
        values = [self.search, self.state, self.offset, self.published, *self.ids]
        packed = json.dumps(values, separators=(",", ":"))
        return base64.urlsafe_b64encode(packed.encode("ascii")).decode("ascii").rstrip("=")


def read_cursor(request: Request) -> PageEnd | None:
    """Read where a request's cursor says that the page before ended; None for the first page.

    Raises CursorError.
    """
    if request.cursor in {"", BEGINNING}:
        return None
    found = _decode_cursor(request.cursor[:_MAX_CURSOR_CHARS])
    if found.search != _digest_request(request):
        raise CursorError("this cursor is another search's", "give its query, dates and sort")
    return found


def _decode_cursor(cursor: str) -> PageEnd:
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        search, state, offset, published, *ids = json.loads(packed)
    except (ValueError, TypeError, RecursionError, binascii.Error) as err:
        raise CursorError("this is no cursor", "take the one that an answer gave") from err
    texts = all(isinstance(text, str) for text in (search, state, *ids))
    numbers = type(offset) is int and (published is None or type(published) is int)
    if not texts or not numbers or not ids or offset < 1 or abs(published or 0) >= 1 << 60:
        raise CursorError("this is no cursor", "take the one that an answer gave")
    return PageEnd(search, state, offset, published, tuple(ids[:_LAST_HITS_KEPT]))


def _digest_request(request: Request) -> str:
    widened = (request.aliases, request.variants)
    asked = repr((request.text, request.sort, request.match, widened, request.dates))
    return hashlib.blake2b(asked.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def check_window(offset: int) -> None:
    """Raise WindowError for a page that is too far down."""
    if offset > MAX_WINDOW:
        raise WindowError(MAX_WINDOW)


def find_offset(end: PageEnd, execution: Execution, sort: Sort, snapshot: Snapshot) -> int:
    """Count the articles that a query finds now before the page that comes after `end`."""
    check_window(end.offset)
    if sort is Sort.RELEVANCE and has_scores(execution.query):
        return _count_through_hits(end, execution, snapshot.searcher)
    return _count_through_date(end, execution.hits, sort, snapshot)


def _count_through_date(end: PageEnd, hits: RankedHits, sort: Sort, snapshot: Snapshot) -> int:
    """Count through the last hit in its tier, and all of the tiers before that."""
    before = 0
    last = Term(end.ids[0], "id")
    for tier, query in hits.tiers[:-1]:
        if snapshot.searcher.search(And((query, last)), limit=0).total:
            return before + _count_in_tier(end, query, sort, snapshot)
        before += hits.count(tier)
    return before + _count_in_tier(end, hits.tiers[-1][1], sort, snapshot)


def _count_in_tier(end: PageEnd, query: Query, sort: Sort, snapshot: Snapshot) -> int:
    searcher = snapshot.searcher
    before, same = _narrow_around(end.published, sort)
    alike = And((query, same))

    def read_id(row: int) -> str:
        match = searcher.search(alike, sort=Sort.NEWEST, limit=1, offset=row).page[0]
        article = read_matched_articles([match], snapshot.store)[0]
        return article.id if isinstance(article, Article) else article.article_id

    number = searcher.search(alike, limit=0).total
    shown = bisect_right(range(number), end.ids[0], key=read_id)
    return searcher.search(And((query, before)), limit=0).total + shown


def _narrow_around(published: int | None, sort: Sort) -> tuple[Query, Query]:
    """Return what narrows a query to the articles sorted before a date, and to those of it.

    Articles without a date come last.
    """
    if published is None:
        return Range("date"), Missing("date")
    newer, older = Range("date", published + 1, None), Range("date", None, published)
    return older if sort is Sort.OLDEST else newer, Range("date", published, published + 1)


def _count_through_hits(end: PageEnd, execution: Execution, searcher: Searcher) -> int:
    window = end.offset + _MAX_NEW_HITS
    page = execution.hits.read_page(0, window)
    rows = {hit.match.key: row for row, hit in enumerate(page)}
    after = [
        rows[match.key] + 1 + back
        for back, article_id in enumerate(end.ids)
        for match in searcher.search(Term(article_id, "id"), limit=1).page
        if match.key in rows
    ]
    # One that changed may have moved far; the others tell where the page ended.
    return min(after, key=lambda offset: abs(offset - end.offset), default=end.offset)
