"""How sure the date of publication is: by where it was found, and what agrees with it."""

from __future__ import annotations

# A record says what its fields are, and so does the owner of a source who selects them. Of
# dates that stand in the text of a page, one in ten is that of something else.
_BY_ORIGIN = {
    "selector": "high",
    "json-ld": "medium",
    "meta": "medium",
    "url": "medium",
    "time": "medium",
    "text": "low",
}


def confidence(origin: str, *, agreed: bool) -> str:
    """`high`, `medium` or `low`: `agreed` is whether another place says the same day."""
    return "high" if agreed else _BY_ORIGIN.get(origin, "high")
