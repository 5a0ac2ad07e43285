from __future__ import annotations

import gc
import gzip
import json
import os
import re
import signal
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from pickle import PicklingError
from typing import Any

import pytest

from corpus.article import Article, MediaType, RawArticle, Source
from corpus.ledger import Ledger
from corpus.store import Store
from indexer.ingest.run import ingest
from indexer.ingest.stats import IngestStats
from indexer.workers.cleaner import Cleaned, Cleaner
from indexer.workers.process import CleaningJob, CleaningLimits, CleaningProcess
from tests.perilous import perilous

NOW = datetime(2025, 4, 10, 12, 0, tzinfo=UTC)

posix = pytest.mark.skipif(sys.platform == "win32", reason="processes are limited another way")


@dataclass
class Desk:
    """A store, and a folder that its sources lie in."""

    store: Store
    folder: Path
    sources: dict[str, Source] = field(default_factory=dict)

    def add(self, name: str, location: str = "", **settings: Any) -> None:
        path = self.folder / (location or name)
        self.sources[name] = replace(Source(name, str(path)), **settings)
        Ledger(self.store).register_source(name, str(path))

    def update(self, *, keep_missing: bool = False, workers: int = 1) -> str:
        """Ingest all sources; what the tally counts, as words."""
        tally = ingest(
            self.store,
            list(self.sources.values()),
            now=NOW,
            keep_missing=keep_missing,
            workers=workers,
        )
        counts = {name: getattr(tally, name) for name in _COUNTS}
        return " ".join(f"{number} {name}" for name, number in counts.items() if number)

    def write(self, path: str, content: str | bytes) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def held(self) -> dict[str, str]:
        """The titles of all articles, by id."""
        articles = self.store.read_articles(
            [version for _, version in self.store.read_current_versions()]
        )
        return {each.id: each.title for each in articles.values()}

    def titles(self) -> str:
        return " ".join(sorted(self.held().values()))

    def failures(self) -> list[tuple[str, str]]:
        return [(failure.path, failure.reason) for failure in self.store.read_failures()]


_COUNTS = ("added", "changed", "unchanged", "duplicate", "removed", "failed", "kept")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "news").mkdir()
    with Store(tmp_path / "corpus.sqlite") as store:
        desk = Desk(store, tmp_path)
        desk.add("news")
        yield desk


def record(title: str, **fields: str) -> str:
    return json.dumps({"title": title, "body": f"About {title}.", **fields}) + "\n"


def records(titles: str) -> str:
    """A record a letter, which has it as its own id too."""
    return "".join(record(title, id=title) for title in titles)


def page(title: str) -> str:
    return f"{title}\n\nA paragraph about {title}, and no more than that."


# -- files


def test_new_changed_and_gone_files(desk: Desk) -> None:
    desk.write("news/a.txt", page("Apple"))
    desk.write("news/b.txt", page("Banana"))
    assert desk.update() == "2 added"
    assert desk.update() == ""
    desk.write("news/b.txt", page("Blueberry"))
    desk.write("news/c/d.txt", page("Date"))
    assert desk.update() == "1 added 1 changed"
    assert desk.titles() == "Apple Blueberry Date"
    (desk.folder / "news/a.txt").unlink()
    (desk.folder / "news/c/d.txt").rename(desk.folder / "news/e.txt")
    assert desk.update() == "1 added 2 removed"
    assert desk.titles() == "Blueberry Date"
    assert [2, 1] == [len(desk.store.read_versions(f"news/{name}.txt")) for name in "be"]


def test_a_file_that_was_only_touched_is_not_cleaned(desk: Desk) -> None:
    file = desk.write("news/a.jsonl", records("ab"))
    desk.update()
    os.utime(file, ns=(1, 1))
    assert desk.update() == ""
    known = Ledger(desk.store).read_fingerprints("news")["a.jsonl"]
    assert known.mtime_ns == file.stat().st_ctime_ns


