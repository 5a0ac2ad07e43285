"""Web pages: what they say of themselves, then what they show.

A page's JSON-LD, its meta tags and its visible elements are each read as a record; the
first to have a field gives it. The body is the largest run of paragraphs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import islice
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EncodingDetector

from corpus.article import RawArticle
from indexer.clean.decoding import refuse_binary, stated_encoding
from indexer.clean.fields import CleanError, Found, merged
from indexer.clean.jsonld import article_record
from indexer.clean.markup import BESIDE, Block, parse, text_blocks
from indexer.clean.metadata import Json, web_url
from indexer.clean.paragraphs import headline, is_sentence, line, paragraphs
from indexer.clean.record import from_record, summary

_META: Mapping[str, tuple[str, ...]] = {
    "title": ("og:title", "twitter:title", "headline", "dc.title", "dcterms.title"),
    "body": (),
    "dek": ("og:description", "description", "twitter:description", "dc.description"),
    "published": (
        "article:published_time", "og:published_time", "article:published", "datepublished",
        "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "publishdate",
        "publish-date", "pubdate", "pub_date", "publication_date", "article.published",
        "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "dcterms.date", "date",
    ),
    "updated": (
        "article:modified_time", "og:updated_time", "article:modified", "datemodified",
        "article.updated", "dcterms.modified", "lastmod", "last-modified",
    ),
    "url": ("og:url",),
    "authors": (
        "author", "article:author", "parsely-author", "sailthru.author", "dc.creator",
        "dcterms.creator", "byl",
    ),
    "section": ("article:section", "parsely-section", "section"),
    "source": ("og:site_name", "application-name"),
    "language": ("og:locale", "content-language", "dc.language"),
    "id": (),
}  # fmt: skip
_PAGE: Mapping[str, tuple[str, ...]] = {name: (name,) for name in _META}

_SIDE = re.compile(
    r"(?:^|[\s_-])(?:comments?|related|recommend\w*|promo\w*|newsletters?|social|share|sharing"
    r"|advert\w*|ads?|subscri\w+|breadcrumbs?|cookies?|consent|captions?"
    r"|teasers?|trending|most-read|tags?|author-bio|copyright|disclaimer|hidden|sr-only"
    r"|visually-hidden|screen-reader-text|player|gallery)(?:$|[\s_-])|(?:^|[\s_-])sidebar(?:$|[\s\d])",
    re.I,
)
_HOLDERS = {"div", "section", "ul", "ol", "p", "span", "dl", "table", "header"}
_TEXT = {"p", "h2", "h3", "h4", "li", "blockquote", "pre", "dd"}
_HEADINGS = {"h2", "h3", "h4"}
_LONG = 80  # characters that make loose text in a div a paragraph
_COUNTED = 25  # shorter paragraphs do not tell where the article is
_FAR_ABOVE = 12  # levels at which an element is still looked for around another
_MANY = 8
_FEW = 10
_CUT = re.compile(r"\s+[|–—·•:»-]\s+|\s*\|\s*")


def clean_html(raw: RawArticle, now: datetime) -> Found:
    """The fields of a page. Raises CleanError if it cannot be read as one."""
    zone = ZoneInfo(raw.source.timezone)
    soup = parse(_decoded(raw.content, raw.charset))
    tags = soup.find_all(True)
    told = from_record(article_record(_scripts(tags)), origin="json-ld", zone=zone, now=now)
    meta = from_record(_metas(tags), origin="meta", names=_META, zone=zone, now=now)
    page = from_record(_shown(tags, raw.url), origin="page", names=_PAGE, zone=zone, now=now)
    page = replace(page, origins=(("published", "time"), ("updated", "time")))
    found = merged(told, meta, page)
    sites = (told.source, meta.source, raw.source.publisher)
    title = _without_site(found.title, sites)
    url = next(filter(_is_articles, (page.url, meta.url, told.url)), "")
    body, origins = _body(soup, tags, title), [("body", "page"), *found.origins]
    if len(body) < len(told.body) / 2:
        body, origins = told.body, [*found.origins]
    if not title:
        title = headline(body)
        origins.insert(0, ("title", "body"))
    if not url:
        url = web_url(raw.url)
        origins.insert(0, ("url", "address"))
    dek = summary(found.dek, title, body)
    return replace(found, title=title, body=body, dek=dek, url=url, origins=tuple(origins))


def _decoded(content: bytes, charset: str) -> str:
    """The markup of a page; `charset` is the encoding that came with it."""
    refuse_binary(content)
    # Strict UTF-8 is never wrong by chance; ISO-2022-JP is the one that passes for ASCII.
    if b"\x1b$" not in content:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
    data, marked = EncodingDetector.strip_byte_order_mark(content)  # type: ignore[no-untyped-call]
    declared = EncodingDetector.find_declared_encoding(data, is_html=True) or ""
    named = (*stated_encoding(charset), *stated_encoding(declared))
    if "utf-8" in named and not marked:
        # Comments and advertisements bring a few stray bytes into pages that are sound.
        text: str = data.decode("utf-8", "replace")
        if text.count("\ufffd") <= 1 + len(text) // 1_000:
            return text
    for encoding in (*([marked] if marked else ()), *named, "cp1252"):
        with suppress(UnicodeDecodeError, LookupError):
            return str(data, encoding)
    raise CleanError("not UTF-8 and no other encoding fits")


def _scripts(tags: Iterable[Tag]) -> list[str]:
    scripts = (tag for tag in tags if tag.name == "script")
    return [tag.get_text() for tag in scripts if "ld+json" in _attribute(tag, "type").lower()]


def _metas(tags: Iterable[Tag]) -> dict[str, Json]:
    """The contents of meta tags by their names in lower case, in order."""
    metas: dict[str, list[Json]] = {}
    for tag in tags:
        content = _attribute(tag, "content") if tag.name == "meta" else ""
        for key in ("property", "name", "itemprop", "http-equiv"):
            if content and (name := _attribute(tag, key).lower()):
                metas.setdefault(name, []).append(content)
    return dict(metas)


def _shown(tags: list[Tag], address: str) -> dict[str, Json]:
    """What the page's visible elements say, as a record with our names."""
    authors = [tag for tag in tags if "author" in (_attribute(tag, "itemprop"), _rel(tag))]
    canonical = [tag for tag in tags if tag.name == "link" and _rel(tag) == "canonical"]
    times = [tag for tag in tags if tag.name == "time"]
    return {
        "title": _text_of(_heading(tags)),
        "url": next((_joined(address, _attribute(tag, "href")) for tag in canonical), ""),
        "language": next((_attribute(tag, "lang") for tag in tags if tag.name == "html"), ""),
        "authors": [_text_of(tag) for tag in authors[:_FEW]],
        "published": _when(
            [tag for tag in tags if _attribute(tag, "itemprop") == "datePublished"]
            + [tag for tag in times if _within_article(tag)]
            + times
        ),
        "updated": _when([tag for tag in tags if _attribute(tag, "itemprop") == "dateModified"]),
    }


