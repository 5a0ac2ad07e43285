"""The publication date of a page: from its metadata, its URL and its visible text.

A date is in the metadata, in microdata or in the URL; without these, near the headline. The
most reliable place counts, but a URL keeps the day of the first publication when the metadata
states a later one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from itertools import islice
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from corpus.article import Moment
from indexer.clean.dates import find_date, parse_date
from indexer.clean.months import MONTHS_BY_NAME
from indexer.clean.pages.page_elements import (
    PageElements,
    find_labelled_elements,
    get_attribute,
    get_node_text,
    get_short_text,
    is_within_article,
    walk_after,
    walk_before,
)
from indexer.clean.paragraphs import clean_line, is_sentence

_ARCHIVE_PREFIX = re.compile(r"https?://[^/]+/web/\d{4,14}\w*/(?=https?:)")
_MAX_URL_CHARS = 2_000  # characters
_PATH_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:1[6-9]|20)\d\d(?=\D)|(?:199|20\d)\d)(?P<mark>[-/._]?)"
    r"(?:(?P<month>0[1-9]|1[0-2]|[1-9](?=[-/._]))|(?P<name>[a-z]{3,9}))"
    r"(?P=mark)(?P<day>0[1-9]|[12]\d|3[01]|[1-9](?!\d))(?!\d)",
    re.I,
)
_SCRIPT_DATE = re.compile(
    r'"(?:datePublished|publish(?:ed)?(?:Date|At|_at|_date)|publicationDate|publication_date'
    r'|firstPublished(?:At|Date)?|pubDate|pub_date)\\?"\s*:\s*\\?"([^"\\]{8,40})'
)
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")
_UPDATE_WORD = re.compile(
    r"updat|modif|edited|aktuali[sz]|actuali[sz]|atualizad|mis à jour|maj\b|bijgewerkt|gewijzigd"
    r"|güncel|oppdater|opdater|uppdater|обновл|оновл|aggiornat|päivitet|diperbarui|更新|수정|reviewed"
    r"|revis|correct",
    re.I,
)
_MAX_DATELINE_CHARS = 160  # characters of a text near the headline that may be a dateline
_MAX_NEAR_NODES = 250  # nodes on either side of the headline that are searched
_MAX_NEAR_CHARS = 500  # a headline's dek and byline are shorter, the body is not
_WORD = re.compile(r"[^\W\d_]+")
_MAX_DATELINE_WORDS = 7  # in a line with a date and a byline
_MIN_SENTENCE_CHARS = 40  # characters; a date may end with a dot too
_MAX_CANDIDATES = 10  # elements, or dates, of one kind
_MAX_SCRIPT_DATES = 100  # dates of one script
_MAX_CLOCK_DATES = 3  # of the dates that a page shows, to find its UTC offset
_MAX_DAY_DIFFERENCE = timedelta(days=2)
_MAX_UTC_OFFSET = timedelta(hours=14)  # the largest UTC offset in use
_QUARTER_HOUR = timedelta(minutes=15)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class DateReader:
    """A parser of dates with a default zone and an order of day and month."""

    zone: tzinfo
    now: datetime
    day_first: bool | None

    def parse_text(self, text: str) -> Moment | None:
        return parse_date(text, zone=self.zone, now=self.now, day_first=self.day_first)

    def find_in_text(self, text: str) -> Moment | None:
        return find_date(text, zone=self.zone, now=self.now, day_first=self.day_first)


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """A date, its origin, and whether another place states the same day."""

    moment: Moment
    origin: str
    agreed: bool = False


def find_url_day(url: str, reader: DateReader) -> Moment | None:
    """Find the day in the path of a URL, such as /2020/03/29/ or /2020-mar-29."""
    try:
        path = urlsplit(_ARCHIVE_PREFIX.sub("", url[:_MAX_URL_CHARS], count=1)).path
    except ValueError:
        return None
    for match in _PATH_DATE.finditer(path):
        month = MONTHS_BY_NAME.get((match["name"] or "").lower()) or int(match["month"] or 0)
        try:
            day = date(int(match["year"]), month, int(match["day"]))
        except ValueError:
            continue
        return reader.parse_text(day.isoformat())
    return None


def find_marked_dates(
    elements: PageElements, item: str, reader: DateReader
) -> Iterator[DateCandidate]:
    """Yield the dates of the elements whose itemprop is `item`."""
    for node in elements.items.get(item, ())[:_MAX_CANDIDATES]:
        if moment := reader.parse_text(_read_date_text(node)):
            yield DateCandidate(moment, "time")


def find_script_date(scripts: Iterable[str], reader: DateReader) -> DateCandidate | None:
    """Return the date in the data of a page's scripts, if all dates in it are of one day."""
    dates = (
        match[1]
        for text in scripts
        for match in islice(_SCRIPT_DATE.finditer(text), _MAX_SCRIPT_DATES)
    )
    moments = [moment for value in dates if (moment := reader.parse_text(value))]
    if len({moment.at.date() for moment in moments}) != 1:
        return None
    return DateCandidate(moments[0], "meta")


