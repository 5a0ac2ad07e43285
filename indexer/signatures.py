"""Signatures: what ranking, similar articles and stories know of an article, in some 380 bytes.

A signature has the 32 terms that tell an article most from others, and its opening: headline and
first words, one character a word. It is derived from the article's stems and from how many
articles have each (`term_statistics`), kept beside the index (`signature_store`), and has a
version of its own. Terms are numbered by their CRC-32, so that no dictionary is needed; two stems
in a few million share a number.

    version, terms, headline words   one byte each
    terms      four bytes each, the heaviest first, then one byte of weight each
    opening    two bytes a word, function words included
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from zlib import crc32

# Kept with every signature; signatures of another version are made anew.
SIGNATURE_VERSION = 2
MAX_TERMS = 32
MAX_HEADLINE_WORDS = 40
MAX_OPENING_WORDS = 100
# Of the opening's words, so many are the lead.
LEAD_WORDS = 50
# No window or pair of words spans the headline and the text.
GAP = "\0\0"

# A rarer term counts as if so many articles had it: one that a young archive meets for the
# first time is not yet rare.
_MIN_FREQUENCY = 3
_MAX_CACHED_TERMS = 1 << 16
_LOGARITHMS = tuple(1 + math.log(count) for count in range(1, 1_000))
# The squares of a signature's weights sum to 40,000, and products of two stay below 2**16.
_WEIGHT_SCALE = 200
_HEAD_BYTES = 3
# Characters for words lie below the surrogates: one pair of stems in 53,000 shares its character.
_FIRST_CHARACTER, _CHARACTERS = 0x100, 0xD000


class _TermNumbers(dict[str, int]):
    """A cache of term numbers by stem, which is cleared when it is full."""

    def __missing__(self, stem: str) -> int:
        if len(self) >= _MAX_CACHED_TERMS:
            self.clear()
        number = self[stem] = crc32(stem.encode("utf-8", "surrogatepass"))
        return number


_term_numbers = _TermNumbers()


def hash_term(stem: str) -> int:
    """Return a stem's number in signatures, the same in every archive: its CRC-32."""
    return _term_numbers[stem]


def encode_word(stem: str) -> str:
    """Return a stem's one character in openings."""
    return chr(_FIRST_CHARACTER + hash_term(stem) % _CHARACTERS)


class Signature(NamedTuple):
    """An article as ranking sees it: numbers of terms with a weight each, and its opening.

    The opening is packed, because of many articles only the terms are compared.
    """

    terms: Sequence[int]
    weights: Sequence[int]
    packed_opening: bytes
    headline_words: int

    @property
    def opening(self) -> str:
        return self.packed_opening.decode("utf-16-le")

    @property
    def lead_words(self) -> int:
        """How much of the opening is the headline and the first words of dek and text."""
        return self.headline_words + len(GAP) + LEAD_WORDS

    def calculate_cosines(self, others: Iterable[Signature]) -> Iterator[tuple[Signature, float]]:
        """Yield others, each with the cosine of its terms: 1 for the same, 0 if none is shared."""
        weights = dict(zip(self.terms, self.weights, strict=True))
        for other in others:
            shared = [
                weights[term] * weight
                for term, weight in zip(other.terms, other.weights, strict=True)
                if term in weights
            ]
            yield other, sum(shared) / _WEIGHT_SCALE**2

    def __bytes__(self) -> bytes:
        return b"".join(
            (
                bytes((SIGNATURE_VERSION, len(self.terms), self.headline_words)),
                array("I", self.terms).tobytes(),
                bytes(self.weights),
                self.packed_opening,
            )
        )

    @classmethod
    def from_bytes(cls, content: bytes) -> Signature:
        """Unpack a signature; the empty one stands for an article that has none yet."""
        if not content:
            return NO_SIGNATURE
        weights = _HEAD_BYTES + 4 * content[1]
        opening = weights + content[1]
        return cls(
            terms=memoryview(content[_HEAD_BYTES:weights]).cast("I"),
            weights=content[weights:opening],
            packed_opening=content[opening:],
            headline_words=content[2],
        )


NO_SIGNATURE = Signature((), b"", b"", 0)


class TermIdfs(dict[int, float]):
    """The idf of each term by its number, calculated when it is first asked for."""

    def __init__(self, frequency: Callable[[int], int], articles: int) -> None:
        """`frequency` returns in how many of `articles` a term is."""
        super().__init__()
        self._frequency = frequency
        self._articles = max(articles, _MIN_FREQUENCY)

    def __missing__(self, term: int) -> float:
        known = min(max(self._frequency(term), _MIN_FREQUENCY), self._articles)
        idf = self[term] = math.log((self._articles + 1) / (known + 0.5))
        return idf


def make_signature(
    headline: Sequence[str],
    text: Sequence[str],
    counts: Mapping[str, int],
    idfs: TermIdfs,
) -> Signature:
    """Make the signature of an article of the stems of its headline and of its dek and text.

    `counts` has the terms to choose from, and how often each stands in the article.
    """
    heaviest = _select_terms(counts, idfs)
    length = math.sqrt(math.fsum([weight * weight for weight, _ in heaviest])) or 1.0
    scale = -_WEIGHT_SCALE / length
    first = headline[:MAX_HEADLINE_WORDS]
    words = "".join(map(encode_word, first)), "".join(map(encode_word, text[:MAX_OPENING_WORDS]))
    return Signature(
        terms=[term for _, term in heaviest],
        weights=bytes([min(round(weight * scale), 255) for weight, _ in heaviest]),
        packed_opening=GAP.join(words).encode("utf-16-le"),
        headline_words=len(first),
    )


def _select_terms(counts: Mapping[str, int], idfs: TermIdfs) -> list[tuple[float, int]]:
    """Return the heaviest terms by (1 + ln tf) · idf, each as its negative weight and number."""
    numbers, last = _term_numbers, len(_LOGARITHMS)
    weighed = [
        (-_LOGARITHMS[min(count, last) - 1] * idfs[term], term)
        for stem, count in counts.items()
        for term in (numbers[stem],)
    ]
    weighed.sort()
    return weighed[:MAX_TERMS]
