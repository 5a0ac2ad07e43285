"""The confidence of a publication date, by its origin and by the dates that agree with it."""

from __future__ import annotations

# Records label their fields, and so do the selectors of a source. Of the dates in the text of
# a page, one in ten is that of something else. Origins that are not here are `high`.
_CONFIDENCE_BY_ORIGIN = {
    "selector": "high",
    "json-ld": "medium",
    "meta": "medium",
    "url": "medium",
    "time": "medium",
    "text": "low",
}


def rate_confidence(origin: str, *, agreed: bool) -> str:
    """Return `high`, `medium` or `low`; `agreed` is whether another place states the same day."""
    return "high" if agreed else _CONFIDENCE_BY_ORIGIN.get(origin, "high")
