from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article, Entity, EntityKind, Moment
from corpus.article_codec import TRAINING_VERSIONS, decode_article, encode_article
from corpus.database import Database
from corpus.ledger import Fingerprint, Ledger
from corpus.migrations import MIGRATIONS
from corpus.store import ArticleChange, Failure, Store, StoreError
from corpus.store_check import check_structure

NOW = datetime(2025, 4, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "corpus.sqlite") as store:
        yield store


@pytest.fixture
def ledger(store: Store) -> Ledger:
    """A ledger with the sources `one` and `two`."""
    ledger = Ledger(store)
    ledger.register_source("one", "/one")
    ledger.register_source("two", "/two")
    return ledger


def article(key: str, text: str = "text") -> Article:
    return Article(id=key, title=text, body="")


def read(
    ledger: Ledger, item: str, records: dict[str, tuple[str, str]], source: str = "one"
) -> tuple[list[str], int]:
    """Read an item of some records: by path, an article's id and its text.

    Returns the ids of those that were new or changed, and how many articles are gone.
    """
    changed = []
    key = ledger.open_item(source, item)
    for path, (article_id, text) in records.items():
        if ledger.mark_if_unchanged(key, path, raw(article_id, text)):
            continue
        if ledger.put_article(article(article_id, text), key, path, raw(article_id, text), NOW):
            changed.append(article_id)
    gone = ledger.remove_missing(key)
    ledger.close_item(key, Fingerprint(1, 1, "digest"))
    return changed, gone


def raw(article_id: str, text: str) -> bytes:
    return f"{article_id} {text}".encode()


def texts(store: Store, key: str) -> list[str]:
    """The titles of all versions of an article."""
    return [version.article.title for version in store.read_versions(key)]


def held(store: Store) -> dict[str, str]:
    """The titles of all articles, by id."""
    articles = store.read_articles([version for _, version in store.read_current_versions()])
    return {each.id: each.title for each in articles.values()}


# -- versions


def test_every_version_is_kept(store: Store, ledger: Ledger) -> None:
    for number, text in enumerate(("first", "second", "first")):
        key = ledger.open_item("one", "a.html")
        now = NOW + timedelta(hours=number)
        assert ledger.put_article(article("a", text), key, "a.html", text.encode(), now)
    versions = store.read_versions("a")
    assert ["first", "second", "first"] == [version.article.title for version in versions]
    assert [0, 3_600, 7_200] == [v.recorded_seconds - int(NOW.timestamp()) for v in versions]
    assert article("a", "first") == store.read_article("a")
    assert (1, 3) == (store.collect_stats().articles, store.collect_stats().versions)


def test_the_same_content_is_no_new_version(store: Store, ledger: Ledger) -> None:
    key = ledger.open_item("one", "a.html")
    assert ledger.put_article(article("a"), key, "a.html", b"raw", NOW)
    assert not ledger.put_article(article("a"), key, "a.html", b"other markup, same fields", NOW)
    assert ["text"] == texts(store, "a")
    assert store.read_last_change() == 1


def test_an_article_that_comes_back_as_it_was_is_the_version_it_was(
    store: Store, ledger: Ledger
) -> None:
    read(ledger, "a.html", {"a.html": ("a", "text")})
    assert ledger.remove_item("one", "a.html") == 1
    assert store.read_article("a") is None
    assert (["a"], 0) == read(ledger, "b.html", {"b.html": ("a", "text")})
    assert ["text"] == texts(store, "a")
    assert {"a": "text"} == held(store)


def test_what_is_not_held() -> None:
    with Store(Path(":memory:")) as store:
        assert store.read_article("a") is None
        assert store.read_versions("a") == []
        assert store.read_articles([]) == store.read_articles([7]) == {}
        assert (0, 0) == (store.read_last_change(), store.read_indexed_change("tantivy/1"))
        assert list(store.read_changes(0)) == []
        assert list(store.read_current_versions()) == []
        with pytest.raises(StoreError, match="no source 'none'"):
            Ledger(store).open_item("none", "a.html")


# -- changes


def test_changes_are_the_newest_of_each_article_and_gone_ones_too(
    store: Store, ledger: Ledger
) -> None:
    read(ledger, "f", {"#1": ("a", "1"), "#2": ("b", "1"), "#3": ("c", "1")})
    read(ledger, "f", {"#1": ("a", "1"), "#2": ("b", "2")})
    expected = [
        ArticleChange(1, "a", 1, article("a", "1")),
        ArticleChange(4, "b", 4, article("b", "2")),
        ArticleChange(5, "c", None, None),
    ]
    assert expected == list(store.read_changes(0))
    assert expected[2:] == list(store.read_changes(4))
    assert store.read_last_change() == 5