def test_a_file_that_replaces_one_of_the_same_size_and_time_is_read(desk: Desk) -> None:
    file = desk.write("news/a.txt", page("Apple"))
    os.utime(file, ns=(1, 1))
    desk.update()
    desk.write("news/a.txt", page("Peach"))
    os.utime(file, ns=(1, 1))
    assert desk.update() == "1 changed"
    assert desk.titles() == "Peach"


def test_with_keep_missing_articles_of_gone_files_stay(desk: Desk) -> None:
    desk.write("news/a.txt", page("Apple"))
    desk.write("news/b.jsonl", records("xy"))
    desk.update()
    (desk.folder / "news/a.txt").unlink()
    desk.write("news/b.jsonl", records("x"))
    assert desk.update(keep_missing=True) == "1 unchanged"
    assert desk.titles() == "Apple x y"
    assert desk.update() == "1 removed"
    assert desk.titles() == "x y"


def test_a_source_that_vanished_keeps_its_articles_and_others_go_on(desk: Desk) -> None:
    desk.add("feeds")
    desk.write("news/a.txt", page("Apple"))
    desk.write("feeds/b.txt", page("Banana"))
    desk.update()
    (desk.folder / "news").rename(desk.folder / "elsewhere")
    desk.write("feeds/c.txt", page("Cherry"))
    assert desk.update() == "1 added 1 failed"
    assert desk.titles() == "Apple Banana Cherry"
    ((path, reason),) = desk.failures()
    assert path == ""
    assert "news cannot be read" in reason
    (desk.folder / "elsewhere").rename(desk.folder / "news")
    assert desk.update() == ""
    assert desk.failures() == []


def test_a_file_that_cannot_be_opened_keeps_its_articles(desk: Desk) -> None:
    file = desk.write("news/a.txt", page("Apple"))
    desk.update()
    file.unlink()
    # A link to itself cannot be opened, whoever asks.
    file.symlink_to(file)
    assert desk.update() == "1 failed"
    assert desk.titles() == "Apple"


@pytest.mark.parametrize(
    ("articles", "gone", "outcome"),
    [
        (20, 20, "20 removed"),
        (21, 21, "21 kept"),
        (40, 20, "20 removed"),
        (40, 21, "21 kept"),
        (60, 30, "30 removed"),
    ],
)
@pytest.mark.parametrize("is_one_file", [False, True])
def test_most_of_a_source_is_kept(
    desk: Desk, articles: int, gone: int, outcome: str, is_one_file: bool
) -> None:
    def write(numbers: range) -> None:
        records = [record(f"T{n}", url=f"https://n.example/{n}") for n in numbers]
        if is_one_file:
            desk.write("news/all.jsonl", "".join(records))
            return
        for file in (desk.folder / "news").iterdir():
            file.unlink()
        for number, text in zip(numbers, records, strict=True):
            desk.write(f"news/{number}.jsonl", text)

    def count(words: str) -> str:
        return " ".join(part for part in re.findall(r"\d+ \w+", words) if "unchanged" not in part)

    write(range(articles))
    assert desk.update() == f"{articles} added"
    write(range(gone, articles))
    assert outcome == count(desk.update())
    if "kept" in outcome:
        assert articles == len(desk.held())
        # It asks each time, until they are back or it is allowed.
        assert outcome == count(desk.update())
        desk.sources["news"] = replace(desk.sources["news"], allow_removals=True)
        assert f"{gone} removed" == count(desk.update())
    assert articles - gone == len(desk.held())


def test_articles_that_come_back_are_unchanged(desk: Desk) -> None:
    for number in range(30):
        desk.write(f"news/{number}.txt", page(f"Apple {number}"))
    desk.update()
    (desk.folder / "news").rename(desk.folder / "away")
    (desk.folder / "news").mkdir()
    assert "30 kept" == desk.update()
    (desk.folder / "news").rmdir()
    (desk.folder / "away").rename(desk.folder / "news")
    assert "" == desk.update()


