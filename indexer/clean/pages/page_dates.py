"""When a page was published: by what it tells, by its address, and by what it shows.

A date is told in the metadata, marked in the page, or stands in its address; where it is
none of these, it stands near the headline. The place that is nearest to the editor's desk
counts, but an address keeps the day of the first publication when the metadata tells a
later one.
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
_LONGEST_ADDRESS = 2_000
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
_NEAR_NODES = 250
_NEAR_CHARACTERS = 500  # a headline's dek and byline are shorter, the body is not
_WORD = re.compile(r"[^\W\d_]+")
_MOST_WORDS = 7  # in a line with a date and a byline
_SHORTEST_SENTENCE = 40  # characters; a date may end with a dot too
_FEW = 10
_MOST = 100
_SUREST = 3  # of the dates that a page shows
_NEAR_DAY = timedelta(days=2)
_WIDEST = timedelta(hours=14)  # of the offsets in use
_QUARTER = timedelta(minutes=15)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reader:
    """How dates without a zone or an order are read."""

    zone: tzinfo
    now: datetime
    day_first: bool | None

    def alone(self, text: str) -> Moment | None:
        return parse_date(text, zone=self.zone, now=self.now, day_first=self.day_first)

    def among(self, text: str) -> Moment | None:
        return find_date(text, zone=self.zone, now=self.now, day_first=self.day_first)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date, where it was found, and whether another place says the same."""

    moment: Moment
    origin: str
    agreed: bool = False


def day_in_address(url: str, reader: Reader) -> Moment | None:
    """The day that stands in the path of an address, as in /2020/03/29/ or /2020-mar-29."""
    try:
        path = urlsplit(_ARCHIVED.sub("", url[:_LONGEST_ADDRESS], count=1)).path
    except ValueError:
        return None
    for found in _IN_PATH.finditer(path):
        month = MONTHS.get((found["name"] or "").lower()) or int(found["month"] or 0)
        try:
            day = date(int(found["year"]), month, int(found["day"]))
        except ValueError:
            continue
        return reader.alone(day.isoformat())
    return None


def marked_dates(marks: Marks, item: str, reader: Reader) -> Iterator[Dated]:
    """The dates of elements that say by their itemprop which one they hold."""
    for node in marks.items.get(item, ())[:_FEW]:
        if moment := reader.alone(_written(node)):
            yield Dated(moment, "time")


def scripted_date(scripts: Iterable[str], reader: Reader) -> Dated | None:
    """The date in the data of a page's scripts, if all that they have is of one day."""
    found = (each[1] for text in scripts for each in islice(_IN_SCRIPT.finditer(text), _MOST))
    moments = [moment for written in found if (moment := reader.alone(written))]
    if len({moment.at.date() for moment in moments}) != 1:
        return None
    return Dated(moments[0], "meta")


def shown_dates(marks: Marks, heading: LexborNode | None, reader: Reader) -> Iterator[Dated]:
    """The dates that a page shows as its own, the surest first."""
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
    """The dates in the lines after a headline, then in those before it."""
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
    """The date in a text or in the line that it is a part of."""
    if not any(map(str.isdigit, text)) or len(text) > _LONGEST:
        return None
    around = node.parent
    if around is not None and around.tag != "time":
        text = short_text(around, _LONGEST).replace(" ,", ",") or text
    return _first(text, reader)


def _first(text: str, reader: Reader) -> Moment | None:
    """The first date of a line that is not said to be that of a change."""
    if not _YEAR.search(text):
        return None
    if later := _LATER.search(text):
        text = text[: later.start()]
    if not _YEAR.search(text) or (is_sentence(text) and len(text) > _SHORTEST_SENTENCE):
        return None
    others = _WORD.findall(text)
    return reader.among(text) if len(others) <= _MOST_WORDS else None


