"""Answers and articles for people to read in a terminal."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from corpus.article import Article, Moment
from corpus.store import Counts, Failure
from search.answer import Answer, Hit
from search.snippets import Snippet, to_terminal

if TYPE_CHECKING:
    from search.project import Status

BOLD, DIM, RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"

# Stand for the ends of a match while text is wrapped; they take no width of their own then.
_OPEN, _CLOSE = "\ue000", "\ue001"
_NO_MARKS = {ord(mark): " " for mark in (_OPEN, _CLOSE)}
_MOST_COLUMNS = 100


class Page:
    """How to write: how wide, with colours or without, in which time zone."""

    def __init__(self, *, columns: int, colour: bool, zone: tzinfo) -> None:
        self._columns = max(30, min(columns, _MOST_COLUMNS))
        self._colour = colour
        self._zone = zone

    def answer(self, answer: Answer, offset: int) -> Iterator[str]:
        """The lines of a page of hits: title, source and date; snippets; id."""
        for number, hit in enumerate(answer.hits, offset + 1):
            yield from self._hit(number, hit)
            yield ""

    def _hit(self, number: int, hit: Hit) -> Iterator[str]:
        article = hit.article
        label = f"{number:>2}  "
        title = _marked(hit.title) or "(no title)"
        about = [part for part in (article.source, self.date(article.published)) if part]
        yield from self._wrapped(" · ".join([title, *map(harmless, about)]), label)
        for snippet in hit.snippets:
            if snippet.text:
                yield from self._wrapped(_with_ellipses(snippet, article), "    ")
        for reason in hit.reasons:
            yield from self._wrapped(
                f"{reason.leaf}: {reason.times} × in the {reason.field}", "    > "
            )
        if hit.reasons:
            yield f"    > score {hit.score:.2f}"
        yield f"    {self._dim(harmless(article.id))}"

    def article(self, article: Article) -> Iterator[str]:
        """The lines of a whole article."""
        yield from self._wrapped(harmless(article.title) or "(no title)", "")
        about = (article.source, self.date(article.published), ", ".join(article.authors))
        yield self._dim(" · ".join(harmless(part) for part in about if part))
        for line in (article.dek, article.url, *article.body.split("\n\n")):
            if line:
                yield ""
                yield from self._wrapped(harmless(line), "")

    def facets(self, answer: Answer) -> Iterator[str]:
        """The lines of the facets that were asked for."""
        for field, buckets in answer.facets.items():
            yield f"{field}:"
            for bucket in buckets:
                yield f"{bucket.count:>9,}  {harmless(bucket.value)}"
            yield ""

    def status(self, status: Status, failures: Sequence[Failure]) -> Iterator[str]:
        """The lines that tell what a project holds."""
        counts = status.counts
        yield f"project   {status.root}"
        yield f"articles  {counts.articles:,} in {counts.versions:,} versions, {self._span(counts)}"
        if counts.undated:
            yield f"          {counts.undated:,} without a date (date:none)"
        behind = f"{status.behind:,} changes behind; run: dateline update" if status.behind else ""
        yield f"index     {status.engine}, {status.trouble or behind or 'up to date'}"
        yield f"size      corpus {_bytes(status.store_bytes)}, index {_bytes(status.index_bytes)}"
        for source in status.sources:
            yield f"source    {harmless(source.name)}: {harmless(source.location)}"
        if failures:
            yield f"failures  {len(failures):,}"
        for failure in failures:
            yield f"          {harmless(f'{failure.source}/{failure.path}: {failure.reason}')}"

    def _span(self, counts: Counts) -> str:
        if counts.first is None or counts.last is None:
            return "no dates"
        first, last = (
            (_EPOCH + timedelta(seconds=seconds)).astimezone(self._zone).date()
            for seconds in (counts.first, counts.last)
        )
        return f"{first.isoformat()} to {last.isoformat()}"

    def date(self, moment: Moment | None) -> str:
        """A date in words: in the source's own zone if it has no time, else in the project's."""
        if moment is None:
            return "no date"
        at = moment.at if moment.day_only else moment.at.astimezone(self._zone)
        day = f"{at.day} {_MONTHS[at.month - 1]} {at.year}"
        return day if moment.day_only else f"{day}, {at:%H:%M}"

    def _wrapped(self, text: str, label: str) -> Iterator[str]:
        lines = textwrap.wrap(
            text,
            self._columns,
            initial_indent=label,
            subsequent_indent=" " * len(label),
            break_long_words=False,
            break_on_hyphens=False,
        )
        open_mark = False
        for line in lines:
            shown = line
            if open_mark:
                indent = len(line) - len(line.lstrip())
                shown = line[:indent] + _OPEN + line[indent:]
            open_mark = line.rfind(_OPEN) > line.rfind(_CLOSE) or (open_mark and _CLOSE not in line)
            yield self._coloured(shown + (_CLOSE if open_mark else ""))

    def _coloured(self, line: str) -> str:
        start, end = (BOLD, RESET) if self._colour else ("", "")
        return line.replace(_OPEN, start).replace(_CLOSE, end)

    def _dim(self, text: str) -> str:
        return f"{DIM}{text}{RESET}" if self._colour else text


def plainly_read(text: str, interpreted: str) -> bool:
    """Whether a query was read as anybody would expect, so that nothing need be said."""
    return " ".join(text.split()).casefold() == interpreted.casefold()


def _bytes(size: float) -> str:
    for unit in ("B", "kB", "MB"):
        if size < 1_000:
            return f"{size:.0f} {unit}"
        size /= 1_000
    return f"{size:,.1f} GB"


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def harmless(text: str) -> str:
    """Text that cannot steer the terminal."""
    return to_terminal(Snippet(text, (), "")).translate(_NO_MARKS)


def _marked(snippet: Snippet) -> str:
    """A snippet's text with its matches between marks."""
    clean = Snippet(snippet.text.translate(_NO_MARKS), snippet.ranges, snippet.field)
    return to_terminal(clean, start=_OPEN, end=_CLOSE)


def _with_ellipses(snippet: Snippet, article: Article) -> str:
    """A snippet, with dots where the article goes on."""
    whole = article.dek if snippet.field == "dek" else article.body
    text = _marked(snippet)
    before = "" if whole.startswith(snippet.text) else "… "
    after = "" if whole.endswith(snippet.text) or re.search(r"[.!?。]\W*$", snippet.text) else " …"
    return f"{before}{text}{after}"
