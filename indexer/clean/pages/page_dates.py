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
from indexer.clean.months import MONTHS
from indexer.clean.pages.marks import (
    Marks,
    after,
    attribute,
    before,
    called_of,
    short_text,
    text_of,
    within_article,
)
from indexer.clean.paragraphs import is_sentence, line

_ARCHIVED = re.compile(r"https?://[^/]+/web/\d{4,14}\w*/(?=https?:)")
_LONGEST_ADDRESS = 2_000  # characters
_IN_PATH = re.compile(
    r"(?<!\d)(?P<year>(?:1[6-9]|20)\d\d(?=\D)|(?:199|20\d)\d)(?P<mark>[-/._]?)"
    r"(?:(?P<month>0[1-9]|1[0-2]|[1-9](?=[-/._]))|(?P<name>[a-z]{3,9}))"
    r"(?P=mark)(?P<day>0[1-9]|[12]\d|3[01]|[1-9](?!\d))(?!\d)",
    re.I,
)
_IN_SCRIPT = re.compile(
    r'"(?:datePublished|publish(?:ed)?(?:Date|At|_at|_date)|publicationDate|publication_date'
    r'|firstPublished(?:At|Date)?|pubDate|pub_date)\\?"\s*:\s*\\?"([^"\\]{8,40})'
)
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")
_LATER = re.compile(
    r"updat|modif|edited|aktuali[sz]|actuali[sz]|atualizad|mis à jour|maj\b|bijgewerkt|gewijzigd"
    r"|güncel|oppdater|opdater|uppdater|обновл|оновл|aggiornat|päivitet|diperbarui|更新|수정|reviewed"
    r"|revis|correct",
    re.I,
)
_LONGEST = 160  # characters of a text near the headline that may be a dateline
_NEAR_NODES = 250  # nodes on either side of the headline that are searched
_NEAR_CHARACTERS = 500  # a headline's dek and byline are shorter, the body is not
_WORD = re.compile(r"[^\W\d_]+")
_MOST_WORDS = 7  # in a line with a date and a byline
_SHORTEST_SENTENCE = 40  # characters; a date may end with a dot too
_FEW = 10  # elements, or dates, of one kind
_MOST = 100  # dates of one script
_SUREST = 3  # of the dates that a page shows, to find its UTC offset
_NEAR_DAY = timedelta(days=2)
_WIDEST = timedelta(hours=14)  # the largest UTC offset in use
_QUARTER = timedelta(minutes=15)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reader:
    """A parser of dates with a default zone and an order of day and month."""

    zone: tzinfo
    now: datetime
    day_first: bool | None

    def alone(self, text: str) -> Moment | None:
        return parse_date(text, zone=self.zone, now=self.now, day_first=self.day_first)

    def among(self, text: str) -> Moment | None:
        return find_date(text, zone=self.zone, now=self.now, day_first=self.day_first)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date, its origin, and whether another place states the same day."""

    moment: Moment
    origin: str
    agreed: bool = False


def day_in_address(url: str, reader: Reader) -> Moment | None:
    """Find the day in the path of a URL, such as /2020/03/29/ or /2020-mar-29."""
    try:
        path = urlsplit(_ARCHIVED.sub("", url[:_LONGEST_ADDRESS], count=1)).path
    except ValueError:
        return None
    for match in _IN_PATH.finditer(path):
        month = MONTHS.get((match["name"] or "").lower()) or int(match["month"] or 0)
        try:
            day = date(int(match["year"]), month, int(match["day"]))
        except ValueError:
            continue
        return reader.alone(day.isoformat())
    return None


def marked_dates(marks: Marks, item: str, reader: Reader) -> Iterator[Dated]:
    """Yield the dates of the elements whose itemprop is `item`."""
    for node in marks.items.get(item, ())[:_FEW]:
        if moment := reader.alone(_written(node)):
            yield Dated(moment, "time")


def scripted_date(scripts: Iterable[str], reader: Reader) -> Dated | None:
    """Return the date in the data of a page's scripts, if all dates in it are of one day."""
    dates = (match[1] for text in scripts for match in islice(_IN_SCRIPT.finditer(text), _MOST))
    moments = [moment for value in dates if (moment := reader.alone(value))]
    if len({moment.at.date() for moment in moments}) != 1:
        return None
    return Dated(moments[0], "meta")


def shown_dates(marks: Marks, heading: LexborNode | None, reader: Reader) -> Iterator[Dated]:
    """Yield the dates that a page shows as its own, the most reliable first."""
    if heading is not None:
        yield from _near(heading, reader)
    within = [node for node in marks.times if within_article(node)]
    for node in islice((*within, *marks.times), _FEW):
        if (moment := reader.alone(_written(node))) and not _is_later(node):
            yield Dated(moment, "time")
    for node in called_of(marks.page).dates[:_FEW] if heading is None else ():
        if moment := _first(short_text(node, _LONGEST), reader):
            yield Dated(moment, "text")


def _near(heading: LexborNode, reader: Reader) -> Iterator[Dated]:
    """Yield the dates in the lines after a headline, then in those before it."""
    for nodes in (after(heading), before(heading)):
        characters = 0
        for node in islice(nodes, _NEAR_NODES):
            if characters > _NEAR_CHARACTERS:
                break
            if node.tag == "time":
                if (moment := reader.alone(_written(node))) and not _is_later(node):
                    yield Dated(moment, "time")
            elif node.tag == "-text":
                text = line(node.text_content or "")
                characters += len(text)
                if moment := _dateline(node, text, reader):
                    yield Dated(moment, "text")


