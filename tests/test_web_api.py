from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from search.output.formats import OutputFormat
from search.query.parser import MAX_CLAUSES, MAX_QUERY_CHARS
from search.web.limits import ServerLimits
from tests import planted
from tests.conformance import FOUND, ORDERED
from tests.demo import dateline, samples
from tests.places import ALL
from tests.serving import NOW, Web, client, conformance

IWOJIMA = "25cf9565e8415620"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples(tmp_path_factory.mktemp("web") / "demo")


@pytest.fixture(scope="module")
def web(demo: Path) -> Iterator[Web]:
    with client(demo) as opened:
        yield opened


def got(web: Web, path: str, **parameters: Any) -> dict[str, Any]:
    response = web.get(path, params=parameters or None)
    assert 200 == response.status_code, response.text
    assert "application/json" == response.headers["content-type"]
    found: dict[str, Any] = response.json()
    return found


# -- the same as the command line


def told(demo: Path, *arguments: str) -> dict[str, Any]:
    result = dateline("-C", demo, *arguments, "--json", "--now", NOW.isoformat())
    found: dict[str, Any] = json.loads(result.stdout)
    return {**found, "took_ms": 0}


@pytest.mark.parametrize(
    ("arguments", "path", "parameters"),
    [
        (["search", "ferry"], "search", {"q": "ferry"}),
        (["search", "*"], "search", {}),
        (["search", "nosuchword"], "search", {"q": "nosuchword"}),
        (["search", "hegsteh"], "search", {"q": "hegsteh"}),
        (["search", "--no-aliases", "Iwojima"], "search", {"q": "Iwojima", "aliases": "false"}),
        (["search", "--no-variants", "US"], "search", {"q": "US", "variants": "false"}),
        (
            ["search", "--sort", "oldest", "--limit", "3", "--facet", "person", "alliance"],
            "search",
            {"q": "alliance", "sort": "oldest", "limit": 3, "facet": "person"},
        ),
        (["search", "--explain", "ferry"], "search", {"q": "ferry", "explain": "true"}),
        (
            ["search", "--match", "any", "umpires xyzzy"],
            "search",
            {"q": "umpires xyzzy", "match": "any"},
        ),
        (["facets", "alliance"], "facets", {"q": "alliance"}),
        (
            ["facets", "--field", "person", "--field", "section", "--limit", "2", "alliance"],
            "facets",
            {"q": "alliance", "field": "person,section", "limit": 2},
        ),
        (["timeline", "ferry"], "timeline", {"q": "ferry"}),
        (
            ["timeline", "--interval", "month", "*"],
            "timeline",
            {"interval": "month"},
        ),
    ],
)
def test_answers_are_those_of_the_command(
    demo: Path, web: Web, arguments: list[str], path: str, parameters: dict[str, Any]
) -> None:
    found = got(web, f"/v1/{path}", **parameters)
    assert told(demo, *arguments) == {**found, "took_ms": 0}
    assert found["took_ms"] >= 0


@pytest.mark.parametrize("command", ["suggest ishi", f"similar {IWOJIMA}"])
def test_completions_and_similar_articles_are_those_of_the_command(
    demo: Path, web: Web, command: str
) -> None:
    name, text = command.split()
    expected = json.loads(dateline("-C", demo, name, "--json", text).stdout)
    path = f"/v1/articles/{text}/similar" if name == "similar" else f"/v1/suggest?q={text}"
    assert {**expected, "took_ms": 0} == {**got(web, path), "took_ms": 0}


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return conformance(tmp_path_factory.mktemp("suite") / "planted", now=planted.NOW)


