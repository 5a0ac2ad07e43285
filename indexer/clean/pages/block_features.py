"""Features that separate the blocks of an article from the rest of its page, by name."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import log1p

from indexer.clean.pages.block_cues import DATES, STOPS, cues, said
from indexer.clean.pages.dom_tree import Block, Element, Tree
from indexer.clean.paragraphs import is_sentence

_LONG = 80  # characters that make a text likely prose
_COUNTED = 25  # characters; shorter texts do not show where the article is
_START = 40  # characters by which a paragraph is recognized
_LOOKED_AT = 200  # characters of a text that are searched for cues
_LONGEST_TOLD = 100_000  # characters
_WEIGHED = 2_000  # characters; more of a text say no more about where the article is
_FAR = 12  # levels of ancestors that are searched
_TAGS = frozenset(
    ("p", "li", "h1", "h2", "h3", "h4", "blockquote", "div", "td", "span", "section", "pre",
     "figcaption", "title", "body", "article")
)  # fmt: skip
_AROUND = frozenset(
    ("article", "main", "aside", "nav", "footer", "header", "form", "figure", "figcaption",
     "table", "ul", "ol", "blockquote", "section")
)  # fmt: skip
_ASIDE = ("aside", "nav", "footer", "form")
_WHOLE = ("body", "article")
# Never of an article, unless most of the page is in them; too few pages to learn it from.
_BESIDE = frozenset(
    ("in_nav", "in_footer", "in_aside", "in_hidden", "in_figcaption", "in_called_comments",
     "in_called_related")
)  # fmt: skip
_DIGIT = re.compile(r"\d")
_CAPITAL = re.compile(f"[A-Z{''.join(filter(str.isupper, map(chr, range(0xC0, 0x530))))}]")
_NO_CUES = (False, False, False, False)


@dataclass(frozen=True, slots=True)
class Told:
    """The title, dek and body that a page's metadata states, to compare its blocks with.

    `body_starts` are the first characters after each space of that body.
    """

    title: str = ""
    dek: str = ""
    starts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, title: str, dek: str, body: str) -> Told:
        """Index `body` by the text after each of its spaces, so that a lookup takes one step."""
        body = " ".join(body[:_LONGEST_TOLD].split())
        spaces = [-1, *(at for at, char in enumerate(body) if char == " ")]
        return cls(title, dek, frozenset(body[at + 1 : at + 1 + _START] for at in spaces if body))


@dataclass(frozen=True, slots=True)
class Row:
    """The features of a block: its marks, which are binary, and numbers by name.

    The names of `values` are the same for all blocks, in the same order.
    """

    marks: frozenset[str]
    values: dict[str, float]


@dataclass(slots=True)
class _Kind:
    """Sums over the blocks in like elements with like parents; all but `blocks` in characters."""

    blocks: int = 0
    characters: int = 0
    linked: int = 0
    prose: int = 0


class Page:
    """The blocks of a page and the statistics that their features are calculated from.

    `texts` are the stripped texts of the blocks, `sizes` their characters up to a limit, `kinds`
    the numbers of their kinds. `candidates` are the indexes of the blocks that may be the
    article's: the others are in elements that never are, unless they contain most of the page.
    """

    def __init__(self, tree: Tree, told: Told) -> None:
        self.tree, self.told = tree, told
        self.texts = [block.text.strip() for block in tree.blocks]
        self._prose = [
            _prose(block, text, tree) for block, text in zip(tree.blocks, self.texts, strict=True)
        ]
        self._total = sum(self._prose) or 1
        self._held = self.held(self._prose)
        self.sizes = [min(len(text), _WEIGHED) for text in self.texts]
        self._all = self.held(self.sizes)
        self._links = self.held([min(block.linked, _WEIGHED) for block in tree.blocks])
        self._marks = self._within()
        self.kinds = self._kinds()
        self._of_kind = self._measured_kinds()
        self._best = self._around_best()
        self._copies = Counter(self.texts)
        self.candidates = [
            at
            for at, block in enumerate(tree.blocks)
            if _BESIDE.isdisjoint(self._marks[block.element])
        ]

    def held(self, sizes: Sequence[float]) -> list[float]:
        """Sum the sizes of the blocks in each element and its descendants."""
        elements = self.tree.elements
        sums = [0.0] * len(elements)
        for block, size in zip(self.tree.blocks, sizes, strict=True):
            sums[block.element] += size
        for at in range(len(sums) - 1, 0, -1):
            if sums[at]:
                sums[elements[at].above] += sums[at]
        return sums

    def rows(self) -> list[Row]:
        """Return the features of each candidate, of its text and of its place."""
        before = [0, *accumulate(self._prose)]
        title_at = self._title_at()
        elements, blocks = self.tree.elements, self.tree.blocks
        count = log1p(len(blocks))
        rows = []
        for at in self.candidates:
            block = blocks[at]
            values = self._own(at, block)
            values.update(self._placed(at, block, elements))
            values["place"] = at / len(blocks)
            values["blocks"] = count
            values["prose_before"] = before[at] / self._total
            values["before_title"] = float(at < title_at)
            values["since_title"] = log1p(max(0, at - title_at)) if title_at >= 0 else 0.0
            element = elements[block.element]
            own = _called_marks(element.tag, element.called)
            rows.append(Row(self._marks[block.element] | own, values))
        return rows

    def _within(self) -> list[frozenset[str]]:
        """Return the marks of each element, from itself and from its ancestors.

        An element that contains most of a page's prose gets no mark that says it is no article.
        """
        marks: list[frozenset[str]] = []
        # There are few distinct pairs of sets, and each is joined many times.
        joined: dict[tuple[frozenset[str], frozenset[str]], frozenset[str]] = {}
        for at, element in enumerate(self.tree.elements):
            inherited = marks[element.above] if element.above >= 0 else frozenset()
            mostly = self._held[at] > self._total / 2
            own = _own_marks(element.tag, element.called, element.hidden, mostly)
            both = joined.get((inherited, own))
            if both is None:
                both = joined[inherited, own] = inherited if own <= inherited else inherited | own
            marks.append(both)
        return marks

    def _kinds(self) -> list[int]:
        elements = self.tree.elements
        numbers: dict[tuple[str, str, str, str], int] = defaultdict(lambda: len(numbers))
        kinds = []
        for block in self.tree.blocks:
            element = elements[block.element]
            parent = elements[element.above]
            kinds.append(numbers[element.tag, element.called, parent.tag, parent.called])
        return kinds

    def _measured_kinds(self) -> list[_Kind]:
        kinds = [_Kind() for _ in range(max(self.kinds, default=-1) + 1)]
        for at, number in enumerate(self.kinds):
            kind = kinds[number]
            kind.blocks += 1
            kind.characters += self.sizes[at]
            kind.linked += min(self.tree.blocks[at].linked, _WEIGHED)
            kind.prose += self._prose[at]
        return kinds

    def _around_best(self) -> dict[int, int]:
        """Return the elements around most of the prose, each with its levels above it."""
        scores: Counter[int] = Counter()
        for block, size in zip(self.tree.blocks, self._prose, strict=True):
            if size:
                parent = self.tree.elements[block.element].above
                scores[parent] += 2 * size
                if parent > 0:
                    scores[self.tree.elements[parent].above] += size
        levels: dict[int, int] = {}
        at = max(scores, key=lambda key: scores[key]) if scores else -1
        while at >= 0 and len(levels) < _FAR:
            levels[at] = len(levels)
            at = self.tree.elements[at].above
        return levels

    def _title_at(self) -> int:
        """Return the index of the heading that is the title, else of the first h1, else -1."""
        first = -1
        for at, (block, text) in enumerate(zip(self.tree.blocks, self.texts, strict=True)):
            tag = self.tree.elements[block.element].tag
            if tag in ("h1", "h2") and text == self.told.title:
                return at
            if first < 0 and tag == "h1":
                first = at
        return first

    def _own(self, at: int, block: Block) -> dict[str, float]:
        text = self.texts[at]
        size, start, metadata = len(text), text[:_LOOKED_AT], self.told
        searched = len(start)
        offers, more, pictures, by = cues(text) if size <= 2 * searched else _NO_CUES
        return {
            "words": log1p(text.count(" ")),
            "characters": log1p(size),
            "over_25": float(size > _COUNTED),
            "over_80": float(size > _LONG),
            "over_200": float(size > _LOOKED_AT),
            "linked": min(1.0, block.linked / size),
            "only_link": float(block.linked > 0.9 * size),
            "sentence": float(is_sentence(text[-6:])),
            "stops": log1p(len(STOPS.findall(start))),
            "commas": log1p(text.count(",")),
            "digits": len(_DIGIT.findall(start)) / searched,
            "capitals": len(_CAPITAL.findall(start)) / searched,
            "lines": log1p(text.count("\n")),
            "offers": float(offers),
            "more": float(more),
            "pictures": float(pictures),
            "by": float(by),
            "dates": float(size < _LONG and DATES.search(start) is not None),
            "quoted": float(text[0] in "\"“„«‘'「"),
            "colon": float(text[-1] in ":："),
            "cut": float(text.endswith(("...", "…", "[…]"))),
            "lower": float(text[0].islower()),
            "bar": float(size <= searched and ("|" in text or " / " in text or "•" in text)),
            "copies": float(self._copies[text] > 1),
            "is_title": float(bool(metadata.title) and start == metadata.title[:_LOOKED_AT]),
            "is_dek": float(bool(metadata.dek) and text[:60] == metadata.dek[:60]),
            "told_body": float(bool(metadata.starts) and _start(text) in metadata.starts),
            "no_told_body": float(not metadata.starts),
        }

    def _placed(self, at: int, block: Block, elements: Sequence[Element]) -> dict[str, float]:
        parent = max(elements[block.element].above, 0)
        grandparent = max(elements[parent].above, 0)
        distance, place = _FAR, block.element
        for step in range(_FAR):
            if place in self._best:
                distance = step
                break
            place = elements[place].above
        kind = self._of_kind[self.kinds[at]]
        return {
            "share_element": self._held[block.element] / self._total,
            "share_above": self._held[parent] / self._total,
            "share_higher": self._held[grandparent] / self._total,
            "linked_above": self._links[parent] / (self._all[parent] or 1),
            "linked_higher": self._links[grandparent] / (self._all[grandparent] or 1),
            "share_kind": kind.prose / self._total,
            "kind_size": log1p(kind.characters / kind.blocks),
            "kind_linked": kind.linked / (kind.characters or 1),
            "from_best": float(distance),
            "best_level": float(self._best.get(place, _FAR)),
        }


def _prose(block: Block, text: str, tree: Tree) -> int:
    """Count the characters of a text that is likely prose; 0 for other texts."""
    size = len(text)
    if size < _COUNTED or block.linked > size / 3:
        return 0
    if size > _WEIGHED and not STOPS.search(text, 0, _WEIGHED):
        return 0
    return min(size, _WEIGHED) if size >= _LONG or tree.elements[block.element].tag == "p" else 0


def _start(text: str) -> str:
    return " ".join(text[: 2 * _START].split())[:_START]


@lru_cache(maxsize=16384)
def _own_marks(tag: str, called: str, hidden: bool, mostly: bool) -> frozenset[str]:
    own = {f"in_{tag}"} if tag in _AROUND and not (mostly and tag in _ASIDE) else set()
    if tag not in ("body", "html"):
        own |= {f"in_called_{role}" for role in said(called) if not mostly or role in _WHOLE}
        if hidden and not mostly:
            own.add("in_hidden")
    return frozenset(own)


@lru_cache(maxsize=16384)
def _called_marks(tag: str, called: str) -> frozenset[str]:
    return frozenset(
        (f"tag_{tag if tag in _TAGS else 'other'}", *(f"called_{role}" for role in said(called)))
    )
