from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from search.project.project import Project
from search.query.parser import MAX_QUERY_CHARS
from search.web.limits import ServerLimits
from tests import planted
from tests.archive import ARABIC, FERRIES, HELD, HOSTILE, NOW, archive
from tests.conformance import FOUND, ORDERED
from tests.markup import Page, page, query_of
from tests.places import ALL
from tests.serving import Web, client, conformance

SCRIPT = '"><script>alert(1)</script>'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return archive(tmp_path_factory.mktemp("page") / "archive")


@pytest.fixture(scope="module")
def web(folder: Path) -> Iterator[Web]:
    with client(folder, now=NOW) as opened:
        yield opened


# -- the same as the API


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return conformance(tmp_path_factory.mktemp("suite") / "planted", now=planted.NOW)


@pytest.mark.parametrize("engine", ALL)
def test_conformance_queries_list_the_same_articles_in_the_same_order_as_the_api(
    suite: Path, engine: str
) -> None:
    asked = [(text, "relevance") for text, _ in FOUND if "\t" not in text]
    asked += [(text, sort.value) for text, sort, _ in ORDERED]
    # A cluster on a busy machine may take long.
    patient = ServerLimits(read_timeout_seconds=120.0)
    with client(suite, now=planted.NOW, engine=engine, limits=patient) as web:
        for text, sort in asked:
            answer = web.get("/v1/search", params={"q": text, "sort": sort, "limit": 40}).json()
            assert [hit["id"] for hit in answer["hits"]] == two_pages_of(web, text, sort), text


def two_pages_of(web: Web, text: str, sort: str) -> list[str]:
    """The ids on the first two pages of a search, by the link from one to the next."""
    found = page(web, "/", q=text, sort=sort)
    ids = found.ids
    if following := found.hrefs("a.next"):
        assert f'<http://localhost{following[0]}>; rel="next"' == found.headers["link"]
        found = page(web, following[0])
        ids += found.ids
    return ids


# -- what stands in a page


@pytest.mark.parametrize(
    ("address", "selector", "expected"),
    [
        ("/", "h1", ["Search the archive"]),
        ("/", ".held", [f"{HELD} articles, 20 May 2013 to 30 March 2025"]),
        ("/", "#newest-title ~ .hits time", ["30 March 2025", "28 March 2025"]),
        ("/?q=", "h1", ["Search the archive"]),
        ("/?q=%20", "h1", ["Search the archive"]),
        ("/?q=ferry", "h1", [f"{FERRIES} articles, 1 to 20"]),
        ("/?q=ferry", ".sorts [aria-current]", ["Best match"]),
        ("/?q=ferry&sort=oldest", ".sorts [aria-current]", ["Oldest"]),
        ("/?q=ferry&sort=sideways", ".sorts [aria-current]", ["Best match"]),
        ("/?q=*", ".sorts a", ["Newest", "Oldest"]),
        ("/?q=ferry", ".notes", []),
        ("/?q=ferry", ".chip", []),
        ("/?q=whale", "h1", ["1 article"]),
        ("/?q=whale", "h1 ~ .shown", []),
        ("/?q=whale", ".hit-title mark", ["Whale"]),
        ("/?q=whale", ".hit-about", ["Harbor CourierCity2 November 2022"]),
        ("/?q=whale", ".snippet mark", []),
        ("/?q=humpback", ".snippet mark", ["humpback"]),
        ("/?q=humpback", ".timeline-words", ["2 November 2022: 1 article."]),
        ("/?q=tide", ".hit-about span", ["planted.jsonl", "no date"]),
        ("/?q=tide", ".timeline-words", ["No article has a date. 1 article without a date"]),
        ("/?q=tide", ".bars", []),
        ("/?q=humpback", ".bars", []),
        (
            '/?q="Isle of Gulls" whale',
            ".notes p",
            [
                'Read as ("Isle of Gulls" OR "Gull Island") whale',
                "Searched for Isle of Gulls also as Gull Island.",
            ],
        ),
        (
            "/?q=whale whisky",
            ".notes p",
            ["No article has both words. Without whale: 1. Without whisky: 1."],
        ),
        ("/?q=humbpack", ".notes p", ["No article has humbpack. Did you mean humpback?"]),
        ("/?q=humbpack", "h1", ["No articles found"]),
        (
            '/?q=ferry source:="Northern Wire" -fog date:2019 section:none',
            ".chip",
            [
                "Remove: source Northern Wire×", "Remove: not fog×", "Remove: published 2019×",
                "Remove: section none×",
            ],
        ),
        ('/?q=ferry source:="Northern Wire"', ".chosen", ["Northern Wire 8"]),
        ("/?q=ferry date:2016", ".timeline-words", [
            "14 March to 27 November 2016, by week."]),
        ("/?q=titel:x", "h1", ["This query cannot be read"]),
        ("/?q=titel:x", ".wrong", ["titel"]),
        ("/nowhere", "h1", ["Not found"]),
    ],
)  # fmt: skip
def test_what_stands_in_a_page(web: Web, address: str, selector: str, expected: list[str]) -> None:
    texts = page(web, address).texts(selector)
    assert expected == texts[: max(len(expected), 1)]