def _joined(address: str, link: str) -> str:
    """Where a link leads from a page's own address."""
    try:
        return urljoin(address, link) if link else ""
    except ValueError:
        return ""


def _heading(tags: Iterable[Tag]) -> Tag | None:
    """The first h1 of an article, else of the page, else the page's title."""
    headings = [tag for tag in tags if tag.name in {"h1", "title"}]
    first = [tag for tag in headings if tag.name == "h1"][:_FEW]
    return next(iter((*filter(_within_article, first), *first, *headings)), None)


def _when(tags: Iterable[Tag]) -> list[Json]:
    """What the first few elements say, the machine's form before the reader's."""
    return [
        _attribute(tag, "datetime") or _attribute(tag, "content") or _text_of(tag)
        for tag in islice(tags, _FEW)
    ]


def _within_article(tag: Tag) -> bool:
    return any(parent.name in {"article", "main"} for parent in islice(tag.parents, _FAR_ABOVE))


def _rel(tag: Tag) -> str:
    return _attribute(tag, "rel").lower()


def _attribute(tag: Tag | None, name: str) -> str:
    value = tag.get(name) if tag else None
    return " ".join(value) if isinstance(value, list) else value or ""


def _text_of(tag: Tag | None) -> str:
    """The text of a small element; of a large one, which is no title or name, its start."""
    if tag is None:
        return ""
    return line(" ".join(islice(tag.stripped_strings, 20)))


