"""The publication date of a page: from its metadata, its URL and its visible text.

A date is in the metadata, in microdata or in the URL; without these, near the headline. The
most reliable place counts, but a URL keeps the day of the first publication when the metadata
states a later one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from itertools import islice
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from corpus.article import Moment
from indexer.clean.dates.date_labels import UPDATE_WORD, count_other_words, is_update_label
from indexer.clean.dates.date_reader import DateReader
from indexer.clean.dates.date_words import find_month
from indexer.clean.pages.date_places import DatePlaces, iterate_ancestors
from indexer.clean.pages.page_elements import (
    PageElements,
    find_labelled_elements,
    get_attribute,
    get_node_text,
    get_short_text,
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
_MAX_DATELINE_CHARS = 160  # characters of a text near the headline that may be a dateline
_MAX_PROSE_CHARS = 5_000  # characters of a paragraph that may be prose
_MAX_NEAR_NODES = 250  # nodes on either side of the headline that are searched
_MAX_PAGE_NODES = 5_000
_MAX_LABEL_LEVELS = 3  # levels of ancestors that have no other text than a date
_MAX_NEAR_CHARS = 500  # a headline's dek and byline are shorter, the body is not
_WORD = re.compile(r"[^\W\d_]+")
_MAX_DATELINE_WORDS = 7  # in a line with a date and a byline
_MAX_OTHER_WORDS = 2  # in a longer line of dates, beside months and labels
_MIN_SENTENCE_CHARS = 40  # characters; a date may end with a dot too
_MAX_CANDIDATES = 10  # elements, or dates, of one kind
_MAX_SCRIPT_DATES = 100  # dates of one script
_MAX_CLOCK_DATES = 3  # of the dates that a page shows, to find its UTC offset
_MAX_DAY_DIFFERENCE = timedelta(days=2)
_MAX_UTC_OFFSET = timedelta(hours=14)  # the largest UTC offset in use
_QUARTER_HOUR = timedelta(minutes=15)


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
        month = find_month(match["name"] or "") or int(match["month"] or 0)
        try:
            day = date(int(match["year"]), month, int(match["day"]))
        except ValueError:
            continue
        return reader.parse(day.isoformat())
    return None


def find_marked_dates(
    elements: PageElements, item: str, reader: DateReader
) -> Iterator[DateCandidate]:
    """Yield the dates of the elements whose itemprop is `item`."""
    for node in elements.items.get(item, ())[:_MAX_CANDIDATES]:
        if moment := reader.parse(_read_date_text(node)):
            yield DateCandidate(moment, "time")


def find_script_date(scripts: Iterable[str], reader: DateReader) -> DateCandidate | None:
    """Return the date in the data of a page's scripts, if all dates in it are of one day."""
    dates = (
        match[1]
        for text in scripts
        for match in islice(_SCRIPT_DATE.finditer(text), _MAX_SCRIPT_DATES)
    )
    moments = [moment for value in dates if (moment := reader.parse(value))]
    if len({moment.at.date() for moment in moments}) != 1:
        return None
    return DateCandidate(moments[0], "meta")


def find_shown_dates(
    elements: PageElements, heading: LexborNode | None, places: DatePlaces, reader: DateReader
) -> Iterator[DateCandidate]:
    """Yield the dates that a page shows as its own, the most reliable first."""
    if heading is not None:
        yield from _find_dates_near(heading, reader, places)
    within = [node for node in elements.times if places.is_within_article(node)]
    others = [] if places.has_article else elements.times
    for node in islice((*within, *others), _MAX_CANDIDATES):
        if moment := _read_time(node, reader, places):
            yield DateCandidate(moment, "time")
    for node in (
        find_labelled_elements(elements.page).dates[:_MAX_CANDIDATES] if heading is None else ()
    ):
        if moment := _find_first_date(get_short_text(node, _MAX_DATELINE_CHARS), reader):
            yield DateCandidate(moment, "text")


def find_only_date(
    elements: PageElements, places: DatePlaces, reader: DateReader
) -> DateCandidate | None:
    """Return the date of the lines that are only a date, if all of them are of one day."""
    root = elements.page.body
    moments: list[Moment] = []
    for node in islice(root.traverse(include_text=True), _MAX_PAGE_NODES) if root else ():
        text = node.text_content or "" if node.tag == "-text" else ""
        if not any(map(str.isdigit, text)) or len(text) > _MAX_DATELINE_CHARS:
            continue
        moment = reader.parse(clean_line(text))
        if moment is None or _is_within_prose(node) or _is_update_time(node):
            continue
        if not places.is_elsewhere(node):
            moments.append(moment)
        if len(moments) > _MAX_CANDIDATES:
            break
    if len({moment.at.date() for moment in moments}) != 1:
        return None
    return DateCandidate(moments[0], "text")