def find_shown_dates(
    elements: PageElements, heading: LexborNode | None, reader: DateReader
) -> Iterator[DateCandidate]:
    """Yield the dates that a page shows as its own, the most reliable first."""
    if heading is not None:
        yield from _find_dates_near(heading, reader)
    within = [node for node in elements.times if is_within_article(node)]
    for node in islice((*within, *elements.times), _MAX_CANDIDATES):
        if (moment := reader.parse_text(_read_date_text(node))) and not _is_update_time(node):
            yield DateCandidate(moment, "time")
    for node in (
        find_labelled_elements(elements.page).dates[:_MAX_CANDIDATES] if heading is None else ()
    ):
        if moment := _find_first_date(get_short_text(node, _MAX_DATELINE_CHARS), reader):
            yield DateCandidate(moment, "text")


def _find_dates_near(heading: LexborNode, reader: DateReader) -> Iterator[DateCandidate]:
    """Yield the dates in the lines after a headline, then in those before it."""
    for nodes in (walk_after(heading), walk_before(heading)):
        characters = 0
        for node in islice(nodes, _MAX_NEAR_NODES):
            if characters > _MAX_NEAR_CHARS:
                break
            if node.tag == "time":
                if (moment := reader.parse_text(_read_date_text(node))) and not _is_update_time(
                    node
                ):
                    yield DateCandidate(moment, "time")
            elif node.tag == "-text":
                text = clean_line(node.text_content or "")
                characters += len(text)
                if moment := _read_dateline(node, text, reader):
                    yield DateCandidate(moment, "text")


def _read_dateline(node: LexborNode, text: str, reader: DateReader) -> Moment | None:
    """Return the date in a text or in the line that contains it."""
    if not any(map(str.isdigit, text)) or len(text) > _MAX_DATELINE_CHARS:
        return None
    parent = node.parent
    if parent is not None and parent.tag != "time":
        text = get_short_text(parent, _MAX_DATELINE_CHARS).replace(" ,", ",") or text
    return _find_first_date(text, reader)


def _find_first_date(text: str, reader: DateReader) -> Moment | None:
    """Return the first date of a line, but not after a word for an update."""
    if not _YEAR.search(text):
        return None
    if later := _UPDATE_WORD.search(text):
        text = text[: later.start()]
    if not _YEAR.search(text) or (is_sentence(text) and len(text) > _MIN_SENTENCE_CHARS):
        return None
    others = _WORD.findall(text)
    return reader.find_in_text(text) if len(others) <= _MAX_DATELINE_WORDS else None


def _is_update_time(node: LexborNode) -> bool:
    """Return whether a time is that of an update, by its names or the text before it."""
    parent = node.parent
    named = f"{get_attribute(node, 'class')} {get_attribute(node, 'itemprop')}"
    if _UPDATE_WORD.search(named) and "publ" not in named.lower():
        return True
    whole = get_short_text(parent, _MAX_DATELINE_CHARS) if parent is not None else ""
    own = get_short_text(node, _MAX_DATELINE_CHARS)
    return _UPDATE_WORD.search(whole.partition(own)[0] if own else whole) is not None


