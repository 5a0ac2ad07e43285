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

from indexer.clean.paragraphs import line

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]

# Our fields, each with its keys in records, the most reliable first.
NAMES: Mapping[str, tuple[str, ...]] = {
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
_INNER = ("name", "@value", "value", "#text", "text", "title", "$t", "rendered", "href")
_DEEPEST = 4


def words(value: Json) -> str:
    """Return the text of a value: itself, its name, or that of its first item."""
    for _ in range(_DEEPEST):
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
                value = next((value[name] for name in _INNER if value.get(name)), None)
    return ""


_BY = re.compile(r"(?:(?:written|reporting|reported|story|posted|words|text)\s+)?by\b[:\s]*", re.I)
_NOT_A_NAME = re.compile(r"<[^>]*>|\([^()]*\)|\[[^\[\]]*\]|\S*@\S+|\S*(?:https?:/|www\.)\S*", re.I)
_BETWEEN = re.compile(r"\s*(?:[,;|/&•·、،]|\s(?:and|AND|und|et|og|och|en|with)\s)\s*")
_PLACE = re.compile(r"\s+(?:in|IN|for|FOR|of [Tt]he|reports from)\s+(?=[A-Z]).*")
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|ph\.?d|m\.?d|esq)\.?", re.I)
_ROLE = re.compile(
    r"\b(?:staff|writers?|reporters?|editors?|correspondents?|columnists?|contributors?|analysts?"
    r"|producers?|photographers?|journalists?|bureau(?: chief)?|desk|newsroom|team"
    r"|agenc(?:y|ies)|special to|consultants?|founder|ceo|directors?|managers?|reviewers?"
    r"|specialists?|strategists?|redaktion|rédaction|redacción|redazione|redactie|redação)\b",
    re.I,
)
_AGENCY = re.compile(
    r"(?:the )?(?:reuters|associated press|ap|afp|agence france-presse|bbc(?: news)?|cnn|dpa|upi"
    r"|xinhua|kyodo(?: news)?|bloomberg(?: news)?|pti|ani|ians)",
    re.I,
)
_LONGEST_NAME = 80
_DEGREE = re.compile(r"[A-Z][A-Za-z]{0,2}[A-Z.]{1,3}[®™]?")


def authors(value: Json) -> tuple[str, ...]:
    """Return the names in a byline, a list of names or of objects with names, without repeats.

    Roles and agencies ("Staff Writers", "Reuters") are removed where a name remains.
    """
    if isinstance(value, str):
        return _byline(value)
    items = value if isinstance(value, list) else [value]
    names = dict.fromkeys(name for item in items for name in _byline(words(item)))
    return tuple(names)


@lru_cache(maxsize=4096)
def _byline(text: str) -> tuple[str, ...]:
    text = line(_NOT_A_NAME.sub(" ", html.unescape(text[:1000]))).strip(" ,;")
    if by := _BY.match(text):
        text = text[by.end() :]
    if ";" in text:
        # Between semicolons a comma is within a name: "Doe, Jane; Roe, John".
        parts = [" ".join(reversed(part.strip().split(", "))) for part in text.split(";")]
    else:
        parts = _with_suffixes(_BETWEEN.split(text))
    names = [name for part in parts if (name := _name(part))]
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


def _with_suffixes(parts: Iterable[str]) -> list[str]:
    """Append "Jr." and the like to the name before it."""
    names: list[str] = []
    for part in parts:
        if names and _SUFFIX.fullmatch(part):
            names[-1] += f" {part}"
        else:
            names.append(part)
    return names


def _name(part: str) -> str:
    name = _PLACE.sub("", part).strip(" .,:-–—\"'*_")
    if part.rstrip().endswith((" Jr.", " Sr.")):
        name += "."
    if len(name) > _LONGEST_NAME or not any(map(str.isalpha, name)):
        return ""
    # A short word in capitals may be the initials of an agency, and stays in capitals.
    if name.isupper() and all(len(word) > 2 for word in name.split()) and " " in name:
        return name if _ROLE.search(name) else name.title()
    return name


def web_url(text: str) -> str:
    """Return a valid http or https URL, else nothing: others may be scripts."""
    url = line(text)
    if not url[:8].lower().startswith(("http://", "https://")):
        return ""
    try:
        parts = urlsplit(url)
        usable = parts.hostname and parts.port != 0
    except ValueError:
        return ""
    return url if usable else ""


_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.I)
_LANGUAGES = {
    "english": "en", "german": "de", "french": "fr", "spanish": "es", "italian": "it",
    "portuguese": "pt", "dutch": "nl", "japanese": "ja", "chinese": "zh", "korean": "ko",
    "russian": "ru", "arabic": "ar",
}  # fmt: skip


@lru_cache(maxsize=256)
def language_tag(text: str) -> str:
    """Return the BCP 47 tag for a language as stated (`en_US`, `English`), else nothing."""
    tag = line(text).replace("_", "-")
    tag = _LANGUAGES.get(tag.lower(), tag)
    if not _TAG.fullmatch(tag):
        return ""
    first, *others = tag.split("-")
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part for part in others)])
