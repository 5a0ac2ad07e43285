"""The analyzer of all engines, queries and snippets: from text to tokens.

A token is a run of letters and digits, joined by single inner dots and apostrophes
(`u.s`, `o'neill`), in lower case, without accents and without a possessive `'s`. No token
spans an elided article (`l'Ukraine`), the ending of a Turkish name (`Ankara'da`) or two
sentences (`opened.Police`). Symbols are part of a few names: `c++`, `c#`, `.net`. Characters
that stand for others become those. A Han character, kana or letter of a script written without
spaces is a token by itself, so that a word of several is found as a phrase; traditional Chinese
characters are folded to simplified ones. Every token has a position; no stop words are removed.

`analyze` returns tokens separated by spaces; `indexer.stemming` has their stems. Engines only
split texts of tokens or stems on spaces, so all of them index the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

_APOSTROPHES = "'\u00b4\u2018\u2019\u02bb\u02bc\u05f3"
# Marks for symbols that are part of a name: noncharacters, which Unicode leaves to programs.
_FOLDED_SYMBOLS = {"\ufdd0": "+", "\ufdd1": "+ ", "\ufdd2": "# "}
_FOLDED_CHARACTERS = {
    **_FOLDED_SYMBOLS,
    **dict.fromkeys(_APOSTROPHES, "'"), ".": ".",
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th",
    "ı": "i", "ħ": "h", "ŋ": "n", "ĸ": "k", "ŧ": "t", "ё": "е", "ς": "σ", "ŉ": "n",
    # Arabic: forms of alef, and the letters that Persian and Urdu write with other code points
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ہ": "ه", "ۀ": "ه",
    "ـ": "",
}  # fmt: skip
_SOFT_HYPHEN = "\u00ad"
_ZERO_WIDTH_SPACE = "\u200b"
# Pairs of characters: `simplified.NOTICE` names their source, `tests.train.simplified` builds it.
SIMPLIFIED_PATH: Final = Path(__file__).with_name("simplified.zst")
_FIRST_HAN = 0x3400
# Scripts without spaces between words, as inclusive ranges of code points.
_UNSPACED_SCRIPTS = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),
    (0x3040, 0x30FF),  # kana
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),  # Han
    (0xF900, 0xFAFF),
    (0x20000, 0x323AF),
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# A dot or apostrophe that does not join letters, in a text that begins and ends with a space.
# Dots come first. Each pattern begins with one character, which `re` skips to at once. The dot of
# `.net` joins.
_LOOSE_DOT = re.compile(
    r"""
    \. (?:
        ['.]+ (?: (?<=\.') s (?=[ ]) )?                   # several, with the s of U.S.'s
        | (?=[ ])                                         # the last character of a word
        | (?<=[ ].) (?!net (?:'s)? ['.]* [ ])             # the first one
    )
    """,
    re.VERBOSE,
)
_LOOSE_APOSTROPHE = re.compile(
    r"""
    ' (?:
        ['.]+
        | (?=[ ])
        | (?<=[ ].)
        | s (?:'s){0,3} (?= ['.]?[ ] | ['.]{2} )          # a possessive
    )
    """,
    re.VERBOSE,
)


# Characters that mean one together: kana with a voicing mark of its own, and the parts of Hangul.
_COMPOSABLE = re.compile(
    "[\u3046-\u30fd\uff66-\uff9d][\u3099\u309a\uff9e\uff9f]"
    "|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?"
)
# A quotation mark within a Hebrew acronym: before its last letter, or an ending of the plural. One
# after a prefix (in "Haaretz") begins a quotation.
GERSHAYIM = re.compile(
    '(?<=[\u05d0-\u05ea])["\u05f4\u201d](?=[\u05d0-\u05ea](?![\u05d0-\u05ea]))'
    '|(?<=[\u05d0-\u05ea]{2})["\u05f4\u201d](?=(?:ים|ית|ות)(?![\u05d0-\u05ea]))'
)
# Symbols that are part of a name, as in C++, C# and F#, and a possessive after them. They follow a
# single Latin letter, after which a letter makes `#` a link's or a tag's. A word ends after them.
_NAME_SYMBOLS = re.compile(
    rf"""
    (?<= (?<![^\x00-/:-@\[-`{{-\x7f\xa0«»¡¿\u2000-\u200a\u2010-\u2027\u3000-\u301f\u3041-\u30ff
            \u3400-\u9fff\uff01-\uff0f]) [A-Za-zＡ-Ｚａ-ｚ])
    (?: [+＋]{{2}} (?![+＋]) | [\#＃♯] (?![A-Za-z_\u00c0-\u1fff]) )
    (?: [{_APOSTROPHES}] s \b )?
    """,
    re.VERBOSE,
)
_SYMBOL_MARK = re.compile(f"[{''.join(_FOLDED_SYMBOLS)}]")
_CONTEXTUAL = frozenset((*"＋＃♯", *_FOLDED_SYMBOLS)) | frozenset(
    map(chr, (*range(0x05D0, 0x05EB), *range(0x1100, 0x1113), 0x3099, 0x309A, 0xFF9E, 0xFF9F))
)
# A full stop without a space after it, as in `opened.Police`; domains and initials are others.
_INNER_DOT = re.compile(r"\.(?<![\x00-/:-`{-\x7f]\.)(?=[^\W\d_a-z])")
_NET = re.compile(r"\.NET\b")
# Articles and pronouns that French, Italian and Catalan elide before a vowel, in folded text.
_ELIDED_WORDS = frozenset((
    *"cdjlmnst", "qu", "lorsqu", "puisqu", "jusqu", "quelqu", "un", "gl", "all", "coll", "dall",
    "dell", "nell", "sull", "quell", "quest",
))  # fmt: skip
_VOWELS = frozenset("aeiouyh")  # and a silent letter
# Endings that Turkish writes after a name and an apostrophe, in folded text. Those of one letter
# are left out: Shi'a, Hawai'i.
_TURKISH_SUFFIXES = frozenset((
    "ya", "ye", "yi", "yu", "na", "ne", "ni", "nu", "in", "un", "nin", "nun",
    "da", "de", "ta", "te", "dan", "den", "tan", "ten", "nda", "nde", "ndan", "nden", "la", "le",
    "yla", "yle", "daki", "deki", "taki", "teki", "li", "lu", "lik", "luk", "lar", "ler", "ca",
    "ce", "dir", "dur", "tir", "tur", "ydi", "ydu", "ymis", "ken",
))  # fmt: skip
# Elided words and endings are shorter.
_MAX_SIDE_CHARS = 10
_INNER_APOSTROPHE = re.compile("'(?=[a-z])")


def _resolve_context(text: str) -> str:
    """Return a text of the same length in which a character's neighbors need not be known.

    What takes fewer characters is filled up with soft hyphens, which are not indexed.
    """
    if not text.isascii() and not _CONTEXTUAL.isdisjoint(_NOT_ASCII.findall(text)):
        text = _COMPOSABLE.sub(_compose, _SYMBOL_MARK.sub(" ", text))
        text = _NAME_SYMBOLS.sub(_mark_symbols, GERSHAYIM.sub(_SOFT_HYPHEN, text))
    elif "+" in text or "#" in text:
        text = _NAME_SYMBOLS.sub(_mark_symbols, text)
    return _INNER_DOT.sub(_split_sentences, text)


def _mark_symbols(match: re.Match[str]) -> str:
    marks = "\ufdd0\ufdd1" if match[0][0] in "+＋" else "\ufdd2"
    return marks.ljust(len(match[0]))


def _compose(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0]).ljust(len(match[0]), _SOFT_HYPHEN)


def _split_sentences(match: re.Match[str]) -> str:
    """Return a space for a dot between a word in small letters and one with a capital."""
    text, at = match.string, match.start()
    ends = text[max(at - 2, 0) : at]
    splits = len(ends) == 2 and ends.islower() and text[at + 1].isupper()
    return " " if splits and not _NET.match(text, at) else "."


def _fold_character(char: str) -> str:
    """Return the small letters and digits that a character stands for, `'`, `.`, or a space."""
    if char in _FOLDED_CHARACTERS:
        return _FOLDED_CHARACTERS[char]
    category = unicodedata.category(char)
    if category == "Cf":
        return " " if char == _ZERO_WIDTH_SPACE else ""
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if unicodedata.decomposition(char).startswith("<"):
        return _fold_compatibility_character(char, category)
    composed = unicodedata.normalize("NFC", char)
    if composed != char:  # such as a compatibility ideograph
        return "".join(map(_fold_character, composed))
    point = ord(char)
    if any(low <= point <= high for low, high in _UNSPACED_SCRIPTS):
        return f" {_simplify_character(char)} " if category[0] in "LMN" else " "
    base = unicodedata.normalize("NFD", char)[0]
    if base != char and base in _FOLDED_CHARACTERS:
        return _FOLDED_CHARACTERS[base]
    if base.isalnum() and ord(base) < 0x0400:
        return base.lower()
    # Marks of Indic scripts are vowels and stay; those of Latin, Arabic, Hebrew are removed.
    if category.startswith("M"):
        return char if 0x0900 <= point <= 0x0DFF else ""
    return char if char.isalnum() else " "


def _simplify_character(char: str) -> str:
    """Return the simplified Chinese character for a traditional one; others as they are."""
    return _load_simplified().get(char, char) if ord(char) >= _FIRST_HAN else char


@cache
def _load_simplified() -> Mapping[str, str]:
    import zstandard

    text = zstandard.decompress(SIMPLIFIED_PATH.read_bytes()).decode()
    return dict(zip(*text.split("\n"), strict=True))


def _fold_compatibility_character(char: str, category: str) -> str:
    """Fold a character that is another way to write others: a ligature, a wide letter, `№`, `½`.

    A fraction is a word of its own, and what a symbol stands for are others than those beside it.
    """
    kind = unicodedata.decomposition(char).partition(">")[0]
    if kind == "<fraction":
        return f" {char} "
    if kind == "<super" and category.startswith("S"):
        return " "  # a trademark is no part of a name
    folded = "".join(map(_fold_character, unicodedata.normalize("NFKC", char)))
    if not any(map(str.isalnum, folded)):
        return "'" if "'" in folded else " "
    return f" {folded} " if kind == "<circle" or category.startswith("S") else folded


class _FoldingTable(dict[int, str]):
    """A table for str.translate that adds each character at its first use."""

    def __missing__(self, point: int) -> str:
        folded = self[point] = _fold_character(chr(point))
        return folded


_FOLDING_TABLE = _FoldingTable()
_MAX_REPLACED_CHARS = 12  # distinct characters


def _fold_text(text: str) -> str:
    """Return a text in lower case with every character folded.

    `str.translate` is fast for ASCII only, and most texts are ASCII except for a few quotes,
    dashes and accents: these are replaced one by one before.
    """
    lowered = text.lower()
    if not lowered.isascii():
        chars = set(_NOT_ASCII.findall(lowered))
        for char in chars if len(chars) <= _MAX_REPLACED_CHARS else ():
            plain = _FOLDING_TABLE[ord(char)]
            if plain.isascii() and char not in _FOLDED_SYMBOLS:
                lowered = lowered.replace(char, plain)
    return lowered.translate(_FOLDING_TABLE)


def _remove_loose_marks(folded: str) -> str:
    """Blank out dots and apostrophes that do not join, and possessives; the length stays."""
    without_dots = _LOOSE_DOT.sub(_blank_out, f" {folded} ")
    return _LOOSE_APOSTROPHE.sub(_blank_out, without_dots)[1:-1]


def _blank_out(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _split_at_apostrophe(match: re.Match[str]) -> str:
    """Return a space for the apostrophe after an elided word, or before a Turkish suffix."""
    text, at = match.string, match.start()
    before = text[max(at - _MAX_SIDE_CHARS, 0) : at].rpartition(" ")[2]
    if before in _ELIDED_WORDS and text[at + 1] in _VOWELS:
        return " "
    after = text[at + 1 : at + _MAX_SIDE_CHARS].partition(" ")[0]
    return " " if len(before) > 2 and after in _TURKISH_SUFFIXES else "'"


def analyze(text: str) -> str:
    """Return the tokens of a text in order, separated by one or more spaces, not stemmed."""
    return _analyze_resolved(_resolve_context(text))


def _analyze_resolved(text: str) -> str:
    return _INNER_APOSTROPHE.sub(_split_at_apostrophe, _remove_loose_marks(_fold_text(text)))


def tokenize(text: str) -> list[str]:
    """Return the tokens of a text in order, not stemmed."""
    return analyze(text).split()


def fold_word(word: str) -> str:
    """Return a word in lower case with every letter folded, in one piece."""
    return _fold_text(word).replace(" ", "")


def tokenize_word(text: str) -> list[str]:
    """Return a word's tokens without an elided article (`l'Ukraine`) or an ending (`Ankara'da`)."""
    tokens = tokenize(text)
    if len(tokens) < 2:
        return tokens
    first, last, folded = tokens[0], tokens[-1], _fold_text(text).strip()
    if first in _ELIDED_WORDS and folded.startswith(f"{first}'"):
        return tokens[1:]
    has_ending = last in _TURKISH_SUFFIXES and folded.endswith(f"'{last}")
    return tokens[:-1] if has_ending else tokens


def analyze_with_offsets(text: str) -> tuple[str, Sequence[int] | None]:
    """Return `analyze(text)`, and for each of its characters the offset in `text` it came from.

    None is for the common case that both are aligned character by character. The list has
    one more item, for the end.
    """
    resolved = _resolve_context(text)
    analyzed = _analyze_resolved(resolved)
    if resolved.isascii() or all(
        _count_analyzed_chars(char) == 1 for char in set(_NOT_ASCII.findall(resolved))
    ):
        return analyzed, None
    counts = map(_count_analyzed_chars, resolved)
    origins = [index for index, count in enumerate(counts) for _ in range(count)]
    origins.append(len(text))
    return analyzed, origins


def _count_analyzed_chars(char: str) -> int:
    """Return how many characters of the analyzed text one character of the text becomes."""
    return 1 if char.isascii() else len(char.lower().translate(_FOLDING_TABLE))