@pytest.mark.parametrize(
    ("address", "status", "kind"),
    [
        ("/?q=oil (sea", 400, "This query cannot be read"),
        (f"/?q={'x' * (MAX_QUERY_CHARS + 1)}", 400, "This query cannot be read"),
        ("/?q=!!!", 400, "This query cannot be read"),
        ("/?q=ferry&cursor=nonsense", 400, "The cursor cannot be used"),
        ("/?q=ferry&from=yore", 400, "This query cannot be read"),
        ("/?q=ferry&from=2020&to=2019", 400, "This query cannot be read"),
        ("/nowhere", 404, "Not found"),
    ],
)
def test_problems_are_pages_with_the_status_of_the_api(
    web: Web, address: str, status: int, kind: str
) -> None:
    found = page(web, address)
    assert (status, [kind]) == (found.status, found.texts(".trouble h1"))
    assert "no-store" == found.headers["cache-control"]


def test_an_error_has_a_caret_under_its_place_and_a_link_to_what_may_be_meant(web: Web) -> None:
    found = page(web, "/", q='ferry titel:"fog" sea')
    query, caret = (found.all(".pointed pre")[0].text()).split("\n")
    assert 'ferry titel:"fog" sea' == query
    assert "      ^^^^^" == caret
    assert 'ferry title:"fog" sea' == query_of(found.hrefs(".trouble p a")[0])
    assert 'ferry titel:"fog" sea' == found.all("#q")[0].attributes["value"]
    assert "true" == found.all("#q")[0].attributes["aria-invalid"]


def test_an_empty_project_says_what_is_wrong(tmp_path: Path) -> None:
    with client(tmp_path) as web:
        assert (503, ["The index cannot be used"]) == (
            page(web, "/").status,
            page(web, "/").texts("h1"),
        )


# -- where links lead


@pytest.mark.parametrize("text", ["*", "ferry", 'ferry source:="Harbor Courier"', "sea OR captain"])
def test_each_value_leads_to_as_many_articles_as_it_says(web: Web, text: str) -> None:
    found = page(web, "/", q=text)
    values = [
        each for each in found.all("a.value") if "chosen" not in (each.attributes["class"] or "")
    ]
    assert len(values) > 10
    for value in values:
        name, count = (each.text() for each in value.css("bdi, .value-count"))
        assert int(count) == page(web, value.attributes["href"] or "").total, name


@pytest.mark.parametrize(
    "text",
    ["ferry", "*", "ferry date:2016-03-14..2016-09", "ferry OR sea", "ferry date:2021-05"],
)
@pytest.mark.parametrize("sort", ["relevance", "oldest"])
def test_each_bar_leads_to_as_many_articles_as_it_says(web: Web, text: str, sort: str) -> None:
    found = page(web, "/", q=text, sort=sort)
    for bar in found.all("a.slot"):
        label, address = bar.attributes["aria-label"] or "", bar.attributes["href"] or ""
        led = page(web, address)
        assert int(label.rpartition(": ")[2].split()[0]) == led.total, label
        assert found.texts(".sorts [aria-current]") == led.texts(".sorts [aria-current]")
    assert sum(_counts(found)) + _undated(web, found) == found.total


def _counts(found: Page) -> list[int]:
    labels = [each.attributes["aria-label"] or "" for each in found.all("a.slot")]
    return [int(label.rpartition(": ")[2].split()[0]) for label in labels]


