"""Wire formats in XML: NITF, and NewsML-G2 and NewsML 1 with text, XHTML or NITF content.

Stories that an agency has cancelled, withheld or embargoed are skipped. Rights and pictures are
not read. https://iptc.org/standards/nitf/ https://iptc.org/standards/newsml-g2/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from corpus.article import RawArticle, Source
from corpus.sources.formats.newsml1 import extract_newsml1_fields
from corpus.sources.formats.ninjs import WITHHELD_STATUSES
from corpus.sources.formats.raw_record import make_record
from corpus.sources.formats.xml_tree import (
    Element,
    XmlError,
    extract_paragraphs,
    extract_text,
    find_elements,
    find_first,
    get_attribute,
    get_language,
    get_local_name,
    parse_elements,
)
from corpus.sources.item import ReadFailure

Fields = dict[str, object]

# Types of subjects that are not sections.
_NON_SECTION_TYPES = ("person", "organisation", "geoArea", "poi", "event", "object")


def read_wire(
    source: Source, path: str, content: bytes, *, single: bool
) -> Iterator[RawArticle | ReadFailure]:
    """Yield the stories of a document, numbered unless it is `single`. Raises XmlError."""
    number = 0
    for number, element in enumerate(parse_elements(content, _STORY_NAMES), 1):
        fields = _EXTRACTORS[get_local_name(element)](element)
        if fields is not None:
            yield make_record(source, path if single else f"{path}#{number}", fields)
    if not number:
        raise XmlError("a news message without news items")


def _extract_nitf_fields(nitf: Element) -> Fields | None:
    """Return the fields of a NITF document; None if it is withheld."""
    head, data = find_first(nitf, "body.head"), find_first(nitf, "head", "docdata")
    if get_attribute(data, "management-status").lower() in WITHHELD_STATUSES:
        return None
    published, issued = find_first(nitf, "head", "pubdata"), find_first(data, "date.issue")
    return {
        "id": get_attribute(find_first(data, "doc-id"), "id-string"),
        "url": get_attribute(published, "ex-ref"),
        "title": extract_text(find_first(head, "hedline", "hl1"))
        or extract_text(find_first(nitf, "head", "title")),
        "dek": extract_text(find_first(head, "hedline", "hl2")),
        "body": _prepend_dateline(
            extract_paragraphs(find_first(nitf, "body.content")), find_first(head, "dateline")
        ),
        "authors": _extract_authors(find_first(head, "byline")),
        "published": get_attribute(issued, "norm")
        or get_attribute(find_first(data, "date.release"), "norm"),
        "section": get_attribute(published, "position.section")
        or get_attribute(find_first(nitf, "tobject.subject"), "tobject.subject.type"),
        "source": get_attribute(published, "name")
        or extract_text(find_first(head, "distributor"))
        or get_attribute(find_first(data, "doc.copyright"), "holder"),
        "language": get_language(nitf) or get_language(find_first(nitf, "body")),
    }


def _extract_authors(byline: Element | None) -> object:
    """Return the persons in a byline, or its whole text without titles."""
    persons = [extract_text(person) for person in find_elements(byline, "person")]
    for title in list(find_elements(byline, "byttl")):
        title.clear(keep_tail=True)
    return persons or extract_text(byline)


def _prepend_dateline(body: list[str], dateline: Element | None) -> list[str]:
    """Return the paragraphs, with the dateline before the first, unless it is there already."""
    location = find_first(dateline, "location")
    place = (
        extract_text(find_first(location, "city"))
        or _join_children(location)
        or extract_text(dateline)
    )
    if not body or not place or place.casefold() in body[0][:100].casefold():
        return body
    return [f"{place} — {body[0]}", *body[1:]]


def _join_children(location: Element | None) -> str:
    """Return the parts of a place, from the smallest on, or its text if it has none."""
    parts = [extract_text(part) for part in location] if location is not None else []
    return ", ".join(filter(None, parts)) or extract_text(location)


def _extract_item_fields(item: Element) -> Fields | None:
    """Return the fields of a NewsML-G2 item; None if it is withheld."""
    about, content = find_first(item, "itemMeta"), find_first(item, "contentMeta")
    if _extract_code(find_first(about, "pubStatus")).lower() in WITHHELD_STATUSES:
        return None
    inner = find_first(item, "contentSet", "nitf")
    story = (inner is not None and _extract_nitf_fields(inner)) or {}
    guid = get_attribute(item, "guid")
    own: Fields = {
        "id": guid,
        "url": guid,
        "title": extract_text(_choose_main(content, "headline"))
        or extract_text(find_first(about, "title")),
        "dek": extract_text(_choose_main(content, "description")),
        "body": story.get("body") or _extract_body(find_first(item, "contentSet")),
        "authors": [extract_text(by) for by in find_elements(content, "by")]
        or [extract_text(find_first(by, "name")) for by in find_elements(content, "creator")],
        "published": extract_text(find_first(about, "firstCreated"))
        or extract_text(find_first(about, "versionCreated")),
        "updated": extract_text(find_first(about, "versionCreated")),
        "section": _choose_section(content),
        "source": _extract_party_name(find_first(content, "infoSource"))
        or _extract_party_name(find_first(about, "provider")),
        "language": get_attribute(find_first(content, "language"), "tag") or get_language(item),
    }
    return story | {name: value for name, value in own.items() if value}


def _extract_old_item_fields(item: Element) -> Fields | None:
    """Return the fields of a NewsML 1 item; None if it is withheld."""
    inner = find_first(item, "nitf")
    fields = extract_newsml1_fields(item, (inner is not None and _extract_nitf_fields(inner)) or {})
    body = fields.get("body") if fields else None
    if fields and isinstance(body, list):
        fields["body"] = _prepend_dateline(body, find_first(item, "DateLine"))
    return fields


def _extract_body(content: Element | None) -> list[str]:
    """Return the paragraphs of the first content that is text or markup, not base64."""
    for inline in find_elements(content, "inlineXML", "inlineData"):
        body = find_first(inline, "body")
        paragraphs = extract_paragraphs(inline if body is None else body)
        if paragraphs and not get_attribute(inline, "encoding"):
            return paragraphs
    return []


def _choose_main(holder: Element | None, name: str) -> Element | None:
    """Return the headline or description without a special role, or else the first."""
    candidates = list(find_elements(holder, name))
    main = (
        candidate
        for candidate in candidates
        if not get_attribute(candidate, "role") or _is_main(candidate)
    )
    return next(main, candidates[0] if candidates else None)


def _is_main(element: Element) -> bool:
    return get_attribute(element, "role").endswith((":main", ":summary", ":headline"))


def _choose_section(content: Element | None) -> str:
    subjects = (
        extract_text(find_first(subject, "name"))
        for subject in find_elements(content, "subject")
        if not get_attribute(subject, "type").endswith(_NON_SECTION_TYPES)
    )
    return next(filter(None, subjects), "")


def _extract_party_name(party: Element | None) -> str:
    return (
        extract_text(find_first(party, "name"))
        or get_attribute(party, "literal")
        or _extract_code(party)
    )


def _extract_code(element: Element | None) -> str:
    """Return a `qcode` without its vocabulary: `canceled` for `stat:canceled`."""
    return get_attribute(element, "qcode").rpartition(":")[2]


_EXTRACTORS: dict[str, Callable[[Element], Fields | None]] = {
    "nitf": _extract_nitf_fields,
    "newsItem": _extract_item_fields,
    "NewsItem": _extract_old_item_fields,
}
_STORY_NAMES = frozenset(_EXTRACTORS)
