"""The places of a page whose dates are those of other texts: comments, teasers, side columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Self
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from indexer.clean.pages.page_elements import get_attribute, get_short_text

_MAX_ANCESTOR_LEVELS = 12  # levels of ancestors that are searched
_ARTICLE_TAGS = frozenset({"article", "main"})
# These have dates of other texts only if they link to them.
_COLUMN_TAGS = frozenset({"aside", "nav"})
_COLUMN_LABEL = re.compile(r"(?:^|[\s_-])(?:sidebar|widgets?|side-?col\w*)(?=$|[\s_-])", re.I)
_SIDE_LABEL = re.compile(
    r"(?:^|[\s_-])(?:related|recommend\w*|comments?|commentlist|repl(?:y|ies)|teasers?|trending|popular|most-?read|latest|recirc\w*|promos?|upcoming|events?|ticker|also"
    r"|(?:read-?|up-?)?next(?:-?(?:article|post|story|up))?|prev(?:ious)?-?(?:article|post|story)"
    r"|read-?more|more-?(?:stories|news|from|on)|outbrain|taboola|similar|verwandt\w*"
    r"|kommentar\w*|relacionad\w*|coment[aá]rios?|commentaires?|correlat\w*|gerelateerd|reacties)"
    r"(?=$|[\s_-])",
    re.I,
)
_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SIDE_HEADING = re.compile(
    r"\W*(?:\d+\s+)?(?:related|more\b|read (?:more|next|also)|see also|also\b|comments?|discussion"
    r"|latest|recommended|trending|most read|popular|you may|up next|recent|in other news"
    r"|mehr\b|verwandt|ähnlich|kommentar|lesen sie|meistgelesen|neueste|lire aussi|à lire"
    r"|sur le même|commentaire|articles? (?:li|similaires)|les plus lus|relacionad|más\b|comentario"
    r"|te puede|lea tamb|lo más|leia (?:também|mais)|mais\b|comentário|notícias relacionadas"
    r"|leggi anche|correlat|commenti|articoli corr|lees ook|reacties|gerelateerd|meer\b"
    r"|läs (?:mer|också)|relatera|læs også|les også|lue myös|kommentit|czytaj|zobacz|komentarz"
    r"|powiązane|čtěte|související|komentář|komentar|povezan|pročitajte|читайте|комментари"
    r"|похожие|ещё|по теме|коментар|ilgili|yorum|diğer haber|benzer|baca juga|terkait|tin liên"
    r"|bình luận|xem thêm|σχετικ|σχόλια|διαβάστε|קרא|תגובות|עוד\b|اقرأ|تعليق|ذات صلة|مرتبط|نظر"
    r"|संबंधित|टिप्पणी|ข่าวที่เกี่ยวข้อง|ความคิดเห็น|関連|コメント|おすすめ|ランキング|相关|相關"
    r"|评论|評論|推荐|推薦|热门|관련|댓글|추천|많이 본)",
    re.I,
)
_MAX_HEADING_CHARS = 100
_MAX_CARD_CHARS = 600  # characters of a teaser, with its summary
_MIN_HEADLINE_CHARS = 8  # characters of a link that may be the headline of another text
_MAX_LINKS = 3  # links of a list item that may be a headline
_CARD_LINK = ", ".join(f"h{level} a[href]" for level in range(2, 6))
_CARD_HEADING = ", ".join(f"a[href] h{level}" for level in range(2, 6))
_PERSON_LINK = re.compile(
    r"author|byline|autor|auteur|writer|profile|people|staff|reporter|/by/|member|users?/", re.I
)


@dataclass(frozen=True, slots=True)
class DatePlaces:
    """The ancestors of a page's headline, by their ids, with the article or main part in them."""

    ancestors: frozenset[int]
    article: int | None
    path: str
    # What is known of elements by their ids, since many dates may be in one.
    sides: dict[int, bool] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, heading: LexborNode | None, url: str) -> Self:
        """Return the places of a page by its headline and its address."""
        above = list(iterate_ancestors(heading)) if heading is not None else []
        articles = (node.mem_id for node in above if node.tag in _ARTICLE_TAGS)
        ids = frozenset(node.mem_id for node in above)
        return cls(ids, next(articles, None), _get_path(url))

    @property
    def has_article(self) -> bool:
        """Whether the headline is in an article or main part."""
        return self.article is not None

    def is_within_article(self, node: LexborNode) -> bool:
        """Return whether a node is in the article of the headline, or in any if it has none."""
        return any(
            above.mem_id == self.article if self.has_article else above.tag in _ARTICLE_TAGS
            for above in iterate_ancestors(node)
        )

    def is_elsewhere(self, node: LexborNode) -> bool:
        """Return whether a date belongs to another text than the page's article.

        What contains the headline, too, decides nothing.
        """
        for above in iterate_ancestors(node):
            if above.mem_id in self.ancestors:
                return False
            if above.mem_id not in self.sides:
                self.sides[above.mem_id] = self._is_side_element(above)
            if self.sides[above.mem_id]:
                return True
            if above.tag == "footer" or (above.tag == "header" and self.has_article):
                return not self.is_within_article(above)
        return False

    def _is_side_element(self, node: LexborNode) -> bool:
        label = f"{get_attribute(node, 'class')} {get_attribute(node, 'id')}"
        label = _CAMEL_CASE.sub("-", label)
        if _SIDE_LABEL.search(label) or _has_side_heading(node):
            return True
        if node.tag == "a" and self._is_headline_link(node):
            return True
        if node.tag in _COLUMN_TAGS or node.tag == "li" or _COLUMN_LABEL.search(label):
            return any(map(self._is_headline_link, islice(node.css("a[href]"), _MAX_LINKS)))
        if not get_short_text(node, _MAX_CARD_CHARS):
            return False
        if node.css_first(_CARD_HEADING) is not None:
            return True
        return any(map(self._is_headline_link, islice(node.css(_CARD_LINK), _MAX_LINKS)))

    def _is_headline_link(self, link: LexborNode) -> bool:
        """Return whether a link leads to another text, and not to a person or from a date."""
        named = " ".join(get_attribute(link, name) for name in ("rel", "class", "href"))
        text = get_short_text(link, _MAX_CARD_CHARS)
        if len(text) < _MIN_HEADLINE_CHARS or _PERSON_LINK.search(named):
            return False
        if any(map(str.isdigit, text)) and sum(map(str.isalpha, text)) < _MIN_HEADLINE_CHARS:
            return False
        return not self.path or _get_path(get_attribute(link, "href")) != self.path


def iterate_ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the ancestors of a node within the body, the nearest first."""
    above = node.parent
    for _ in range(_MAX_ANCESTOR_LEVELS):
        if above is None or above.tag in {"body", "html"}:
            return
        yield above
        above = above.parent


def _has_side_heading(node: LexborNode) -> bool:
    heading = node.css_first("h2, h3, h4, h5")
    if heading is None:
        return False
    return _SIDE_HEADING.match(get_short_text(heading, _MAX_HEADING_CHARS)) is not None


def _get_path(url: str) -> str:
    """Return the path of an address, without the last slash."""
    try:
        return urlsplit(url).path.rstrip("/")
    except ValueError:
        return ""