def _dateline(node: LexborNode, text: str, reader: Reader) -> Moment | None:
    """Return the date in a text or in the line that contains it."""
    if not any(map(str.isdigit, text)) or len(text) > _LONGEST:
        return None
    parent = node.parent
    if parent is not None and parent.tag != "time":
        text = short_text(parent, _LONGEST).replace(" ,", ",") or text
    return _first(text, reader)


def _first(text: str, reader: Reader) -> Moment | None:
    """Return the first date of a line, but not after a word for an update."""
    if not _YEAR.search(text):
        return None
    if later := _LATER.search(text):
        text = text[: later.start()]
    if not _YEAR.search(text) or (is_sentence(text) and len(text) > _SHORTEST_SENTENCE):
        return None
    others = _WORD.findall(text)
    return reader.among(text) if len(others) <= _MOST_WORDS else None


def _is_later(node: LexborNode) -> bool:
    """Return whether a time is that of an update, by its names or the text before it."""
    parent = node.parent
    named = f"{attribute(node, 'class')} {attribute(node, 'itemprop')}"
    if _LATER.search(named) and "publ" not in named.lower():
        return True
    whole = short_text(parent, _LONGEST) if parent is not None else ""
    own = short_text(node, _LONGEST)
    return _LATER.search(whole.partition(own)[0] if own else whole) is not None


def _written(node: LexborNode) -> str:
    """Return the machine-readable date of an element, else its text."""
    return attribute(node, "datetime") or attribute(node, "content") or text_of(node)


def published(
    told: Sequence[Dated],
    shown: Iterable[Dated],
    address: Moment | None,
    updated: Moment | None = None,
) -> Dated | None:
    """Choose the publication date of a page; None if there is no candidate.

    The first date in the metadata counts, unless the URL has an earlier day: then the page was
    published again, or its metadata states the time of an update. The dates that the page
    shows count only if its metadata has none.
    """
    seen = list(islice(shown, _FEW)) if not told or _is_bare(told[0].moment) else []
    known = list(told) or (seen.copy() if seen and not _is_update(seen[0], updated) else [])
    if address is not None:
        known.append(Dated(address, "url"))
    if not known:
        return None
    best = _best(known, address, told=bool(told))
    others = [other for other in (*known, *seen) if other.origin != best.origin]
    agreed = any(_near_day(other.moment, best.moment) for other in others)
    clocks = [dated.moment for dated in (*told, *seen[:_SUREST])]
    return Dated(_on_the_clock(best.moment, clocks, address), best.origin, agreed)


def _best(known: Sequence[Dated], address: Moment | None, *, told: bool) -> Dated:
    """Return the first date, or the last, that of the URL, if it is more reliable."""
    first, last = known[0], known[-1]
    if address is None:
        return first
    if not told:
        # If the shown day differs from that of the URL, it belongs to something else.
        return first if first.moment.at.date() == address.at.date() else last
    is_later = first.moment.at > address.at and not _near_day(first.moment, address)
    return last if is_later else first


def _is_update(dated: Dated, updated: Moment | None) -> bool:
    """Return whether a date in the text is of the day of the stated update."""
    if updated is None or dated.origin != "text":
        return False
    return dated.moment.at.date() == updated.at.date()


def _is_bare(moment: Moment) -> bool:
    """Return whether a time is in UTC, as many systems write it whatever the local zone is."""
    return not moment.day_only and not moment.at.utcoffset()


def _on_the_clock(moment: Moment, others: Sequence[Moment], address: Moment | None) -> Moment:
    """Return the same instant with the UTC offset of the page's origin, if it can be inferred.

    Another time may be the same instant with an offset; or it has none, and differs from the
    instant by a possible offset: a multiple of 15 minutes. If the URL and a shown date agree
    on another day, the offset is the least that leads to that day.
    """
    if not _is_bare(moment):
        return moment
    for other in others:
        if not other.day_only and (offset := _offset(moment.at, other.at)):
            return Moment(moment.at.astimezone(timezone(offset)))
    if address is not None and any(other.at.date() == address.at.date() for other in others):
        return Moment(moment.at.astimezone(timezone(_least_offset(moment.at, address.at.date()))))
    return moment


def _least_offset(instant: datetime, day: date) -> timedelta:
    """Return the least offset in whole hours that puts an instant on a day, else 0."""
    hours = range(1, _WIDEST // _HOUR)
    offsets = (sign * timedelta(hours=hour) for hour in hours for sign in (1, -1))
    if instant.date() == day:
        return timedelta()
    return next((offset for offset in offsets if (instant + offset).date() == day), timedelta())


def _offset(instant: datetime, clock: datetime) -> timedelta | None:
    ahead = clock.replace(second=0) - instant.replace(second=0)
    if offset := clock.utcoffset():
        return None if ahead else offset
    return ahead if abs(ahead) <= _WIDEST and not ahead % _QUARTER else None


def _near_day(one: Moment, other: Moment) -> bool:
    """Return whether two moments may be of one day, whatever the zones they were read in."""
    return abs(one.at - other.at) <= _NEAR_DAY