@pytest.mark.parametrize("engine", ALL)
@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_conformance_queries_find_the_same_in_the_same_order_as_the_command(
    suite: Path, tmp_path: Path, engine: str, sort: str
) -> None:
    texts = [text for text, *_ in (*FOUND, *ORDERED) if "\t" not in text]
    file = tmp_path / "queries.tsv"
    file.write_text("".join(f"{at}\t{text}\n" for at, text in enumerate(texts)), "utf-8")
    run = dateline(
        "-C", suite, "--engine", engine, "search", "--queries", file, "--limit", "100", "--sort",
        sort, "--now", planted.NOW.isoformat(),
    )  # fmt: skip
    expected = [[hit["id"] for hit in json.loads(line)["hits"]] for line in run.stdout.splitlines()]
    # A cluster on a busy machine may take long.
    patient = ServerLimits(read_timeout_seconds=120.0)
    with client(suite, now=planted.NOW, engine=engine, limits=patient) as web:
        answers = [got(web, "/v1/search", q=text, sort=sort, limit=100) for text in texts]
    assert expected == [[hit["id"] for hit in answer["hits"]] for answer in answers]
    assert len(texts) == len(expected) > 200


# -- what is asked beside the query


@pytest.mark.parametrize(
    ("since", "until", "same"),
    [
        ("2025-03", "", "ferry date:>=2025-03"),
        ("", "2025-03-12", "ferry date:<=2025-03-12"),
        ("2025-03-12", "2025-03-12", "ferry date:2025-03-12"),
        ("last month", "today", "ferry date:>=2025-03-01"),
        ("", "", "ferry"),
        (" ", " ", "ferry"),
    ],
)
def test_dates_narrow_as_those_in_a_query_do(web: Web, since: str, until: str, same: str) -> None:
    found = got(web, "/v1/search", q="ferry", **{"from": since, "to": until})
    expected = got(web, "/v1/search", q=same)
    assert expected["total"] > 0
    assert [hit["id"] for hit in expected["hits"]] == [hit["id"] for hit in found["hits"]]


def test_dates_are_kept_when_words_are_relaxed(web: Web) -> None:
    found = got(web, "/v1/search", q="umpires baseball xyzzy", **{"from": "2025-04"})
    assert 0 == found["total"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (["id"], {"id"}),
        (["id,title"], {"id", "title"}),
        (["id", "body", "entities"], {"id", "body", "entities"}),
        (["title_html", "authors"], {"title_html", "authors"}),
    ],
)
def test_hits_have_the_fields_that_are_asked_for(
    web: Web, fields: list[str], expected: set[str]
) -> None:
    (hit,) = got(web, "/v1/search", q="ferry", fields=fields, limit=1)["hits"]
    assert expected == set(hit)
    assert all(hit.values())


def test_no_hits_are_an_answer(web: Web) -> None:
    found = got(web, "/v1/search", q="nosuchword")
    assert (0, True, [], None) == tuple(
        found[name] for name in ("total", "total_exact", "hits", "cursor")
    )


def test_highlights_are_offsets_and_escaped_html(web: Web) -> None:
    (hit,) = got(web, "/v1/search", q="title:ferry", limit=1)["hits"]
    start, end = hit["title_ranges"][0]
    assert "Ferry" == hit["title"][start:end]
    assert "<mark>Ferry</mark>" in hit["title_html"]


# -- articles


def test_an_article_is_found_by_id_and_by_address(demo: Path, web: Web) -> None:
    shown = json.loads(dateline("-C", demo, "show", "--json", IWOJIMA).stdout)
    assert shown == got(web, f"/v1/articles/{IWOJIMA}")
    assert shown == got(web, f"/v1/articles/{shown['url']}")
    versions = got(web, f"/v1/articles/{IWOJIMA}/versions")
    assert (IWOJIMA, 1) == (versions["id"], len(versions["versions"]))
    assert shown["body"] == versions["versions"][0]["body"]


def test_ids_may_have_slashes(web: Web) -> None:
    every = got(web, "/v1/search", limit=100, fields="id")["hits"]
    ids = [hit["id"] for hit in every if "/" in hit["id"]]
    assert ids
    for each in ids:
        assert each == got(web, f"/v1/articles/{each}")["id"]
        assert each == got(web, f"/v1/articles/{each}/similar")["id"]


def test_status_names_no_folders(demo: Path, web: Web) -> None:
    found = got(web, "/v1/status")
    assert (33, 0, ["articles"]) == tuple(found[each] for each in ("articles", "behind", "sources"))
    assert str(demo) not in json.dumps(found)


def test_health(web: Web) -> None:
    assert {"status": "ok", "articles": 33} == got(web, "/healthz")


