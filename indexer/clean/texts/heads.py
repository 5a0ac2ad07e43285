"""Parsing of the lines above an article's text: labels, dates, bylines, sections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from corpus.article import Moment
from indexer.clean.dates import parse_date
from indexer.clean.metadata import authors, is_agency, web_url
from indexer.clean.paragraphs import is_sentence


@dataclass(frozen=True, slots=True)
class Part:
    """A line above the text, or a part of one, with its field, "" if unknown.

    The field `today` is the date of a masthead: the day of printing or fetching.
    """

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Clock:
    """The time zone in which dates are parsed, and the time after which none can lie."""

    zone: tzinfo
    now: datetime

    def read(self, text: str) -> Moment | None:
        return parse_date(text, zone=self.zone, now=self.now)


# "aside" is for lines of a head that belong to no field.
_LABELS = {
    label: field
    for field, labels in (
        ("title", ("title", "headline", "subject", "titel", "título", "titre", "titolo", "見出し",
                   "タイトル")),
        ("dek", ("dek", "subtitle", "summary", "description", "standfirst", "highlight", "abstract",
                 "untertitel", "subtítulo")),
        ("authors", ("author", "authors", "by", "byline", "written by", "autor", "autora",
                     "autoren", "auteur", "autore", "著者", "記者", "執筆")),
        ("source", ("source", "publication", "publisher", "publication title", "newspaper",
                    "quelle", "fuente")),
        ("section", ("section", "category", "topic", "ressort", "sección", "rubrique")),
        ("url", ("url", "link")),
        ("language", ("language", "lang", "sprache", "idioma", "langue")),
        ("published", ("date", "published", "published on", "publication date", "posted", "datum",
                       "fecha", "data", "sent", "release date", "日付", "公開日")),
        ("updated", ("updated", "last updated", "last modified", "modified", "aktualisiert",
                     "actualizado", "更新日")),
        ("aside", ("length", "word count", "words", "wörter", "load-date", "copyright", "dateline",
                   "body", "text", "full text", "contact", "media contact", "press contact",
                   "contacts", "from", "to", "cc", "reply-to", "edition", "page", "pages",
                   "graphic", "photo", "document id", "proquest document id", "publication type",
                   "publication-type", "issn", "embargo", "slug", "byline title", "phone",
                   "tel", "email", "e-mail", "start page", "place of publication", "document type",
                   "country of publication")),
    )
    for label in labels
}  # fmt: skip
_LABELLED = re.compile(r"([^\W\d_]+(?:[ -][^\W\d_]+){0,2})\s*[:：]\s*(.*)")
_LONGEST_LABELLED = {"source": 60, "section": 60, "language": 20, "aside": 100}
_TURNED = re.compile(r"([^\W\d_][\w'’-]+), ([^\W\d_][\w'’-]+(?: [A-Z]\.?)?)")
_PAGE = re.compile(r"\s*[;,]\s*(?:Pg|Page|P|S)\.? ?[A-Z]?\d.*", re.I)
_TODAY = re.compile(r"today\b[\s:,]*(?:is\s+)?(.+)", re.I)
_UPDATED = re.compile(r"\b(?:last\s+)?(?:updated|modified)\b", re.I)
_BYLINE = re.compile(
    r"(?:(?:written|reported|story|posted|words|text|texto|escrito)\s+)?(?:by|von|por|par|di|door)"
    r"\b[\s:]+(.+)",
    re.I,
)
_KIND = re.compile(r"\s+[-–—]\s+(?:news )?(?:analysis|opinion|commentary|column|blog)$", re.I)
# 文・山田太郎, 記者＝山田太郎, 山田太郎記者
_BYLINE_JA = re.compile(
    r"(?:(?:文|執筆|取材|記者)\s*[・＝=：:/]\s*(?P<name>[\u3040-\u9fff々 ]{2,10})"
    r"|(?P<name2>[\u4e00-\u9fff々]{2,6})記者)"
)
# Lines without a field in the heads of wires, press releases, databases and copied pages.
_ASIDE = re.compile(
    r"[A-Z]{2,}-[A-Z0-9'.-]+/[A-Z0-9'./-]+(?: \(.*\))?"
    r"|[A-Z]{2,}-[A-Z0-9'.-]+ \((?:UPDATE|URGENT|CORRECTED|WRAPUP|PIX|TV|GRAPHIC)\b.*\)"
    r"|Body|BODY|Text|TEXT|\^?[A-Z]{2,}(?:--?[A-Z0-9][\w'.&/]*){2,}(?:,.*| \(.*\)|[ <~].*)?"
    r"|\^?BC-.*"
    r"|(?i:(?:for )?immediate release\W*|(?:under )?embargo(?:ed)?\b.*|press release|news release"
    r"|pressemitteilung|communiqué de presse|nota de prensa"
    r"|(?:urgent|bulletin|eds?:.*|attention editors.*)|[\d,]+ (?:words|wörter|mots|palabras)"
    r"|\d+ min(?:ute)?s? read|reading time:?.*|(?:final|first|late|early|city|national|morning"
    r"|evening|weekend|print|online) edition|(?:pg|page)\.? ?[A-Z]?\d+|skip to (?:main )?content"
    r"|share(?: this(?: article| story)?)?|advertisement|listen(?: to this article)?|print"
    r"|(?:facebook|twitter|whatsapp|e-?mail|linkedin|reddit|copy link|save|subscribe"
    r"|log in|sign in|menu|home|search|comments?)(?:\s*[|/>»›·]?\s*(?:facebook|twitter|whatsapp"
    r"|e-?mail|linkedin|reddit|copy link|save|subscribe|log in|sign in|share|print))*"
    r"|view (?:this e-?mail )?in (?:your )?browser.*|all rights reserved\W*"
    r"|(?:staff|senior staff|special|contributing) (?:writer|reporter|correspondent)s?"
    r"|associated press(?: writers?)?|no headline in original|(?:full text|abstract))"
)
_CODE = re.compile(r"[A-Z]{3,8}")
_RIGHTS = re.compile(
    r"(?:copyright|\(c\)|©)(?:\s+(?:\(c\)|©))?\s*\d{4}\b[,.:]?\s*(?:by\s+)?(?P<holder>[^.]*?)"
    r"(?:[.,;]?\s*all rights reserved)?\W*",
    re.I,
)
_LANGUAGE = re.compile(r"English|Deutsch|German|French|Français|Spanish|Español|Japanese|日本語")
_BETWEEN = re.compile(r"\s+[|•·]\s+")
_DATE_BY = re.compile(r"(.*\d\S*)\s+(by\s.+)", re.I)
_PARTICLES = frozenset(
    ("de", "del", "della", "der", "den", "van", "von", "da", "di", "du", "la", "le", "al", "el",
     "bin", "ibn", "y", "e", "ter", "ten", "dos", "das", "af", "zu")
)  # fmt: skip
_SECTIONS = frozenset(
    ("world", "news", "national", "nation", "international", "politics", "business", "economy",
     "markets", "finance", "money", "sport", "sports", "opinion", "editorial", "editorials",
     "analysis", "commentary", "culture", "arts", "entertainment", "lifestyle", "life", "style",
     "travel", "food", "health", "science", "technology", "tech", "environment", "climate",
     "education", "local", "metro", "region", "regional", "us", "u.s.", "uk", "europe", "asia",
     "africa", "americas", "middle", "east", "pacific", "top", "stories", "latest", "breaking",
     "home", "front", "page", "features", "society", "law", "crime", "weather", "media", "and",
     "&", "affairs", "foreign", "domestic", "general", "defense", "security", "energy")
)  # fmt: skip
_DATELINE = re.compile(
    r"(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ.'’/ -]{2,40}(?:, [A-Z][\w.’ ]{1,25}?){0,2}?)"
    r"(?:, (?P<date>[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?"
    r"|\d{1,2}\.? [a-zû]{3,10}\.?(?: \d{4})?))?"
    r"(?:\s?[(/](?P<agency>[^()/]{2,40})[)/])?\s?(?:--|\.-|[-–—])\s"
)
# Berlin (dpa) -, 【東京時事】, [東京 28日 ロイター] -
_AGENCY_LINE = re.compile(
    r"[A-ZÀ-Þ][\w.'’/ -]{1,40}(?:, [\w. ]{2,25})? \((?:Reuters|AP|AFP|UPI|dpa|EFE|ANSA|APA|SDA|ATS"
    r"|Europa Press|Kyodo|Xinhua|TASS|PTI)(?:/[\w]{2,8})*\)\s?(?:--|\.-|[-–—])\s"
    r"|【[^】]{2,20}】|[\[［][^\]］]{2,20}(?:日|ロイター)[^\]］]{0,10}[\]］]\s?[-－–—]?"
)
# Four words at most, each with a capital: "THE DAILY HERALD", "Harbor Courier".
_MASTHEAD = re.compile(
    r"(?:(?i:the) )?(?:[A-ZÀ-Þ][\w.'’&-]* ){1,2}(?i:times|post|herald|tribune|gazette|chronicle"
    r"|courier|journal|observer|telegraph|mail|guardian|examiner|inquirer|sentinel|dispatch"
    r"|mirror|independent|star|sun|globe|standard|echo|argus|press|bugle|zeitung|nachrichten"
    r"|anzeiger|tageblatt|rundschau)"
)
_LONGEST_LINE = 200
_PARAGRAPH = 250  # characters; a headline or dek is shorter
_MONTH = timedelta(days=31)


def read_line(text: str, clock: Clock) -> list[Part]:
    """Return the parts of a line, or an empty list if it is a title, a dek or text."""
    if len(text) > _LONGEST_LINE:
        return []
    if (masthead := _TODAY.fullmatch(text)) and clock.read(masthead[1]):
        return [Part("today", masthead[1])]
    if web_url(text):
        return [Part("url", text)]
    return (
        _dates(text, clock)
        or _labelled(text)
        or _mixed(text, clock)
        or _byline(text)
        or _asides(text)
    )


def _asides(text: str) -> list[Part]:
    """Parse a copyright notice, the name of a language, or a line without a field."""
    if match := _RIGHTS.fullmatch(text):
        return [Part("holder", match["holder"].strip(" ,;"))]
    if _LANGUAGE.fullmatch(text):
        return [Part("language", text)]
    return [Part("aside", text)] if _ASIDE.fullmatch(text) else []


def is_code(text: str) -> bool:
    """Return whether a line is a database's code for a newspaper."""
    return _CODE.fullmatch(text) is not None