def test_a_moved_file_keeps_its_articles(desk: Desk) -> None:
    for number in range(30):
        desk.write(f"news/{number}.jsonl", record(f"T{number}", url=f"https://n.example/{number}"))
    desk.update()
    (desk.folder / "news").rename(desk.folder / "2025")
    (desk.folder / "news").mkdir()
    (desk.folder / "2025").rename(desk.folder / "news" / "2025")
    assert "30 unchanged" == desk.update()


@pytest.mark.skipif(not hasattr(os, "pathconf"), reason="paths have no limit that is known")
def test_a_folder_that_cannot_be_listed_keeps_its_articles(desk: Desk) -> None:
    room = os.pathconf(desk.folder, "PC_PATH_MAX") - len(str(desk.folder)) - 100
    desk.write("/".join(["news", *["n" * 99] * (room // 100), "a.txt"]), page("Apple"))
    desk.write("news/b.txt", page("Banana"))
    assert desk.update() == "2 added"
    (desk.folder / ("m" * 200)).mkdir()
    (desk.folder / "news").rename(desk.folder / ("m" * 200) / "news")
    desk.sources["news"] = Source("news", str(desk.folder / ("m" * 200) / "news"))
    desk.write(f"{'m' * 200}/news/c.txt", page("Cherry"))
    assert desk.update() == "1 added 1 failed"
    assert "File name too long" in desk.failures()[0][1]
    assert desk.titles() == "Apple Banana Cherry"


def test_a_file_belongs_to_the_innermost_source(desk: Desk) -> None:
    desk.write("news/a.txt", page("Apple"))
    desk.write("news/tokyo/b.txt", page("Banana"))
    desk.write("news/tokyo2/c.txt", page("Cherry"))
    assert desk.update() == "3 added"
    desk.add("tokyo", "news/tokyo", publisher="Tokyo Desk")
    assert desk.update() == "1 added 1 removed"
    assert {"news/a.txt", "tokyo/b.txt", "news/tokyo2/c.txt"} == desk.held().keys()
    desk.add("cherry", "news/tokyo2/c.txt")
    assert desk.update() == "1 added 1 removed"
    assert desk.update() == ""


# -- records


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("abc", "abcd", "1 added 3 unchanged"),
        ("abc", "xabc", "1 added 3 unchanged"),
        ("abc", "ac", "2 unchanged 1 removed"),
        ("abc", "axc", "1 added 2 unchanged 1 removed"),
        ("abc", "", "3 removed"),
        ("", "abc", "3 added"),
    ],
)
@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_only_new_records_of_a_file_are_cleaned(
    desk: Desk, name: str, before: str, after: str, expected: str
) -> None:
    pack: Callable[[bytes], bytes] = gzip.compress if name.endswith(".gz") else bytes
    desk.write(f"news/{name}", pack(records(before).encode()))
    desk.update()
    desk.write(f"news/{name}", pack(records(after).encode()))
    assert expected == desk.update()
    assert sorted(after) == sorted(desk.held())
    assert all(len(desk.store.read_versions(key)) == 1 for key in after)
    assert desk.update() == ""


def test_records_without_ids_are_told_apart_by_their_places(desk: Desk) -> None:
    desk.write("news/a.jsonl", record("one") + record("two") + record("three"))
    desk.update()
    desk.write("news/a.jsonl", record("one") + record("three"))
    assert desk.update() == "1 changed 1 unchanged 1 removed"
    assert {"news/a.jsonl#1": "one", "news/a.jsonl#2": "three"} == desk.held()


def test_an_updated_article_has_two_versions(desk: Desk) -> None:
    url = "https://example.org/flood"
    desk.write("news/a.jsonl", record("Flood", url=url))
    desk.update()
    desk.write("news/b.jsonl", record("Flood recedes", url=f"{url}/?utm_source=feed"))
    assert desk.update() == "1 changed"
    ((key, title),) = desk.held().items()
    assert title == "Flood recedes"
    assert ["Flood", "Flood recedes"] == [v.article.title for v in desk.store.read_versions(key)]
    (desk.folder / "news/b.jsonl").unlink()
    assert desk.update() == ""
    assert {key: "Flood"} == desk.held()


def test_an_article_in_several_records_is_a_duplicate(desk: Desk) -> None:
    flood, fire = (record(title, url=f"https://n.example/{title}") for title in ("Flood", "Fire"))
    desk.write("news/a.jsonl", flood + fire)
    desk.write("news/b.jsonl", flood)
    desk.write("news/c.jsonl", fire + fire.replace("{", "{ "))
    assert desk.update() == "2 added 3 duplicate"
    assert desk.update() == ""
    # A duplicate that was moved is one still; the records of an item that is gone do not count.
    (desk.folder / "news/b.jsonl").rename(desk.folder / "news/d.jsonl")
    assert desk.update() == "1 duplicate"
    (desk.folder / "news/a.jsonl").unlink()
    (desk.folder / "news/c.jsonl").unlink()
    (desk.folder / "news/d.jsonl").rename(desk.folder / "news/e.jsonl")
    assert desk.update() == "1 unchanged 1 removed"


def test_own_ids_of_two_sources_do_not_meet(desk: Desk) -> None:
    desk.add("wire")
    desk.write("news/a.jsonl", records("1") + record("page", id="2", url="https://example.org/2"))
    desk.write("wire/a.jsonl", record("wire one", id="1") + record("wire two", id="2"))
    assert desk.update() == "4 added"
    titles = {title: key for key, title in desk.held().items()}
    assert ("1", "wire/1", "2") == (titles["1"], titles["wire one"], titles["wire two"])
    assert desk.update() == ""
    desk.write("wire/a.jsonl", record("wire one, again", id="1") + record("wire two", id="2"))
    assert desk.update() == "1 changed 1 unchanged"
    assert desk.held()["wire/1"] == "wire one, again"


@pytest.mark.parametrize(
    "settings",
    [{"timezone": "Asia/Tokyo"}, {"publisher": "The Post"}, {"fields": (("title", "head"),)}],
    ids=str,
)
def test_other_settings_of_a_source_have_it_cleaned_again(
    desk: Desk, settings: dict[str, str]
) -> None:
    desk.add("wire")
    desk.write("news/a.jsonl", record("Flood", id="1", head="Water", date="2025-03-01"))
    desk.write("wire/a.jsonl", record("Fire", id="2"))
    desk.update()
    desk.add("news", **settings)
    assert desk.update() == "1 changed"
    assert desk.update() == ""


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (records("ax").encode() + b"not an object\n", "line 3 is not a JSON object"),
        (records("ax").encode() + b'{"title": "cut', "line 3 is not a JSON object"),
    ],
)
def test_nothing_goes_of_a_file_with_a_broken_line(desk: Desk, broken: bytes, reason: str) -> None:
    desk.write("news/a.jsonl", records("abc"))
    desk.update()
    desk.write("news/a.jsonl", broken)
    assert desk.update() == "1 added 1 unchanged 1 failed"
    assert [("a.jsonl#3", reason)] == desk.failures()
    assert desk.titles() == "a b c x"
    assert desk.update() == ""
    assert len(desk.failures()) == 1
    desk.write("news/a.jsonl", records("ax"))
    assert desk.update() == "2 unchanged 2 removed"
    assert desk.failures() == []


