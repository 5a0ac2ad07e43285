from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import httpx
import pytest

from search.project.project import Project
from search.results.snapshot import Snapshot
from search.web.limits import ServerLimits
from tests.demo import planted, samples
from tests.serving import BEARER, NOW, TOKEN, Web, client

HOSTILE: dict[str, object] = {
    "id": "hostile",
    "title": '<script>alert(1)</script> & "quoted" ]]> \u0007',
    "body": "Harbour <img src=x onerror=alert(2)> \u202e text -->\ufffe.",
    "source": "=cmd()",
    "authors": ["</author><script>"],
    "section": "a&b",
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples(tmp_path_factory.mktemp("web") / "demo")


@pytest.fixture(scope="module")
def web(demo: Path) -> Iterator[Web]:
    with client(demo) as opened:
        yield opened


def kind(response: httpx.Response) -> tuple[int, str]:
    """Status and kind of a problem."""
    found = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    return found["status"], found["type"].rpartition(":")[2]


# -- who is asked


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8642", "127.0.0.1", "127.0.0.1:80", "[::1]:8642", "192.168.1.7",
     "news.example", "NEWS.example:443", "news.example."],
)  # fmt: skip
def test_hosts_that_are_served(web: Web, host: str) -> None:
    assert 200 == web.get("/healthz", headers={"Host": host}).status_code


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "news.example.evil.example", "127.0.0.1.example",
     "", "a@localhost", "localhost/", "[::1", "localhost:x", "x news.example"],
)  # fmt: skip
def test_hosts_that_are_not(web: Web, host: str) -> None:
    assert (421, "host") == kind(web.get("/healthz", headers={"Host": host}))


@pytest.mark.parametrize(
    "path", ["/v1/search", "/v1/search.atom", "/v1/search?q=x:y", "/nosuch", "/openapi.json"]
)
def test_every_response_says_what_browsers_may_do_with_it(web: Web, path: str) -> None:
    headers = web.get(path).headers
    assert "default-src 'none'; frame-ancestors 'none'" == headers["content-security-policy"]
    assert ("nosniff", "DENY", "no-referrer") == tuple(
        headers[name] for name in ("x-content-type-options", "x-frame-options", "referrer-policy")
    )
    assert "access-control-allow-origin" not in headers


# -- how much


@pytest.mark.parametrize(
    ("path", "length"), [("/v1/search?q=" + "a" * 60_000, 0), ("/v1/" + "b" * 60_000, 0)]
)
def test_long_addresses(web: Web, path: str, length: int) -> None:
    assert (414, "target-too-long") == kind(web.get(path))


@pytest.mark.parametrize("announced", [True, False])
def test_large_content(demo: Path, announced: bool) -> None:
    content = b"x" * 3_000

    async def pieces() -> object:
        yield content[:2_000]
        yield content[2_000:]

    with client(demo, token=TOKEN, limits=ServerLimits(max_body_bytes=2_500)) as web:
        sent = content if announced else pieces()
        headers = {**BEARER, "Content-Type": "text/html"}
        response = web.request("POST", "/v1/articles", content=sent, headers=headers)
    assert (413, "body-too-large") == kind(response)


@dataclass
class Held:
    """Snapshots that are opened once `free` is set, and those that were."""

    free: Event
    opened: list[Snapshot]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    held = Held(Event(), [])
    snapshot = Project.snapshot

    def open_late(project: Project) -> Snapshot:
        held.free.wait(60)
        held.opened.append(snapshot(project))
        return held.opened[-1]

    monkeypatch.setattr(Project, "snapshot", open_late)
    return held


def test_an_answer_that_takes_too_long_ends_before_its_project_is_closed(
    demo: Path, held: Held
) -> None:
    with client(demo, limits=ServerLimits(read_timeout_seconds=0.01)) as web:
        assert (503, "too-slow") == kind(web.get("/v1/search?q=ferry"))
        assert not held.opened
        held.free.set()
    assert held.opened


def test_more_requests_than_there_is_place_for(demo: Path, held: Held) -> None:
    limits = ServerLimits(read_threads=1, max_waiting_requests=1, read_timeout_seconds=1.0)
    with client(demo, limits=limits) as web:
        found = [kind(response) for response in web.at_once("/v1/facets", 4)]
        held.free.set()
    assert [(503, "busy")] * 2 + [(503, "too-slow")] * 2 == sorted(found)