# -- what is wrong


@pytest.mark.parametrize(
    ("path", "status", "kind", "more"),
    [
        ("search?q=titel:x", 400, "unknown-field",
         {"position": {"start": 0, "end": 5}, "query": "titel:x", "did_you_mean": "title"}),
        ("search?q=a%20date:2025-02-31", 400, "bad-value", {"position": {"start": 7, "end": 17}}),
        ("search?q=%22open", 400, "unclosed-quote", {"position": {"start": 0, "end": 1}}),
        ("search?q=", 400, "empty-query", {"suggestion": "type a word, or * for all articles"}),
        ("search?q=a%20OR", 400, "syntax", {"position": {"start": 2, "end": 4}}),
        (f"search?q={'a' * (MAX_QUERY_CHARS + 1)}", 400, "query-limit", {}),
        (f"search?q={'a%20' * (MAX_CLAUSES + 1)}", 400, "query-limit", {}),
        ("search?from=2025-02-31", 400, "bad-value",
         {"parameter": "from", "query": "2025-02-31", "position": {"start": 0, "end": 10}}),
        ("search?from=2025-03&to=2025-02", 400, "bad-value", {"parameter": "to"}),
        ("search?from=none", 400, "bad-value", {"parameter": "from"}),
        ("search?cursor=xyz", 400, "bad-cursor", {}),
        ("search?cursor=WzFd", 400, "bad-cursor", {}),
        ("search?sort=best", 422, "bad-parameter", {"parameter": "sort"}),
        ("search?limit=0", 422, "bad-parameter", {"parameter": "limit"}),
        ("search?limit=1001", 422, "bad-parameter", {"parameter": "limit"}),
        ("search?facet=colour", 422, "bad-parameter", {"parameter": "facet"}),
        ("search?limt=1", 422, "bad-parameter", {"parameter": "limt", "did_you_mean": "limit"}),
        ("search.pdf", 422, "bad-parameter", {"parameter": "form"}),
        ("timeline?interval=hour", 400, "too-many-buckets", {}),
        ("articles/nosuch", 404, "not-found", {}),
        ("articles/nosuch/versions", 404, "not-found", {}),
        ("articles/nosuch/similar", 404, "not-found", {}),
        ("nosuch", 404, "not-found", {}),
    ],
)  # fmt: skip
def test_problems(web: Web, path: str, status: int, kind: str, more: dict[str, object]) -> None:
    response = web.get(f"/v1/{path}")
    found = response.json()
    assert (status, f"urn:dateline:problem:{kind}") == (response.status_code, found["type"])
    assert "application/problem+json" == response.headers["content-type"]
    assert status == found["status"]
    assert found["title"]
    assert found["detail"]
    assert more == {name: found.get(name) for name in more}


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/v1/search", "GET, HEAD"),
        ("PATCH", "/v1/articles/x", "DELETE, GET, HEAD, PUT"),
        ("GET", "/v1/articles", "POST"),
    ],
)
def test_other_methods_are_told_which_there_are(
    web: Web, method: str, path: str, allowed: str
) -> None:
    response = web.request(method, path)
    assert (405, allowed) == (response.status_code, response.headers["allow"])


def test_a_project_without_an_index_has_no_answers_yet(tmp_path: Path) -> None:
    with client(tmp_path) as web:
        for path in ("/v1/search", "/v1/facets", "/v1/status", "/healthz"):
            response = web.get(path)
            assert (503, "urn:dateline:problem:index") == (
                response.status_code,
                response.json()["type"],
            )
            assert str(tmp_path) not in response.text


# -- caches


@pytest.mark.parametrize(
    "path",
    [
        "/v1/search?q=ferry", "/v1/search.atom?q=ferry", "/v1/facets", "/v1/timeline",
        "/v1/suggest?q=i", f"/v1/articles/{IWOJIMA}", f"/v1/articles/{IWOJIMA}/versions",
        f"/v1/articles/{IWOJIMA}/similar", "/v1/status", "/opensearch/suggestions?q=i",
    ],
)  # fmt: skip
def test_an_answer_that_is_held_is_not_given_again(web: Web, path: str) -> None:
    tag = web.get(path).headers["etag"]
    for held in (tag, f'"x", {tag}', "*"):
        response = web.get(path, headers={"If-None-Match": held})
        assert (304, b"", tag) == (
            response.status_code,
            response.content,
            response.headers["etag"],
        )
    assert 200 == web.get(path, headers={"If-None-Match": '"x"'}).status_code


