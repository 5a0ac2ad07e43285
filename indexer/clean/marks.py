"""The elements of a page that say something about its article, by one look through it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from indexer.clean.metadata import Json
from indexer.clean.paragraphs import line

_SOUGHT = ", ".join(
    (
        "html", "title", "h1", "h2", "time", "meta[content]", "link[rel]", "script[type]",
        "[itemprop]",
        "[rel~=author i]", "[class*=byline i]", "[class*=author i]", "[class*=autor i]",
        "[class*=writer i]", "[id*=byline i]", "[id*=author i]", "[class*=date i]",
        "[class*=publi i]", "[class*=posted i]", "[class*=timestamp i]", "[id*=date i]",
    )
)  # fmt: skip
_NAMED_BY = ("property", "name", "itemprop", "http-equiv")
_MOST = 40  # elements of a kind
_FAR_ABOVE = 12  # levels at which an article is still looked for around an element
_MOST_NODES = 500  # of an element whose texts are read one by one
_LONGEST_LINE = 1_000  # characters in which a title or name ends


@dataclass(frozen=True, slots=True)
class Marks:
    """Elements by what they may say, each kind in the page's order.

    `metas` has the contents of meta tags by their names in lower case.
    """

    metas: dict[str, list[Json]] = field(default_factory=dict)
    scripts: list[str] = field(default_factory=list)
    titles: list[LexborNode] = field(default_factory=list)
    headings: list[LexborNode] = field(default_factory=list)
    subheadings: list[LexborNode] = field(default_factory=list)
    bylines: list[LexborNode] = field(default_factory=list)
    times: list[LexborNode] = field(default_factory=list)
    dates: list[LexborNode] = field(default_factory=list)
    items: dict[str, list[LexborNode]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    languages: list[str] = field(default_factory=list)


def marks_of(page: LexborHTMLParser) -> Marks:
    """What a page marks."""
    found = Marks()
    last = 0
    for node in page.css(_SOUGHT):
        # An element comes once for each selector that it matches.
        if node.mem_id != last:
            last = node.mem_id
            _sort(found, node, node.tag or "")
    return found


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
            _sort_shown(found, node, tag, attributes)


def _sort_shown(
    found: Marks, node: LexborNode, tag: str, attributes: dict[str, str | None]
) -> None:
    item = attributes.get("itemprop") or ""
    if tag == "h1" or item == "headline":
        _keep(found.headings, node)
    elif tag == "h2":
        _keep(found.subheadings, node)
    elif tag == "time":
        _keep(found.times, node)
    called = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
    if item:
        _keep(found.items.setdefault(item, []), node)
    elif any(word in called for word in ("byline", "author", "autor", "writer")) or (
        "author" in (attributes.get("rel") or "").lower()
    ):
        _keep(found.bylines, node)
    elif tag not in {"time", "h1", "h2"}:
        _keep(found.dates, node)


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


_SKIPPED = frozenset(
    (
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "nav",
        "select",
        "iframe",
        "figure",
        "figcaption",
    )
)


def after(node: LexborNode) -> Iterator[LexborNode]:
    """The nodes that follow an element, in order, without what is in it."""
    at: LexborNode | None = node
    inside = False
    while at is not None:
        following = at.first_child if inside and at.tag not in _SKIPPED else None
        while following is None and at is not None:
            following = at.next
            at = at.parent if following is None else at
        if following is None:
            return
        at, inside = following, True
        yield at


def before(node: LexborNode) -> Iterator[LexborNode]:
    """The nodes before an element, the nearest first."""
    at: LexborNode | None = node
    inside = False
    while at is not None:
        earlier = at.last_child if inside and at.tag not in _SKIPPED else None
        while earlier is None and at is not None:
            earlier = at.prev
            at = at.parent if earlier is None else at
        if earlier is None:
            return
        at, inside = earlier, True
        yield at
