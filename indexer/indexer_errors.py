"""The bases of the indexer's errors, apart from what raises them, so that faces load fast.

`corpus/errors.py` has the whole tree.
"""

from __future__ import annotations

from typing import ClassVar

from corpus.errors import DatelineError


class WorkersError(DatelineError):
    """Other processes or machines cannot clean; the message says what to do."""


class DaskError(WorkersError):
    """A Dask cluster cannot clean; the message says what to do."""


class DaskLostError(DaskError):
    """A cluster cleaned, and does no more."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}; what was taken in is kept, and `dateline update` carries on")


class SubmissionError(DatelineError):
    """An article cannot be submitted or withdrawn. Programs tell the reasons apart by `kind`."""

    kind: ClassVar[str] = "internal"


class MissingExtraError(DatelineError):
    """An optional package is not installed; the message says how to install it."""


class IndexUnusableError(DatelineError):
    """There is no index that can be searched; the message says what to do."""


class RebuildFailedError(DatelineError):
    """A new index did not pass its check; the old one stays in use."""