def test_tags_tell_questions_and_forms_apart(web: Web) -> None:
    paths = ["search?q=ferry", "search?q=port", "search.rss?q=ferry", "search?q=ferry&to=2025-03"]
    tags = {web.get(f"/v1/{path}").headers["etag"] for path in paths}
    assert len(paths) == len(tags)
    assert all(tag.startswith('W/"tantivy/1-33-') for tag in tags)


def test_relative_dates_have_a_tag_a_day(demo: Path) -> None:
    tags = []
    for day in (1, 2):
        with client(demo, now=NOW.replace(day=day)) as web:
            tags.append(web.get("/v1/search?q=date:yesterday").headers["etag"])
    assert tags[0] != tags[1]


# -- forms


def test_a_head_is_an_answer_without_its_content(web: Web) -> None:
    whole, head = web.get("/v1/search.csv"), web.request("HEAD", "/v1/search.csv")
    assert (200, b"") == (head.status_code, head.content)
    assert whole.headers == head.headers


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("application/atom+xml", "application/atom+xml"),
        ("application/rss+xml;q=0.9, application/atom+xml;q=0.5", "application/rss+xml"),
        ("text/*", "text/csv; charset=utf-8"),
        ("application/x-ndjson, */*;q=0.1", "application/x-ndjson"),
        ("application/feed+json;version=1.1", "application/feed+json"),
        ("application/*;q=0, text/csv", "text/csv; charset=utf-8"),
    ],
)
def test_the_form_is_what_is_accepted(web: Web, accept: str, expected: str) -> None:
    response = web.get("/v1/search", headers={"Accept": accept})
    assert (200, expected, "Accept") == (
        response.status_code,
        response.headers["content-type"],
        response.headers["vary"],
    )


@pytest.mark.parametrize("accept", ["application/pdf", "text/html", "application/json;q=0", "a"])
def test_a_form_that_there_is_not(web: Web, accept: str) -> None:
    response = web.get("/v1/search", headers={"Accept": accept})
    assert (406, "urn:dateline:problem:not-acceptable") == (
        response.status_code,
        response.json()["type"],
    )


@pytest.mark.parametrize("form", list(OutputFormat))
def test_a_suffix_and_accept_and_the_command_give_the_same(
    demo: Path, web: Web, form: OutputFormat
) -> None:
    by_suffix = web.get(f"/v1/search.{form}", params={"q": "ferry"})
    accept = {"Accept": by_suffix.headers["content-type"].partition(";")[0]}
    by_accept = web.get("/v1/search", params={"q": "ferry"}, headers=accept)
    assert by_suffix.text == by_accept.text.replace("/v1/search?", f"/v1/search.{form}?")
    if form in {OutputFormat.CSV, OutputFormat.NDJSON}:
        told = dateline("-C", demo, "search", "--format", form.value, "ferry")
        assert by_suffix.content == told.stdout_bytes


# -- what a browser asks


def test_the_search_description(web: Web) -> None:
    response = web.get("/opensearch.xml", headers={"Host": "news.example:8642"})
    assert "application/opensearchdescription+xml" == response.headers["content-type"]
    for template in (
        'type="text/html" template="http://news.example:8642/?q={searchTerms}"',
        'type="application/atom+xml" template="http://news.example:8642/v1/search.atom?q=',
        'template="http://news.example:8642/opensearch/suggestions?q={searchTerms}"',
    ):
        assert template in response.text


def test_suggestions_for_a_browser(web: Web) -> None:
    response = web.get("/opensearch/suggestions", params={"q": "ferry ishi"})
    typed, completed, notes = response.json()
    assert "application/x-suggestions+json" == response.headers["content-type"]
    assert "ferry ishi" == typed
    assert 'ferry person:="Shigeru Ishiba"' in completed
    assert len(completed) == len(notes)
