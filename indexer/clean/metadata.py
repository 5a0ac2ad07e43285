"""Parsing of metadata values: text, authors, URLs and language tags.

A record is a JSON object, a page's JSON-LD or the front matter of a text: `FIELD_KEYS` are
the usual keys of our fields in records.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from indexer.clean.paragraphs import clean_line

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]

# Our fields, each with its keys in records, the most reliable first.
FIELD_KEYS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "headline", "name"),
    "body": (
        "body", "text", "content", "articleBody", "article_body", "body_html", "body_text",
        "body_xhtml", "full_text", "maintext", "article", "content_html", "content_text",
    ),
    "dek": (
        "dek", "description", "summary", "subtitle", "standfirst", "subheadline", "abstract",
        "excerpt", "description_text", "alternativeHeadline",
    ),
    "published": (
        "published", "date", "datePublished", "pubDate", "published_at", "publishedAt",
        "date_published", "publication_date", "publish_date", "pub_date", "published_date",
        "publishedDate", "date_publish", "firstcreated", "versioncreated", "dateCreated",
        "created_at", "timestamp", "time", "datetime",
    ),
    "updated": (
        "updated", "dateModified", "updated_at", "updatedAt", "date_modified", "modified",
        "modified_at", "last_modified", "lastmod", "lastUpdated", "versioncreated",
    ),
    "url": ("url", "link", "canonical_url", "canonicalUrl", "webUrl", "permalink", "href"),
    "authors": ("authors", "author", "byline", "creator", "dc:creator", "by"),
    "section": ("section", "category", "articleSection", "sectionName", "categories", "topic"),
    "source": ("source", "publisher", "site", "site_name", "publication", "source_name"),
    "language": ("language", "lang", "inLanguage"),
    "id": ("id", "guid", "_id", "uri", "identifier"),
}  # fmt: skip

# The keys of the text of an object that is a value: {"name": ...}, {"#text": ...}.
_VALUE_KEYS = ("name", "@value", "value", "#text", "text", "title", "$t", "rendered", "href")
_MAX_VALUE_DEPTH = 4
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z]\w{1,30});")
_MAX_ESCAPES = 4


def get_value_text(value: Json) -> str:
    """Return the text of a value: itself, its name, or that of its first item."""
    for _ in range(_MAX_VALUE_DEPTH):
        match value:
            case str():
                return value
            case bool() | None:
                return ""
            case int() | float():
                return str(value)
            case list():
                value = value[0] if value else None
            case dict():
                value = next((value[name] for name in _VALUE_KEYS if value.get(name)), None)
    return ""


def unescape_entities(text: str) -> str:
    """Return a text without HTML's entities, however often they were escaped."""
    for _ in range(_MAX_ESCAPES):
        if not _ENTITY.search(text):
            break
        text = html.unescape(text)
    return text