def test_long_runs_of_changes_have_no_gap(store: Store, ledger: Ledger) -> None:
    with store.transaction():
        read(ledger, "f", {f"#{n}": (f"a{n:04}", "text") for n in range(1, 1_202)})
    assert list(range(1, 1_202)) == [change.number for change in store.read_changes(0)]
    assert [(f"a{n:04}", n) for n in range(1, 1_202)] == list(store.read_current_versions())


def test_touched_articles_count_as_changed(store: Store, ledger: Ledger) -> None:
    read(ledger, "f", {"#1": ("a", "1"), "#2": ("b", "1")})
    read(ledger, "f", {"#1": ("a", "2")})
    after = store.read_last_change()
    store.mark_changed([1, 2, 99])
    assert [("a", 3), ("b", None)] == [
        (c.article_id, c.version_key) for c in store.read_changes(after)
    ]


# -- what items give


def test_an_article_of_two_items_goes_with_the_second(store: Store, ledger: Ledger) -> None:
    read(ledger, "x.html", {"x.html": ("a", "of x")})
    read(ledger, "y.html", {"y.html": ("a", "of y")}, "two")
    assert {"a": "of y"} == held(store)
    assert ledger.remove_item("two", "y.html") == 0
    assert {"a": "of x"} == held(store)
    assert ledger.remove_item("one", "x.html") == 1
    assert held(store) == {}
    assert ["of x", "of y"] == texts(store, "a")


def test_an_article_twice_in_one_item_falls_back_to_the_first(store: Store, ledger: Ledger) -> None:
    read(ledger, "f", {"#1": ("a", "early"), "#2": ("a", "late")})
    assert ([], 0) == read(ledger, "f", {"#1": ("a", "early"), "#2": ("a", "late")})
    assert {"a": "late"} == held(store)
    assert ([], 0) == read(ledger, "f", {"#1": ("a", "early")})
    assert {"a": "early"} == held(store)


@pytest.mark.parametrize(
    ("before", "after", "changed", "gone"),
    [
        ("abc", "abcd", "d", 0),
        ("abc", "xabc", "x", 0),
        ("abc", "axbc", "x", 0),
        ("abc", "ac", "", 1),
        ("abc", "cba", "", 0),
        ("abc", "bx", "x", 2),
        ("abc", "", "", 3),
        ("", "abc", "abc", 0),
        ("aab", "ab", "", 0),
        ("ab", "aab", "", 0),
    ],
)
def test_records_may_move_within_an_item(
    store: Store, ledger: Ledger, before: str, after: str, changed: str, gone: int
) -> None:
    def records(ids: str) -> dict[str, tuple[str, str]]:
        return {f"f#{n}": (each, f"text {each}") for n, each in enumerate(ids, 1)}

    read(ledger, "f", records(before))
    versions = store.collect_stats().versions
    assert (list(changed), gone) == read(ledger, "f", records(after))
    assert {each: f"text {each}" for each in after} == held(store)
    assert versions + len(changed) == store.collect_stats().versions
    assert ([], 0) == read(ledger, "f", records(after))


def test_articles_named_for_their_places_do_not_move(store: Store, ledger: Ledger) -> None:
    def records(written: str) -> dict[str, tuple[str, str]]:
        return {f"f#{n}": (f"one/f#{n}", each) for n, each in enumerate(written, 1)}

    def reread(written: str) -> None:
        key = ledger.open_item("one", "f")
        for path, (article_id, text) in records(written).items():
            if not ledger.mark_if_unchanged(key, path, text.encode()):
                ledger.put_article(article(article_id, text), key, path, text.encode(), NOW)
        ledger.remove_missing(key)

    reread("ab")
    reread("xab")
    assert {"one/f#1": "x", "one/f#2": "a", "one/f#3": "b"} == held(store)
    reread("b")
    assert {"one/f#1": "b"} == held(store)


def test_a_record_that_cannot_be_cleaned_keeps_what_it_gave(store: Store, ledger: Ledger) -> None:
    read(ledger, "f", {"#1": ("a", "text"), "#2": ("b", "text")})
    key = ledger.open_item("one", "f")
    assert not ledger.mark_if_unchanged(key, "#1", b"broken now")
    ledger.retain_record(key, "#1")
    assert ledger.remove_missing(key) == 1
    assert {"a": "text"} == held(store)


def test_reading_that_stopped_half_way_loses_nothing(store: Store, ledger: Ledger) -> None:
    read(ledger, "f", {"#1": ("a", "text"), "#2": ("b", "text"), "#3": ("c", "text")})
    key = ledger.open_item("one", "f")
    ledger.put_article(article("x"), key, "#1", raw("x", "text"), NOW)
    assert {"a", "b", "c", "x"} == held(store).keys()
    assert ledger.read_fingerprints("one")["f"].size == -1
    records = {"#1": ("x", "text"), "#2": ("a", "text"), "#3": ("b", "text")}
    assert ([], 1) == read(ledger, "f", records)
    assert {"a", "b", "x"} == held(store).keys()


