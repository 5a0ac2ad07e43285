"""Features that separate the blocks of an article from the rest of its page, by name."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import log1p

from indexer.clean.pages.block_cues import DATE_LIKE, SENTENCE_STOP, find_cues, find_roles
from indexer.clean.pages.dom_tree import Element, PageTree, TextBlock, list_ancestors
from indexer.clean.paragraphs import is_sentence

_MIN_PROSE_CHARS = 80  # characters that make a text likely prose
_MIN_COUNTED_CHARS = 25  # characters; shorter texts do not show where the article is
_START_CHARS = 40  # characters by which a paragraph is recognized
_MAX_CUE_CHARS = 200  # characters of a text that are searched for cues
_MAX_STATED_BODY_CHARS = 100_000  # characters
_MAX_WEIGHED_CHARS = 2_000  # characters; more of a text say no more about where the article is
# Characters beside a brief, in a footer or in related stories, that are more than the brief.
_MAX_BESIDE_CHARS = 1_500
_MAX_HIDDEN_CHARS = 600
_MAX_ANCESTOR_LEVELS = 12  # levels of ancestors that are searched
_FEATURE_TAGS = frozenset(
    ("p", "li", "h1", "h2", "h3", "h4", "blockquote", "div", "td", "span", "section", "pre",
     "figcaption", "title", "body", "article")
)  # fmt: skip
_CONTAINER_TAGS = frozenset(
    ("article", "main", "aside", "nav", "footer", "header", "form", "figure", "figcaption",
     "table", "ul", "ol", "blockquote", "section")
)  # fmt: skip
_OWN_TAGS = ("article", "main")
_ASIDE_TAGS = ("aside", "nav", "footer", "form")
_WHOLE_PAGE_ROLES = ("body", "article")
# Never of an article, unless most of the page is in them; too few pages to learn it from.
_NON_ARTICLE_MARKS = frozenset(
    ("in_nav", "in_footer", "in_aside", "in_hidden", "in_figcaption", "in_called_comments",
     "in_called_related")
)  # fmt: skip
_DIGIT = re.compile(r"\d")
_CAPITAL = re.compile(f"[A-Z{''.join(filter(str.isupper, map(chr, range(0xC0, 0x530))))}]")
_NO_CUES = (False, False, False, False)


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """The title, dek and body that a page's metadata states, to compare its blocks with.

    `body_starts` are the first characters after each space of that body.
    """

    title: str = ""
    dek: str = ""
    body_starts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, title: str, dek: str, body: str) -> PageMetadata:
        """Index `body` by the text after each of its spaces, so that a lookup takes one step."""
        body = " ".join(body[:_MAX_STATED_BODY_CHARS].split())
        spaces = [-1, *(at for at, char in enumerate(body) if char == " ")]
        return cls(
            title, dek, frozenset(body[at + 1 : at + 1 + _START_CHARS] for at in spaces if body)
        )


@dataclass(frozen=True, slots=True)
class BlockFeatures:
    """The features of a block: its marks, which are binary, and numbers by name.

    The names of `values` are the same for all blocks, in the same order.
    """

    marks: frozenset[str]
    values: dict[str, float]


@dataclass(slots=True)
class _KindSums:
    """Sums over the blocks in like elements with like parents; all but `blocks` in characters."""

    blocks: int = 0
    chars: int = 0
    linked_chars: int = 0
    prose_chars: int = 0


class PageBlocks:
    """The blocks of a page and the statistics that their features are calculated from.

    `texts` are the stripped texts of the blocks, `sizes` their characters up to a limit, `kinds`
    the numbers of their kinds. `candidates` are the indexes of the blocks that may be the
    article's: the others are in elements that never are, unless they contain most of the page.
    """

    def __init__(self, tree: PageTree, metadata: PageMetadata) -> None:
        self.tree, self.metadata = tree, metadata
        self.texts = [block.text.strip() for block in tree.blocks]
        self._prose_chars = [
            _count_prose_chars(block, text, tree)
            for block, text in zip(tree.blocks, self.texts, strict=True)
        ]
        self._total_prose_chars = sum(self._prose_chars) or 1
        self._prose_by_element = self.sum_by_element(self._prose_chars)
        self.sizes = [min(len(text), _MAX_WEIGHED_CHARS) for text in self.texts]
        self._chars_by_element = self.sum_by_element(self.sizes)
        self._linked_by_element = self.sum_by_element(
            [min(block.linked_chars, _MAX_WEIGHED_CHARS) for block in tree.blocks]
        )
        self._element_marks = self._mark_elements()
        self.kinds = self._number_kinds()
        self._kind_sums = self._sum_kinds()
        self._best_levels = self._find_best_levels()
        self._text_counts = Counter(self.texts)
        self.candidates = [
            at
            for at, block in enumerate(tree.blocks)
            if _NON_ARTICLE_MARKS.isdisjoint(self._element_marks[block.element])
        ]

    def sum_by_element(self, sizes: Sequence[float]) -> list[float]:
        """Sum the sizes of the blocks in each element and its descendants."""
        elements = self.tree.elements
        sums = [0.0] * len(elements)
        for block, size in zip(self.tree.blocks, sizes, strict=True):
            sums[block.element] += size
        for at in range(len(sums) - 1, 0, -1):
            if sums[at]:
                sums[elements[at].parent] += sums[at]
        return sums

    def calculate_features(self) -> list[BlockFeatures]:
        """Return the features of each candidate, of its text and of its place."""
        before = [0, *accumulate(self._prose_chars)]
        title_at = self._find_title()
        elements, blocks = self.tree.elements, self.tree.blocks
        count = log1p(len(blocks))
        rows = []
        for at in self.candidates:
            block = blocks[at]
            values = self._describe_text(at, block)
            values.update(self._describe_place(at, block, elements))
            values["place"] = at / len(blocks)
            values["blocks"] = count
            values["prose_before"] = before[at] / self._total_prose_chars
            values["before_title"] = float(at < title_at)
            values["since_title"] = log1p(max(0, at - title_at)) if title_at >= 0 else 0.0
            element = elements[block.element]
            own = _make_label_marks(element.tag, element.label)
            rows.append(BlockFeatures(self._element_marks[block.element] | own, values))
        return rows

    def _mark_elements(self) -> list[frozenset[str]]:
        """Return the marks of each element, from itself and from its ancestors.

        An element that contains most of a page's prose gets no mark that says it is no article.
        """
        marks: list[frozenset[str]] = []
        own_text = self._find_own_text()
        # There are few distinct pairs of sets, and each is joined many times.
        joined: dict[tuple[frozenset[str], frozenset[str]], frozenset[str]] = {}
        for at, element in enumerate(self.tree.elements):
            inherited = marks[element.parent] if element.parent >= 0 else frozenset()
            mostly = self._prose_by_element[at] > self._total_prose_chars / 2
            if mostly and own_text and self._is_beside(at, own_text):
                mostly = False
            own = _make_element_marks(element.tag, element.label, element.hidden, mostly)
            both = joined.get((inherited, own))
            if both is None:
                both = joined[inherited, own] = inherited if own <= inherited else inherited | own
            marks.append(both)
        return marks

    def _find_own_text(self) -> list[int]:
        """Return the elements around the title, and the first sentence of its article, if any."""
        title_at = self._find_title()
        if title_at < 0:
            return []
        elements, blocks = self.tree.elements, self.tree.blocks
        around = list(list_ancestors(elements, blocks[title_at].element))
        article = next((at for at in around if elements[at].tag in _OWN_TAGS), -1)
        for block, text in zip(blocks[title_at + 1 :], self.texts[title_at + 1 :], strict=True):
            element = elements[block.element]
            if element.tag == "p" and not block.linked_chars and is_sentence(text[-6:]):
                near = element.parent in (article, elements[around[0]].parent)
                return [*around, block.element] if near else []
        return []

    def _is_beside(self, at: int, own_text: Sequence[int]) -> bool:
        """Return whether an element with most of a page's text is not around its short article.

        A long hidden text is the rest of the article, as behind a button.
        """
        element = self.tree.elements[at]
        limit = _MAX_HIDDEN_CHARS if element.hidden else _MAX_BESIDE_CHARS
        outside = at not in own_text and element.tag != "form"
        return outside and self._prose_by_element[at] <= limit

    def _number_kinds(self) -> list[int]:
        elements = self.tree.elements
        numbers: dict[tuple[str, str, str, str], int] = defaultdict(lambda: len(numbers))
        kinds = []
        for block in self.tree.blocks:
            element = elements[block.element]
            parent = elements[element.parent]
            kinds.append(numbers[element.tag, element.label, parent.tag, parent.label])
        return kinds

    def _sum_kinds(self) -> list[_KindSums]:
        kinds = [_KindSums() for _ in range(max(self.kinds, default=-1) + 1)]
        for at, number in enumerate(self.kinds):
            kind = kinds[number]
            kind.blocks += 1
            kind.chars += self.sizes[at]
            kind.linked_chars += min(self.tree.blocks[at].linked_chars, _MAX_WEIGHED_CHARS)
            kind.prose_chars += self._prose_chars[at]
        return kinds

    def _find_best_levels(self) -> dict[int, int]:
        """Return the elements around most of the prose, each with its levels above it."""
        scores: Counter[int] = Counter()
        for block, size in zip(self.tree.blocks, self._prose_chars, strict=True):
            if size:
                parent = self.tree.elements[block.element].parent
                scores[parent] += 2 * size
                if parent > 0:
                    scores[self.tree.elements[parent].parent] += size
        levels: dict[int, int] = {}
        at = max(scores, key=lambda key: scores[key]) if scores else -1
        while at >= 0 and len(levels) < _MAX_ANCESTOR_LEVELS:
            levels[at] = len(levels)
            at = self.tree.elements[at].parent
        return levels

    def _find_title(self) -> int:
        """Return the index of the heading that is the title, else of the first h1, else -1."""
        first = -1
        for at, (block, text) in enumerate(zip(self.tree.blocks, self.texts, strict=True)):
            tag = self.tree.elements[block.element].tag
            if tag in ("h1", "h2") and text == self.metadata.title:
                return at
            if first < 0 and tag == "h1":
                first = at
        return first

    def _describe_text(self, at: int, block: TextBlock) -> dict[str, float]:
        text = self.texts[at]
        size, start, metadata = len(text), text[:_MAX_CUE_CHARS], self.metadata
        searched = len(start)
        offers, more, pictures, by = find_cues(text) if size <= 2 * searched else _NO_CUES
        return {
            "words": log1p(text.count(" ")),
            "characters": log1p(size),
            "over_25": float(size > _MIN_COUNTED_CHARS),
            "over_80": float(size > _MIN_PROSE_CHARS),
            "over_200": float(size > _MAX_CUE_CHARS),
            "linked": min(1.0, block.linked_chars / size),
            "only_link": float(block.linked_chars > 0.9 * size),
            "sentence": float(is_sentence(text[-6:])),
            "stops": log1p(len(SENTENCE_STOP.findall(start))),
            "commas": log1p(text.count(",")),
            "digits": len(_DIGIT.findall(start)) / searched,
            "capitals": len(_CAPITAL.findall(start)) / searched,
            "lines": log1p(text.count("\n")),
            "offers": float(offers),
            "more": float(more),
            "pictures": float(pictures),
            "by": float(by),
            "dates": float(size < _MIN_PROSE_CHARS and DATE_LIKE.search(start) is not None),
            "quoted": float(text[0] in "\"“„«‘'「"),
            "colon": float(text[-1] in ":："),
            "cut": float(text.endswith(("...", "…", "[…]"))),
            "lower": float(text[0].islower()),
            "bar": float(size <= searched and ("|" in text or " / " in text or "•" in text)),
            "copies": float(self._text_counts[text] > 1),
            "is_title": float(bool(metadata.title) and start == metadata.title[:_MAX_CUE_CHARS]),
            "is_dek": float(bool(metadata.dek) and text[:60] == metadata.dek[:60]),
            "told_body": float(
                bool(metadata.body_starts) and _get_start(text) in metadata.body_starts
            ),
            "no_told_body": float(not metadata.body_starts),
        }

    def _describe_place(
        self, at: int, block: TextBlock, elements: Sequence[Element]
    ) -> dict[str, float]:
        parent = max(elements[block.element].parent, 0)
        grandparent = max(elements[parent].parent, 0)
        distance, place = _MAX_ANCESTOR_LEVELS, block.element
        for step in range(_MAX_ANCESTOR_LEVELS):
            if place in self._best_levels:
                distance = step
                break
            place = elements[place].parent
        kind = self._kind_sums[self.kinds[at]]
        return {
            "share_element": self._prose_by_element[block.element] / self._total_prose_chars,
            "share_above": self._prose_by_element[parent] / self._total_prose_chars,
            "share_higher": self._prose_by_element[grandparent] / self._total_prose_chars,
            "linked_above": self._linked_by_element[parent] / (self._chars_by_element[parent] or 1),
            "linked_higher": self._linked_by_element[grandparent]
            / (self._chars_by_element[grandparent] or 1),
            "share_kind": kind.prose_chars / self._total_prose_chars,
            "kind_size": log1p(kind.chars / kind.blocks),
            "kind_linked": kind.linked_chars / (kind.chars or 1),
            "from_best": float(distance),
            "best_level": float(self._best_levels.get(place, _MAX_ANCESTOR_LEVELS)),
        }


def _count_prose_chars(block: TextBlock, text: str, tree: PageTree) -> int:
    """Count the characters of a text that is likely prose; 0 for other texts."""
    size = len(text)
    if size < _MIN_COUNTED_CHARS or block.linked_chars > size / 3:
        return 0
    if size > _MAX_WEIGHED_CHARS and not SENTENCE_STOP.search(text, 0, _MAX_WEIGHED_CHARS):
        return 0
    return (
        min(size, _MAX_WEIGHED_CHARS)
        if size >= _MIN_PROSE_CHARS or tree.elements[block.element].tag == "p"
        else 0
    )


def _get_start(text: str) -> str:
    return " ".join(text[: 2 * _START_CHARS].split())[:_START_CHARS]


@lru_cache(maxsize=16384)
def _make_element_marks(tag: str, label: str, hidden: bool, has_most_prose: bool) -> frozenset[str]:
    own = (
        {f"in_{tag}"}
        if tag in _CONTAINER_TAGS and not (has_most_prose and tag in _ASIDE_TAGS)
        else set()
    )
    if tag not in ("body", "html"):
        own |= {
            f"in_called_{role}"
            for role in find_roles(label)
            if not has_most_prose or role in _WHOLE_PAGE_ROLES
        }
        if hidden and not has_most_prose:
            own.add("in_hidden")
    return frozenset(own)


@lru_cache(maxsize=16384)
def _make_label_marks(tag: str, label: str) -> frozenset[str]:
    return frozenset(
        (
            f"tag_{tag if tag in _FEATURE_TAGS else 'other'}",
            *(f"called_{role}" for role in find_roles(label)),
        )
    )
