"""The form that a client accepts best."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from search.web.problems import ProblemError

JSON = "application/json"


def accepted(accept: str | None, offered: Sequence[str]) -> str:
    """The media type that fits an Accept header best, the first one for equals.

    Raises ProblemError if none does.
    """
    if not accept or not accept.strip():
        return offered[0]
    ranges = list(_ranges(accept))
    weighed = [(_weight(each, ranges), -place) for place, each in enumerate(offered)]
    weight, place = max(weighed)
    if weight <= 0:
        raise ProblemError("not-acceptable", f"there is {', '.join(offered)}")
    return offered[-place]


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = next((each[2:] for each in parameters if each.startswith("q=")), "1")
        try:
            yield name, float(quality)
        except ValueError:
            yield name, 0.0


def _weight(offered: str, ranges: Sequence[tuple[str, float]]) -> float:
    """What the most special range that fits says."""
    kind = offered.partition("/")[0]
    for fitting in (offered, f"{kind}/*", "*/*"):
        for name, quality in ranges:
            if name == fitting:
                return quality
    return 0.0