def test_fingerprints_are_of_items_that_were_read_whole(ledger: Ledger) -> None:
    seen = Fingerprint(10, 20, "digest")
    ledger.close_item(ledger.open_item("one", "a.html"), seen)
    ledger.open_item("one", "b.html")
    ledger.open_item("two", "c.html")
    assert {"a.html": seen, "b.html": Fingerprint(-1, 0, "")} == ledger.read_fingerprints("one")


def test_whether_another_source_gives_an_article(ledger: Ledger) -> None:
    read(ledger, "f", {"#1": ("a", "text")}, "one")
    assert ledger.is_in_other_source("a", "two")
    assert not ledger.is_in_other_source("a", "one")
    assert not ledger.is_in_other_source("b", "two")


def test_a_location_is_registered_once(ledger: Ledger) -> None:
    ledger.register_source("again", "/one")
    assert [("one", "/one"), ("two", "/two")] == ledger.list_sources()


def test_failures_are_kept_until_their_item_is_read_again(store: Store, ledger: Ledger) -> None:
    ledger.add_failure("two", "f", "f#2", "not a JSON object")
    ledger.add_failure("one", "f", "f#2", "no text found")
    ledger.add_failure("one", "g", "g", "cut off")
    ledger.add_failure("one", "g", "g", "empty file")
    assert [
        Failure("one", "f#2", "no text found"),
        Failure("one", "g", "empty file"),
        Failure("two", "f#2", "not a JSON object"),
    ] == list(store.read_failures())
    ledger.clear_failures("one", "f")
    ledger.remove_item("one", "g")
    assert [Failure("two", "f#2", "not a JSON object")] == list(store.read_failures())
    assert store.collect_stats().failures == 1


# -- the file


def test_a_transaction_is_whole_or_nothing(store: Store, ledger: Ledger) -> None:
    def stop_half_way() -> None:
        with store.transaction():
            read(ledger, "f", {"#1": ("a", "text")})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop_half_way()
    assert held(store) == {}
    with store.transaction():
        read(ledger, "f", {"#1": ("a", "text")})
    assert {"a": "text"} == held(store)


def test_others_read_the_last_committed_state(tmp_path: Path, store: Store, ledger: Ledger) -> None:
    with Store(tmp_path / "corpus.sqlite") as other:
        with store.transaction():
            read(ledger, "f", {"#1": ("a", "text")})
            assert held(other) == {}
        assert {"a": "text"} == held(other)


def test_threads_share_a_store(store: Store, ledger: Ledger) -> None:
    with store.transaction():
        read(ledger, "f", {f"#{n}": (f"a{n}", f"text {n}") for n in range(1, 301)})

    def look_up(number: int) -> bool:
        version = number % 300 + 1
        found = store.read_articles([version])[version]
        return (
            found == store.read_article(f"a{version}") == article(f"a{version}", f"text {version}")
        )

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(look_up, range(1_600)))


def test_an_older_file_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "corpus.sqlite"
    Store(path).close()
    newer = (*MIGRATIONS, "CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('kept')")
    for _ in range(2):
        database = Database(path, newer)
        assert [("kept",)] == database.execute("SELECT text FROM notes")
        assert [(len(newer),)] == database.execute("PRAGMA user_version")
        database.close()


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "corpus.sqlite"
    Store(path).close()
    with pytest.raises(StoreError, match="nowhere"):
        Database(path, (*MIGRATIONS, "CREATE TABLE notes (text); INSERT INTO nowhere VALUES (1)"))
    with Store(path) as store:
        assert store.database.fetch_row("SELECT 1 FROM sqlite_schema WHERE name = 'notes'") is None


def test_a_newer_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "corpus.sqlite"
    Database(path, (*MIGRATIONS, "CREATE TABLE notes (text)")).close()
    with pytest.raises(StoreError, match=r"corpus\.sqlite was written by a newer dateline"):
        Store(path)


@pytest.mark.parametrize("content", [b"not a database, but a longer text " * 40, b"SQLite format"])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "corpus.sqlite"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"cannot use the corpus in .*corpus\.sqlite"):
        Store(path)
    assert content == path.read_bytes()


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="unable to open"):
        Store(tmp_path)