def _read_date_text(node: LexborNode) -> str:
    """Return the machine-readable date of an element, else its text."""
    return get_attribute(node, "datetime") or get_attribute(node, "content") or get_node_text(node)


def choose_publication_date(
    stated: Sequence[DateCandidate],
    shown: Iterable[DateCandidate],
    url_day: Moment | None,
    updated: Moment | None = None,
) -> DateCandidate | None:
    """Choose the publication date of a page; None if there is no candidate.

    The first date in the metadata counts, unless the URL has an earlier day: then the page was
    published again, or its metadata states the time of an update. The dates that the page
    shows count only if its metadata has none.
    """
    seen = list(islice(shown, _MAX_CANDIDATES)) if not stated or _is_utc(stated[0].moment) else []
    known = list(stated) or (
        seen.copy() if seen and not _is_stated_update(seen[0], updated) else []
    )
    if url_day is not None:
        known.append(DateCandidate(url_day, "url"))
    if not known:
        return None
    best = _choose_best(known, url_day, is_stated=bool(stated))
    others = [other for other in (*known, *seen) if other.origin != best.origin]
    agreed = any(_is_near_day(other.moment, best.moment) for other in others)
    clocks = [dated.moment for dated in (*stated, *seen[:_MAX_CLOCK_DATES])]
    return DateCandidate(_localize_moment(best.moment, clocks, url_day), best.origin, agreed)


def _choose_best(
    candidates: Sequence[DateCandidate], url_day: Moment | None, *, is_stated: bool
) -> DateCandidate:
    """Return the first date, or the last, that of the URL, if it is more reliable."""
    first, last = candidates[0], candidates[-1]
    if url_day is None:
        return first
    if not is_stated:
        # If the shown day differs from that of the URL, it belongs to something else.
        return first if first.moment.at.date() == url_day.at.date() else last
    is_later = first.moment.at > url_day.at and not _is_near_day(first.moment, url_day)
    return last if is_later else first


def _is_stated_update(candidate: DateCandidate, updated: Moment | None) -> bool:
    """Return whether a date in the text is of the day of the stated update."""
    if updated is None or candidate.origin != "text":
        return False
    return candidate.moment.at.date() == updated.at.date()


def _is_utc(moment: Moment) -> bool:
    """Return whether a time is in UTC, as many systems write it whatever the local zone is."""
    return not moment.day_only and not moment.at.utcoffset()


def _localize_moment(moment: Moment, others: Sequence[Moment], url_day: Moment | None) -> Moment:
    """Return the same instant with the UTC offset of the page's origin, if it can be inferred.

    Another time may be the same instant with an offset; or it has none, and differs from the
    instant by a possible offset: a multiple of 15 minutes. If the URL and a shown date agree
    on another day, the offset is the least that leads to that day.
    """
    if not _is_utc(moment):
        return moment
    for other in others:
        if not other.day_only and (offset := _infer_offset(moment.at, other.at)):
            return Moment(moment.at.astimezone(timezone(offset)))
    if url_day is not None and any(other.at.date() == url_day.at.date() for other in others):
        return Moment(
            moment.at.astimezone(timezone(_find_least_offset(moment.at, url_day.at.date())))
        )
    return moment


def _find_least_offset(instant: datetime, day: date) -> timedelta:
    """Return the least offset in whole hours that puts an instant on a day, else 0."""
    hours = range(1, _MAX_UTC_OFFSET // _HOUR)
    offsets = (sign * timedelta(hours=hour) for hour in hours for sign in (1, -1))
    if instant.date() == day:
        return timedelta()
    return next((offset for offset in offsets if (instant + offset).date() == day), timedelta())


def _infer_offset(instant: datetime, clock: datetime) -> timedelta | None:
    ahead = clock.replace(second=0) - instant.replace(second=0)
    if offset := clock.utcoffset():
        return None if ahead else offset
    return ahead if abs(ahead) <= _MAX_UTC_OFFSET and not ahead % _QUARTER_HOUR else None


def _is_near_day(moment: Moment, other: Moment) -> bool:
    """Return whether two moments may be of one day, whatever the zones they were read in."""
    return abs(moment.at - other.at) <= _MAX_DAY_DIFFERENCE