def _dates(text: str, clock: Clock) -> list[Part]:
    """Parse a line of dates alone: the publication date, the update, or both."""
    if clock.read(text) is None:
        return []
    updated = _UPDATED.search(text)
    if updated is None:
        return [Part("published", text)]
    before, after = text[: updated.start()].strip(" ,;|-–("), text[updated.start() :]
    parts = [Part("published", before)] if clock.read(before) else []
    return [*parts, Part("updated", after)]


def _labelled(text: str) -> list[Part]:
    match = _LABELLED.fullmatch(text)
    field = _LABELS.get(match[1].lower()) if match else None
    if match is None or field is None:
        return []
    value = match[2]
    if not value:
        # "BODY:" is a label of the text, but a title may be a word and a colon.
        return [Part("aside", text)] if field == "aside" else []
    # "Updated: what we know" and "Source: they knew." are text.
    longest = _LONGEST_LABELLED.get(field)
    if longest and (len(value) > longest or is_sentence(value)):
        return []
    if field in {"published", "updated"} and not any(map(str.isdigit, value)):
        return []
    if field == "section":
        value = _PAGE.sub("", value)
    if field == "authors" and (inverted := _TURNED.fullmatch(value)):
        value = f"{inverted[2]} {inverted[1]}"
    return [Part(field, value)]


