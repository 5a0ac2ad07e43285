"""The elements of a page that say something about its article, by a look or two through it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter

from selectolax.lexbor import LexborHTMLParser, LexborNode

from indexer.clean.metadata import Json
from indexer.clean.paragraphs import line

_SOUGHT = "html, title, meta[content], link[rel], script[type], h1, h2, time, [itemprop]"
# Looking for parts of names takes longer than all of the rest.
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
_MOST = 40  # elements of a kind
_FAR_ABOVE = 12  # levels at which an article is still looked for around an element
_MOST_NODES = 500  # of an element whose texts are read one by one
_LONGEST_LINE = 1_000  # characters in which a title or name ends

# From a node to one that is next to it.
_Step = Callable[[LexborNode], LexborNode | None]


@dataclass(frozen=True, slots=True)
class Marks:
    """Elements by what they may say, each kind in the page's order.

    `metas` has the contents of meta tags by their names in lower case.
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
    """Elements by what their classes, ids and the like call them, in the page's order."""

    bylines: list[LexborNode] = field(default_factory=list)
    dates: list[LexborNode] = field(default_factory=list)


def marks_of(page: LexborHTMLParser) -> Marks:
    """What a page marks."""
    found = Marks(page)
    for node in _once(page.css(_SOUGHT)):
        _sort(found, node, node.tag or "")
    return found


def called_of(page: LexborHTMLParser) -> Called:
    """What a page calls a byline or a date; most pages tell so much that none is asked for."""
    found = Called()
    for node in _once(page.css(_CALLED)):
        tag, attributes = node.tag or "", node.attributes
        if tag in _TOLD or attributes.get("itemprop"):
            continue
        called = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
        if any(word in called for word in ("byline", "author", "autor", "writer")) or (
            "author" in (attributes.get("rel") or "").lower()
        ):
            _keep(found.bylines, node)
        elif tag not in {"time", "h1", "h2"}:
            _keep(found.dates, node)
    return found


def _once(nodes: Iterable[LexborNode]) -> Iterator[LexborNode]:
    """An element comes once for each selector that it matches."""
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
    """Whether an article or the main part is around an element, not far above."""
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
    """The text of a small element; of a large one, which is no title or name, its start."""
    if node.css_matches("style, script"):
        return line(" ".join(texts(node))[:_LONGEST_LINE])
    return line(node.text(separator=" ", strip=True).strip()[:_LONGEST_LINE])


def short_text(node: LexborNode, most: int) -> str:
    """The text of an element, or nothing if it has more characters than that."""
    parts = []
    for part in texts(node):
        most -= len(part)
        if most < 0:
            return ""
        parts.append(part)
    return line(" ".join(parts))


def texts(node: LexborNode) -> Iterator[str]:
    """Each text in an element, but not what only machines read; of a large one, the first."""
    for each in islice(node.traverse(include_text=True), _MOST_NODES):
        around = each.parent
        if each.tag == "-text" and around is not None and around.tag not in _SKIPPED:
            yield line(each.text_content or "")


def after(node: LexborNode) -> Iterator[LexborNode]:
    """The nodes that follow an element, in order, without what is in it."""
    return _onwards(node, attrgetter("next"), attrgetter("first_child"))


def before(node: LexborNode) -> Iterator[LexborNode]:
    """The nodes before an element, the nearest first."""
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
