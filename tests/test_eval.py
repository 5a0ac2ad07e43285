"""The judge itself: its metrics on cases made by hand, its folds, its floors."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from corpus.article import Entity, EntityKind, Moment
from tests.eval import floors, gum, tags
from tests.eval.figures import Figure, page_figures
from tests.eval.folds import FOLDS, fold, publisher
from tests.eval.metrics import (
    Overlap,
    averaged,
    body_overlap,
    right_day,
    right_minute,
    same_line,
    same_names,
)
from tests.eval.pages import Gold, Page
from tests.eval.systems import OURS, Extracted

PERSON, ORG, PLACE = EntityKind.PERSON, EntityKind.ORG, EntityKind.PLACE
TOKYO = timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    ("gold", "found", "expected"),
    [
        ("one two three four five", "one two three four five", Overlap(2, 0, 0)),
        ("one two three four five", "one, two: three four!", Overlap(1, 0, 1)),
        ("one two three four", "zero one two three four five", Overlap(1, 2, 0)),
        ("one two three four", "One two three four", Overlap(0, 1, 1)),
        ("a b c d", "a b c d a b c d", Overlap(1, 4, 0)),
        ("a b c d a b c d", "a b c d", Overlap(1, 0, 4)),
        ("too short", "too short", Overlap(1, 0, 0)),
        ("too short", "", Overlap(0, 0, 1)),
    ],
)
def test_bodies_are_compared_by_shingles(gold: str, found: str, expected: Overlap) -> None:
    assert expected == body_overlap(gold, found)


def test_what_is_spare_is_neither_wanted_nor_wrong() -> None:
    gold, spare = "one two three four", "five six seven eight"
    # The three shingles across the seam are of neither.
    assert Overlap(1, 3, 0) == body_overlap(gold, f"{spare} {gold}", spare)


def test_f1_is_of_the_averages_and_every_page_weighs_the_same() -> None:
    score = averaged([Overlap(90, 10, 0), Overlap(1, 1, 1), Overlap(0, 0, 50)])
    assert pytest.approx((0.9 + 0.5) / 2) == score.precision
    assert pytest.approx((1.0 + 0.5 + 0.0) / 3) == score.recall
    assert pytest.approx(2 * 0.7 * 0.5 / (0.7 + 0.5)) == score.f1


def test_nothing_found_is_no_success() -> None:
    assert 0.0 == averaged([Overlap(0, 0, 5)]).f1 == averaged([]).f1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("“It’s here”", '"It\'s  here"', True),
        ("caf\u00e9\u00a0noir ", "cafe\u0301 noir", True),
        ("It is here", "It is Here", False),
        ("It is here", "It is here | Daily Example", False),
    ],
)
def test_titles_are_the_same_but_for_spaces_and_quotes(one: str, other: str, same: bool) -> None:
    assert same is (same_line(one) == same_line(other))


def test_authors_are_a_set() -> None:
    assert same_names(["Ann Example", "Bo Sample"]) == same_names(["BO SAMPLE", "Ann  Example"])
    assert same_names(["Ann Example"]) != same_names(["Ann Example", "Bo Sample"])


@pytest.mark.parametrize(
    ("gold", "found", "day", "minute"),
    [
        (datetime(2025, 3, 2, 0, 30, 59, tzinfo=TOKYO), datetime(2025, 3, 1, 15, 30), True, True),
        (datetime(2025, 3, 2, 0, 30, tzinfo=TOKYO), datetime(2025, 3, 1, 15, 31), True, False),
        (datetime(2025, 3, 2, 0, 30, tzinfo=TOKYO), datetime(2025, 3, 2, 15, 30), False, False),
        (datetime(2025, 3, 2, 0, 30), datetime(2025, 3, 2, 0, 30), True, True),
        (date(2025, 3, 2), datetime(2025, 3, 2, 23, 59), True, None),
        (date(2025, 3, 2), datetime(2025, 3, 3), False, None),
    ],
)
def test_dates(gold: date, found: datetime, day: bool, minute: bool | None) -> None:
    moment = Moment(found.replace(tzinfo=UTC))
    assert day is right_day(gold, moment)
    if isinstance(gold, datetime):
        assert minute is right_minute(gold, moment)


def test_a_day_alone_is_never_right_to_the_minute() -> None:
    midnight = Moment(datetime(2025, 3, 2, tzinfo=UTC), day_only=True)
    assert right_day(datetime(2025, 3, 2, 0, 0, tzinfo=UTC), midnight)
    assert not right_minute(datetime(2025, 3, 2, 0, 0, tzinfo=UTC), midnight)


def made(gold: Gold, found: Extracted) -> tuple[Page, Extracted]:
    return Page("a.html", "", b"", datetime(2025, 4, 1, tzinfo=UTC), gold), found


def values(*pairs: tuple[Page, Extracted]) -> dict[str, tuple[float, int]]:
    figures = page_figures("made", pairs, OURS.gives)
    return {figure.name: (figure.value, figure.of) for figure in figures}


def test_a_wrong_date_costs_more_than_none() -> None:
    def moment(day: int) -> Moment:
        return Moment(datetime(2025, 3, day, tzinfo=UTC), day_only=True)

    gold = Gold(published=date(2025, 3, 2))
    right, none = made(gold, Extracted(published=moment(2))), made(gold, Extracted())
    wrong = made(gold, Extracted(published=moment(3)))
    invented = made(Gold(undated=True), Extracted(published=moment(3)))
    assert (1.0, 1) == values(right, none)["day_precision"]
    assert (0.5, 2) == values(right, wrong)["day_precision"]
    assert (0.5, 2) == values(right, invented)["day_precision"]
    assert (0.5, 2) == values(right, none)["day_recall"] == values(right, wrong)["day_recall"]
    assert (1.0, 1) == values(right, invented)["day_recall"]


def test_a_page_that_gave_nothing_counts_as_missed() -> None:
    gold = Gold(title="Title", body="one two three four", authors=("Ann",), inside=("one",))
    expected = {"title": 0.0, "body_recall": 0.0, "body_f1": 0.0, "authors": 0.0, "inside": 0.0}
    found = values(made(gold, Extracted()))
    assert expected == {name: found[name][0] for name in expected}


def test_texts_that_must_and_must_not_be_there() -> None:
    gold = Gold(inside=("The  “headline”", "a text"), outside=("Sign up", "another"))
    found = values(made(gold, Extracted(title='The "headline"', body="Here. Sign up")))
    assert ((0.5, 2), (0.5, 2)) == (found["inside"], found["outside"])


def test_what_the_gold_does_not_say_gives_no_figure() -> None:
    assert {"title"} == set(values(made(Gold(title="Title"), Extracted(title="Title"))))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.bbc.co.uk/news/1", "bbc"),
        ("http://News.BBC.com:80/", "bbc"),
        ("https://web.archive.org/web/2012id_/http://www.stol.it/Artikel", "stol"),
        ("https://web.archive.org/web/20130307194448/the-pain.net/2008/05/a.html", "the-pain"),
        ("hard::elfaro.net-asamblea.html", "elfaro"),
        ("hard::zeit.de.zugverkehr.html", "zeit"),
        ("https://localhost/a", "localhost"),
    ],
)
def test_publishers(url: str, expected: str) -> None:
    assert expected == publisher(url)


def test_folds_are_stable_and_of_a_publisher() -> None:
    pages = ("https://www.example.org/a", "http://m.example.org/b?c=1", "hard::example.org-d.html")
    assert 1 == len(set(map(fold, pages)))
    hosts = [f"https://paper{number}.example{number}.com/" for number in range(8)]
    assert PINNED == [fold(host) for host in hosts]
    assert set(range(FOLDS)) == {fold(f"https://name{number}.com") for number in range(100)}


# Another rule would put pages that were learnt from among those that judge.
PINNED = [0, 0, 2, 1, 4, 2, 4, 1]


def figure(value: float, name: str = "title") -> Figure:
    return Figure("fundus", name, value, 10)


@pytest.mark.parametrize(
    ("held", "measured", "expected"),
    [
        ({}, 0.87654, 0.876),
        ({"title": 0.5}, 0.87654, 0.876),
        ({"title": 0.9}, 0.87654, 0.9),
        ({}, 0.876, 0.876),
        ({}, 0.876 - 1e-15, 0.876),
        ({}, 1.0, 1.0),
        ({}, 0.0, 0.0),
    ],
)
def test_floors_are_raised_and_never_lowered(
    held: dict[str, float], measured: float, expected: float
) -> None:
    assert {"fundus": {"title": expected}} == floors.raised({"fundus": held}, [figure(measured)])
    assert [] == floors.below({"fundus": {"title": floors.floor_of(measured)}}, [figure(measured)])


def test_what_is_below_its_floor_is_named() -> None:
    held = {"fundus": {"title": 0.9, "body_f1": 0.8}, "dates": {"day_f1": 0.7}}
    assert [] == floors.below(held, [figure(0.9), figure(0.9, "body_f1")])
    wrong = floors.below(held, [figure(0.8999)])
    assert [
        "fundus.title: 0.8999 is below its floor 0.900",
        "fundus.body_f1: no figure, floor 0.800",
    ] == wrong


def test_floors_come_back_as_they_were_saved(tmp_path: Path) -> None:
    file = tmp_path / "floors.yaml"
    assert {} == floors.load(file)
    held = floors.raised({}, [figure(0.9), figure(0.81234, "body_f1")])
    floors.save(held, file)
    assert {"fundus": {"title": 0.9, "body_f1": 0.812}} == held == floors.load(file)


def test_the_floors_that_hold_are_shares() -> None:
    shares = [floor for named in floors.load().values() for floor in named.values()]
    assert len(shares) > 20
    assert all(0.0 < floor <= 1.0 for floor in shares)


CONLLU = """\
# meta::title = Harbour opens
# newpar
# text = Mayor Ann Example told the Harbor Board in Oslo that Norwegians cheered.
1	Mayor	Mayor	PROPN	NNP	_	2	nmod:desc	_	Entity=(1-person-new-s-cf1-1,2,3-sgl
2	Ann	Ann	PROPN	NNP	_	4	nsubj	_	_
3	Example	Example	PROPN	NNP	_	2	flat	_	Entity=1)
4	told	tell	VERB	VBD	_	0	root	_	_
5	the	the	DET	DT	_	7	det	_	Entity=(2-organization-new-s-cf2-2,3-coref-Board
6	Harbor	Harbor	PROPN	NNP	_	7	compound	_	_
7	Board	Board	PROPN	NNP	_	4	obj	_	Entity=2)
8	in	in	ADP	IN	_	9	case	_	_
9	Oslo	Oslo	PROPN	NNP	_	4	obl	_	Entity=(3-place-new-s-cf3-1-sgl)
10	that	that	SCONJ	IN	_	12	mark	_	_
11	Norwegians	Norwegian	PROPN	NNPS	_	12	nsubj	_	Entity=(4-person-new-s-cf4-1-sgl)
12	cheered	cheer	VERB	VBD	_	4	ccomp	_	SpaceAfter=No
13	.	.	PUNCT	.	_	4	punct	_	_