def test_nothing_goes_of_a_file_that_is_cut_off(desk: Desk) -> None:
    whole = gzip.compress(records("abcdef").encode(), mtime=0)
    desk.write("news/a.jsonl.gz", whole)
    desk.update()
    desk.write("news/a.jsonl.gz", whole[:-20])
    assert "1 failed" in desk.update()
    assert [("a.jsonl.gz", "the compressed file is cut off")] == desk.failures()
    assert desk.titles() == "a b c d e f"
    desk.write("news/a.jsonl.gz", whole)
    assert desk.update() == "6 unchanged"
    assert desk.failures() == []


def test_a_record_that_cannot_be_cleaned_keeps_its_article(desk: Desk) -> None:
    desk.write("news/a.jsonl", records("abc"))
    desk.update()
    desk.write("news/a.jsonl", records("a") + '{"id": "b"}\n')
    assert desk.update() == "1 unchanged 1 removed 1 failed"
    assert desk.titles() == "a b"
    assert [("a.jsonl#2", "no text found")] == desk.failures()


def test_nothing_that_records_hold_stops_an_ingest(desk: Desk) -> None:
    odd = "\ud800 \0 \u202e " + "x" * 70_000
    fields = ("id", "url", "source", "title", "dek", "author", "section", "language", "date")
    for number, name in enumerate(fields):
        line = {"id": f"r{number}", "title": "T", "body": "B", name: odd}
        desk.write(f"news/{number}.jsonl", json.dumps(line))
    desk.write("news/deep.jsonl", '{"title": ' + "[" * 100_000 + "]" * 100_000 + "}")
    desk.write("news/z.txt", page("Apple"))
    assert desk.update() == f"{len(fields) + 1} added 1 failed"
    assert "Apple" in desk.held().values()