def _mixed(text: str, clock: Clock) -> list[Part]:
    """Parse dates and names on one line.

    "Jane Doe | 29 March 2025", "By Jane Doe, March 29, 2025".
    """
    for pieces in _cuts(text):
        parsed = [_dates(piece, clock) or _byline(piece) for piece in pieces]
        if not any(part.field == "published" for parts in parsed for part in parts):
            continue
        parsed = [parts or _bare_name(piece) for parts, piece in zip(parsed, pieces, strict=True)]
        if all(parsed):
            return [part for parts in parsed for part in parts]
    return []


def _cuts(text: str) -> Iterator[list[str]]:
    pieces = _BETWEEN.split(text)
    if len(pieces) > 1:
        yield pieces
    if cut := _DATE_BY.fullmatch(text):
        yield [cut[1], cut[2]]
    if _BYLINE.match(text):
        for comma in re.finditer(r",\s", text):
            yield [text[: comma.start()], text[comma.end() :]]


def _byline(text: str) -> list[Part]:
    if japanese := _BYLINE_JA.fullmatch(text):
        return [Part("authors", japanese["name"] or japanese["name2"])]
    byline = _BYLINE.fullmatch(text)
    return _bare_name(_KIND.sub("", byline[1])) if byline else []


def _bare_name(text: str) -> list[Part]:
    names = authors(text)
    return [Part("authors", text)] if names and all(map(_is_name, names)) else []


def _is_name(name: str) -> bool:
    words = name.split()
    if len(words) == 1:
        return is_agency(name)
    return len(words) <= 5 and all(word[0].isupper() or word in _PARTICLES for word in words)


def is_masthead(text: str) -> bool:
    """Return whether a line looks like the name of a newspaper."""
    return _MASTHEAD.fullmatch(text) is not None


def is_section(text: str) -> bool:
    """Return whether a line consists of words that are common in names of sections."""
    words = text.lower().split()
    return len(words) <= 4 and all(word in _SECTIONS for word in words)


def is_paragraph(text: str) -> bool:
    """Return whether a text is certainly a paragraph of the body, by length or dateline."""
    if len(text) > _PARAGRAPH:
        return True
    if _AGENCY_LINE.match(text):
        return True
    dateline = _DATELINE.match(text)
    return dateline is not None and bool(dateline["agency"] or dateline["date"])


def dateline_date(body: str, today: Moment | None, clock: Clock) -> Moment | None:
    """Return the date in the dateline of a body ("TOKYO, March 29 -"), or None.

    A date without a year is in the 31 days up to `today`, the date of the masthead, or else
    is unknown.
    """
    dateline = _DATELINE.match(body)
    if dateline is None or not dateline["date"]:
        return None
    if moment := clock.read(dateline["date"]):
        return moment
    if today is None:
        return None
    for year in (today.at.year, today.at.year - 1):
        day = clock.read(f"{dateline['date']}, {year}")
        if day and timedelta(0) <= today.at - day.at <= _MONTH:
            return day
    return None
