"""Stems by language: the forms of a word meet in its language, and in no other.

The rows of queries belong to the conformance suite: they hold on each engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from indexer.stemming import get_stemming_language, list_stems, stem
from search import Project, Request
from search.results.request import MatchMode
from tests.demo import planted
from tests.places import ALL, cluster_yaml

NOW = datetime(2025, 4, 10, tzinfo=UTC)


def article(language: str, title: str, body: str) -> dict[str, object]:
    """Each article is the only one in its language, whose code is its id."""
    date = "2025-03-01"
    return {"id": language, "title": title, "body": body, "date": date, "language": language}


ARTICLES = [
    article("en", "Lady Di dies", "The election was on Sunday. Obama said: the art of war."),
    article("de", "Wahlen in Berlin", "Der Präsident sah Häuser. Die Kanzlerin dankte Obama."),
    article(
        "fr", "L'Ukraine annonce", "Les élections ont été annoncées aux présidents, dit Obama."
    ),
    article("pt", "Decisões do tribunal", "O presidente anunciou as decisões ontem."),
    article("tr", "Erdoğan'ın konuşması", "Başbakan İstanbul'a geldi. Kapılar kapandı."),
    article("ru", "Выборы в Москве", "Президент приехал в Москву. В зале был Barack Obama."),
    article("ar", "الرئيس في القاهرة", "وصل الرئيس إلى القاهرة أمس."),
    article("ko", "대통령이 서울에서", "대통령은 다리를 건넜다."),
    article("pl", "Wybory w Warszawie", "Minister ogłosił wyniki wyborów."),
    article("xx", "Wahlen", "Unknown in a language without a stemmer."),
]


@pytest.fixture(scope="module", params=ALL)
def project(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("stems") / "project"
    planted(folder, ARTICLES, f"engine: {request.param}\n{cluster_yaml()}")
    with Project.open(folder, now=NOW) as opened:
        yield opened


def find(project: Project, text: str) -> set[str]:
    hits = project.search(Request(text, match=MatchMode.ALL, limit=50)).hits
    return {hit.article.id for hit in hits}


ROWS = [
    ("Wahl", "de"),
    ("Wahlen", "de xx"),
    ("=Wahl", ""),
    ("=Wahlen", "de xx"),
    ("wahl*", "de xx"),
    ("Wahk~", ""),
    ("Haus", "de"),
    ("title:Wahl", "de"),
    ("lead:Haus", "de"),
    ("body:Wahl", ""),
    ("annoncer", "fr"),
    ("annoncé", "fr"),
    ("annoncee", "fr"),
    ("président", "fr pt"),
    ("election", "en fr"),
    ("élections", "en fr"),
    ("Ukraine", "fr"),
    ("l'Ukraine", "fr"),
    ("d'Ukraine", "fr"),
    ("=l'Ukraine", "fr"),
    ("=d'Ukraine", ""),
    ("decisões", "pt"),
    ("decisoes", "pt"),
    ("presidentes", "fr pt"),
    ("İstanbul", "tr"),
    ("istanbul'da", "tr"),
    ("Erdoğan", "tr"),
    ("Erdogan", "tr"),
    ("kapı", "tr"),
    ("Москва", "ru"),
    ("президенты", "ru"),
    ("قاهرة", "ar"),
    ("رئيس", "ar"),
    ("대통령", "ko"),
    ("서울", "ko"),
    ("wyborami", "pl"),
    # a name is found in every language, and a stem in its own
    ("Obama", "de en fr ru"),
    ("dies", "en"),
    ("Di", "en"),
    ("die", "de en"),
    ("die lang:en", "en"),
    ("Wahl lang:de", "de"),
    ("Wahl lang:fr", ""),
    ("Obama -lang:de", "en fr ru"),
    # phrases and near words
    ('"die Kanzlerinnen"', "de"),
    ('"decisões do tribunal"', "pt"),
    ('"decisoes do tribunal"', "pt"),
    ('title:"Wahl in Berlin"', "de"),
    ('"Wahl in Berlin"', "de"),
    ('"президенты приехали"', "ru"),
    ("Barack w/1 Obama", "ru"),
    ("Президенту w/3 Москве", "ru"),
    ("Wahl w/2 Berlin", "de"),
    ("body:Präsidenten w/3 Haus", "de"),
    ("Wahl OR Москва", "de ru"),
    ("Haus Präsident", "de"),
    ("Haus -Kanzlerin", ""),
    # one word in German are two in English, and both are asked for
    ("war ware", ""),
    ("war OR ware", "en"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_the_forms_of_a_word_meet_in_its_language(
    project: Project, text: str, expected: str
) -> None:
    assert set(expected.split()) == find(project, text)


@pytest.mark.parametrize(
    ("text", "key", "marked"),
    [
        ("Wahl", "de", ["Wahlen"]),
        ("Haus", "de", ["Häuser"]),
        ("annoncé", "fr", ["annonce", "annoncées"]),
        ("decisoes", "pt", ["Decisões", "decisões"]),
        ("Москва", "ru", ["Москве", "Москву"]),
        ("قاهرة", "ar", ["القاهرة", "القاهرة"]),
        ("İstanbul", "tr", ["İstanbul'a"]),
        ("대통령", "ko", ["대통령이", "대통령은"]),
        ('"президенты приехали"', "ru", ["Президент приехал"]),
        ("dies", "en", ["dies"]),
    ],
)
def test_forms_are_marked(project: Project, text: str, key: str, marked: list[str]) -> None:
    (hit,) = [hit for hit in project.search(text).hits if hit.article.id == key]
    snippets = (hit.title, *hit.snippets)
    assert marked == [part.text[start:end] for part in snippets for start, end in part.ranges]


def test_a_name_weighs_the_same_in_every_language(project: Project) -> None:
    """Few articles are in Russian, but the name is no rarer for that."""
    if project.config.engine == "opensearch":
        pytest.skip("a cluster weighs each stem by its own frequency")
    hits = project.search(Request("Obama", explain=True)).hits
    parts = {hit.article.id: hit.explanation.parts for hit in hits if hit.explanation}
    engine = {key: part.engine for key, part in parts.items() if part}
    assert {"de", "en", "fr", "ru"} == engine.keys()
    assert min(engine.values()) > 0.8


def test_languages_are_those_of_the_stems(project: Project) -> None:
    languages = project.snapshot().searcher.languages
    assert {"ar", "de", "fr", "pl", "pt", "ru", "tr"} == set(languages)


@pytest.mark.parametrize(
    ("tag", "language"),
    [("en-GB", ""), ("de-AT", "de"), ("nn", "no"), ("nb-NO", "no"), ("hr", "sr"), ("ja", ""),
     ("ZH-Hant", ""), ("", "")],
)  # fmt: skip
def test_the_language_whose_stems_an_article_has(tag: str, language: str) -> None:
    assert language == get_stemming_language(tag)


@pytest.mark.parametrize(
    ("token", "language", "term"),
    [
        ("alliances", "", "allianc"),
        ("alliances", "xx", "allianc"),
        ("wahlen", "de", ":de:wahl"),
        ("f16", "de", "f16"),
        ("2025", "ru", "2025"),
        ("obama", "ru", "obama"),
        ("москве", "ru", ":ru:москв"),
        ("москве", "de", "москве"),
        ("대통령이", "de", "대통령"),
    ],
)
def test_the_term_of_a_token(token: str, language: str, term: str) -> None:
    assert term == stem(token, get_stemming_language(language))


@pytest.mark.parametrize(
    ("token", "text", "terms"),
    [
        ("annoncee", "annoncée", (":fr:annonce", ":fr:annonc")),
        ("annoncee", "Annoncée", (":fr:annonce", ":fr:annonc")),
        ("annoncee", "annonce\u0301e", (":fr:annonce", ":fr:annonc")),
        ("annoncee", "annoncee", (":fr:annonce",)),
        ("annonces", "annonces", (":fr:annonc",)),
    ],
)
def test_a_word_with_accents_may_have_two_terms(
    token: str, text: str, terms: tuple[str, ...]
) -> None:
    assert terms == list_stems(token, text, "fr")
