"""Safe parsing of untrusted XML: one element tree at a time, within limits, and its text.

Nothing is fetched and no entity is expanded. Names are compared without namespaces, since
agencies use many versions of them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator
from io import BytesIO
from typing import TypeAlias

from lxml import etree

from corpus.errors import SourceError

Element: TypeAlias = "etree._Element"

# Real stories have hundreds; an element takes about 200 bytes.
_MAX_ELEMENTS = 200_000
_MAX_ATTRIBUTES = 500
_MAX_HEAD_BYTES = 1 << 16
# Entities abbreviate a character or a name; longer ones are for entity expansion attacks.
_MAX_ENTITY_CHARS = 100
_XML_DECLARATION = re.compile(r"<\?xml[^>]{0,500}>")
_REFERENCE = re.compile(r"&(#?\w{1,40});|&")
_CONTROL_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LANG_ATTRIBUTE = "{http://www.w3.org/XML/1998/namespace}lang"

_BLOCK_ELEMENTS = frozenset((
    "p", "br", "div", "section", "article", "blockquote", "bq", "block", "pre", "hr", "li", "dt",
    "dd", "ul", "ol", "dl", "table", "caption", "tr", "td", "th", "title", "hl1", "hl2", "h1",
    "h2", "h3", "h4", "h5", "h6", "fn", "note",
))  # fmt: skip
_SKIPPED_ELEMENTS = frozenset(("head", "script", "style", "media", "figure", "object", "img"))


class XmlError(SourceError):
    """A document is not XML, or is malicious; the message is the reason."""


class XmlLimitError(XmlError):
    """A document exceeds a limit that no real story reaches."""


def read_root_name(content: bytes) -> str:
    """Return the name of a document's root element. Raises XmlError if it has none.

    The document may be damaged after it: the reader of feeds repairs that.
    """
    parser = etree.XMLPullParser(
        events=("start",), recover=True, resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        parser.feed(content[:_MAX_HEAD_BYTES])
        root = next((element for _, element in parser.read_events()), None)
    except etree.XMLSyntaxError as err:
        raise XmlError(_describe_syntax_error(err)) from err
    if root is None:
        raise XmlError("the file is not XML")
    _check_entities(root)
    return get_local_name(root)


def _check_entities(root: Element) -> None:
    dtd = root.getroottree().docinfo.internalDTD
    for entity in dtd.iterentities() if dtd is not None else ():
        value = entity.content or ""
        if len(value) > _MAX_ENTITY_CHARS or "&" in value.replace("&#", "").replace("&amp;", ""):
            raise XmlError("the file defines XML entities of its own, as harmful files do")


def parse_elements(content: bytes, names: Collection[str]) -> Iterator[Element]:
    """Yield the outermost elements with one of these names; each is freed before the next.

    Raises XmlError where the document is damaged or exceeds a limit.
    """
    events = etree.iterparse(
        BytesIO(content),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
    )
    inside, count = None, 0
    try:
        for event, element in events:
            if event == "start":
                count += 1
                if count > _MAX_ELEMENTS:
                    raise XmlLimitError(f"an article has more than {_MAX_ELEMENTS:,} elements")
                if len(element.attrib) > _MAX_ATTRIBUTES:
                    raise XmlLimitError(f"an element has more than {_MAX_ATTRIBUTES} attributes")
                if inside is None and get_local_name(element) in names:
                    inside = element
            elif inside is None or inside is element:
                if inside is element:
                    yield element
                _free_element(element)
                inside, count = None, 0
    except etree.XMLSyntaxError as err:
        raise XmlError(_describe_syntax_error(err)) from err


def repair_xml(content: bytes) -> tuple[bytes, str]:
    """Return a document, repaired if it is not well-formed, and its error, or "".

    It is sanitized before, since a parser's own recovery takes time that grows with the square
    of the depth.
    """
    try:
        _validate_xml(content)
    except XmlLimitError:
        raise
    except XmlError as err:
        parser = etree.XMLParser(
            recover=True, resolve_entities=False, no_network=True, load_dtd=False
        )
        try:
            root = etree.fromstring(_sanitize_xml(content), parser)
        except etree.XMLSyntaxError:
            root = None
        if root is None:
            raise
        repaired_content: bytes = etree.tostring(root, encoding="utf-8")
        _validate_xml(repaired_content)
        return repaired_content, str(err)
    return content, ""


def _validate_xml(content: bytes) -> None:
    """Raise XmlError if a document is not well-formed or exceeds a limit."""
    for _ in parse_elements(content, ()):
        pass


def _sanitize_xml(content: bytes) -> bytes:
    """Return a document in UTF-8, without control characters, and with each literal `&` escaped."""
    text = _XML_DECLARATION.sub("", content.decode("utf-8", "replace"), count=1)
    return _REFERENCE.sub(_replace_reference, _CONTROL_CHARACTER.sub("", text)).encode(
        "utf-8", "replace"
    )


def _replace_reference(match: re.Match[str]) -> str:
    """Keep XML's own references, replace HTML's by their characters, and escape all other `&`."""
    if match[1] in {"lt", "gt", "amp", "quot", "apos"}:
        return match[0]
    character = html.unescape(match[0]) if match[1] else ""
    return character if character and character[0] not in "&<>" else f"&amp;{match[0][1:]}"


def _describe_syntax_error(err: etree.XMLSyntaxError) -> str:
    return f"line {err.lineno} is not XML: {str(err.msg).rpartition(', line')[0] or err.msg}"


def _free_element(element: Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def get_local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def find_elements(element: Element | None, *names: str) -> Iterator[Element]:
    """Yield the descendants of an element that have one of these names, in document order."""
    if element is not None:
        yield from element.iter(*(f"{{*}}{local_name}" for local_name in names))


def find_first(element: Element | None, *path: str) -> Element | None:
    """Return the first descendant with the first name, in it the first with the next, and so on."""
    for step in path:
        element = next(find_elements(element, step), None)
    return element


def get_attribute(element: Element | None, key: str) -> str:
    return "" if element is None else str(element.get(key) or "").strip()


def get_language(element: Element | None) -> str:
    return get_attribute(element, _LANG_ATTRIBUTE)


def extract_text(element: Element | None) -> str:
    """Return the text of an element, on one line."""
    return " ".join(extract_paragraphs(element))


def extract_paragraphs(element: Element | None) -> list[str]:
    """Return the paragraphs of an element, each on one line."""
    if element is None:
        return []
    blocks = "".join(_iterate_text(element)).split("\n")
    return [line for block in blocks if (line := " ".join(block.split()))]


def _iterate_text(element: Element) -> Iterator[str]:
    """Yield the text of an element, with a newline before and after each block.

    Recursion is safe: libxml2 rejects documents that are nested deeper than 256 levels.
    """
    block = "\n" if get_local_name(element) in _BLOCK_ELEMENTS else ""
    yield block
    yield _join_lines(element.text)
    for child in element:
        if child.tag is etree.Entity:
            yield html.unescape(child.text)
        elif isinstance(child.tag, str) and get_local_name(child) not in _SKIPPED_ELEMENTS:
            yield from _iterate_text(child)
        yield _join_lines(child.tail)
    yield block


def _join_lines(piece: str | None) -> str:
    return piece.replace("\n", " ") if piece else ""
