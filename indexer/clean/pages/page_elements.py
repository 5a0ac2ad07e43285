"""The elements of a page that state something about its article, by one or two queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter

from selectolax.lexbor import LexborHTMLParser, LexborNode

from indexer.clean.metadata import Json
from indexer.clean.paragraphs import clean_line

_METADATA_SELECTOR = "html, title, meta[content], link[rel], script[type], h1, h2, time, [itemprop]"
# Matching parts of names takes longer than all other work on a page.
_LABEL_SELECTOR = ", ".join(
    (
        "h1", "h2", "time", "[itemprop]",
        "[rel~=author i]", "[class*=byline i]", "[class*=author i]", "[class*=autor i]",
        "[class*=writer i]", "[id*=byline i]", "[id*=author i]", "[class*=date i]",
        "[class*=publi i]", "[class*=posted i]", "[class*=timestamp i]", "[id*=date i]",
    )
)  # fmt: skip
_METADATA_TAGS = frozenset(("html", "title", "meta", "link", "script"))
_META_NAME_ATTRIBUTES = ("property", "name", "itemprop", "http-equiv")
_SKIPPED_TAGS = frozenset(
    ("script", "style", "noscript", "template", "svg", "nav", "select", "iframe", "figure",
     "figcaption")
)  # fmt: skip
_MAX_ELEMENTS = 40  # elements of each kind
_MAX_ANCESTOR_LEVELS = 12  # levels of ancestors that are searched for an article
_MAX_TEXT_NODES = 500  # nodes of an element whose texts are read one by one
_MAX_LINE_CHARS = 1_000  # characters of a title or name

# A function from a node to an adjacent one.
_Step = Callable[[LexborNode], LexborNode | None]


@dataclass(frozen=True, slots=True)
class PageElements:
    """Elements by the kind of metadata in them, each kind in document order.

    `metas` maps the lower-case names of meta tags to their contents.
    """

    page: LexborHTMLParser
    metas: dict[str, list[Json]] = field(default_factory=dict)
    scripts: list[str] = field(default_factory=list)
    titles: list[LexborNode] = field(default_factory=list)
    headings: list[LexborNode] = field(default_factory=list)
    subheadings: list[LexborNode] = field(default_factory=list)
    times: list[LexborNode] = field(default_factory=list)
    items: dict[str, list[LexborNode]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    languages: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LabelledElements:
    """Elements whose class, id or rel names a byline or a date, in document order."""

    bylines: list[LexborNode] = field(default_factory=list)
    dates: list[LexborNode] = field(default_factory=list)


def collect_elements(page: LexborHTMLParser) -> PageElements:
    """Collect the metadata elements, headings, times and microdata of a page."""
    elements = PageElements(page)
    for node in _skip_repeats(page.css(_METADATA_SELECTOR)):
        _add_element(elements, node, node.tag or "")
    return elements


def find_labelled_elements(page: LexborHTMLParser) -> LabelledElements:
    """Find the elements labelled as byline or date; most pages state enough to do without."""
    labelled = LabelledElements()
    for node in _skip_repeats(page.css(_LABEL_SELECTOR)):
        tag, attributes = node.tag or "", node.attributes
        if tag in _METADATA_TAGS or attributes.get("itemprop"):
            continue
        label = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
        if any(word in label for word in ("byline", "author", "autor", "writer")) or (
            "author" in (attributes.get("rel") or "").lower()
        ):
            _append_limited(labelled.bylines, node)
        elif tag not in {"time", "h1", "h2"}:
            _append_limited(labelled.dates, node)
    return labelled


def _skip_repeats(nodes: Iterable[LexborNode]) -> Iterator[LexborNode]:
    """Yield each element once, however many selectors it matches."""
    last = 0
    for node in nodes:
        if node.mem_id != last:
            last = node.mem_id
            yield node


def _add_element(elements: PageElements, node: LexborNode, tag: str) -> None:
    attributes = node.attributes
    match tag:
        case "meta":
            content = attributes.get("content")
            for key in _META_NAME_ATTRIBUTES:
                if content and (name := (attributes.get(key) or "").lower()):
                    elements.metas.setdefault(name, []).append(content)
        case "link":
            elements.links.setdefault(
                (attributes.get("rel") or "").lower(), get_attribute(node, "href")
            )
        case "script":
            if "ld+json" in (attributes.get("type") or "").lower():
                elements.scripts.append(node.text())
        case "title":
            elements.titles.append(node)
        case "html":
            elements.languages.append(attributes.get("lang") or attributes.get("xml:lang") or "")
        case _:
            _add_shown_element(elements, node, tag, attributes.get("itemprop") or "")


def _add_shown_element(elements: PageElements, node: LexborNode, tag: str, item: str) -> None:
    if tag == "h1" or item == "headline":
        _append_limited(elements.headings, node)
    elif tag == "h2":
        _append_limited(elements.subheadings, node)
    elif tag == "time":
        _append_limited(elements.times, node)
    if item:
        _append_limited(elements.items.setdefault(item, []), node)


def _append_limited(nodes: list[LexborNode], node: LexborNode) -> None:
    if len(nodes) < _MAX_ELEMENTS:
        nodes.append(node)


def is_within_article(node: LexborNode) -> bool:
    """Return whether a near ancestor of an element is an article or the main part."""
    above = node.parent
    for _ in range(_MAX_ANCESTOR_LEVELS):
        if above is None:
            return False
        if above.tag in {"article", "main"}:
            return True
        above = above.parent
    return False


def get_attribute(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""


def get_node_text(node: LexborNode) -> str:
    """Return the text of an element; of a large one, which is no title or name, the start."""
    if node.css_matches("style, script"):
        return clean_line(" ".join(list_texts(node))[:_MAX_LINE_CHARS])
    return clean_line(node.text(separator=" ", strip=True).strip()[:_MAX_LINE_CHARS])


def get_short_text(node: LexborNode, max_chars: int) -> str:
    """Return the text of an element, or nothing if it has more than `max_chars` characters."""
    parts, size = [], 0
    for part in list_texts(node):
        size += len(part)
        if size > max_chars:
            return ""
        parts.append(part)
    return clean_line(" ".join(parts))


def list_texts(node: LexborNode) -> Iterator[str]:
    """Yield the texts in an element, without scripts and captions; of a large one, the first."""
    for inner in islice(node.traverse(include_text=True), _MAX_TEXT_NODES):
        parent = inner.parent
        if inner.tag == "-text" and parent is not None and parent.tag not in _SKIPPED_TAGS:
            yield clean_line(inner.text_content or "")


def walk_after(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the nodes after an element in order, without its descendants."""
    return _walk_nodes(node, attrgetter("next"), attrgetter("first_child"))


def walk_before(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the nodes before an element, the nearest first."""
    return _walk_nodes(node, attrgetter("prev"), attrgetter("last_child"))


def _walk_nodes(node: LexborNode, get_adjacent: _Step, get_child: _Step) -> Iterator[LexborNode]:
    at: LexborNode | None = node
    inside = False
    while at is not None:
        following = get_child(at) if inside and at.tag not in _SKIPPED_TAGS else None
        while following is None and at is not None:
            following = get_adjacent(at)
            at = at.parent if following is None else at
        if following is None:
            return
        at, inside = following, True
        yield at
