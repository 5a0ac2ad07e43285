"""Variants: spellings that count as one word, and those that do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.written_forms import list_written_forms
from search.project.project import Project
from search.results.notes import VariantNote
from search.results.request import Request
from tests.demo import planted

TEXTS = {
    "us": "The US sent troops to the island.",
    "u.s": "The U.S. sent troops to the harbor.",
    "usa": "They were made in the USA and shipped.",
    "u.s.a": "They were born in the U.S.A. and stayed.",
    "pronoun": "He told us to wait, and sent troops of dancers.",
    "shouted": "MAYOR TELLS US TO WAIT",
    "who": "The WHO warned of a virus.",
    "w.h.o": "The W.H.O. warned of a fever.",
    "whoever": "Nobody knows who warned them.",
    "cia": "A spy of the CIA was seen.",
    "c.i.a": "A spy of the C.I.A. was heard.",
    "color": "The colors of the organization.",
    "colour": "The colours of the organisation.",
    "email": "An email came late.",
    "e-mail": "An e-mail came early.",
    "e mail": "Vitamin E mail is no post.",
    "virus-hyphen": "A wave of COVID-19 came.",
    "virus": "A wave of covid19 went.",
    "commas": "There were 12,500 sheep.",
    "spaces": "There were 12 500 cows.",
    "dots": "Es waren 12.500 Ziegen.",
    "bare": "There were 12500 hens.",
    "thousands": "There were 2,024 hens.",
    "year": "It happened in 2024 here.",
    "umlaut": "Herr Schäuble fuhr nach München.",
    "digraph": "Mr Schaeuble went to Muenchen.",
    "ring": "A train to Århus left.",
    "double": "A bus to Aarhus left.",
    "michael": "Michael flew to Israel in a blue plane.",
    "michal": "Michal blu isral.",
    "f.r.y": "The F.R.Y. is a state.",
} | {f"fry {number}": f"They fry fish {number} times." for number in range(1, 121)}


@pytest.fixture(scope="module", params=["tantivy", "whoosh"])
def project(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Project]:
    articles: list[dict[str, object]] = [
        {"id": name, "title": "Note", "text": text} for name, text in TEXTS.items()
    ]
    folder = planted(tmp_path_factory.mktemp("variants"), articles, f"engine: {request.param}")
    with Project.open(folder) as opened:
        yield opened


def find(project: Project, text: str, *, variants: bool = True) -> set[str]:
    names = {written: name for name, written in TEXTS.items()}
    hits = project.search(Request(text, limit=50, variants=variants)).hits
    return {names[hit.article.body] for hit in hits if hit.matched == "all"}


STATES = {"us", "u.s", "usa", "u.s.a"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # acronyms; in capitals they are no pronoun
        ("US", STATES),
        ("U.S.", STATES),
        ("USA", STATES),
        ("U.S.A.", STATES),
        ("u.s.", STATES),
        ("us", {*STATES, "pronoun", "shouted"}),
        ("US troops", {"us", "u.s"}),
        ("MAYOR TELLS US", {"shouted"}),
        ('"US sent troops"', {"us", "u.s"}),
        ('"U.S. sent troops"', {"us", "u.s"}),
        ("troops -US", {"pronoun"}),
        ("WHO warned", {"who", "w.h.o"}),
        ("W.H.O.", {"who", "w.h.o"}),
        ("who warned", {"who", "w.h.o", "whoever"}),
        ("CIA", {"cia", "c.i.a"}),
        ("cia", {"cia", "c.i.a"}),
        ("C.I.A. spy", {"cia", "c.i.a"}),
        ("FRY state", {"f.r.y"}),
        ("fry state", set()),
        # British and American
        ("colour", {"color", "colour"}),
        ("Colors", {"color", "colour"}),
        ("organise", {"color", "colour"}),
        ("organizations", {"color", "colour"}),
        ('"colours of the organization"', {"color", "colour"}),
        ("body:colour", {"color", "colour"}),
        ("title:colour", set()),
        # compounds
        ("email", {"email", "e-mail"}),
        ("emails", {"email", "e-mail"}),
        ("e-mail", {"email", "e-mail", "e mail"}),
        ("body:email", {"email", "e-mail", "e mail"}),
        ('"email came"', {"email", "e-mail"}),
        ("COVID-19", {"virus-hyphen", "virus"}),
        ("covid19", {"virus-hyphen", "virus"}),
        # numbers; a year has no marks
        ("12,500", {"commas", "spaces", "dots", "bare"}),
        ("12500", {"commas", "spaces", "dots", "bare"}),
        ("12.500", {"commas", "spaces", "dots", "bare"}),
        ("2024", {"year"}),
        ("2,024", {"thousands"}),
        # two letters for one
        ("Schaeuble", {"umlaut", "digraph"}),
        ("Schäuble", {"umlaut", "digraph"}),
        ("muenchen", {"umlaut", "digraph"}),
        ("Aarhus", {"ring", "double"}),
        ("Århus", {"ring", "double"}),
        ("Michael", {"michael"}),
        ("Israel", {"michael"}),
        ("blue", {"michael"}),
        # as written
        ("colo*", {"color", "colour"}),
        ("colour*", {"colour"}),
        ("colourz~", {"colour"}),
        ('"email came"~1', {"email"}),
    ],
)
def test_spellings_of_one_word_find_the_same(project: Project, text: str, found: set[str]) -> None:
    assert found == find(project, text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("US", {"us", "pronoun", "shouted"}),
        ("U.S.", {"u.s"}),
        ("CIA", {"cia"}),
        ("colour", {"colour"}),
        ("email", {"email"}),
        ("e-mail", {"e-mail", "e mail"}),
        ("12500", {"bare"}),
        ("Schaeuble", {"digraph"}),
    ],
)
def test_without_variants_words_are_as_written(
    project: Project, text: str, found: set[str]
) -> None:
    assert found == find(project, text, variants=False)
    if "colour" not in text:  # `=` is one form, too
        assert found == find(project, f"={text}")


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("US", "Also searched: U.S., USA, U.S.A."),
        ("us", "Also searched: US, U.S., USA, U.S.A."),
        ("colour email", "Also searched: color, e-mail"),
        ("cia", "Also searched: C.I.A."),
        ("12500", "Also searched: 12,500, 12.500"),
        ("schaeuble", "Also searched: Schäuble"),
        ("COVID-19", "Also searched: covid19"),
        ("title:colour", "Also searched: color"),
        ("Michael", ""),
        ("virus", ""),
        ("=colour", ""),
        ("who warned", ""),
        ("id:us", ""),
    ],
)
def test_the_answer_names_the_other_spellings(project: Project, text: str, note: str) -> None:
    notes = [note for note in project.search(text).notes if isinstance(note, VariantNote)]
    assert note == "".join(map(str, notes))
    assert not any(
        isinstance(note, VariantNote)
        for note in project.search(Request(text, variants=False)).notes
    )


@pytest.mark.parametrize(
    ("text", "name", "marked"),
    [
        ("US", "u.s", ["U.S"]),
        ("U.S. troops", "us", ["US", "troops"]),
        ('"US sent"', "u.s", ["U.S. sent"]),
        ("colour", "color", ["colors"]),
        ("email", "e-mail", ["e-mail"]),
        ("12500", "commas", ["12,500"]),
        ("Schaeuble", "umlaut", ["Schäuble"]),
        ("us", "pronoun", ["us"]),
    ],
)
def test_all_spellings_are_marked(
    project: Project, text: str, name: str, marked: list[str]
) -> None:
    hits = project.search(Request(text, limit=50)).hits
    (hit,) = [hit for hit in hits if hit.article.body == TEXTS[name]]
    assert marked == [
        snippet.text[start:end] for snippet in hit.snippets for start, end in snippet.ranges
    ]


def test_the_pronoun_is_not_marked_for_the_acronym(tmp_path: Path) -> None:
    text = "The US told us that US ships went."
    with Project.open(planted(tmp_path, [{"id": "1", "title": "Note", "text": text}])) as project:
        (hit,) = project.search("US").hits
    assert ((4, 6), (20, 22)) == hit.snippets[0].ranges


def test_interpretation_and_shape_stay(project: Project) -> None:
    answer = project.search("colour OR (email -troops)")
    assert "colour OR email -troops" == answer.interpreted


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("The US and the WHO.", ["US", "WHO"]),
        ("GIVE US MORE", []),
        ("US", ["US"]),
        ("Trump: US in\nNEW YORK CITY TELLS US", ["US"]),
        ("THE US AND CHINA", []),
        ("USA, BUS, us, Us", []),
        ("an e-mail, E‐Mail and (co-operation)", ["e-mail", "co-operation"]),
        ("mother-in-law x-ray.org 2024-25 -x- a--b", ["mother-in", "in-law"]),
        ("F-16s in COVID-19's time", ["f-16s", "covid-19"]),
        ("12,500 and 1 234 567 and 1'000", ["12,500", "1,234,567", "1,000"]),
        ("2019 300 1,2345 3.12,500 1,50", []),
        ("Schäuble, Müller-Lüdenscheidt für A\u030arhus", [
            "müller-lüdenscheidt", "schäuble", "müller", "lüdenscheidt", "århus"]),
    ],
)  # fmt: skip
def test_written_forms_are_listed_once(text: str, forms: list[str]) -> None:
    assert forms == list_written_forms(text)


@pytest.mark.parametrize("text", ["-a" * 100_000, "1,111" * 50_000, "US " * 50_000, "U-" * 99_999])
def test_hostile_texts_have_few_forms(text: str) -> None:
    assert len(list_written_forms(text)) < 5