def _undated(web: Web, found: Page) -> int:
    return sum(page(web, address).total for address in found.hrefs(".timeline-words a"))


def test_a_chip_leads_to_the_query_without_it(web: Web) -> None:
    text = 'fog AND ferry source:="Northern Wire" -whale date:2025'
    left = [query_of(href) for href in page(web, "/", q=text).hrefs(".chip")]
    assert [
        "fog ferry -whale date:2025",
        'fog ferry source:="Northern Wire" date:2025',
        'fog ferry source:="Northern Wire" -whale',
    ] == left


def test_a_chosen_value_leads_out_again(web: Web) -> None:
    found = page(web, "/", q='ferry source:="Northern Wire"')
    assert ["ferry"] == [query_of(href) for href in found.hrefs("a.chosen")]


def test_a_name_in_a_hit_narrows_to_articles_with_it(web: Web) -> None:
    found = page(web, "/", q="whale")
    assert "Helen Brandt" in found.texts(".name")
    for href in found.hrefs(".name"):
        assert found.ids[0] in page(web, href).ids
    narrowed = page(web, "/", q='whale person:="Helen Brandt"')
    assert "Helen Brandt" not in narrowed.texts(".name")


def test_each_example_finds_what_it_says(web: Web) -> None:
    examples = page(web, "/").all(".examples div")
    assert len(examples) > 8
    for example in examples:
        count = int(example.css(".value-count")[0].text())
        assert count == page(web, example.css("a")[0].attributes["href"] or "").total


def test_where_nothing_is_found_the_query_with_one_thing_less_is_offered(web: Web) -> None:
    found = page(web, "/", q='ferry person:="Nobody" date:2019')
    assert ["without person Nobody 4 articles"] == found.texts(".steps li")
    assert 4 == page(web, found.hrefs(".steps a")[0]).total


def test_a_hit_leads_to_its_page_with_the_query(web: Web) -> None:
    href = page(web, "/", q="whale ferry").hrefs(".hit-title a")[0]
    assert "whale ferry" == query_of(href)
    assert 200 == web.get(href).status_code


def test_the_search_is_followed_as_a_feed(web: Web) -> None:
    feed = page(web, "/", q="whale & ferry").hrefs('link[type="application/atom+xml"]')[0]
    assert "whale & ferry" == query_of(feed)
    assert 200 == web.get(feed).status_code


# -- dates


@pytest.mark.parametrize(
    ("asked", "query"),
    [
        ({"q": "ferry", "from": "2019-01-01"}, "ferry date:>=2019-01-01"),
        ({"q": "ferry", "to": "2019-12-31"}, "ferry date:<=2019-12-31"),
        ({"q": "ferry", "from": "2019-01-01", "to": "2019-12-31"}, "ferry date:2019"),
        ({"q": "ferry date:2016", "from": "2019", "to": "2019"}, "ferry date:2019"),
        ({"q": "a OR b", "from": "2019", "to": "2019"}, "(a OR b) date:2019"),
        ({"q": "", "from": "2019", "to": "2019"}, "date:2019"),
        (
            {"q": "x", "from": "2019-01-01T10:00", "to": "2019-01-01T10:59"},
            "x date:[2019-01-01T10:00:00+00:00 TO 2019-01-01T11:00:00+00:00}",
        ),
    ],
)
def test_dates_of_the_form_become_part_of_the_query(
    web: Web, asked: dict[str, str], query: str
) -> None:
    response = web.get("/", params={**asked, "sort": "newest"})
    assert (303, query) == (response.status_code, query_of(response.headers["location"]))
    assert response.headers["location"].endswith("&sort=newest")


def test_the_form_has_the_dates_of_the_query(web: Web) -> None:
    form = page(web, "/", q="ferry when:7d after:2025-03-27").all(".dates")[0]
    values = {each.attributes["name"]: each.attributes["value"] for each in form.css("input")}
    assert {"q": "ferry", "from": "2025-03-27", "to": "2025-04-01"} == values


# -- safety


