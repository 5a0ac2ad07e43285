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
# Classes of text for screen readers alone, as the usual style sheets name them.
HIDDEN_CLASSES = (
    "sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screen-reader-only",
    "screenreader-only", "u-visually-hidden", "a11y-hidden",
)  # fmt: skip
_HIDDEN_STYLE = re.compile(
    r"(?<![\w-])(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:[a-z]+)?\s*(?:[;!]|$)"
    r"|(?:left|right|top|text-indent)\s*:\s*-\d{3,})",
    re.I,
)
_MAX_SHEET_CHARS = 200_000  # characters of a style sheet
_HIDING_RULE = re.compile(r"display\s*:\s*none", re.I)
_SIMPLE_SELECTOR = re.compile(r"[a-z]{0,10}[.#][a-z_-][\w-]{1,60}", re.I)


def is_hiding_style(style: str) -> bool:
    """Return whether a `style` attribute hides its element."""
    return _HIDDEN_STYLE.search(style) is not None


def find_hiding_selectors(sheet: str) -> list[str]:
    """Return the selectors of one class or id that a style sheet hides on every screen."""
    if len(sheet) > _MAX_SHEET_CHARS:
        return []
    names: list[str] = []
    depth = at = 0
    for match in _HIDING_RULE.finditer(sheet):
        # Rules within a rule are for some screens only.
        depth += sheet.count("{", at, match.start()) - sheet.count("}", at, match.start())
        at = match.start()
        if depth == 1:
            end = sheet.rfind("{", 0, at)
            start = max(sheet.rfind(mark, 0, end) for mark in "{}/;")
            names += map(str.strip, sheet[start + 1 : end].split(","))
    return [name for name in names if _SIMPLE_SELECTOR.fullmatch(name)]


def is_within_sentence(before: str, after: str) -> bool:
    """Return whether a control between two texts is a word of theirs, and no label of its own.

    A button that explains a term is in the middle of a sentence, or starts one.
    """
    before, after = before.strip(), after.strip()
    return bool(after) and (bool(before) or not after[0].isupper())