def test_what_is_not_expected_tells_nothing(
    demo: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(project: Project) -> object:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(Project, "snapshot", broken)
    with client(demo) as web:
        response = web.get("/v1/search?q=ferry")
    assert (500, "internal") == kind(response)
    assert "secret" not in response.text
    assert "secret of the house" in caplog.text


# -- what articles hold


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    folder = planted(tmp_path_factory.mktemp("hostile") / "p", [HOSTILE])
    with client(folder) as opened:
        yield opened


@pytest.mark.parametrize("query", ["harbour", "script", "*", "id:hostile <b>"])
def test_markup_of_articles_and_queries_is_text(hostile: Web, query: str) -> None:
    found = hostile.get("/v1/search", params={"q": query, "match": "any"}).json()
    for hit in found["hits"]:
        for shown in (hit["title_html"], *(each["html"] for each in hit["snippets"])):
            rest = shown.replace("<mark>", "").replace("</mark>", "")
            assert "<" not in rest
            assert '"' not in rest


def test_formulas_are_text_in_tables(hostile: Web) -> None:
    assert ",'=cmd()," in hostile.get("/v1/search.csv").text


# -- writing


@pytest.fixture
def writable(tmp_path: Path) -> Iterator[Web]:
    source: list[dict[str, object]] = [
        {"id": "filed", "title": "From a file", "body": "Filed text."}
    ]
    with client(planted(tmp_path / "p", source), token=TOKEN) as opened:
        yield opened


def written(web: Web, method: str, path: str, content: object, **headers: str) -> httpx.Response:
    sent = {**BEARER, **headers}
    if isinstance(content, str | bytes):
        return web.request(method, path, headers=sent, content=content)
    return web.request(method, path, headers=sent, json=content)


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/v1/articles/x"), ("DELETE", "/v1/articles/filed"), ("POST", "/v1/articles")],
)
@pytest.mark.parametrize(
    ("token", "sent", "expected"),
    [
        ("", {}, (403, "read-only")),
        ("", BEARER, (403, "read-only")),
        (TOKEN, {}, (401, "unauthorized")),
        (TOKEN, {"Authorization": "Bearer wrong"}, (401, "unauthorized")),
        (TOKEN, {"Authorization": f"Basic {TOKEN}"}, (401, "unauthorized")),
        (TOKEN, {"Authorization": "Bearer é".encode()}, (401, "unauthorized")),
    ],
)
def test_nobody_writes_without_the_token(
    demo: Path,
    method: str,
    path: str,
    token: str,
    sent: dict[str, str],
    expected: tuple[int, str],
) -> None:
    with client(demo, token=token) as web:
        response = web.request(method, path, headers=sent, json={"title": "x", "body": "y"})
    assert expected == kind(response)
    assert (expected[0] == 401) == ("www-authenticate" in response.headers)


def test_an_article_is_put_found_changed_and_removed(writable: Web) -> None:
    path = "/v1/articles/desk/42"
    first = {"title": "Ferry returns", "body": "The ferry is back.", "date": "2025-03-12"}
    assert 201 == written(writable, "PUT", path, first).status_code
    assert "desk/42" == writable.get("/v1/search?q=ferry").json()["hits"][0]["id"]
    response = written(writable, "PUT", path, {**first, "title": "Ferry is late"})
    assert (200, "Ferry is late") == (response.status_code, response.json()["title"])
    titles = [each["title"] for each in writable.get(f"{path}/versions").json()["versions"]]
    assert ["Ferry returns", "Ferry is late"] == titles
    assert 204 == written(writable, "DELETE", path, "").status_code
    assert (410, "gone") == kind(writable.get(path))
    assert (404, "not-found") == kind(written(writable, "DELETE", path, ""))
    assert 0 == writable.get("/v1/search?q=ferry").json()["total"]


def test_pages_and_lists_are_posted(writable: Web) -> None:
    page = "<html><title>Storm</title><h1>Storm at sea</h1><p>A storm came from the sea.</p></html>"
    response = written(
        writable, "POST", "/v1/articles?url=https://a.example/storm", page,
        **{"Content-Type": "text/html; charset=utf-8"},
    )  # fmt: skip
    assert 201 == response.status_code
    place = response.headers["location"]
    assert "Storm at sea" == writable.get(place).json()["title"]
    several = [{"title": "One", "body": "First."}, {"id": "7"}, {"id": "8", "title": "Two"}]
    found = written(writable, "POST", "/v1/articles", several).json()
    assert ["8"] == [each["id"] for each in found["articles"] if each["id"] == "8"]
    assert [{"number": 2, "detail": "no text found"}] == found["failed"]
    again = written(writable, "POST", "/v1/articles", several)
    assert (200, [False, False]) == (
        again.status_code,
        [each["changed"] for each in again.json()["articles"]],
    )


