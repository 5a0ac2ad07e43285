"""Wire formats in XML: NITF, and NewsML-G2 with text, XHTML or NITF content.

Stories that an agency has cancelled, withheld or embargoed are skipped. Rights and pictures are
not read. https://iptc.org/standards/nitf/ https://iptc.org/standards/newsml-g2/
"""

from __future__ import annotations

from collections.abc import Iterator

from corpus.article import RawArticle, Source
from corpus.sources.formats.ninjs import HELD_BACK
from corpus.sources.formats.own_record import record
from corpus.sources.formats.xml_tree import (
    Element,
    XmlError,
    attribute,
    elements,
    every,
    first,
    language,
    lines,
    text,
)
from corpus.sources.item import Unreadable

Fields = dict[str, object]

# Types of subjects that are not sections.
_NAMED = ("person", "organisation", "geoArea", "poi", "event", "object")


def read_wire(
    source: Source, path: str, content: bytes, *, single: bool
) -> Iterator[RawArticle | Unreadable]:
    """Yield the stories of a document, numbered unless it is `single`. Raises XmlError."""
    number = 0
    for number, element in enumerate(elements(content, {"nitf", "newsItem"}), 1):
        fields = _nitf(element) if element.tag.endswith("nitf") else _news_item(element)
        if fields is not None:
            yield record(source, path if single else f"{path}#{number}", fields)
    if not number:
        raise XmlError("a news message without news items")


def _nitf(nitf: Element) -> Fields | None:
    """Return the fields of a NITF document; None if it is withheld."""
    head, data = first(nitf, "body.head"), first(nitf, "head", "docdata")
    if attribute(data, "management-status").lower() in HELD_BACK:
        return None
    published, issued = first(nitf, "head", "pubdata"), first(data, "date.issue")
    return {
        "id": attribute(first(data, "doc-id"), "id-string"),
        "url": attribute(published, "ex-ref"),
        "title": text(first(head, "hedline", "hl1")) or text(first(nitf, "head", "title")),
        "dek": text(first(head, "hedline", "hl2")),
        "body": _with_dateline(lines(first(nitf, "body.content")), first(head, "dateline")),
        "authors": _byline(first(head, "byline")),
        "published": attribute(issued, "norm") or attribute(first(data, "date.release"), "norm"),
        "section": attribute(published, "position.section")
        or attribute(first(nitf, "tobject.subject"), "tobject.subject.type"),
        "source": attribute(published, "name")
        or text(first(head, "distributor"))
        or attribute(first(data, "doc.copyright"), "holder"),
        "language": language(nitf) or language(first(nitf, "body")),
    }


def _byline(byline: Element | None) -> object:
    """Return the persons in a byline, or its whole text without titles."""
    persons = [text(person) for person in every(byline, "person")]
    for title in list(every(byline, "byttl")):
        title.clear(keep_tail=True)
    return persons or text(byline)


def _with_dateline(body: list[str], dateline: Element | None) -> list[str]:
    """Return the paragraphs, with the dateline before the first, unless it is there already."""
    place = text(first(dateline, "location")) or text(dateline)
    if not body or not place or place.casefold() in body[0][:100].casefold():
        return body
    return [f"{place} — {body[0]}", *body[1:]]


def _news_item(item: Element) -> Fields | None:
    """Return the fields of a NewsML-G2 item; None if it is withheld."""
    about, content = first(item, "itemMeta"), first(item, "contentMeta")
    if _code(first(about, "pubStatus")).lower() in HELD_BACK:
        return None
    inner = first(item, "contentSet", "nitf")
    story = (inner is not None and _nitf(inner)) or {}
    guid = attribute(item, "guid")
    own: Fields = {
        "id": guid,
        "url": guid,
        "title": text(_main(content, "headline")) or text(first(about, "title")),
        "dek": text(_main(content, "description")),
        "body": story.get("body") or _body(first(item, "contentSet")),
        "authors": [text(by) for by in every(content, "by")]
        or [text(first(by, "name")) for by in every(content, "creator")],
        "published": text(first(about, "firstCreated")) or text(first(about, "versionCreated")),
        "updated": text(first(about, "versionCreated")),
        "section": _section(content),
        "source": _party(first(content, "infoSource")) or _party(first(about, "provider")),
        "language": attribute(first(content, "language"), "tag") or language(item),
    }
    return story | {name: value for name, value in own.items() if value}


def _body(content: Element | None) -> list[str]:
    """Return the paragraphs of the first content that is text or markup, not base64."""
    for inline in every(content, "inlineXML", "inlineData"):
        body = first(inline, "body")
        paragraphs = lines(inline if body is None else body)
        if paragraphs and not attribute(inline, "encoding"):
            return paragraphs
    return []


def _main(holder: Element | None, name: str) -> Element | None:
    """Return the headline or description without a special role, or else the first."""
    candidates = list(every(holder, name))
    main = (
        candidate
        for candidate in candidates
        if not attribute(candidate, "role") or _is_main(candidate)
    )
    return next(main, candidates[0] if candidates else None)


def _is_main(element: Element) -> bool:
    return attribute(element, "role").endswith((":main", ":summary", ":headline"))


def _section(content: Element | None) -> str:
    subjects = (
        text(first(subject, "name"))
        for subject in every(content, "subject")
        if not attribute(subject, "type").endswith(_NAMED)
    )
    return next(filter(None, subjects), "")


def _party(party: Element | None) -> str:
    return text(first(party, "name")) or attribute(party, "literal") or _code(party)


def _code(element: Element | None) -> str:
    """Return a `qcode` without its vocabulary: `canceled` for `stat:canceled`."""
    return attribute(element, "qcode").rpartition(":")[2]