STATES = (
    "/",
    "/?q=*",
    "/?q=lantern",
    f"/?q={SCRIPT}",
    f'/?q=lantern section:="{SCRIPT}"',
    f"/?q=lantern person:{SCRIPT}",
    f"/?q=lantern x{SCRIPT}:y",
    f"/?q=-{SCRIPT}&sort={SCRIPT}",
    f"/?q=lantern&cursor={SCRIPT}",
    f"/?q=lantern&from={SCRIPT}",
    f"/{SCRIPT}",
    f"/static/{SCRIPT}",
)


@pytest.mark.parametrize("address", STATES)
def test_nothing_of_an_article_or_a_query_becomes_markup(web: Web, address: str) -> None:
    found = page(web, address)
    assert all(
        (each.attributes.get("src") or "").startswith("/static/") for each in found.all("script")
    )
    assert [] == found.all("style, iframe, img, object, base")
    for element in found.all("*"):
        for name, value in element.attributes.items():
            assert not name.startswith("on")
            assert "style" != name
            if name == "href" and element.tag != "link":
                assert re.match(r"[/#]", value or ""), value
    policy = found.headers["content-security-policy"]
    assert "default-src 'none'; style-src 'self'; script-src 'self'" in policy
    assert "unsafe" not in policy


def test_hostile_texts_are_shown_as_they_are(web: Web) -> None:
    found = page(web, "/", q="lantern")
    assert [HOSTILE] == found.ids
    assert "<script>window.intruded=1;alert(1)</script>" in found.texts(".hit-title")[0]
    assert "{{ 7 * 7 }}" in " ".join(found.texts(".snippet"))


def test_other_scripts_have_their_language_and_direction(web: Web) -> None:
    found = page(web, "/", q="السفن")
    assert [ARABIC] == found.ids
    assert "ar" == found.all(".hit article")[0].attributes["lang"]
    for selector in (".hit-title", ".snippet", ".hit-source", "#q"):
        assert {"auto"} == {each.attributes["dir"] for each in found.all(selector)}


@pytest.mark.parametrize("address", ["/", "/?q=*", "/?q=ferry source:Courier", "/?q=zzz", "/?q=(("])
def test_headings_and_names_are_in_order(web: Web, address: str) -> None:
    found = page(web, address)
    levels = [
        int((each.tag or "h0")[1]) for each in found.all("body :is(h1, h2, h3, h4):not(dialog *)")
    ]
    assert [1] == [level for level in levels if level == 1] == levels[:1]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [each.attributes["id"] for each in found.all("[id]")]
    assert len(ids) == len(set(ids))
    assert "Skip to the content" == found.texts("a.skip")[0]


# -- caches


def test_a_page_that_is_held_is_not_sent_again_and_keeps_its_policy(web: Web) -> None:
    for address in ("/", "/?q=ferry"):
        held = web.get(address).headers["etag"]
        again = web.get(address, headers={"If-None-Match": held})
        assert (304, None) == (again.status_code, again.headers.get("content-security-policy"))


def test_a_page_is_another_on_another_day(folder: Path, web: Web) -> None:
    with client(folder, now=NOW.replace(day=2)) as later:
        assert web.get("/?q=*").headers["etag"] != later.get("/?q=*").headers["etag"]


def test_files_of_pages_are_held_for_long_by_their_version(web: Web) -> None:
    found = page(web, "/")
    files = [*found.hrefs('link[rel="stylesheet"]'), found.all("script")[0].attributes["src"] or ""]
    for address in files:
        assert "immutable" in web.get(address).headers["cache-control"]
        bare = web.get(address.partition("?")[0])
        assert "no-cache" == bare.headers["cache-control"]
        again = {"If-None-Match": bare.headers["etag"]}
        assert 304 == web.get(address.partition("?")[0], headers=again).status_code


def test_counts_are_made_anew_when_the_index_changes(tmp_path: Path) -> None:
    folder = archive(tmp_path / "archive")
    with client(folder, now=NOW) as web:
        before = page(web, "/", q="ferry"), page(web, "/")
        with Project.open(folder, now=NOW) as project:
            (folder / "more.jsonl").write_text('{"title": "A ferry", "body": "New", "id": "n"}')
            project.add([folder / "more.jsonl"])
        after = page(web, "/", q="ferry"), page(web, "/")
    assert before[0].total + 1 == after[0].total
    assert before[0].texts(".timeline-words") != after[0].texts(".timeline-words")
    assert before[1].texts(".held") != after[1].texts(".held")
