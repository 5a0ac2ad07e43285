"""What the search page shows, ready for its templates: small frozen values, no logic left."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """The search field: what stands in it, and the parameters that a search from it keeps."""

    text: str = ""
    kept: tuple[tuple[str, str], ...] = ()
    autofocus: bool = False
    invalid: bool = False
