"""Aliases put into queries, and what is said about it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from search.query.aliases import Aliases, AppliedAlias
from search.query.parser import parse_query

GROUPS = (("Iwojima", "Iwo Jima", "Iwoto"), ("EU", "European Union"), ("Georgia", "GA"),
          ("Georgia", "Sakartvelo"))  # fmt: skip
OTHERS = ' OR "Iwo Jima" OR Iwoto'


def widened(text: str) -> tuple[str, tuple[AppliedAlias, ...]]:
    query, used = Aliases(GROUPS).expand_query(
        parse_query(text, now=datetime(2025, 4, 1, tzinfo=UTC), zone=UTC)
    )
    return str(query), used


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("veterans", "veterans"),
        ("Iwojima", f"Iwojima{OTHERS}"),
        ("IWOJIMA", f"IWOJIMA{OTHERS}"),
        ("Iwojima alliance", f"(Iwojima{OTHERS}) alliance"),
        ('"Iwo Jima"', '"Iwo Jima" OR Iwojima OR Iwoto'),
        ("Iwo Jima", "Iwo Jima OR Iwojima OR Iwoto"),
        ("old Iwo Jima battle", "old (Iwo Jima OR Iwojima OR Iwoto) battle"),
        ("title:Iwojima", 'title:Iwojima OR title:"Iwo Jima" OR title:Iwoto'),
        ("title:(Iwo Jima)", "title:Iwo title:Jima OR title:Iwojima OR title:Iwoto"),
        ("title:Iwo Jima", "title:Iwo Jima"),
        ("place:Iwojima", 'place:Iwojima OR place:"Iwo Jima" OR place:Iwoto'),
        ("-Iwojima veterans", f"-(Iwojima{OTHERS}) veterans"),
        ("Iwojima OR EU", f'Iwojima{OTHERS} OR EU OR "European Union"'),
        ("European Union", "European Union OR EU"),
        ("Union European", "Union European"),
        ("Georgia", "Georgia OR GA OR Sakartvelo"),
        ("Sakartvelo", "Sakartvelo OR Georgia"),
        ("=Iwojima", "=Iwojima"),
        ('="Iwo Jima"', '="Iwo Jima"'),
        ('"Iwo Jima veterans"', '"Iwo Jima veterans"'),
        ("Iwojima*", "iwojima*"),
        ("Iwojima~", "iwojima~1"),
        ("source:Iwojima", "source:Iwojima"),
        ("Iwojima w/3 battle", '"iwojima battle"~3'),
    ],
)
def test_names_stand_for_each_other(text: str, query: str) -> None:
    assert query == widened(text)[0]


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("veterans", ()),
        ("Iwojima", (AppliedAlias("Iwojima", ("Iwo Jima", "Iwoto")),)),
        (
            "iwo jima EU",
            (
                AppliedAlias("iwo jima", ("Iwojima", "Iwoto")),
                AppliedAlias("EU", ("European Union",)),
            ),
        ),
        ("EU title:EU", (AppliedAlias("EU", ("European Union",)),)),
        ("=EU", ()),
    ],
)
def test_what_was_used_is_told_once(text: str, used: tuple[AppliedAlias, ...]) -> None:
    assert used == widened(text)[1]


@pytest.mark.parametrize("group", [("Zürich", "Zurich"), ("EU", "eu", "!!")])
def test_names_that_read_the_same_are_one(group: tuple[str, ...]) -> None:
    query = parse_query(group[0], now=datetime(2025, 4, 1, tzinfo=UTC), zone=UTC)
    assert (query, ()) == Aliases((group,)).expand_query(query)
