"""The command line: what it prints where, its exit codes, and how it bears rough handling."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from search.project.lock import hold_lock
from tests.demo import COMMAND, SAMPLES, dateline, environment, planted, samples

posix = pytest.mark.skipif(sys.platform == "win32", reason="has no signals and terminals of Unix")

COUNTS = dict.fromkeys(
    (
        "added",
        "changed",
        "unchanged",
        "duplicate",
        "removed",
        "failed",
        "skipped",
        "kept",
        "extracted",
    ),
    0,
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples(tmp_path_factory.mktemp("cli") / "demo")


@pytest.fixture
def copy(demo: Path, tmp_path: Path) -> Path:
    """The demo project, to be spoilt."""
    return Path(shutil.copytree(demo, tmp_path / "demo"))


# -- a first project


def test_from_nothing_to_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = dateline("init", "demo", "--samples")
    assert (0, "") == (made.exit_code, made.stdout)
    assert "next: dateline -C demo update\n" in made.stderr
    taken_in = dateline("-C", "demo", "update")
    assert (0, f"{SAMPLES} added; {SAMPLES} articles in all\n") == (
        taken_in.exit_code,
        taken_in.stderr,
    )
    found = dateline("-C", "demo", "search", "Iwojima", "alliance")
    assert 0 == found.exit_code
    assert found.stdout.startswith(" 1  Hegseth and Ishiba Affirm Alliance at Iwojima Ceremony ·")
    assert 'read as: (Iwojima OR "Iwo Jima" OR Iwoto) alliance' in found.stderr
    assert found.stderr.splitlines()[-1].startswith("2 articles, and ")


def test_update_follows_what_changed(copy: Path) -> None:
    page = next((copy / "articles").rglob("quake-sorrel.txt"))
    page.write_text(page.read_text("utf-8").replace("Earthquake Shakes", "Quake Moves"), "utf-8")
    next((copy / "articles").rglob("friendship-has-a-price.html")).unlink()
    said = dateline("-C", copy, "update", "--json")
    assert COUNTS | {"changed": 1, "removed": 1} == json.loads(said.stdout)
    found = dateline("-C", copy, "search", "--json", "title:quake")
    key = json.loads(found.stdout)["hits"][0]["id"]
    versions = dateline("-C", copy, "show", key, "--versions")
    assert "version 1 of 2, taken in " in versions.stdout
    assert "Earthquake Shakes Sorrel Island" in versions.stdout
    assert "Quake Moves Sorrel Island" in versions.stdout
    lines = dateline("-C", copy, "show", key, "--versions", "--json").stdout.splitlines()
    assert ["Earthquake", "Quake"] == [json.loads(line)["title"].split()[0] for line in lines]
    changed = dateline("-C", copy, "show", key, "--diff")
    assert "title: [-Earthquake Shakes-] {+Quake Moves+} Sorrel Island" in changed.stdout
    told = json.loads(dateline("-C", copy, "show", key, "--diff", "--json").stdout)
    assert "title" == told["fields"][0]["field"]
    assert {"change": "deleted", "text": "Earthquake Shakes "} in told["fields"][0]["pieces"]
    gone = dateline("-C", copy, "show", "cc9f3b0304d2396f")
    assert (1, True) == (gone.exit_code, "is gone from its source" in gone.stderr)


# -- exit codes and messages


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["search", "ferry"], 0, "4 articles ("),
        (["search", "-baseball"], 0, "read as: * -baseball"),
        (["search", "-hegseth"], 0, "read as: * -hegseth"),
        (["search", "ferry", "--sort", "newest"], 0, "4 articles"),
        (["search", "ferry", "--limit", "2"], 0, "4 articles, 1 to 2 shown; more with --offset 2"),
        (["search", "硫黄島"], 0, "1 article ("),
        (["search", "ferry", "xyzzy"], 0, "No article has both words. Without xyzzy: 4."),
        (["search", "xyzzy"], 1, "no article found ("),
        (["search", "ferry", "--offset", "90000"], 1, "4 articles, none from number 90,001 on"),
        (["search"], 2, "type some words to search for"),
        (["search", ""], 2, "there is nothing to search for\ntype a word"),
        (["search", "&&"], 2, "  &&\n  ^^\n"),
        (["search", '"Iwo Jima'], 2, '  "Iwo Jima\n  ^\nclose it with "'),
        (["search", "硫黄島 titel:x"], 2, "  硫黄島 titel:x\n         ^^^^^\ndid you mean title:?"),
        (["search", "date:2025-13"], 2, "there is no month 13\n  date:2025-13\n       ^^^^^^^\n"),
        (["search", "--limt", "5", "ferry"], 2, "Did you mean one of: '--limit'"),
        (["search", "--limt=5", "ferry"], 2, "Did you mean one of: '--limit'"),
        (["search", "ferry", "-C", "demo"], 2, "-C goes before the command"),
        (["search", "--limit", "0", "ferry"], 2, "'--limit'"),
        (["search", "--offset", "99999999", "ferry"], 2, "'--offset'"),
        (["search", "--facet", "sorce", "ferry"], 2, "'author', 'person', 'org'"),
        (["search", "--now", "tomorrow", "ferry"], 2, "not a time such as 2025-04-01T12:00Z"),
        (["search", "--format", "trec", "ferry"], 2, "--format trec goes with --queries"),
        (["search", "--queries", "nowhere.tsv"], 2, "'nowhere.tsv' does not exist"),
        (["serch", "ferry"], 2, "Did you mean one of: 'search', 'serve'?"),
        (["search", "hegsteh"], 1, "No article has hegsteh; did you mean hegseth?"),
        (["facets", "ferry"], 0, "4 articles ("),
        (["facets", "-h"], 0, ""),
        (["facets", "xyzzy"], 1, "no article found ("),
        (["facets", "ferry", "xyzzy"], 1, "No article has both words. Without xyzzy: 4."),
        (["facets"], 2, "type some words to search for"),
        (["facets", "ferry", "-C", "demo"], 2, "dateline -C DIR facets QUERY"),
        (["facets", "--feild", "source", "ferry"], 2, "Did you mean"),
        (["facets", "--field", "sorce", "ferry"], 2, "'author', 'person', 'org'"),
        (["facets", "titel:x"], 2, "did you mean title:?"),
        (["timeline", "ferry"], 0, "4 articles ("),
        (["timeline", "xyzzy"], 1, "no article found ("),
        (["timeline", "--interval", "decade", "ferry"], 2, "'hour', 'day', 'week', 'month'"),
        (["timeline", "date:2025-13"], 2, "there is no month 13"),
        (["suggest", "ishi"], 0, ""),
        (["suggest", "xyzzy"], 1, ""),
        (["suggest"], 2, "type some words"),
        (["similar", "25cf9565e8415620"], 0, "by "),
        (["similar", "nothing"], 1, "article 'nothing' is not held"),
        (["show", "nothing"], 1, "article 'nothing' is not held"),
        (["show", "25cf9565e8415620"], 0, ""),
        (["clean", "nowhere.html"], 2, "cannot be read (No such file or directory)"),
        (["add", "nowhere"], 2, "cannot be read (No such file or directory)"),
        (["--timezone", "Mars", "search", "ferry"], 2, "--timezone: 'Mars' is not allowed; use"),
        (["--engine", "lucene", "search", "ferry"], 2, "'tantivy', 'whoosh'"),
        (["--engine", "whoosh", "search", "ferry"], 3,
         "there is no whoosh index of the articles; run: dateline rebuild"),
        (["--engine", "whoosh", "status"], 0, ""),
        (["verify"], 0, "33 articles compared; all well"),
        (["completion", "tcsh"], 2, "'bash', 'zsh', 'fish'"),
    ],
)  # fmt: skip
def test_exit_codes_and_words(demo: Path, arguments: list[str], code: int, says: str) -> None:
    result = dateline("-C", demo, *arguments)
    assert code == result.exit_code
    assert says in result.stderr


@pytest.mark.parametrize(
    "command",
    [["search", "ferry"], ["status"], ["verify"], ["show", "x"], ["update"], ["rebuild"]],
)
def test_without_a_project_the_advice_is_to_add(tmp_path: Path, command: list[str]) -> None:
    result = dateline("-C", tmp_path, *command)
    assert (3, "") == (result.exit_code, result.stdout)
    assert "dateline: there is no index yet; run: dateline add PATH\n" == result.stderr
    result = dateline("-C", tmp_path, *command, "--json")
    error = {"error": "there is no index yet; run: dateline add PATH", "exit_code": 3}
    assert (3, "", error) == (result.exit_code, result.stdout, json.loads(result.stderr))
    assert [] == list(tmp_path.iterdir())


def test_an_add_that_cannot_start_processes_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.html").write_text("<h1>Quake hits coast</h1>", "utf-8")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere"))
    result = dateline("-C", tmp_path, "add", tmp_path / "a.html")
    says = f"dateline: cannot start {tmp_path / 'nowhere'} again, which cleaning needs\n"
    assert (2, says) == (result.exit_code, result.stderr)


def test_help_is_given_on_the_short_option_alone() -> None:
    for arguments in (["-h"], ["search", "-h"], ["search", "--help"], ["add", "-h"]):
        result = dateline(*arguments)
        assert (0, True) == (result.exit_code, result.stdout.startswith("Usage: "))


def test_another_engine_is_a_rebuild_away(copy: Path) -> None:
    (copy / "dateline.yaml").write_text("engine: whoosh", "utf-8")
    assert 3 == dateline("-C", copy, "search", "ferry").exit_code
    assert "33 articles in a new index\n" == dateline("-C", copy, "rebuild").stderr
    assert "4 articles (" in dateline("-C", copy, "search", "ferry").stderr


@pytest.mark.parametrize("name", ["meta.json", "current"])
def test_a_damaged_index_is_told_and_a_rebuild_mends_it(copy: Path, name: str) -> None:
    (damaged,) = (copy / ".dateline" / "index").rglob(name)
    damaged.write_text("garbage", "utf-8")
    result = dateline("-C", copy, "search", "ferry")
    assert (3, True) == (result.exit_code, "is damaged; run: dateline rebuild" in result.stderr)
    assert "run: dateline rebuild" in dateline("-C", copy, "status").stdout
    assert 0 == dateline("-C", copy, "rebuild").exit_code
    assert 0 == dateline("-C", copy, "search", "ferry").exit_code


def test_a_damaged_corpus_is_told(copy: Path) -> None:
    (copy / ".dateline" / "corpus.sqlite").write_text("garbage " * 1_000, "utf-8")
    for command in (["search", "ferry"], ["status"], ["update"]):
        result = dateline("-C", copy, *command)
        assert (3, True) == (result.exit_code, "corpus" in result.stderr)


def test_a_locked_project_names_its_holder_and_searches_go_on(copy: Path) -> None:
    since = datetime(2025, 4, 1, tzinfo=UTC)
    with hold_lock(copy / ".dateline", "rebuild", since=since, timeout=0):
        result = dateline("-C", copy, "--lock-timeout", "0", "update")
        assert 4 == result.exit_code
        assert f"by dateline rebuild, process {os.getpid()}, since 2025-04-01" in result.stderr
        assert 0 == dateline("-C", copy, "search", "ferry").exit_code
    assert 0 == dateline("-C", copy, "update").exit_code


def test_wrong_settings_are_told_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "dateline.yaml").write_text("\nengine: lucene\n", "utf-8")
    result = dateline("-C", tmp_path, "search", "ferry")
    assert 2 == result.exit_code
    assert "dateline.yaml, line 2: engine: 'lucene' is not allowed; use tantivy" in result.stderr


@posix
def test_files_that_are_none_and_links_that_lead_out_are_skipped(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    os.mkfifo(news / "pipe.txt")
    (tmp_path / "secret.txt").write_text("Secret\n\nNobody is to find this text.\n")
    (news / "linked.txt").symlink_to(tmp_path / "secret.txt")

    done = dateline("-C", tmp_path, "add", news)
    assert 0 == done.exit_code
    assert "0 added, 2 skipped; 0 articles in all\n" in done.stderr
    assert "news: 1 skipped: pipes or devices\n" in done.stderr
    assert "news: 1 skipped: links that lead out of its folder; follow_links: true" in done.stderr

    (tmp_path / "dateline.yaml").write_text("sources: [{path: news, follow_links: true}]")
    done = dateline("-C", tmp_path, "update")
    assert "1 added, 1 skipped; 1 article in all\n" in done.stderr
    (tmp_path / "dateline.yaml").unlink()
    assert "0 added, 1 removed, 2 skipped" in dateline("-C", tmp_path, "update").stderr


@posix
@pytest.mark.parametrize("command", ["add", "clean"])
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path, command: str) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    done = dateline("-C", tmp_path, command, tmp_path / "pipe.jsonl")
    assert 2 == done.exit_code
    assert "pipe.jsonl is a pipe or a device; give a file or a folder\n" in done.stderr


def test_most_of_a_source_is_removed_only_if_that_is_allowed(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for number in range(30):
        (news / f"{number}.txt").write_text(f"Flood {number}\n\nThe river rose again.\n")
    dateline("-C", tmp_path, "add", news)
    news.rename(tmp_path / "elsewhere")
    news.mkdir()

    done = dateline("-C", tmp_path, "update")
    assert 5 == done.exit_code
    assert "0 added, 30 kept; 30 articles in all\n" in done.stderr
    assert "news: 30 articles are gone from it, most of it, and are kept; if" in done.stderr
    assert 0 == dateline("-C", tmp_path, "search", "flood").exit_code
    done = dateline("-C", tmp_path, "update", "--allow-removals", "--json")
    assert (0, COUNTS | {"removed": 30}) == (done.exit_code, json.loads(done.stdout))


def test_inputs_that_fail_are_listed_and_stop_nothing(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    good = json.dumps({"id": "good", "title": "Ferry", "body": "A ferry."})
    (source / "a.jsonl").write_text(f"not JSON\n{good}\n[1]\n", "utf-8")
    (source / "empty.html").touch()
    result = dateline("-C", tmp_path, "add", source)
    assert 5 == result.exit_code
    assert "1 added, 3 failed; 1 article in all" in result.stderr
    assert "  in/a.jsonl#1: line 1 is not a JSON object" in result.stderr
    status = dateline("-C", tmp_path, "status")
    assert (0, 3) == (status.exit_code, status.stdout.count("          in/"))
    listed = json.loads(dateline("-C", tmp_path, "status", "--json").stdout)["failures"]
    assert ["a.jsonl#1", "a.jsonl#3", "empty.html"] == [failure["path"] for failure in listed]
    assert 0 == dateline("-C", tmp_path, "search", "ferry").exit_code


# -- data


def test_json_of_a_search_is_one_object(demo: Path) -> None:
    result = dateline("-C", demo, "search", "--json", "--limit", "1", "--facet", "source", "ferry")
    answer = json.loads(result.stdout)
    assert [
        "total", "total_exact", "partial", "interpreted", "warnings", "took_ms", "total_some",
        "did_you_mean", "hits", "facets", "next", "cursor",
    ] == list(answer)  # fmt: skip
    assert (4, "ferry", [], 1) == tuple(
        answer[key] for key in ("total", "interpreted", "warnings", "next")
    )
    first = {"value": "Harbor Courier", "count": 2, "query": 'source:="Harbor Courier"'}
    assert first == answer["facets"]["source"]["buckets"][0]
    (hit,) = answer["hits"]
    assert {
        "id", "title", "title_ranges", "title_html", "dek", "published", "source", "section",
        "url", "score", "matched", "snippets",
    } == set(hit)  # fmt: skip
    assert ["text", "ranges", "html", "field"] == list(hit["snippets"][0])
    start, end = hit["title_ranges"][0]
    assert "Ferry" == hit["title"][start:end]
    assert "2025-03-12" == hit["published"][:10]
    assert "" == result.stderr


def test_json_of_counts(demo: Path) -> None:
    found = json.loads(dateline("-C", demo, "facets", "--json", "ferry").stdout)
    assert [
        "total", "total_exact", "partial", "interpreted", "warnings", "took_ms", "facets",
    ] == list(found)  # fmt: skip
    assert {"author", "person", "org", "place", "source", "section", "language"} == set(
        found["facets"]
    )
    first = {"value": "Harbor Courier", "count": 2, "query": 'source:="Harbor Courier"'}
    source = found["facets"]["source"]
    assert (first, True) == (source["buckets"][0], source["all_counted"])
    command = ["timeline", "--json", "--interval", "month", "ferry"]
    found = json.loads(dateline("-C", demo, *command).stdout)
    assert [
        "total",
        "total_exact",
        "partial",
        "interpreted",
        "warnings",
        "took_ms",
        "interval",
        "undated",
        "buckets",
    ] == list(found)
    bucket = {
        "label": "2025-03", "start": "2025-03-01T00:00:00+00:00", "count": 4,
        "end": "2025-04-01T00:00:00+00:00", "query": "date:2025-03",
    }  # fmt: skip
    assert ("month", 0, [bucket]) == tuple(found[key] for key in ("interval", "undated", "buckets"))


def test_json_of_suggestions_and_similar_articles(demo: Path) -> None:
    found = json.loads(dateline("-C", demo, "suggest", "--json", "Shigeru ishi").stdout)
    first = {
        "text": "Shigeru Ishiba", "field": "person", "count": 9,
        "query": 'person:="Shigeru Ishiba"',
    }  # fmt: skip
    assert first == found["suggestions"][0]
    found = json.loads(dateline("-C", demo, "similar", "--json", "25cf9565e8415620").stdout)
    assert ["id", "words", "names", "took_ms", "articles"] == list(found)
    assert "90afcd0de6e3b020" == found["articles"][0]["id"]


@pytest.mark.parametrize(
    ("command", "keys"),
    [
        (["status", "--json"], {"articles", "engine", "failures", "sources", "trouble"}),
        (
            ["verify", "--json"],
            {"articles", "missing", "surplus", "damaged", "tables", "files", "actions"},
        ),
        (["update", "--json"], set(COUNTS)),
        (["show", "25cf9565e8415620", "--json"], {"id", "title", "body", "entities"}),
        (["search", "xyzzy", "--json"], {"total", "hits"}),
    ],
)
def test_commands_that_answer_have_json(demo: Path, command: list[str], keys: set[str]) -> None:
    result = dateline("-C", demo, *command)
    assert keys <= set(json.loads(result.stdout))
    assert "" == result.stderr


@pytest.mark.parametrize(
    ("command", "code", "says"),
    [
        (["search", "titel:flood"], 2, "did you mean title"),
        (["search", '"flood'], 2, "quote"),
        (["search", "flood", "--limit", "many"], 2, "'many' is not a valid integer"),
        (["search", "flood", "--sort", "x"], 2, "'x' is not one of"),
        (["add", "nowhere"], 2, "nowhere cannot be read"),
        (["--engine", "whoosh", "facets", "flood"], 3, "run: dateline rebuild"),
        (["--timezone", "Mars", "status"], 2, "a name such as UTC"),
    ],
)
def test_errors_are_json_where_json_is_asked(
    demo: Path, command: list[str], code: int, says: str
) -> None:
    result = dateline("-C", demo, *command, "--json")
    assert code == result.exit_code, result.output
    assert "" == result.stdout
    found = json.loads(result.stderr)
    assert code == found["exit_code"]
    assert says in found["error"]


def test_explain_says_why_in_words(demo: Path) -> None:
    said = dateline("-C", demo, "search", "--explain", "--limit", "1", "ferry").stdout
    assert "> ferry: once in the title (each counts 2 times), twice in the text" in said
    answer = dateline("-C", demo, "search", "--explain", "--limit", "1", "--json", "ferry").stdout
    (hit,) = json.loads(answer)["hits"]
    assert {"clause": "ferry", "field": "title", "times": 1} == hit["reasons"][0]
    assert 0 == hit["recency"]


def test_now_fixes_what_relative_dates_are_relative_to(demo: Path) -> None:
    result = dateline("-C", demo, "search", "--now", "2025-04-01T12:00Z", "date:yesterday")
    assert "read as: date:2025-03-31\n" in result.stderr


def test_a_file_of_queries_makes_a_run(demo: Path, tmp_path: Path) -> None:
    queries = tmp_path / "queries.tsv"
    queries.write_bytes('\ufeffq1\tferry\n\nq2\t"unclosed fair\nq3\t&&\nq4\txyzzy\n'.encode())
    result = dateline("-C", demo, "search", "--queries", queries, "--format", "trec")
    rows = [line.split() for line in result.stdout.splitlines()]
    assert {"q1", "q2"} == {row[0] for row in rows}
    assert ["1 4", "2 3", "3 2", "4 1"] == [" ".join(row[3:5]) for row in rows if row[0] == "q1"]
    assert {("Q0", "dateline")} == {(row[1], row[5]) for row in rows}
    assert f"{queries}, line 3: this quote is never closed; taken as words" in result.stderr
    assert "line 4: there is nothing to search for; no answer\n" in result.stderr
    lines = dateline("-C", demo, "search", "--queries", queries).stdout.splitlines()
    assert ["q1", "q2", "q3", "q4"] == [json.loads(line)["query"] for line in lines]


def test_a_query_that_is_too_long_is_taken_as_its_first_words(demo: Path, tmp_path: Path) -> None:
    queries = tmp_path / "queries.tsv"
    queries.write_text("q1\tferry" + " and the fog of Sorrel" * 400, "utf-8")
    arguments = ("--queries", queries, "--format", "trec", "--match", "any")
    result = dateline("-C", demo, "search", *arguments)
    assert (0, True) == (result.exit_code, result.stdout.startswith("q1 Q0 "))
    assert "line 1: the query is longer than 4,000 characters; taken as words" in result.stderr


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"q1 ferry\n", "line 1: expected an id"), (b"q1\tferry\nq2\tf\xe9\n", "line 2: not UTF-8")],
)
def test_a_file_that_holds_no_queries_is_told(
    demo: Path, tmp_path: Path, content: bytes, says: str
) -> None:
    (tmp_path / "q.tsv").write_bytes(content)
    result = dateline("-C", demo, "search", "--queries", tmp_path / "q.tsv", "--format", "trec")
    assert (2, True) == (result.exit_code, says in result.stderr)
    both = dateline("-C", demo, "search", "--queries", tmp_path / "q.tsv", "ferry")
    assert (2, True) == (both.exit_code, "not both" in both.stderr)


@pytest.mark.parametrize(
    ("given", "titles"),
    [
        ("Ferry runs aground\n\nThe ferry ran aground.", ["Ferry runs aground"]),
        ("<html><head><title>Fog</title></head><body><p>Fog came.</p></body></html>", ["Fog"]),
        ('{"title": "One", "body": "b"}', ["One"]),
        ('{"title": "One", "body": "b"}\n{"title": "Two", "body": "b"}\n', ["One", "Two"]),
        ('[{"title": "One", "body": "b"}, {"title": "Two", "body": "b"}]', ["One", "Two"]),
        ('{\n "title": "One",\n "body": "b"\n}\n', ["One"]),
    ],
)
def test_clean_reads_standard_input(tmp_path: Path, given: str, titles: list[str]) -> None:
    result = dateline("-C", tmp_path, "clean", "-", given=given)
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert (0, titles) == (result.exit_code, [line["title"] for line in lines])
    assert {line["path"].partition("#")[0] for line in lines} == {"-"}
    assert [] == list(tmp_path.iterdir())


def test_clean_reads_a_folder_and_tells_what_failed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ferry runs aground\n\nThe ferry ran.", "utf-8")
    (tmp_path / "b.json").write_text("{", "utf-8")
    result = dateline("-C", tmp_path, "clean", tmp_path)
    (line,) = result.stdout.splitlines()
    assert (5, "a.txt") == (result.exit_code, json.loads(line)["path"])
    assert result.stderr.startswith("dateline: b.json: line 1 is not JSON")


def test_nothing_from_outside_steers_the_terminal(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    hostile = "\x1b]0;x\x07\x1b[2J\x9b31m flood"
    record = {"id": f"x{hostile}", "title": hostile, "body": hostile, "authors": [hostile]}
    (source / "a.jsonl").write_text(json.dumps(record), "utf-8")
    (source / "\x1b[31mevil\x9b.json").write_text("{", "utf-8")
    query = "flood \x1b[31m"
    commands: list[list[str | Path]] = [
        ["add", source], ["search", query], ["search", "--json", query], ["status"],
        ["status", "--json"], ["show", hostile], ["clean", source],
        ["search", "--facet", "author", "--explain", query], ["search", f'{query}"'],
        ["facets", query], ["facets", "--json", query], ["timeline", query], ["suggest", "x"],
        ["similar", hostile], ["suggest", "--json", "fl"],
    ]  # fmt: skip
    for command in commands:
        result = dateline("-C", tmp_path, *command)
        assert set() == set("\x1b\x07\x9b") & set(result.stdout + result.stderr)


# -- processes: pipes, signals, terminals, shells


def test_a_reader_that_has_had_enough_is_no_error(demo: Path, tmp_path: Path) -> None:
    queries = tmp_path / "queries.tsv"
    queries.write_text("".join(f"{number}\t*\n" for number in range(50)), "utf-8")
    command = [*COMMAND, "-C", str(demo), "search", "--queries", str(queries), "--limit", "50"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b'{"query": "0"')
        process.stdout.close()
        assert b"" == process.stderr.read()
        assert 0 == process.wait(30)


@posix
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_ends_an_add_and_the_next_update_completes_it(tmp_path: Path, workers: str) -> None:
    import pty

    articles = 3_000
    words = " ".join(f"word{number}" for number in range(250))
    (tmp_path / "in.jsonl").write_text(
        "".join(
            json.dumps({"id": str(number), "title": f"Article {number}", "body": words}) + "\n"
            for number in range(articles)
        ),
        "utf-8",
    )
    ours, theirs = pty.openpty()
    command = [
        *COMMAND,
        "-C",
        str(tmp_path),
        "--workers",
        workers,
        "add",
        str(tmp_path / "in.jsonl"),
    ]
    with subprocess.Popen(
        command,
        stdin=theirs,
        stderr=theirs,
        env=environment(),
        start_new_session=True,
        # Tests that run in the background have it ignored, and what they start inherits that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        os.close(theirs)
        said = os.read(ours, 1_000)
        # As a terminal does it: to the command and to all that it started.
        os.killpg(process.pid, signal.SIGINT)
        assert 130 == process.wait(30)
    said += drained(ours)
    assert b"articles" in said
    assert b"can be searched; to go on, run: dateline update" in said
    assert b"Traceback" not in said
    assert dateline("-C", tmp_path, "search", "word7").exit_code in {0, 1}
    assert "index     tantivy, up to date" in dateline("-C", tmp_path, "status").stdout
    assert 0 == dateline("-C", tmp_path, "update").exit_code
    assert f"{articles:,} articles" in dateline("-C", tmp_path, "search", "word7").stderr


def drained(terminal: int) -> bytes:
    """What was written to a pseudo-terminal whose other side is closed."""
    said = b""
    try:
        while piece := os.read(terminal, 10_000):
            said += piece
    except OSError:
        # Linux tells the end of a pseudo-terminal so.
        pass
    finally:
        os.close(terminal)
    return said


@posix
@pytest.mark.parametrize(
    ("variables", "bold"), [({}, True), ({"NO_COLOR": "1"}, False), ({"COLUMNS": "40"}, True)]
)
def test_matches_are_bold_on_a_terminal_only(
    demo: Path, variables: dict[str, str], bold: bool
) -> None:
    import pty

    ours, theirs = pty.openpty()
    command = [*COMMAND, "-C", str(demo), "search", "ferry"]
    with subprocess.Popen(
        command, stdout=theirs, stderr=subprocess.PIPE, env=environment(**variables)
    ) as process:
        os.close(theirs)
        shown = drained(ours).decode()
        assert process.stderr is not None
        assert b"4 articles" in process.stderr.read()
    assert bold is ("\x1b[1mferry\x1b[0m" in shown)
    plain = shown.replace("\x1b[1m", "").replace("\x1b[0m", "").replace("\x1b[2m", "")
    width = int(variables.get("COLUMNS", 80))
    assert all(len(line) <= width for line in plain.splitlines() if " " in line.strip())
    assert "\x1b" not in dateline("-C", demo, "search", "ferry").stdout


def test_a_terminal_that_lacks_letters_is_no_error(demo: Path) -> None:
    result = subprocess.run(
        [*COMMAND, "-C", str(demo), "search", "硫黄島"],
        capture_output=True,
        env=environment(PYTHONIOENCODING="latin-1"),
        check=False,
    )
    assert (0, True) == (result.returncode, b"\\u786b" in result.stdout)


_NOT_FOR_SEARCHES = (
    "bs4", "dask", "distributed", "feedparser", "httpcore", "httpx", "indexer.clean", "lxml",
    "multiprocessing", "protego", "selectolax", "soupsieve", "spacy", "trafilatura",
)  # fmt: skip


def test_a_search_loads_neither_cleaning_nor_parsers_of_pages(demo: Path, tmp_path: Path) -> None:
    project = shutil.copytree(demo, tmp_path / "demo")
    (project / "dateline.yaml").write_text(
        "sources: [{path: articles, selectors: {title: h1.head, body: '#story', remove: [nav]}}]"
    )
    script = (
        "import sys\nfrom search.cli.main import cli\n"
        f"cli.main(['-C', {str(project)!r}, 'search', 'ferry'], standalone_mode=False)\n"
        f"print(sorted(set({_NOT_FOR_SEARCHES!r}) & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, env=environment(), check=True
    )
    assert b"[]" == result.stdout.splitlines()[-1]


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@posix
def test_completion_works_when_bash_reads_it(tmp_path: Path) -> None:
    command = tmp_path / "dateline"
    command.write_text(f'#!/bin/sh\nexec {COMMAND[0]} -c "{COMMAND[2]}" "$@"\n', "utf-8")
    command.chmod(0o755)
    script = (
        'eval "$(dateline completion bash)"; COMP_WORDS=(dateline sea); COMP_CWORD=1; '
        '_dateline_completion dateline; echo "${COMPREPLY[@]}"'
    )
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    result = subprocess.run(
        ["bash", "-c", script], capture_output=True, env=environment(PATH=path), check=True
    )
    assert b"search\n" == result.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_made_for_each_shell(shell: str) -> None:
    assert "_DATELINE_COMPLETE" in dateline("completion", shell).stdout


def test_recency_and_aliases_come_from_the_settings(tmp_path: Path) -> None:
    articles: list[dict[str, object]] = [
        {"id": "old", "title": "Iwoto", "body": "Iwoto.", "date": "2015-03-01"},
        {"id": "new", "title": "A service", "body": "On Iwo Jima.", "date": "2025-03-31"},
    ]
    settings = "aliases: [[Iwo Jima, Iwoto]]\nranking: {recency_half_life: 30d, recency_weight: 9}"
    folder = planted(tmp_path, articles, settings)
    found = dateline("-C", folder, "search", "--now", "2025-04-01", "--explain", "Iwoto")
    assert "Searched for Iwoto also as Iwo Jima.\n" in found.stderr
    assert "added for being recent" in found.stdout
    assert found.stdout.startswith(" 1  A service")
    alone = dateline("-C", folder, "search", "--no-aliases", "Iwoto")
    assert alone.stderr.startswith("1 article (")


# -- the small kinds of damage


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    result = dateline("-C", tmp_path / "nowhere", "search", "ferry")
    assert (2, True) == (result.exit_code, "no such folder" in result.stderr)


def test_a_name_with_a_line_break_stays_in_its_line(copy: Path) -> None:
    (copy / "two\nlines.json").write_text("{", "utf-8")
    assert r"two\nlines.json" in dateline("-C", copy, "add", copy / "two\nlines.json").stderr
    assert 2 == sum(r"two\nlines.json" in line for line in _status_lines(copy))


def _status_lines(project: Path) -> list[str]:
    return dateline("-C", project, "status").stdout.splitlines()


@pytest.mark.parametrize("command", ["show", "similar", "search"])
def test_an_argument_that_is_no_text_is_not_found(copy: Path, command: str) -> None:
    assert dateline("-C", copy, command, "zz\udce9zz").exit_code in {1, 2}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", [["--help"], ["-C", "demo", "search", "ferry"]])
def test_a_full_disk_is_told(copy: Path, arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(
            [*COMMAND, *arguments],
            cwd=copy.parent,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
        )
    assert (2, b"dateline: output: No space left on device\n") == (
        result.returncode,
        result.stderr,
    )


def test_settings_that_are_nested_without_end_are_told(tmp_path: Path) -> None:
    (tmp_path / "dateline.yaml").write_text("[" * 100_000)
    result = dateline("-C", tmp_path, "status")
    assert (2, True) == (result.exit_code, "nested too deeply" in result.stderr)