_BYLINE_START = re.compile(
    r"(?:(?:written|reporting|reported|story|posted|words|texte?|texto|testo|tekst)\s+)?"
    r"(?:by|par|por|door|przez|oleh|yazan)\b[:\s]*"
    r"|(?:texte?|texto|testo|tekst|text|autor(?:en|in|a|es)?|auteurs?|autore|автор(?:ы)?|текст)\s*:\s*"
    r"|(?-i:von|Von|VON|av|Av|af|Af|di|da|от)\s+(?=\w+\s+\w)",
    re.I,
)
# In RSS, an author is an address with a name: "desk@paper.example (Mira Lind)".
_ADDRESS_OF_NAME = re.compile(r"(?<![^\s()])[^\s()@]+@[^\s()]+ ?\(([^()]+)\)")
_BRACKETED = re.compile(r"<[^<>]*>|\([^()]*\)|\[[^\[\]]*\]")
_IN_ADDRESS = re.compile(r"@.|https?:/|www\.", re.I)
_MATERIAL = re.compile(
    r"\s(?:with|mit|avec|con|com|met|med) (?:material|agentur|agenc|agência|input|informa)\w*.*",
    re.I,
)
_NAME_SEPARATOR = re.compile(
    r"(?:(?<!\s)\s+)?(?:[,;|/&•·、،]"
    r"|\s(?:and|AND|und|UND|et|ET|og|och|with|mit|avec|med|met|и|і|та|ve|και)\s|\s[-–—]\s)\s*"
)
# These are within names, too ("Ortega y Gasset"): they separate only whole names.
_WEAK_SEPARATOR = re.compile(r"(?<!\s)\s+(?:y|e|i|a|en|con|com|ja|és|și|dan|z|ze|с)\s+")
_PLACE_SUFFIX = re.compile(r"(?<!\s)\s+(?:in|IN|for|FOR|of [Tt]he|reports from)\s+(?=[A-Z]).*")
_NAME_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|ph\.?d|m\.?d|esq)\.?", re.I)
_ROLE = re.compile(
    r"\b(?:staff|writers?|reporters?|editors?|correspondents?|columnists?|contributors?|analysts?"
    r"|producers?|photographers?|journalists?|bureau(?: chief)?|desk|newsroom|team"
    r"|agenc(?:y|ies)|special to|consultants?|founder|ceo|directors?|managers?|reviewers?"
    r"|specialists?|strategists?|redaktion|rédaction|redacción|redazione|redactie|redação"
    r"|redakcja|redaksi|redaktionen|toimitus|редакция|редакції"
    r"|redakteur(?:e|in)?|journalist(?:e|es|in|en)|korrespondent(?:en|in)?|reporter(?:in|e)"
    r"|rédact(?:eur|rice)|correspondante?|envoyée? spéciale?|periodistas?|redactor(?:a|es)?"
    r"|corresponsal|enviad[oa] especial|giornalist[ai]|inviat[oa]|corrispondente|jornalistas?"
    r"|repórter|correspondente|verslaggevers?|redacteur|toimittaja|dziennikar(?:z|ka)"
    r"|redaktor(?:ka)?|корреспондент|редактор|журналист(?:ка)?|muhabiri?|editör|gazeteci"
    r"|news ?wire|news ?desk|newspapers?|news|media|network|magazine|herald|tribune|gazette"
    r"|zeitung|nachrichten|agentur|agence|agencia|agenzia|agência|verlag|gmbh|inc|ltd|llc"
    r"|foundation|institute?|university|tv|radio|online|editorial|services?)\b",
    re.I,
)
_AGENCY = re.compile(
    r"(?:the )?(?:reuters|associated press|ap|afp|agence france-presse|bbc(?: news)?|cnn|dpa|upi"
    r"|xinhua|kyodo(?: news)?|bloomberg(?: news)?|pti|ani|ians|efe|ansa|apa|sda|kna|epd|sid|ots|pap"
    r"|deutsche presse-agentur|keystone-sda|tass|тасс|lusa|ntb|ritzau|tt|anp|belga|čtk|mti"
    r"|europa press|pa media|press association)",
    re.I,
)
_REPORTER_SUFFIX = re.compile(r"(?<!\s)\s*+(?:기자|특파원)$")
_MAX_NAME_CHARS = 80
_DEGREE = re.compile(r"[A-Z][A-Za-z]{0,2}[A-Z.]{1,3}[®™]?")


def parse_authors(value: Json) -> tuple[str, ...]:
    """Return the names in a byline, a list of names or of objects with names, without repeats.

    Roles, organizations and agencies ("Staff Writers", "Reuters") are removed where a person's
    name remains; an agency stays that is an author of its own in a list.
    """
    if isinstance(value, str):
        return _parse_byline(value)
    items = value if isinstance(value, list) else [value]
    names = dict.fromkeys(name for item in items for name in _parse_byline(get_value_text(item)))
    if not any(map(is_person, names)):
        return tuple(names)
    return tuple(name for name in names if is_person(name) or is_agency(name))


