"""Rendering of answers and articles for people who read a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import groupby
from typing import TYPE_CHECKING

from corpus.article import Article, Moment
from corpus.store import ArticleVersion, Failure, StoreStats
from indexer.schema import FIELD_GROUPS, FIELDS
from search.output.wording import format_count, format_some
from search.results.answer import Answer, Hit
from search.results.ranked_hits import Tier
from search.results.rerank import ScoreParts
from search.text.escaping import MARKS_AS_SPACES, escape_line, escape_terminal, render_terminal
from search.text.snippets import Reason, Snippet, detect_truncation
from search.text.wrapping import HARD_SPACE, MARK_CLOSE, MARK_OPEN, wrap_text

if TYPE_CHECKING:
    from indexer.generations import ServerStatus
    from search.engines.searcher import Facet
    from search.project.status import ProjectStatus
    from search.results.facets import Facets
    from search.results.similar import Similar
    from search.results.suggest import Suggestion
    from search.results.timeline import Timeline
    from search.text.diff import ArticleDiff, DiffPiece

# A smaller part of a score is not shown.
_MIN_SHOWN_PART = 0.005
BOLD, DIM, RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"

_MAX_COLUMNS = 100


class TerminalPage:
    """Renders lines for a terminal: its width, with or without colour, in a time zone."""

    def __init__(self, *, columns: int, colour: bool, zone: tzinfo) -> None:
        self._columns = max(30, min(columns, _MAX_COLUMNS))
        self._colour = colour
        self._zone = zone

    def render_answer(self, answer: Answer, offset: int) -> Iterator[str]:
        """Render a page of hits: title, source and date; snippets; reasons; id."""
        digits = max(2, len(str(offset + len(answer.hits))))
        for number, hit in enumerate(answer.hits, offset + 1):
            if hit.matched is Tier.SOME and number - 1 in {offset, answer.total}:
                yield self._dim_text(f"── {format_some(answer)} ──")
                yield ""
            yield from self._render_hit(f"{number:>{digits}}  ", hit)
            yield ""

    def _render_hit(self, label: str, hit: Hit) -> Iterator[str]:
        article, indent = hit.article, " " * len(label)
        yield from self._render_headline(label, article, _mark_matches(hit.title))
        for snippet in hit.snippets:
            if snippet.text:
                yield from self._wrap_lines(_render_snippet(snippet, article), indent)
        if hit.explanation:
            for reason in _explain_hit(hit):
                yield from self._wrap_lines(escape_terminal(reason), f"{indent}> ")
        yield f"{indent}{self._dim_text(escape_line(article.id))}"

    def _render_headline(self, label: str, article: Article, title: str) -> Iterator[str]:
        about = (
            escape_terminal(article.source),
            self.format_date(article.published).replace(" ", HARD_SPACE),
        )
        line = f"{HARD_SPACE}· ".join(filter(None, [title or "(no title)", *about]))
        yield from self._wrap_lines(line, label)

    def render_version(
        self, version: ArticleVersion, number: int, version_count: int
    ) -> Iterator[str]:
        """Render one of several versions of an article."""
        recorded = self.format_date(Moment(_EPOCH + timedelta(seconds=version.recorded_seconds)))
        yield self._dim_text(f"version {number} of {version_count}, taken in {recorded}")
        yield from self.render_article(version.article)
        yield ""

    def render_article(self, article: Article) -> Iterator[str]:
        """Render a whole article."""
        yield from self._wrap_lines(escape_terminal(article.title) or "(no title)", "")
        about = (article.source, self.format_date(article.published), ", ".join(article.authors))
        yield self._dim_text(" · ".join(escape_terminal(part) for part in about if part))
        for line in (article.dek, article.url, *article.body.split("\n\n")):
            if line:
                yield ""
                yield from self._wrap_lines(escape_terminal(line), "")

    def render_difference(self, difference: ArticleDiff) -> Iterator[str]:
        """Render changes, as `[-deleted-]` and `{+inserted+}`."""
        blocks = [
            f"{change.field}: {_render_pieces(change.pieces)}" for change in difference.fields
        ]
        for is_changed, run in groupby(difference.paragraphs, lambda item: item.is_changed):
            texts = [_render_pieces(paragraph.pieces) for paragraph in run]
            blocks += (
                texts if is_changed else [f"({format_count(len(texts), 'paragraph')} unchanged)"]
            )
        for text in blocks:
            yield from self._wrap_lines(text, "")
            yield ""

    def render_facets(self, facets: Mapping[str, Facet]) -> Iterator[str]:
        """Render facets: a field, and under it its values, the most frequent first."""
        for field, facet in facets.items():
            if not facet.buckets:
                continue
            yield f"{field}:"
            for bucket in facet.buckets:
                yield f"{bucket.count:>9,}  {escape_terminal(bucket.value)}"
            if more := facet.value_count - len(facet.buckets):
                least = "" if facet.all_counted else "at least "
                yield self._dim_text(f"{'':>9}  and {least}{more:,} more")
            yield ""

    def render_timeline(self, timeline: Timeline, bar: str) -> Iterator[str]:
        """Render a line a bucket, with a bar proportional to its count; undated articles last."""
        rows = [(timeline.label(bucket), bucket.count) for bucket in timeline.buckets]
        rows += [("undated", timeline.undated)] if timeline.undated else []
        digits = max((len(f"{count:,}") for _, count in rows), default=0)
        left = max((len(label) for label, _ in rows), default=0)
        most = max((count for _, count in rows), default=0) or 1
        room = self._columns - left - digits - 4
        for label, count in rows:
            # A bucket with any article gets a visible bar.
            full = bar * max(count * room // most, min(count, 1))
            yield f"{label:<{left}}  {count:>{digits},}  {full}".rstrip()

    def render_suggestions(self, suggestions: Sequence[Suggestion]) -> Iterator[str]:
        """Render a line a word or name: how many articles contain it, and the field of a name."""
        for suggestion in suggestions:
            field = self._dim_text(f"  {suggestion.field}") if suggestion.field else ""
            yield f"{suggestion.count:>9,}  {escape_terminal(suggestion.text)}{field}"

    def render_similar(self, similar: Similar) -> Iterator[str]:
        """Render articles like one: title, source and date; id."""
        for number, match in enumerate(similar.articles, 1):
            article = match.article
            yield from self._render_headline(
                f"{number:>2}  ", article, escape_terminal(article.title)
            )
            yield f"    {self._dim_text(escape_line(article.id))}"

    def render_status(self, status: ProjectStatus, failures: Sequence[Failure]) -> Iterator[str]:
        """Render the status of a project."""
        counts = status.counts
        yield f"project   {escape_line(str(status.root))}"
        versions = format_count(counts.versions, "version")
        yield f"articles  {counts.articles:,} in {versions}, {self._format_date_range(counts)}"
        if counts.undated:
            yield f"          {counts.undated:,} without a date (date:none)"
        behind = (
            f"{format_count(status.behind, 'change')} behind; run: dateline update"
            if status.behind
            else ""
        )
        yield f"index     {status.engine}, {status.trouble or behind or 'up to date'}"
        if status.to_extract is None:
            # A search does not need it.
            from indexer.entities.spacy_model import SpacyMissingError

            yield f"entities  {SpacyMissingError()}"
        elif status.to_extract:
            waiting = format_count(status.to_extract, "article")
            yield f"entities  to be found anew in {waiting}; run: dateline update"
        if status.servers:
            yield from _render_servers(status.servers)
        store, index = _format_bytes(status.store_bytes), _format_bytes(status.index_bytes)
        yield f"size      corpus {store}, index {index}"
        for source in status.sources:
            yield f"source    {escape_line(source.name)}: {escape_line(source.location)}"
        if failures:
            yield f"failures  {len(failures):,} inputs could not be read or cleaned"
        for failure in failures:
            line = f"{failure.source}/{failure.path}: {failure.reason}"
            yield f"          {escape_line(line)}"

    def _format_date_range(self, counts: StoreStats) -> str:
        if counts.first_published is None or counts.last_published is None:
            return "no dates"
        first, last = (
            (_EPOCH + timedelta(seconds=seconds)).astimezone(self._zone).date()
            for seconds in (counts.first_published, counts.last_published)
        )
        return f"{first.isoformat()} to {last.isoformat()}"

    def format_date(self, moment: Moment | None) -> str:
        """Format a date: in the source's own zone if it has no time, else in the project's."""
        if moment is None:
            return "no date"
        at = moment.at if moment.day_only else moment.at.astimezone(self._zone)
        day = f"{at.day} {_MONTH_NAMES[at.month - 1]} {at.year}"
        return day if moment.day_only else f"{day}, {at:%H:%M}"

    def _wrap_lines(self, text: str, label: str) -> Iterator[str]:
        start, end = (BOLD, RESET) if self._colour else ("", "")
        for line in wrap_text(text, self._columns, label):
            yield line.replace(MARK_OPEN, start).replace(MARK_CLOSE, end)

    def _dim_text(self, text: str) -> str:
        return f"{DIM}{text}{RESET}" if self._colour else text


def _render_pieces(pieces: Sequence[DiffPiece]) -> str:
    """Render pieces of a text; the space after a change is outside its brackets."""
    forms = {"deleted": "[-{}-]", "inserted": "{{+{}+}}"}
    rendered = ""
    for piece in pieces:
        text = escape_terminal(piece.text)
        word = text.rstrip()
        rendered += forms.get(piece.change, "{}").format(word) if word else ""
        rendered += text[len(word) :]
    return rendered.strip()


def format_summary(answer: Answer, offset: int) -> str:
    """Format how many articles were found, which of them are shown, and the time it took."""
    total = format_count(answer.total, "article") if answer.total else "no article found"
    if answer.total_some and not answer.total:
        total = "no article with all words"
    if answer.total_some:
        total += f", {format_some(answer)}"
    first, last = offset + 1, offset + len(answer.hits)
    shown = ""
    if (answer.total or answer.total_some) and not answer.hits:
        shown = f", none from number {first:,} on"
    elif answer.next is not None or offset:
        shown = f", {first:,} to {last:,} shown" if last > first else f", number {first:,} shown"
    if answer.next is not None:
        shown += f"; more with --offset {answer.next}"
    return f"{total}{shown} ({answer.took_ms:.1f} ms)"


def format_total(counts: Facets | Timeline) -> str:
    """Format how many articles were found, and the time it took."""
    return (
        f"{format_count(counts.total, 'article') if counts.total else 'no article found'}"
        f" ({counts.took_ms:.1f} ms)"
    )


def _explain_hit(hit: Hit) -> Iterator[str]:
    """Yield the reasons for an article's match and rank, in plain words."""
    explanation = hit.explanation
    if explanation is None:
        return
    for leaf, reasons in groupby(explanation.reasons, key=lambda reason: reason.leaf):
        yield f"{leaf}: {', '.join(map(_format_reason, reasons))}"
    if not hit.score:
        yield "ordered by date"
        return
    if not explanation.reasons:
        yield "found by its fields; none of the words stand in its text"
    if explanation.recency:
        yield f"{explanation.recency:.2f} added for being recent"
    yield from _explain_parts(explanation.parts)
    yield f"score {hit.score:.2f}"