def test_an_update_leaves_posted_articles_alone(tmp_path: Path) -> None:
    folder = planted(tmp_path / "p", [{"id": "filed", "title": "Filed", "body": "Text."}])
    with client(folder, token=TOKEN) as web:
        written(web, "PUT", "/v1/articles/posted", {"title": "Posted", "body": "Text."})
        (folder / "planted.jsonl").write_text("", "utf-8")
        with Project.open(folder, now=NOW) as project:
            tally = project.update()
            assert (1, 0) == (tally.removed, tally.failed)
            project.rebuild()
            assert 1 == project.verify().articles
        found = web.get("/v1/search").json()
    assert ["posted"] == [hit["id"] for hit in found["hits"]]


def test_names_of_aliases_are_known_in_what_is_posted(tmp_path: Path) -> None:
    (tmp_path / "dateline.yaml").write_text("aliases: [[Iwojima, Iwo Jima]]", "utf-8")
    record = {"title": "Wreath laid", "body": "A wreath was laid on Iwo Jima on Saturday."}
    with client(tmp_path, token=TOKEN) as web:
        found = written(web, "PUT", "/v1/articles/1", record).json()
        assert "Iwojima" in [entity["names"][0] for entity in found["entities"]]
        assert 0 == web.get("/v1/status").json()["to_extract"]


def test_what_files_give_is_not_changed_from_elsewhere(tmp_path: Path) -> None:
    record: dict[str, object] = {"url": "https://a.example/1", "title": "Filed", "body": "Text."}
    folder = planted(tmp_path / "p", [record])
    with client(folder, token=TOKEN) as web:
        (hit,) = web.get("/v1/search").json()["hits"]
        path = f"/v1/articles/{hit['id']}"
        several = [{**record, "title": "Mine"}, {"id": "2", "title": "New"}]
        found = written(web, "POST", "/v1/articles", several).json()
        assert (["2"], [1]) == (
            [each["id"] for each in found["articles"]],
            [each["number"] for each in found["failed"]],
        )
        assert "Filed" == web.get(path).json()["title"]
        # A file may come to give what was posted before.
        (folder / "planted.jsonl").write_text(json.dumps({"id": "2", "title": "Late"}), "utf-8")
        with Project.open(folder, now=NOW) as project:
            project.update()
        assert 204 == written(web, "DELETE", "/v1/articles/2", "").status_code
        assert "Late" == web.get("/v1/articles/planted.jsonl/2").json()["title"]


@pytest.mark.parametrize(
    ("method", "path", "content", "headers", "expected"),
    [
        ("PUT", "filed", {"title": "Mine"}, {}, (409, "from-files")),
        ("DELETE", "filed", "", {}, (409, "from-files")),
        ("PUT", "x", {"id": "y", "title": "Mine"}, {}, (409, "other-id")),
        ("PUT", "x", {"url": "https://a.example/1", "title": "Mine"}, {}, (409, "other-id")),
        ("PUT", "x", {}, {}, (422, "unreadable-article")),
        ("PUT", "x", [{"title": "a"}, {"title": "b"}], {}, (422, "unreadable-article")),
        ("PUT", "x", [], {}, (422, "unreadable-article")),
        ("PUT", "x", "{", {"Content-Type": "application/json"}, (422, "unreadable-article")),
        ("PUT", "x", "[" * 100_000, {"Content-Type": "application/json"},
         (422, "unreadable-article")),
        ("PUT", "x", "", {"Content-Type": "text/html"}, (422, "unreadable-article")),
        ("PUT", "x", "<div>" * 100_000, {"Content-Type": "text/html"},
         (422, "unreadable-article")),
        ("PUT", "x", "text", {"Content-Type": "text/plain"}, (415, "media-type")),
        ("PUT", "x", "text", {}, (415, "media-type")),
        ("PUT", "%07", {"title": "Mine"}, {}, (422, "bad-parameter")),
        ("PUT", "x" * 501, {"title": "Mine"}, {}, (422, "bad-parameter")),
        ("POST", "", [{"title": "a"}] * 1_001, {}, (413, "body-too-large")),
        ("POST", "", [1, 2], {}, (422, "unreadable-article")),
        ("POST", "", [], {}, (422, "unreadable-article")),
        ("POST", "?link=x", {"title": "a"}, {}, (422, "bad-parameter")),
    ],
)  # fmt: skip
def test_what_cannot_be_written(
    writable: Web,
    method: str,
    path: str,
    content: object,
    headers: dict[str, str],
    expected: tuple[int, str],
) -> None:
    place = f"/v1/articles/{path}".removesuffix("/").replace("/?", "?")
    assert expected == kind(written(writable, method, place, content, **headers))
    assert 1 == json.loads(writable.get("/healthz").text)["articles"]
