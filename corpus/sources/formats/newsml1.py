"""Items of NewsML 1, the predecessor of NewsML-G2, with text, XHTML or NITF content.

The item's own lines are in its outermost component, those of its languages in the next; of
several languages the first counts. https://iptc.org/standards/newsml-1/
"""

from __future__ import annotations

from corpus.sources.formats.ninjs import WITHHELD_STATUSES
from corpus.sources.formats.xml_tree import (
    Element,
    extract_paragraphs,
    extract_text,
    find_elements,
    find_first,
    get_attribute,
)

Fields = dict[str, object]

_TEXT_TYPES = ("text/", "application/xhtml", "application/xml")
_NO_TEXT = frozenset(("text/css", "text/javascript"))


def extract_newsml1_fields(item: Element, story: Fields) -> Fields | None:
    """Return the fields of an item; None if it is withheld. `story` are those of its NITF."""
    management = find_first(item, "NewsManagement")
    status = get_attribute(find_first(management, "Status"), "FormalName")
    if status.lower() in WITHHELD_STATUSES:
        return None
    identifier = find_first(item, "NewsIdentifier")
    id_parts = [
        extract_text(find_first(identifier, name))
        for name in ("ProviderId", "DateId", "NewsItemId")
    ]
    provider = find_first(item, "AdministrativeMetadata", "Provider", "Party")
    own: Fields = {
        "id": ":".join(filter(None, id_parts)),
        "title": extract_text(find_first(item, "HeadLine")),
        "dek": extract_text(find_first(item, "SubHeadLine")),
        "body": story.get("body") or _extract_body(item),
        "authors": extract_text(find_first(item, "ByLine")),
        "published": extract_text(find_first(management, "FirstCreated")),
        "updated": extract_text(find_first(management, "ThisRevisionCreated")),
        "source": get_attribute(provider, "FormalName") or id_parts[0],
        "language": get_attribute(
            find_first(item, "DescriptiveMetadata", "Language"), "FormalName"
        ),
    }
    return story | {name: value for name, value in own.items() if value}


def _extract_body(item: Element) -> list[str]:
    """Return the paragraphs of the longest content in the language of the first."""
    texts: list[list[str]] = []
    first_language = None
    for content in find_elements(item, "ContentItem"):
        media_type = get_attribute(find_first(content, "MimeType"), "FormalName").lower()
        if media_type in _NO_TEXT or (media_type and not media_type.startswith(_TEXT_TYPES)):
            continue
        data = find_first(content, "DataContent")
        if data is None or find_first(content, "Encoding") is not None:
            continue
        language = _find_language(content)
        first_language = first_language or language
        if language == first_language:
            body = find_first(data, "body")
            texts.append(extract_paragraphs(data if body is None else body))
    return max(texts, key=lambda paragraphs: sum(map(len, paragraphs)), default=[])


def _find_language(content: Element) -> str:
    """Return the language of the component of a content."""
    component = content.getparent()
    metadata = find_first(component, "DescriptiveMetadata", "Language")
    return get_attribute(metadata, "FormalName")