# text = It is theirs.
1	It	it	PRON	PRP	_	3	nsubj	_	Entity=(2-organization-giv-s-cf1-1-ana)
2	is	be	AUX	VBZ	_	3	cop	_	_
3	theirs	theirs	PRON	PRP	_	0	root	_	SpaceAfter=No
4	.	.	PUNCT	.	_	3	punct	_	_
"""


ANN = Entity(PERSON, ("Ann Example", "Example"))
BOARD = Entity(ORG, ("the Harbor Board",))


def test_gold_names_are_read_from_the_minimal_spans() -> None:
    document = gum.parse(CONLLU)
    assert "Harbour opens" == document.title
    assert document.body.startswith("Mayor Ann Example")
    assert document.body.endswith("theirs.")
    assert (
        (PERSON, frozenset({"mayor ann example", "ann example", "example"})),
        (ORG, frozenset({"harbor board"})),
        (PLACE, frozenset({"oslo"})),
    ) == document.entities


@pytest.mark.parametrize(
    ("found", "typed", "untyped"),
    [
        ([ANN, Entity(PLACE, ("Oslo",))], Overlap(2, 0, 1), Overlap(2, 0, 1)),
        ([ANN, Entity(PERSON, ("Example",))], Overlap(1, 1, 2), Overlap(1, 1, 2)),
        ([BOARD, Entity(ORG, ("Oslo",))], Overlap(1, 1, 2), Overlap(2, 0, 1)),
        ([Entity(PERSON, ("Ann",))], Overlap(0, 1, 3), Overlap(0, 1, 3)),
        ([], Overlap(0, 0, 3), Overlap(0, 0, 3)),
    ],
)
def test_entities_are_matched_one_to_one(
    found: list[Entity], typed: Overlap, untyped: Overlap
) -> None:
    document = gum.parse(CONLLU)
    assert typed == gum.overlap(document, found, typed=True)
    assert untyped == gum.overlap(document, found, typed=False)


@pytest.mark.parametrize(
    ("tag", "kind", "body", "names", "expected"),
    [
        ("james-baker", PERSON, "Treasury Secretary Baker said", ("Baker",), True),
        ("james-baker", PERSON, "James A. Baker said", ("James A. Baker", "Baker"), True),
        ("james-baker", PERSON, "Howard Baker said", ("Howard Baker",), False),
        ("james-baker", PERSON, "the secretary said", (), None),
        ("usa", PLACE, "the U.S. dollar", ("U.S.",), True),
        ("usa", PLACE, "the American dollar", ("U.S.",), None),
        ("west-germany", PLACE, "in West Germany", ("Germany",), False),
        ("ec", ORG, "the European Community", ("European Community", "EC"), True),
        ("unctad", ORG, "UNCTAD talks", ("GATT",), False),
    ],
)
def test_tags(
    tag: str, kind: EntityKind, body: str, names: tuple[str, ...], expected: bool | None
) -> None:
    entities = [Entity(kind, names)] if names else []
    assert expected is tags.found(tag, kind, body, entities)