def test_damage_is_found(tmp_path: Path) -> None:
    path = tmp_path / "corpus.sqlite"
    with Store(path) as store:
        ledger = Ledger(store)
        ledger.register_source("one", "/one")
        with store.transaction():
            read(ledger, "f", {f"#{n}": (f"a{n}", f"text {n}" * 100) for n in range(500)})
        check_structure(store)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :] = b"\xff" * (len(content) - len(content) // 2)
    path.write_bytes(content)
    with Store(path) as store, pytest.raises(StoreError):
        check_structure(store)


def test_the_file_is_plain_sqlite(store: Store, ledger: Ledger, tmp_path: Path) -> None:
    read(ledger, "f", {"#1": ("a", "text")})
    database = sqlite3.connect(tmp_path / "corpus.sqlite")
    assert [("a", 1, 1)] == database.execute("SELECT id, version, change FROM articles").fetchall()
    database.close()


# -- articles as bytes

_TEXT = st.text(st.characters(), max_size=20)  # with NUL and lone surrogates
_ID = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_ZONES = st.integers(-1_439, 1_439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_MOMENTS = st.builds(Moment, st.datetimes(timezones=_ZONES), st.booleans())
_ENTITIES = st.builds(
    Entity,
    st.sampled_from(EntityKind),
    st.lists(_TEXT, min_size=1, max_size=3).map(tuple),
    st.booleans(),
)
_ARTICLES = st.builds(
    Article,
    id=_ID,
    title=_TEXT,
    body=_TEXT,
    dek=_TEXT,
    url=_TEXT,
    source=_TEXT,
    authors=st.lists(_TEXT, max_size=3).map(tuple),
    section=_TEXT,
    language=_TEXT,
    published=st.none() | _MOMENTS,
    updated=st.none() | _MOMENTS,
    entities=st.lists(_ENTITIES, max_size=3).map(tuple),
    provenance=st.lists(st.tuples(_TEXT, _TEXT), max_size=3).map(tuple),
)


@given(_ARTICLES)
def test_any_article_comes_back_from_its_bytes(written: Article) -> None:
    assert written == decode_article(encode_article(written))


@settings(max_examples=20, deadline=None)
@given(_ARTICLES)
def test_any_article_comes_back_from_a_store(written: Article) -> None:
    with Store(Path(":memory:")) as store:
        ledger = Ledger(store)
        ledger.register_source("one", "/one")
        ledger.put_article(written, ledger.open_item("one", "f"), "f", b"", NOW)
        assert written == store.read_article(written.id)
        assert [(written.id, 1)] == list(store.read_current_versions())
        assert [written] == [change.article for change in store.read_changes(0)]


# -- compression


@pytest.fixture(scope="module")
def elbe() -> list[Article]:
    """As many articles as a dictionary needs, and one that is compressed with it."""
    text = "The river rose by {} cm on Monday, the weather service said in Dresden.\n"
    return [
        Article(f"n{number}", f"Flood warning {number} for the river Elbe", text.format(number) * 3)
        for number in range(TRAINING_VERSIONS + 1)
    ]


def put(store: Store, *articles: Article) -> None:
    for article in articles:
        version, _ = store.add_version(article, NOW)
        store.set_current_version(article.id, version)


def test_articles_are_read_with_the_dictionary_and_without(
    store: Store, tmp_path: Path, elbe: list[Article]
) -> None:
    with store.transaction():
        put(store, *elbe)
    sizes = [size for (size,) in store.database.execute("SELECT length(content) FROM versions")]
    assert sizes[-1] * 2 < sizes[-2]
    with Store(tmp_path / "corpus.sqlite") as other:
        assert elbe == list(other.read_articles(range(1, len(elbe) + 1)).values())


def test_a_dictionary_goes_with_its_transaction(store: Store, elbe: list[Article]) -> None:
    with suppress(KeyboardInterrupt), store.transaction():
        put(store, *elbe)
        raise KeyboardInterrupt
    with store.transaction():
        put(store, *elbe[::-1])
    assert elbe[0] == store.read_article(elbe[0].id)


def test_one_copy_of_the_dictionary_may_be_damaged(
    store: Store, tmp_path: Path, elbe: list[Article]
) -> None:
    with store.transaction():
        put(store, *elbe)
    damage = "UPDATE dictionaries SET content = zeroblob(9) WHERE copy = ?"
    store.database.execute(damage, 0)
    with Store(tmp_path / "corpus.sqlite") as other:
        assert elbe[-1] == other.read_article(elbe[-1].id)
    store.database.execute(damage, 1)
    with (
        Store(tmp_path / "corpus.sqlite") as other,
        pytest.raises(StoreError, match=r"dictionary .* damaged"),
    ):
        other.read_article(elbe[-1].id)


def test_a_flipped_bit_of_an_article_is_noticed(store: Store) -> None:
    original = Article("a", "Storm over the coast", "Roofs flew in Rostock.")
    put(store, original)
    ((content,),) = store.database.execute("SELECT content FROM versions")
    for place in range(len(content) * 8):
        flipped = bytearray(content)
        flipped[place // 8] ^= 1 << place % 8
        store.database.execute("UPDATE versions SET content = ?", bytes(flipped))
        # One bit of a frame has no meaning.
        with suppress(StoreError):
            assert original == store.read_article("a")
