"""The elements of a page that state something about its article, by one or two queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter

from selectolax.lexbor import LexborHTMLParser, LexborNode

from indexer.clean.metadata import Json
from indexer.clean.paragraphs import line

_SOUGHT = "html, title, meta[content], link[rel], script[type], h1, h2, time, [itemprop]"
# Matching parts of names takes longer than all other work on a page.
_CALLED = ", ".join(
    (
        "h1", "h2", "time", "[itemprop]",
        "[rel~=author i]", "[class*=byline i]", "[class*=author i]", "[class*=autor i]",
        "[class*=writer i]", "[id*=byline i]", "[id*=author i]", "[class*=date i]",
        "[class*=publi i]", "[class*=posted i]", "[class*=timestamp i]", "[id*=date i]",
    )
)  # fmt: skip
_TOLD = frozenset(("html", "title", "meta", "link", "script"))
_NAMED_BY = ("property", "name", "itemprop", "http-equiv")
_SKIPPED = frozenset(
    ("script", "style", "noscript", "template", "svg", "nav", "select", "iframe", "figure",
     "figcaption")
)  # fmt: skip
_MOST = 40  # elements of each kind
_FAR_ABOVE = 12  # levels of ancestors that are searched for an article
_MOST_NODES = 500  # nodes of an element whose texts are read one by one
_LONGEST_LINE = 1_000  # characters of a title or name

# A function from a node to an adjacent one.
_Step = Callable[[LexborNode], LexborNode | None]


@dataclass(frozen=True, slots=True)
class Marks:
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
class Called:
    """Elements whose class, id or rel names a byline or a date, in document order."""

    bylines: list[LexborNode] = field(default_factory=list)
    dates: list[LexborNode] = field(default_factory=list)


def marks_of(page: LexborHTMLParser) -> Marks:
    """Collect the metadata elements, headings, times and microdata of a page."""
    elements = Marks(page)
    for node in _once(page.css(_SOUGHT)):
        _sort(elements, node, node.tag or "")
    return elements


def called_of(page: LexborHTMLParser) -> Called:
    """Find the elements labelled as byline or date; most pages state enough to do without."""
    labelled = Called()
    for node in _once(page.css(_CALLED)):
        tag, attributes = node.tag or "", node.attributes
        if tag in _TOLD or attributes.get("itemprop"):
            continue
        label = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
        if any(word in label for word in ("byline", "author", "autor", "writer")) or (
            "author" in (attributes.get("rel") or "").lower()
        ):
            _keep(labelled.bylines, node)
        elif tag not in {"time", "h1", "h2"}:
            _keep(labelled.dates, node)
    return labelled


def _once(nodes: Iterable[LexborNode]) -> Iterator[LexborNode]:
    """Yield each element once, however many selectors it matches."""
    last = 0
    for node in nodes:
        if node.mem_id != last:
            last = node.mem_id
            yield node


def _sort(found: Marks, node: LexborNode, tag: str) -> None:
    attributes = node.attributes
    match tag:
        case "meta":
            content = attributes.get("content")
            for key in _NAMED_BY:
                if content and (name := (attributes.get(key) or "").lower()):
                    found.metas.setdefault(name, []).append(content)
        case "link":
            found.links.setdefault((attributes.get("rel") or "").lower(), attribute(node, "href"))
        case "script":
            if "ld+json" in (attributes.get("type") or "").lower():
                found.scripts.append(node.text())
        case "title":
            found.titles.append(node)
        case "html":
            found.languages.append(attributes.get("lang") or attributes.get("xml:lang") or "")
        case _:
            _sort_shown(found, node, tag, attributes.get("itemprop") or "")


def _sort_shown(found: Marks, node: LexborNode, tag: str, item: str) -> None:
    if tag == "h1" or item == "headline":
        _keep(found.headings, node)
    elif tag == "h2":
        _keep(found.subheadings, node)
    elif tag == "time":
        _keep(found.times, node)
    if item:
        _keep(found.items.setdefault(item, []), node)


def _keep(kind: list[LexborNode], node: LexborNode) -> None:
    if len(kind) < _MOST:
        kind.append(node)


def within_article(node: LexborNode) -> bool:
    """Return whether a near ancestor of an element is an article or the main part."""
    above = node.parent
    for _ in range(_FAR_ABOVE):
        if above is None:
            return False
        if above.tag in {"article", "main"}:
            return True
        above = above.parent
    return False


def attribute(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""


def text_of(node: LexborNode) -> str:
    """Return the text of an element; of a large one, which is no title or name, the start."""
    if node.css_matches("style, script"):
        return line(" ".join(texts(node))[:_LONGEST_LINE])
    return line(node.text(separator=" ", strip=True).strip()[:_LONGEST_LINE])


def short_text(node: LexborNode, most: int) -> str:
    """Return the text of an element, or nothing if it has more than `max_chars` characters."""
    parts, size = [], 0
    for part in texts(node):
        size += len(part)
        if size > most:
            return ""
        parts.append(part)
    return line(" ".join(parts))


def texts(node: LexborNode) -> Iterator[str]:
    """Yield the texts in an element, without scripts and captions; of a large one, the first."""
    for inner in islice(node.traverse(include_text=True), _MOST_NODES):
        parent = inner.parent
        if inner.tag == "-text" and parent is not None and parent.tag not in _SKIPPED:
            yield line(inner.text_content or "")


def after(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the nodes after an element in order, without its descendants."""
    return _onwards(node, attrgetter("next"), attrgetter("first_child"))


def before(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the nodes before an element, the nearest first."""
    return _onwards(node, attrgetter("prev"), attrgetter("last_child"))


def _onwards(node: LexborNode, beside: _Step, within: _Step) -> Iterator[LexborNode]:
    at: LexborNode | None = node
    inside = False
    while at is not None:
        following = within(at) if inside and at.tag not in _SKIPPED else None
        while following is None and at is not None:
            following = beside(at)
            at = at.parent if following is None else at
        if following is None:
            return
        at, inside = following, True
        yield at