def test_a_file_that_is_none_of_its_kind_is_not_read_to_its_end(desk: Desk) -> None:
    desk.write("news/a.jsonl", "line\n" * 30_000)
    desk.write("news/b.txt", page("Apple"))
    desk.update()
    assert desk.titles() == "Apple"
    failures = dict(desk.failures())
    assert "records failed; the rest is not read" in failures["a.jsonl"]
    assert 5_000 < len(failures) < 20_000
    assert desk.update() == ""


# -- workers


def test_more_workers_take_in_the_same(desk: Desk, tmp_path: Path) -> None:
    lines = [record(f"Story {n}", id=f"r{n}", date=f"2025-03-{n % 28 + 1:02}") for n in range(300)]
    lines[100:100] = ["no object\n", '{"id": "empty"}\n']
    desk.write("news/a.jsonl", "".join(lines))
    assert desk.update(workers=1) == "300 added 2 failed"
    (tmp_path / "other").mkdir()
    with Store(tmp_path / "other" / "corpus.sqlite") as store:
        other = Desk(store, tmp_path)
        other.add("news")
        assert other.update(workers=2) == "300 added 2 failed"
        assert list(desk.store.read_changes(0)) == list(other.store.read_changes(0))
        assert desk.failures() == other.failures()


def raw(number: int, text: str, media_type: MediaType = MediaType.TEXT) -> RawArticle:
    return RawArticle(Source("news", "/news"), f"r{number}", media_type, text.encode())


def page_of(number: int, text: str) -> RawArticle:
    return raw(number, text, MediaType.HTML)


def clean_each(
    raws: Iterable[RawArticle | None], workers: int = 1
) -> Generator[Cleaned, None, None]:
    """What becomes of each, within limits that are soon reached."""
    limits = CleaningLimits(seconds=0.2, seconds_again=0.1)
    with Cleaner(workers, NOW, perilous, limits) as cleaner:
        for event, cleaned in cleaner.clean_each(iter(raws), lambda event: event):
            assert not isinstance(cleaned, Article) or (event and event.path == cleaned.id)
            yield cleaned


def clean_all(
    texts: list[str], workers: int = 1, make: Callable[..., RawArticle] = raw
) -> list[str]:
    """What became of each: its title or the reason why it has none."""
    cleaned = clean_each((make(number, text) for number, text in enumerate(texts)), workers)
    return [each.title if isinstance(each, Article) else str(each) for each in cleaned]