def _find_dates_near(
    heading: LexborNode, reader: DateReader, places: DatePlaces
) -> Iterator[DateCandidate]:
    """Yield the dates in the lines after a headline, then in those before it."""
    for nodes in (walk_after(heading), walk_before(heading)):
        characters = 0
        for node in islice(nodes, _MAX_NEAR_NODES):
            if characters > _MAX_NEAR_CHARS:
                break
            if node.tag == "time":
                if moment := _read_time(node, reader, places):
                    yield DateCandidate(moment, "time")
            elif node.tag == "-text":
                text = clean_line(node.text_content or "")
                characters += len(text)
                moment = _read_dateline(node, text, reader)
                if moment and not _is_named_update(node) and not places.is_elsewhere(node):
                    yield DateCandidate(moment, "text")


def _read_time(node: LexborNode, reader: DateReader, places: DatePlaces) -> Moment | None:
    """Return the date of a `time`, if it is one, and neither of an update nor of another text."""
    moment = reader.parse(_read_date_text(node))
    if moment is None or _is_within_prose(node) or _is_update_time(node):
        return None
    return None if places.is_elsewhere(node) else moment


def _is_within_prose(node: LexborNode) -> bool:
    """Return whether a date is in a sentence of a paragraph, which may be of any time."""
    for above in islice(iterate_ancestors(node), _MAX_LABEL_LEVELS):
        if above.tag == "p":
            text = get_short_text(above, _MAX_PROSE_CHARS)
            return is_sentence(text) and len(_WORD.findall(text)) > _MAX_DATELINE_WORDS
    return False


def _read_dateline(node: LexborNode, text: str, reader: DateReader) -> Moment | None:
    """Return the date in a text or in the line that contains it."""
    if not any(map(str.isdigit, text)) or len(text) > _MAX_DATELINE_CHARS:
        return None
    parent = node.parent
    if parent is not None and parent.tag != "time":
        text = get_short_text(parent, _MAX_DATELINE_CHARS).replace(" ,", ",") or text
    moment = _find_first_date(text, reader)
    if moment is None or not moment.day_only or parent is None or parent.parent is None:
        return moment
    # The time may be in an element of its own.
    line = get_short_text(parent.parent, _MAX_DATELINE_CHARS)
    whole = reader.parse(line) if line != text else None
    return whole if whole and whole.at.date() == moment.at.date() else moment


def _find_first_date(text: str, reader: DateReader) -> Moment | None:
    """Return the first date of a line that is not that of an update."""
    later = UPDATE_WORD.search(text)
    if later and any(map(str.isdigit, text[: later.start()])):
        text = text[: later.start()]
    if is_sentence(text) and len(text) > _MIN_SENTENCE_CHARS:
        return None
    is_short = len(_WORD.findall(text)) <= _MAX_DATELINE_WORDS
    if is_short or count_other_words(text, reader.language) <= _MAX_OTHER_WORDS:
        return reader.find(text, original=True)
    return None


def _is_update_time(node: LexborNode) -> bool:
    """Return whether a date is that of an update, by its names or the words in and before it."""
    if _is_named_update(node):
        return True
    own, whole = get_short_text(node, _MAX_DATELINE_CHARS), ""
    for above in islice(iterate_ancestors(node), _MAX_LABEL_LEVELS):
        whole = get_short_text(above, _MAX_DATELINE_CHARS)
        if whole != own:
            break
    before = whole.partition(own)[0] if own else whole
    return is_update_label(f"{before} {own}")


def _is_named_update(node: LexborNode) -> bool:
    """Return whether a date, or an element that has nothing else, has the name of an update."""
    own = get_short_text(node, _MAX_DATELINE_CHARS)
    for element in (node, *islice(iterate_ancestors(node), _MAX_LABEL_LEVELS)):
        if element is not node and get_short_text(element, _MAX_DATELINE_CHARS) != own:
            return False
        named = f"{get_attribute(element, 'class')} {get_attribute(element, 'itemprop')}"
        if UPDATE_WORD.search(named):
            return "publ" not in named.lower()
    return False


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
    """Return the same instant with the UTC offset of the page's origin, if the page has it.

    Another time may be the same instant with an offset; or it has none, and differs from the
    instant by a possible offset: a multiple of 15 minutes. If the URL and a shown date agree
    on another day, that day counts: with the time that the page has for it, or without.
    """
    if not _is_utc(moment):
        return moment
    for other in others:
        if not other.day_only and (offset := _infer_offset(moment.at, other.at)):
            return Moment(moment.at.astimezone(timezone(offset)))
    if url_day is None or moment.at.date() == url_day.at.date():
        return moment
    same_day = [other for other in others if other.at.date() == url_day.at.date()]
    return min(same_day, key=lambda other: other.day_only, default=moment)


def _infer_offset(instant: datetime, clock: datetime) -> timedelta | None:
    ahead = clock.replace(second=0) - instant.replace(second=0)
    if offset := clock.utcoffset():
        return None if ahead else offset
    if abs(ahead) > _MAX_UTC_OFFSET or ahead % _QUARTER_HOUR:
        return None
    # A zone of the tz database is that of the source: the page states none. A clock that is
    # stated as UTC, but is not, shows the same seconds.
    is_local = isinstance(clock.tzinfo, ZoneInfo) or 0 < clock.second == instant.second
    return ahead if is_local else None


def _is_near_day(moment: Moment, other: Moment) -> bool:
    """Return whether two moments may be of one day, whatever the zones they were read in."""
    return abs(moment.at - other.at) <= _MAX_DAY_DIFFERENCE