def _is_later(node: LexborNode) -> bool:
    """Whether a time is that of a change, by what it is called or what stands before it."""
    around = node.parent
    named = f"{attribute(node, 'class')} {attribute(node, 'itemprop')}"
    if _LATER.search(named) and "publ" not in named.lower():
        return True
    whole = short_text(around, _LONGEST) if around is not None else ""
    own = short_text(node, _LONGEST)
    return _LATER.search(whole.partition(own)[0] if own else whole) is not None


def _written(node: LexborNode) -> str:
    """What an element says, the machine's form before the reader's."""
    return attribute(node, "datetime") or attribute(node, "content") or text_of(node)


def published(
    told: Sequence[Dated],
    shown: Iterable[Dated],
    address: Moment | None,
    updated: Moment | None = None,
) -> Dated | None:
    """When a page was published; None if nothing says so.

    Of what it tells the first counts, but not if its address has an earlier day: then it
    was published again, or the time of a change is told as that of publication. What it
    shows counts only where it tells nothing.
    """
    seen = list(islice(shown, _FEW)) if not told or _is_bare(told[0].moment) else []
    known = list(told) or (seen.copy() if seen and not _is_update(seen[0], updated) else [])
    if address is not None:
        known.append(Dated(address, "url"))
    if not known:
        return None
    best = _best(known, address, told=bool(told))
    others = [each for each in (*known, *seen) if each.origin != best.origin]
    agreed = any(_near_day(each.moment, best.moment) for each in others)
    clocks = [each.moment for each in (*told, *seen[:_SUREST])]
    return Dated(_on_the_clock(best.moment, clocks, address), best.origin, agreed)


def _best(known: Sequence[Dated], address: Moment | None, *, told: bool) -> Dated:
    """The first, unless the last, that of the address, is surer."""
    first, last = known[0], known[-1]
    if address is None:
        return first
    if not told:
        # A page that shows another day than its address shows that of something else.
        return first if first.moment.at.date() == address.at.date() else last
    is_later = first.moment.at > address.at and not _near_day(first.moment, address)
    return last if is_later else first


def _is_update(dated: Dated, updated: Moment | None) -> bool:
    """Whether a day in the text is that of the change that the page tells of."""
    if updated is None or dated.origin != "text":
        return False
    return dated.moment.at.date() == updated.at.date()


def _is_bare(moment: Moment) -> bool:
    """Whether a time is in UTC, as that of many systems is, wherever its reader may be."""
    return not moment.day_only and not moment.at.utcoffset()


def _on_the_clock(moment: Moment, others: Sequence[Moment], address: Moment | None) -> Moment:
    """The same instant on the clock of where the page was written, if that can be seen.

    One other time may be the same instant with an offset; or it has none, and differs from
    the instant by what can only be an offset: quarters of an hour. Where the address and
    what is shown agree on the day before or after, the offset is the least that leads there.
    """
    if not _is_bare(moment):
        return moment
    for each in others:
        if not each.day_only and (offset := _offset(moment.at, each.at)):
            return Moment(moment.at.astimezone(timezone(offset)))
    if address is not None and any(each.at.date() == address.at.date() for each in others):
        return Moment(moment.at.astimezone(timezone(_least_offset(moment.at, address.at.date()))))
    return moment


def _least_offset(instant: datetime, day: date) -> timedelta:
    """The least offset in whole hours by which an instant is on a day; none if there is none."""
    hours = range(1, _WIDEST // _HOUR)
    both = (sign * timedelta(hours=hour) for hour in hours for sign in (1, -1))
    if instant.date() == day:
        return timedelta()
    return next((each for each in both if (instant + each).date() == day), timedelta())


def _offset(instant: datetime, clock: datetime) -> timedelta | None:
    ahead = clock.replace(second=0) - instant.replace(second=0)
    if offset := clock.utcoffset():
        return None if ahead else offset
    return ahead if abs(ahead) <= _WIDEST and not ahead % _QUARTER else None


def _near_day(one: Moment, other: Moment) -> bool:
    """Whether two moments may be of one day, whatever the zones they were read in."""
    return abs(one.at - other.at) <= _NEAR_DAY
