"""Content negotiation by the Accept header (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from search.web.problems import ProblemError

JSON = "application/json"


def negotiate_media_type(accept: str | None, offered: Sequence[str]) -> str:
    """Return the offered media type of the highest quality, the first of equals.

    Raises ProblemError if none is accepted.
    """
    if not accept or not accept.strip():
        return offered[0]
    ranges = list(_parse_media_ranges(accept))
    weights = [(_find_quality(media_type, ranges), -at) for at, media_type in enumerate(offered)]
    weight, at = max(weights)
    if weight <= 0:
        raise ProblemError("not-acceptable", f"there is {', '.join(offered)}")
    return offered[-at]


def _parse_media_ranges(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = next((value[2:] for value in parameters if value.startswith("q=")), "1")
        try:
            yield name, float(quality)
        except ValueError:
            yield name, 0.0


def _find_quality(offered: str, ranges: Sequence[tuple[str, float]]) -> float:
    """Return the quality of the most specific media range that matches, or 0."""
    kind = offered.partition("/")[0]
    for matching in (offered, f"{kind}/*", "*/*"):
        for name, quality in ranges:
            if name == matching:
                return quality
    return 0.0