def _explain_parts(parts: ScoreParts | None) -> Iterator[str]:
    """Yield what a reranked score is made of."""
    if parts is None:
        return
    yield f"{parts.engine:.2f} for how often and how rare its words are (the best hit has 1)"
    named = (
        (parts.window, "words of the query close together"),
        (parts.order, "words in the query's order"),
        (parts.lead, "words in the headline or the first sentences"),
    )
    for value, reason in named:
        if value >= _MIN_SHOWN_PART:
            yield f"{value:.2f} for {reason}"
    if abs(parts.neighbors) >= _MIN_SHOWN_PART:
        change = "more" if parts.neighbors > 0 else "less"
        yield f"{abs(parts.neighbors):.2f} {change} for how well the articles most like it match"


def _format_reason(reason: Reason) -> str:
    times = {1: "once", 2: "twice"}.get(reason.times, f"{reason.times:,} times")
    boost = _find_boost(reason)
    weight = f" (each counts {boost:g} times)" if boost != 1 else ""
    return f"{times} in the {FIELD_LABELS.get(reason.field, reason.field)}{weight}"


FIELD_LABELS = {"body": "text"}


def _find_boost(reason: Reason) -> float:
    """Return the boost of a match: of the field that the query names, else of the matched one."""
    name, colon, _ = reason.leaf.partition(":")
    field = FIELD_GROUPS.get(name, (name,))[0] if colon else ""
    return FIELDS[field if field in FIELDS else reason.field].boost


