"""Markdown reduced to its visible text, with the line breaks kept."""

from __future__ import annotations

import re

_MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd")
_HEADING = re.compile(r"#{1,6}[ \t]+")
_UNDERLINE = re.compile(r"(?:=+|-{2,})[ \t]*$")
_RULE = re.compile(r"[ \t]{0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_FENCE = re.compile(r"[ \t]{0,3}(?:```|~~~)")
_REFERENCE = re.compile(r"[ \t]{0,3}\[[^\]]{1,200}\]:[ \t]")
_QUOTE = re.compile(r"[ \t]{0,3}(?:>[ \t]?)+")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+(?=\S)")
_IMAGE = re.compile(r"!\[[^\]]{0,500}\](?:\([^()]{0,1000}\)|\[[^\]]{0,200}\])")
_LINK = re.compile(
    r"\[([^\[\]]{1,500})\](?:\((?:[^()]|\([^()]{0,500}\)){0,1000}\)|\[[^\]]{0,200}\])"
)
_AUTOLINK = re.compile(r"<(https?://[^<>\s]{1,1000})>")
_TAG = re.compile(r"<(?!https?:)/?[a-zA-Z][^<>]{0,300}>|<!--.{0,500}?-->", re.S)
_EMPHASIS = (
    re.compile(r"(?<!\\)(\*\*|~~)(?=\S)(.{1,200}?)(?<=[^\s\\])\1"),
    re.compile(r"(?<!\w)(__)(?=\S)(.{1,200}?)(?<=[^\s\\])\1(?!\w)"),
    re.compile(r"(?<![\\*])(\*)(?=[^\s*])([^*]{1,500}?)(?<=[^\s\\])\1(?!\*)"),
    re.compile(r"(?<![\w\\])(_)(?=[^\s_])([^_]{1,500}?)(?<=[^\s\\])\1(?!\w)"),
    re.compile(r"(`{1,2})([^`]{1,500})\1"),
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def is_markdown(path: str, text: str) -> bool:
    """Return whether the suffix of a file is Markdown's, or its first line is a heading."""
    return path.lower().endswith(_MARKDOWN_SUFFIXES) or text.lstrip().startswith("# ")


def strip_markdown(text: str) -> str:
    """Return the text without markup, with blank lines around headings and before list items."""
    lines: list[str] = []
    for line in _TAG.sub("", text).splitlines():
        if _UNDERLINE.match(line) and lines and lines[-1].strip():
            lines += ["", ""]
        elif not (_RULE.match(line) or _FENCE.match(line) or _REFERENCE.match(line)):
            lines += _strip_line_markup(line)
    return "\n".join(lines)


def _strip_line_markup(line: str) -> list[str]:
    quote = _QUOTE.match(line)
    text = line[quote.end() :] if quote else line
    if heading := _HEADING.match(text):
        return ["", _strip_inline_markup(_strip_closing_marks(text[heading.end() :].rstrip())), ""]
    if item := _ITEM.match(text):
        return ["", _strip_inline_markup(text[item.end() :])]
    return [_strip_inline_markup(text)]


def _strip_closing_marks(heading: str) -> str:
    """Remove the number signs that may close a heading; those of C# stay."""
    bare = heading.rstrip("#")
    return bare.rstrip() if bare.endswith((" ", "\t")) else heading


def _strip_inline_markup(text: str) -> str:
    text = _AUTOLINK.sub(r"\1", _LINK.sub(r"\1", _IMAGE.sub("", text)))
    for emphasis in _EMPHASIS:
        text = emphasis.sub(r"\2", text)
    return _ESCAPE.sub(r"\1", text)