@posix
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("loop", "cleaning it took longer than 0.3 s"),
        ("wait", "cleaning it took longer than 0.3 s"),
        ("hoard", "cleaning it needed more than 450 MB of memory"),
        ("crash", "cleaning it ended the process (SIGSEGV)"),
        ("leave", "cleaning it ended the process (status 1)"),
        ("refuse", "no text found"),
        ("stumble", "cleaning it went wrong: RecursionError: too deep"),
        ("dare", "dare"),
        ("print", "print"),
    ],
)
def test_a_page_that_ends_badly_fails_alone(text: str, reason: str) -> None:
    assert ["a", reason, "b", "c"] == clean_all(["a", text, "b", "c"], make=page_of)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_ends_its_process_is_found_among_many(workers: int) -> None:
    texts = [f"page {number}" for number in range(300)]
    texts[0] = texts[170] = texts[171] = texts[299] = "leave"
    ended = "cleaning it ended the process (status 1)"
    expected = [ended if text == "leave" else text for text in texts]
    assert expected == clean_all(texts, workers, page_of)


@posix
def test_a_killed_process_is_replaced_and_nothing_is_lost() -> None:
    found = clean_each((page_of(number, "page") for number in range(1_000)), workers=2)
    seen: set[str] = set()
    for cleaned in found:
        assert isinstance(cleaned, Article)
        if not seen:
            os.kill(int(cleaned.body), signal.SIGKILL)
        seen.add(cleaned.body)
    assert len(seen) >= 2


@pytest.mark.parametrize("workers", [1, 2])
def test_small_texts_that_go_wrong_fail_alone(workers: int) -> None:
    texts = ["page"] * 290 + ["refuse", "stumble", "page"]
    wrong = ["no text found", "cleaning it went wrong: RecursionError: too deep"]
    assert [*texts[:290], *wrong, "page"] == clean_all(texts, workers)


def processes(raws: Iterable[RawArticle | None], workers: int) -> set[str]:
    """In which raw articles were cleaned; this one is ""."""
    found = {each.body for each in clean_each(raws, workers) if isinstance(each, Article)}
    return {"" if body == str(os.getpid()) else body for body in found}


@pytest.mark.parametrize(
    ("number", "workers", "make", "here", "others"),
    [
        (50, 8, raw, 1, 0),
        (300, 2, raw, 1, 2),
        (300, 1, raw, 1, 0),
        (1, 1, page_of, 0, 1),
        (300, 1, page_of, 0, 1),
        (1, 1, lambda number, text: raw(number, text * 10_000), 0, 1),
    ],
)
def test_where_articles_are_cleaned(
    number: int, workers: int, make: Callable[..., RawArticle], here: int, others: int
) -> None:
    raws = (None if n % 100 else make(n, "page") for n in range(100 * number))
    found = processes(raws, workers)
    assert here == ("" in found)
    assert (others > 0) <= len(found - {""}) <= others


@posix
def test_leaving_early_ends_the_processes() -> None:
    found = clean_each((raw(number, "page") for number in range(5_000)), workers=2)
    last = [cleaned for _, cleaned in zip(range(300), found, strict=False)][-1]
    found.close()
    assert isinstance(last, Article)
    with pytest.raises(ProcessLookupError):
        os.kill(int(last.body), 0)


def test_a_process_that_cannot_have_its_job_is_ended() -> None:
    def clean_here(raw: RawArticle, *, now: datetime, careful: bool) -> Article:
        return perilous(raw, now=now, careful=careful)

    with pytest.raises((AttributeError, PicklingError), match="clean_here"):
        CleaningProcess(CleaningJob(clean_here, NOW))
    # One that still ran, or had a pipe open, would warn now.
    gc.collect()


# -- telling how far it is


def test_reports_rise_to_the_whole(desk: Desk) -> None:
    desk.write("news/a.jsonl", records("abcdef"))
    desk.write("news/b.txt", page("Apple"))
    seen: list[IngestStats] = []
    ingest(desk.store, list(desk.sources.values()), now=NOW, report=seen.append)
    assert [1, 2, 3, 4, 5, 6, 7] == sorted({tally.articles for tally in seen} - {0})
    assert sorted(tally.done for tally in seen) == [tally.done for tally in seen]
    assert 0.9 < seen[-1].done / seen[-1].total <= 1