def _render_servers(servers: ServerStatus) -> Iterator[str]:
    """Render the health of a cluster, and its indices."""
    lacking = (
        f", {format_count(servers.unassigned_shards, 'shard')} nowhere"
        if servers.unassigned_shards
        else ""
    )
    nodes = format_count(servers.nodes, "node")
    yield f"cluster   {escape_terminal(servers.name)}: {servers.health}, {nodes}{lacking}"
    for index in servers.indices:
        documents = format_count(index.documents, "document")
        size = _format_bytes(index.size_bytes)
        yield f"          {index.name}: {index.health}, {documents}, {size}"


def _format_bytes(size: float) -> str:
    for unit in ("B", "kB", "MB"):
        if size < 1_000:
            return f"{size:.0f} {unit}"
        size /= 1_000
    return f"{size:,.1f} GB"


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def _mark_matches(snippet: Snippet) -> str:
    """Put marks around the matches of a snippet's text."""
    clean = Snippet(snippet.text.translate(MARKS_AS_SPACES), snippet.ranges, snippet.field)
    return render_terminal(clean, start=MARK_OPEN, end=MARK_CLOSE)


def _render_snippet(snippet: Snippet, article: Article) -> str:
    """Render a snippet, with ellipses where the article continues."""
    before, after = detect_truncation(snippet, article)
    return f"{'… ' if before else ''}{_mark_matches(snippet)}{' …' if after else ''}"