def _is_articles(url: str) -> bool:
    """Whether an address can be an article's: that of a whole site names none."""
    parts = urlsplit(url)
    return bool(parts.path.strip("/") or parts.query)


def _without_site(title: str, sites: Iterable[str]) -> str:
    """A title without the name of its site at the end ("Quake hits coast | Daily Example")."""
    cuts = list(_CUT.finditer(title))
    names = {site.casefold() for site in sites if site}
    if cuts and title[cuts[-1].end() :].casefold() in names:
        return title[: cuts[-1].start()]
    return title


def _body(soup: BeautifulSoup, tags: list[Tag], title: str) -> str:
    """The paragraphs of the article."""
    beside = _beside(tags)
    blocks = list(filter(_is_text, text_blocks(soup, beside)))
    if not blocks and beside:
        blocks = list(filter(_is_text, text_blocks(soup)))
    within = _container(blocks)
    kept = [block for block in blocks if not within or id(block.element) in within]
    while kept and kept[-1].element.name in _HEADINGS:
        kept.pop()
    texts = [text for block in kept for text in paragraphs(block.text)]
    return "\n\n".join(text for text in texts if text != title)


def _beside(tags: list[Tag]) -> set[int]:
    """The elements that are hidden or called something beside the article, by identity."""
    long = [tag for tag in tags if tag.name == "p" and len(_text_of(tag)) > _LONG]
    held = Counter(id(parent) for tag in long for parent in islice(tag.parents, _FAR_ABOVE))
    # With so many paragraphs in it, an element is not beside, whatever it is called.
    most = min(_MANY, len(long) / 2)
    return {id(tag) for tag in tags if held[id(tag)] <= most and _is_beside(tag)}


def _is_beside(tag: Tag) -> bool:
    hidden = "hidden" in tag.attrs or tag.attrs.get("aria-hidden") == "true"
    if hidden or tag.name in BESIDE:
        return True
    if tag.name not in _HOLDERS:
        return False
    called = f"{_attribute(tag, 'class')} {_attribute(tag, 'id')}"
    return _SIDE.search(called) is not None


def _is_text(block: Block) -> bool:
    text = block.text.strip()
    name = block.element.name
    if name == "li" or (name in _TEXT and len(text) < 2 * _LONG):
        return block.linked < len(text) * 0.6
    if name in _TEXT:
        return True
    long = _LONG / 2 if is_sentence(text) else _LONG
    return len(text) >= long and block.linked < len(text) / 3


def _container(blocks: list[Block]) -> set[int]:
    """The elements of the part of the page that has most of its text, by identity.

    None, if no part has text that counts.
    """
    texts = [block for block in blocks if _tells_place(block)]
    held = Counter(id(parent) for block in texts for parent in _parents(block))
    scores: Counter[int] = Counter()
    elements: dict[int, Tag] = {}
    for block in texts:
        # What wraps a single paragraph says nothing of where the others are.
        around = [parent for parent in _parents(block) if held[id(parent)] > 1]
        for parent, share in zip(around, (1.0, 0.5), strict=False):
            elements[id(parent)] = parent
            scores[id(parent)] += int(share * len(block.text))
    if not scores:
        return set()
    best = elements[max(scores, key=lambda key: scores[key])]
    # An article's text may come in several runs, between advertisements or subheadings.
    above = (parent for parent in islice(best.parents, _FAR_ABOVE) if _is_article(parent))
    return _inside(next(above, best))


def _tells_place(block: Block) -> bool:
    return block.element.name not in _HEADINGS and len(block.text) >= _COUNTED


def _parents(block: Block) -> Iterator[Tag]:
    return islice(block.element.parents, _FAR_ABOVE)


def _is_article(element: Tag) -> bool:
    return element.name == "article" or _attribute(element, "itemprop") == "articleBody"


def _inside(element: Tag) -> set[int]:
    return {id(element), *(id(node) for node in element.descendants if isinstance(node, Tag))}
