"""No regular expression takes more than linear time, whatever it is tried on."""

from __future__ import annotations

import re
import signal

import pytest

from tests.patterns import Usage, collect_patterns, find_slow_case

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="nothing limits the processor's time here"
)
PATTERNS = collect_patterns()


@pytest.mark.parametrize("usage", PATTERNS, ids=lambda usage: usage.place)
def test_a_pattern_is_linear_in_its_worst_cases(usage: Usage) -> None:
    assert find_slow_case(usage) is None


@pytest.mark.parametrize(
    ("pattern", "is_anchored", "is_slow"),
    [
        (r"\s*<\?xml[^>]*>", False, True),
        (r"\s*<\?xml[^>]*>", True, False),
        (r"(?:(?<!\s)\s+)?<\?xml[^<>]*>", False, False),
        (r"<head\b.*?</head>", False, True),
        (r"[*_\s]*(?:-30-|(?:\*\s*){3,})[*_\s]*", True, True),
        (r"[*_\s]*+-30-", True, False),
        (r"(?:a|a)*b", True, True),
        (r"[\w-]+(?:\.[\w-]+)*\.com", False, True),
        (r"by\s*:?\s+(?=\w)", True, True),
        (r"by(?:\s*:)?\s+(?=\w)", True, False),
        (r"\w{1,40}x", False, False),
    ],
)
def test_slow_patterns_are_recognized(pattern: str, is_anchored: bool, is_slow: bool) -> None:
    usage = Usage("here", re.compile(pattern, re.S), is_anchored)
    assert is_slow == (find_slow_case(usage) is not None)


def test_patterns_are_found_in_values_containers_and_calls() -> None:
    places = {usage.place.partition(":")[0] for usage in PATTERNS}
    assert {
        "indexer.clean.texts.tails._RULE",
        "search.query.periods._FORMS",
        "search.config.setting_parsers",
    } <= places
    assert len(PATTERNS) > 200
