"""Parsing of the lines above an article's text: labels, dates, bylines, sections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from corpus.article import Moment
from indexer.clean.dates.date_reader import DateReader
from indexer.clean.metadata import is_agency, parse_authors, validate_web_url
from indexer.clean.paragraphs import is_sentence


@dataclass(frozen=True, slots=True)
class HeadPart:
    """A line above the text, or a part of one, with its field, "" if unknown.

    The field `today` is the date of a masthead: the day of printing or fetching.
    """

    field: str
    text: str


# "aside" is for lines of a head that belong to no field.
_FIELDS_BY_LABEL = {
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
_LABELLED_LINE = re.compile(r"([^\W\d_]+(?:[ -][^\W\d_]+){0,2})\s*[:：]\s*+(.*)")
_MAX_VALUE_CHARS = {"source": 60, "section": 60, "language": 20, "aside": 100}
_INVERTED_NAME = re.compile(r"([^\W\d_][\w'’-]+), ([^\W\d_][\w'’-]+(?: [A-Z]\.?)?)")
_PAGE_SUFFIX = re.compile(r"(?:(?<!\s)\s+)?[;,]\s*(?:Pg|Page|P|S)\.? ?[A-Z]?\d.*", re.I)
_TODAY_LINE = re.compile(r"today\b[\s:,]*+(?:is\s++)?(.+)", re.I)
_UPDATED_LABEL = re.compile(r"\b(?:last\s+)?(?:updated|modified)\b", re.I)
_BYLINE = re.compile(
    r"(?:(?:written|reported|story|posted|words|text|texto|escrito)\s+)?(?:by|von|por|par|di|door)"
    r"\b[\s:]++(.+)",
    re.I,
)
_ARTICLE_TYPE_SUFFIX = re.compile(
    r"(?<!\s)\s+[-–—]\s+(?:news )?(?:analysis|opinion|commentary|column|blog)$", re.I
)
# 文・山田太郎, 記者＝山田太郎, 山田太郎記者
_BYLINE_JA = re.compile(
    r"(?:(?:文|執筆|取材|記者)\s*[・＝=：:/]\s*(?P<name>[\u3040-\u9fff々 ]{2,10})"
    r"|(?P<name2>[\u4e00-\u9fff々]{2,6})記者)"
)
# Lines without a field in the heads of wires, press releases, databases and copied pages.
_ASIDE_LINE = re.compile(
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
_NEWSPAPER_CODE = re.compile(r"[A-Z]{3,8}")
_COPYRIGHT_LINE = re.compile(
    r"(?:copyright|\(c\)|©)(?:\s+(?:\(c\)|©))?\s*\d{4}\b[,.:]?\s*(?:by\s+)?(?P<holder>[^.]*?)"
    r"(?:[.,;]?\s*all rights reserved)?\W*",
    re.I,
)
_LANGUAGE_NAME = re.compile(
    r"English|Deutsch|German|French|Français|Spanish|Español|Japanese|日本語"
)
_SEPARATOR = re.compile(r"(?<!\s)\s+[|•·]\s+")
_INNER_BYLINE = re.compile(r"(?<=\S)\s+(?=by\s.)", re.I)
_NAME_PARTICLES = frozenset(
    ("de", "del", "della", "der", "den", "van", "von", "da", "di", "du", "la", "le", "al", "el",
     "bin", "ibn", "y", "e", "ter", "ten", "dos", "das", "af", "zu")
)  # fmt: skip
_SECTION_WORDS = frozenset(
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
_MAX_HEAD_LINE_CHARS = 200
_MAX_DEK_CHARS = 250  # characters; a headline or dek is shorter
_MAX_DATELINE_AGE = timedelta(days=31)


def parse_head_line(text: str, reader: DateReader) -> list[HeadPart]:
    """Return the parts of a line, or an empty list if it is a title, a dek or text."""
    if len(text) > _MAX_HEAD_LINE_CHARS:
        return []
    if (masthead := _TODAY_LINE.fullmatch(text)) and reader.parse(masthead[1]):
        return [HeadPart("today", masthead[1])]
    if validate_web_url(text):
        return [HeadPart("url", text)]
    return (
        _parse_dates(text, reader)
        or _parse_label(text)
        or _parse_mixed_line(text, reader)
        or _parse_byline(text)
        or _parse_aside(text)
    )


def _parse_aside(text: str) -> list[HeadPart]:
    """Parse a copyright notice, the name of a language, or a line without a field."""
    if match := _COPYRIGHT_LINE.fullmatch(text):
        return [HeadPart("holder", match["holder"].strip(" ,;"))]
    if _LANGUAGE_NAME.fullmatch(text):
        return [HeadPart("language", text)]
    return [HeadPart("aside", text)] if _ASIDE_LINE.fullmatch(text) else []


def is_newspaper_code(text: str) -> bool:
    """Return whether a line is a database's code for a newspaper."""
    return _NEWSPAPER_CODE.fullmatch(text) is not None