@lru_cache(maxsize=4096)
def _parse_byline(text: str) -> tuple[str, ...]:
    named = _ADDRESS_OF_NAME.sub(r"\1", unescape_entities(text[:1000]))
    words = _BRACKETED.sub(" ", named).split()
    text = clean_line(" ".join(word for word in words if not _IN_ADDRESS.search(word)))
    text = _MATERIAL.sub(" ", text).strip(" ,;")
    if by := _BYLINE_START.match(text):
        text = text[by.end() :]
    if ";" in text:
        # Between semicolons a comma is within a name: "Doe, Jane; Roe, John".
        parts = [" ".join(reversed(part.strip().split(", "))) for part in text.split(";")]
    else:
        separated = _NAME_SEPARATOR.split(text)
        parts = _join_suffixes(name for part in separated for name in _split_weakly(part))
    names = [name for part in parts if (name := _clean_name(part))]
    people = [name for name in names if is_person(name)]
    if any(" " in name for name in people):
        people = [name for name in people if not _DEGREE.fullmatch(name)]
    return tuple(dict.fromkeys(people or names))


def is_person(name: str) -> bool:
    """Return whether a name in a byline is no role, no agency and not "The Daily Herald"."""
    return not (_ROLE.search(name) or is_agency(name) or name[:4].lower() == "the ")


def is_agency(name: str) -> bool:
    """Return whether a name in a byline is that of a news agency."""
    return _AGENCY.fullmatch(name) is not None


def _split_weakly(text: str) -> list[str]:
    """Split names at words that may also be within one, where each part is a whole name."""
    parts = _WEAK_SEPARATOR.split(text)
    return parts if all(" " in part.strip() for part in parts) else [text]


def _join_suffixes(parts: Iterable[str]) -> list[str]:
    """Append "Jr." and the like to the name before it."""
    names: list[str] = []
    for part in parts:
        if names and _NAME_SUFFIX.fullmatch(part):
            names[-1] += f" {part}"
        else:
            names.append(part)
    return names


def _clean_name(part: str) -> str:
    name = _REPORTER_SUFFIX.sub("", _PLACE_SUFFIX.sub("", part)).strip(" .,:-–—\"'*_")
    if part.rstrip().endswith((" Jr.", " Sr.")):
        name += "."
    if name.lower() == "unknown" or len(name) > _MAX_NAME_CHARS or not any(map(str.isalpha, name)):
        return ""
    # A short word in capitals may be the initials of an agency, and stays in capitals.
    if name.isupper() and all(len(word) > 2 for word in name.split()) and " " in name:
        return name if _ROLE.search(name) else name.title()
    return name


def validate_web_url(text: str) -> str:
    """Return a valid http or https URL, else nothing: others may be scripts."""
    url = clean_line(text)
    if not url[:8].lower().startswith(("http://", "https://")):
        return ""
    try:
        parts = urlsplit(url)
        usable = parts.hostname and parts.port != 0
    except ValueError:
        return ""
    return url if usable else ""


_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.I)
_LANGUAGE_CODES = {
    "english": "en", "german": "de", "french": "fr", "spanish": "es", "italian": "it",
    "portuguese": "pt", "dutch": "nl", "japanese": "ja", "chinese": "zh", "korean": "ko",
    "russian": "ru", "arabic": "ar",
}  # fmt: skip


@lru_cache(maxsize=256)
def normalize_language_tag(text: str) -> str:
    """Return the BCP 47 tag for a language as stated (`en_US`, `English`), else nothing."""
    tag = clean_line(text).replace("_", "-")
    tag = _LANGUAGE_CODES.get(tag.lower(), tag)
    if not _LANGUAGE_TAG.fullmatch(tag):
        return ""
    first, *others = tag.split("-")
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part for part in others)])
