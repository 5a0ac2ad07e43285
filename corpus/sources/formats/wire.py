"""Wire stories in XML: NITF, and NewsML-G2 with text, XHTML or NITF in it.

What an agency has cancelled, withheld or embargoed is left out. Rights and pictures are
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

# Kinds of subjects that name no section.
_NAMED = ("person", "organisation", "geoArea", "poi", "event", "object")


def read_wire(
    source: Source, path: str, content: bytes, *, single: bool
) -> Iterator[RawArticle | Unreadable]:
    """The stories of a document, numbered unless it is `single`; raises XmlError."""
    number = 0
    for number, element in enumerate(elements(content, {"nitf", "newsItem"}), 1):
        fields = _nitf(element) if element.tag.endswith("nitf") else _news_item(element)
        if fields is not None:
            yield record(source, path if single else f"{path}#{number}", fields)
    if not number:
        raise XmlError("a news message without news items")


def _nitf(nitf: Element) -> Fields | None:
    """The fields of a NITF document, or nothing if it is held back."""
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
    """The persons in a byline, or all that it says but titles."""
    persons = [text(person) for person in every(byline, "person")]
    for title in list(every(byline, "byttl")):
        title.clear(keep_tail=True)
    return persons or text(byline)


def _with_dateline(body: list[str], dateline: Element | None) -> list[str]:
    """The paragraphs, where the story is from put before the first, unless it says so."""
    place = text(first(dateline, "location")) or text(dateline)
    if not body or not place or place.casefold() in body[0][:100].casefold():
        return body
    return [f"{place} — {body[0]}", *body[1:]]


def _news_item(item: Element) -> Fields | None:
    """The fields of a NewsML-G2 item, or nothing if it is held back."""
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
    """The paragraphs of the first content that is text or markup."""
    for each in every(content, "inlineXML", "inlineData"):
        body = first(each, "body")
        found = lines(each if body is None else body)
        if found and not attribute(each, "encoding"):
            return found
    return []


def _main(holder: Element | None, name: str) -> Element | None:
    """Of several headlines or descriptions, the one with no special role."""
    found = list(every(holder, name))
    plain = (each for each in found if not attribute(each, "role") or _is_main(each))
    return next(plain, found[0] if found else None)


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
    """A qualified code without its vocabulary (`stat:canceled`)."""
    return attribute(element, "qcode").rpartition(":")[2]
