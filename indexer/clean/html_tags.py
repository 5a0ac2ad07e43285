"""The elements of HTML by how their text is read: apart, within a line, or not at all."""

from __future__ import annotations

import re

# All elements that HTML displays as blocks. Any other, also one that HTML does not know, is
# within a line: `nobr`, `st1:city`, `person-link`.
BLOCK_TAGS = frozenset(
    ("address", "article", "aside", "blockquote", "body", "caption", "center", "col", "colgroup",
     "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure",
     "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header",
     "hgroup", "hr", "html", "legend", "li", "listing", "main", "menu", "nav", "noframes", "ol",
     "optgroup", "option", "p", "plaintext", "pre", "search", "section", "summary", "table",
     "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "xmp")
)  # fmt: skip
# Scripts, controls, media, and what is displayed only where these do not work.
SKIPPED_TAGS = frozenset(
    ("script", "style", "noscript", "template", "iframe", "svg", "select", "textarea", "audio",
     "video", "object", "canvas", "dialog", "menu", "meter", "progress", "datalist", "annotation",
     "annotation-xml")
)  # fmt: skip
# Elements within a line that HTML knows; they may contain blocks.
INLINE_TAGS = frozenset(
    ("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn",
     "em", "font", "i", "img", "ins", "kbd", "label", "mark", "nobr", "output", "picture", "q",
     "rp", "rt", "ruby", "s", "samp", "slot", "small", "span", "strike", "strong", "sub", "sup",
     "time", "tt", "u", "var", "wbr")
)  # fmt: skip
_HIDDEN_STYLE = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.I)


def is_hiding_style(style: str) -> bool:
    """Return whether a `style` attribute hides its element."""
    return _HIDDEN_STYLE.search(style) is not None


def is_within_sentence(before: str, after: str) -> bool:
    """Return whether a control between two texts is a word of theirs, and no label of its own.

    A button that explains a term is in the middle of a sentence, or starts one.
    """
    before, after = before.strip(), after.strip()
    return bool(after) and (bool(before) or not after[0].isupper())