def _parse_dates(text: str, reader: DateReader) -> list[HeadPart]:
    """Parse a line of dates alone: the publication date, the update, or both."""
    if reader.parse(text) is None:
        return []
    updated = _UPDATED_LABEL.search(text)
    if updated is None:
        return [HeadPart("published", text)]
    before, after = text[: updated.start()].strip(" ,;|-–("), text[updated.start() :]
    parts = [HeadPart("published", before)] if reader.parse(before) else []
    return [*parts, HeadPart("updated", after)]


def _parse_label(text: str) -> list[HeadPart]:
    match = _LABELLED_LINE.fullmatch(text)
    field = _FIELDS_BY_LABEL.get(match[1].lower()) if match else None
    if match is None or field is None:
        return []
    value = match[2]
    if not value:
        # "BODY:" is a label of the text, but a title may be a word and a colon.
        return [HeadPart("aside", text)] if field == "aside" else []
    # "Updated: what we know" and "Source: they knew." are text.
    longest = _MAX_VALUE_CHARS.get(field)
    if longest and (len(value) > longest or is_sentence(value)):
        return []
    if field in {"published", "updated"} and not any(map(str.isdigit, value)):
        return []
    if field == "section":
        value = _PAGE_SUFFIX.sub("", value)
    if field == "authors" and (inverted := _INVERTED_NAME.fullmatch(value)):
        value = f"{inverted[2]} {inverted[1]}"
    return [HeadPart(field, value)]


def _parse_mixed_line(text: str, reader: DateReader) -> list[HeadPart]:
    """Parse dates and names on one line.

    "Jane Doe | 29 March 2025", "By Jane Doe, March 29, 2025".
    """
    for pieces in _split_pieces(text):
        parsed = [_parse_dates(piece, reader) or _parse_byline(piece) for piece in pieces]
        if not any(part.field == "published" for parts in parsed for part in parts):
            continue
        parsed = [
            parts or _parse_author_names(piece) for parts, piece in zip(parsed, pieces, strict=True)
        ]
        if all(parsed):
            return [part for parts in parsed for part in parts]
    return []


def _split_pieces(text: str) -> Iterator[list[str]]:
    pieces = _SEPARATOR.split(text)
    if len(pieces) > 1:
        yield pieces
    for cut in reversed(list(_INNER_BYLINE.finditer(text))):
        date, byline = text[: cut.start()], text[cut.end() :]
        if any(map(str.isdecimal, date.split()[-1])):
            yield [date, byline]
            break
    if _BYLINE.match(text):
        for comma in re.finditer(r",\s", text):
            yield [text[: comma.start()], text[comma.end() :]]


def _parse_byline(text: str) -> list[HeadPart]:
    if japanese := _BYLINE_JA.fullmatch(text):
        return [HeadPart("authors", japanese["name"] or japanese["name2"])]
    byline = _BYLINE.fullmatch(text)
    return _parse_author_names(_ARTICLE_TYPE_SUFFIX.sub("", byline[1])) if byline else []


def _parse_author_names(text: str) -> list[HeadPart]:
    names = parse_authors(text)
    return [HeadPart("authors", text)] if names and all(map(_is_author_name, names)) else []


def _is_author_name(name: str) -> bool:
    words = name.split()
    if len(words) == 1:
        return is_agency(name)
    return len(words) <= 5 and all(word[0].isupper() or word in _NAME_PARTICLES for word in words)


def is_masthead(text: str) -> bool:
    """Return whether a line looks like the name of a newspaper."""
    return _MASTHEAD.fullmatch(text) is not None


def is_section_name(text: str) -> bool:
    """Return whether a line consists of words that are common in names of sections."""
    words = text.lower().split()
    return len(words) <= 4 and all(word in _SECTION_WORDS for word in words)


def is_paragraph(text: str) -> bool:
    """Return whether a text is certainly a paragraph of the body, by length or dateline."""
    if len(text) > _MAX_DEK_CHARS:
        return True
    if _AGENCY_LINE.match(text):
        return True
    dateline = _DATELINE.match(text)
    return dateline is not None and bool(dateline["agency"] or dateline["date"])


def parse_dateline_date(body: str, today: Moment | None, reader: DateReader) -> Moment | None:
    """Return the date in the dateline of a body ("TOKYO, March 29 -"), or None.

    A date without a year is in the 31 days up to `today`, the date of the masthead, or else
    is unknown.
    """
    dateline = _DATELINE.match(body)
    if dateline is None or not dateline["date"]:
        return None
    if moment := reader.parse(dateline["date"]):
        return moment
    if today is None:
        return None
    for year in (today.at.year, today.at.year - 1):
        day = reader.parse(f"{dateline['date']}, {year}")
        if day and timedelta(0) <= today.at - day.at <= _MAX_DATELINE_AGE:
            return day
    return None
