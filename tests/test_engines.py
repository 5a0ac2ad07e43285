"""The contract that every engine passes; the planted corpus and its rows stand beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from corpus.article import Article, Moment
from corpus.store import Store
from indexer.analysis import tokenize
from indexer.engines import IndexDamagedError, IndexPlace, load_engine
from indexer.schema import build_document
from indexer.signature_store import SignatureStore
from indexer.signing import Signer
from indexer.stemming import stem
from search.config.config import Config
from search.engines.hit_order import calculate_recency_steps
from search.engines.searcher import (
    MAX_PREFIX_TERMS,
    Bucket,
    DateSummary,
    Facet,
    Matches,
    Searcher,
    Sort,
    TooManyTermsError,
)
from search.query.nodes import (
    All,
    And,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Range,
    Term,
    make_value_query,
)
from search.query.parser import parse_query
from search.query.variants import add_variants
from search.results.corrections import find_corrections
from search.results.request import Request
from search.results.similar import find_similar
from search.results.snapshot import Snapshot
from search.results.suggest import suggest_completions
from search.results.timeline import Interval, Timeline, build_timeline
from tests.conformance import (
    CORRECTED,
    DECLARED,
    FACETS,
    FOUND,
    ORDERED,
    SIMILAR,
    SUGGESTED,
    TIMELINES,
    TREES,
    VARIANTS,
    ZONED,
)
from tests.places import ALL, AVAILABLE, EMBEDDED, new_place
from tests.planted import ARTICLES, NOW

EVERYTHING = 1_000


def open_searcher(name: str, place: IndexPlace) -> Searcher:
    opener = import_module(f"search.engines.{name}_searcher").open_searcher
    return cast(Callable[[IndexPlace], Searcher], opener)(place)


def update(name: str, place: IndexPlace, *changes: Article | str) -> None:
    """One commit that puts articles and deletes ids, in this order."""
    with load_engine(name).open_writer(place) as writer:
        for change in changes:
            if isinstance(change, str):
                writer.delete(change)
            else:
                writer.put(build_document(change, int(change.id[1:])))
        writer.commit()


def versions(found: Matches) -> list[int]:
    return [match.version_key for match in found.page]


def find(name: str, place: IndexPlace, query: Query) -> list[int]:
    with open_searcher(name, place) as searcher:
        return sorted(versions(searcher.search(query, limit=EVERYTHING)))


def read(text: str, zone: str = "UTC") -> Query:
    return parse_query(text, now=NOW, zone=ZoneInfo(zone))


def numbers(text: str) -> list[int]:
    return [int(number) for number in text.split()]


def article(
    number: int, body: str, *, section: str = "", published: Moment | None = None
) -> Article:
    return Article(id=f"a{number}", title="", body=body, section=section, published=published)


@pytest.fixture(params=ALL)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty(name: str, tmp_path: Path) -> IndexPlace:
    place = new_place(name, tmp_path)
    load_engine(name).create_index(place)
    return place


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Searcher]]:
    """A searcher of the planted corpus for each engine, of several commits."""
    searchers = {}
    for name in AVAILABLE:
        place = new_place(name, tmp_path_factory.mktemp(name))
        load_engine(name).create_index(place)
        for start in range(0, len(ARTICLES), 25):
            update(name, place, *ARTICLES[start : start + 25])
        searchers[name] = open_searcher(name, place)
    yield searchers
    for searcher in searchers.values():
        searcher.close()


@pytest.fixture
def searcher(name: str, planted: dict[str, Searcher]) -> Searcher:
    return planted[name]


@pytest.fixture
def declared(request: pytest.FixtureRequest, name: str) -> Callable[[object], None]:
    """Marks a row that an engine is known not to pass."""

    def expect(row: object) -> None:
        if reason := DECLARED.get((name, str(row))):
            request.applymarker(pytest.mark.xfail(reason=reason, strict=True))

    return expect


# -- the rows


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_finds(
    searcher: Searcher, declared: Callable[[object], None], text: str, expected: str
) -> None:
    declared(text)
    found = searcher.search(read(text), limit=EVERYTHING)
    assert numbers(expected) == sorted(versions(found))
    assert len(numbers(expected)) == found.total


@pytest.mark.parametrize(("text", "spellings", "expected"), VARIANTS)
def test_finds_other_spellings(
    searcher: Searcher, text: str, spellings: str, expected: str
) -> None:
    query, used = add_variants(read(text), text, searcher.count_each)
    assert spellings.split() == list(used)
    assert str(read(text)) == str(query)
    found = searcher.search(query, limit=EVERYTHING)
    assert numbers(expected) == sorted(versions(found))


@pytest.mark.parametrize(("zone", "text", "expected"), ZONED)
def test_finds_in_a_zone(searcher: Searcher, zone: str, text: str, expected: str) -> None:
    found = searcher.search(read(text, zone), limit=EVERYTHING)
    assert numbers(expected) == sorted(versions(found))


@pytest.mark.parametrize(("text", "sort", "expected"), ORDERED)
def test_orders(searcher: Searcher, text: str, sort: Sort, expected: str) -> None:
    assert numbers(expected) == versions(searcher.search(read(text), sort=sort, limit=EVERYTHING))


@pytest.mark.parametrize(("query", "expected"), TREES, ids=repr)
def test_finds_what_a_tree_says(
    searcher: Searcher, declared: Callable[[object], None], query: Query, expected: str
) -> None:
    declared(query)
    found = searcher.search(query, limit=EVERYTHING)
    assert numbers(expected) == sorted(versions(found))
    assert len(numbers(expected)) == found.total


@pytest.mark.parametrize(("text", "field", "limit", "expected"), FACETS)
def test_counts_facets(
    searcher: Searcher, text: str, field: str, limit: int, expected: str
) -> None:
    facet = searcher.count_facet(read(text), field, limit)
    shown = ", ".join(f"{bucket.value} {bucket.count}" for bucket in facet.buckets)
    assert expected == f"{shown} of {facet.value_count}"


@pytest.mark.parametrize(("text", "field", "limit"), [row[:3] for row in FACETS])
def test_a_bucket_counts_what_it_narrows_the_query_to(
    searcher: Searcher, text: str, field: str, limit: int
) -> None:
    for bucket in searcher.count_facet(read(text), field, limit).buckets:
        narrowed = read(f"({text}) {make_value_query(field, bucket.value)}")
        assert bucket.count == searcher.search(narrowed).total


def buckets_of(found: Timeline) -> str:
    return ", ".join(f"{found.label(bucket)} {bucket.count}" for bucket in found.buckets)


def snapshot_of(
    searcher: Searcher,
    store: Store | None = None,
    signatures: SignatureStore | None = None,
    zone: str = "UTC",
) -> Snapshot:
    """A snapshot on a searcher; without a store for what shows no articles."""
    config = Config(root=Path(), zone=ZoneInfo(zone))
    return Snapshot("", searcher, cast(Store, store), config, NOW, signatures)


def timeline_of(searcher: Searcher, zone: str, text: str, interval: Interval | None) -> Timeline:
    return build_timeline(Request(text), snapshot_of(searcher, zone=zone), interval)


@pytest.mark.parametrize(("zone", "text", "interval", "expected"), TIMELINES)
def test_counts_by_time(
    searcher: Searcher, zone: str, text: str, interval: str, expected: str
) -> None:
    found = timeline_of(searcher, zone, text, Interval(interval))
    assert expected == f"{buckets_of(found)}; {found.undated}"
    assert found.total == found.undated + sum(bucket.count for bucket in found.buckets)


@pytest.mark.parametrize(("zone", "text", "interval"), [row[:3] for row in TIMELINES])
def test_a_time_counts_what_it_narrows_the_query_to(
    searcher: Searcher, zone: str, text: str, interval: str
) -> None:
    for bucket in timeline_of(searcher, zone, text, Interval(interval)).buckets:
        narrowed = read(f"({text}) {bucket.query}", zone)
        assert bucket.count == searcher.search(narrowed).total


@pytest.mark.parametrize(("text", "limit", "expected"), SUGGESTED)
def test_suggests(searcher: Searcher, text: str, limit: int, expected: str) -> None:
    found = suggest_completions(text, snapshot_of(searcher), limit=limit)
    shown = (f"{one.text}{f' ({one.field})' if one.field else ''} {one.count}" for one in found)
    assert expected == ", ".join(shown)


@pytest.mark.parametrize(("word", "expected"), CORRECTED)
def test_offers_the_nearest_word(searcher: Searcher, word: str, expected: str) -> None:
    offered = find_corrections(Term(word), (), searcher)
    assert expected == " ".join(each.instead for each in offered)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The planted corpus, each article under the version that the engines have."""
    with Store(tmp_path_factory.mktemp("store") / "corpus.sqlite") as opened:
        with opened.transaction():
            for each in ARTICLES:
                assert int(each.id[1:]) == opened.add_version(each, NOW)[0]
        yield opened


@pytest.fixture(scope="module")
def signatures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SignatureStore]:
    """The signatures of the planted corpus."""
    with SignatureStore(tmp_path_factory.mktemp("signatures") / "signatures.sqlite") as opened:
        signer = Signer(opened)
        for each in ARTICLES:
            list(signer.add(build_document(each, int(each.id[1:]))))
        list(signer.flush())
        yield opened


@pytest.mark.parametrize(("number", "expected"), SIMILAR)
def test_finds_similar_articles(
    searcher: Searcher, store: Store, signatures: SignatureStore, number: str, expected: str
) -> None:
    one = next(each for each in ARTICLES if each.id == f"a{number}")
    found = find_similar(one, snapshot_of(searcher, store, signatures)).articles
    first = [int(other.article.id[1:]) for other in found][: len(numbers(expected)) or None]
    assert numbers(expected) == first
    scores = [other.score for other in found]
    assert sorted(scores, reverse=True) == scores


def test_names_that_are_not_sure_tell_nothing(
    searcher: Searcher, store: Store, signatures: SignatureStore
) -> None:
    one = next(each for each in ARTICLES if each.id == "a74")
    doubted = tuple(entity._replace(sure=False) for entity in one.entities)
    for entities, expected in ((one.entities, {"Ines Duarte", "Marlow"}), (doubted, set())):
        snapshot = snapshot_of(searcher, store, signatures)
        found = find_similar(replace(one, entities=entities), snapshot)
        assert expected == set(found.names)


def test_negation_alone_is_everything_else(searcher: Searcher) -> None:
    total = len(ARTICLES)
    assert total == searcher.document_count == searcher.search(All()).total
    assert total - 2 == searcher.search(Not(Term("alliance"))).total
    assert total - 2 == searcher.search(And((Not(Term("alliance")),))).total
    assert total == searcher.search(Or((Not(Term("alliance")), Term("alliance")))).total


def test_scores_fall_and_do_not_depend_on_the_page(searcher: Searcher) -> None:
    whole = searcher.search(read("volcano OR tie"), limit=EVERYTHING).page
    assert sorted((match.score for match in whole), reverse=True) == [m.score for m in whole]
    again = [searcher.search(read("volcano OR tie"), limit=1, offset=n).page[0] for n in range(10)]
    assert [(match.version_key, match.score) for match in whole] == [
        (match.version_key, match.score) for match in again
    ]


def test_a_page_of_nothing_still_counts(searcher: Searcher) -> None:
    assert Matches(7, ()) == searcher.search(Term("tie"), limit=0)
    assert Matches(7, ()) == searcher.search(Term("tie"), offset=7)
    assert Matches(0, ()) == searcher.search(Term("nosuchword"))


def test_recency_lifts_newer_articles(searcher: Searcher) -> None:
    steps = calculate_recency_steps(NOW, timedelta(days=30), 100.0)
    found = searcher.search(Term("chrono"), recency=steps)
    assert versions(found) == [42, 41, 38, 40, 39, 36, 37]
    without = {match.version_key: match.score for match in searcher.search(Term("chrono")).page}
    bonus = {match.version_key: match.score - without[match.version_key] for match in found.page}
    assert sum(step.bonus for step in steps) == pytest.approx(bonus[42], rel=1e-3)
    assert pytest.approx(bonus[36], abs=1e-6) == 0


def test_frequency_counts_documents_with_the_stem(searcher: Searcher) -> None:
    assert searcher.count_documents("tie") == 7
    assert searcher.count_documents("expense") == searcher.count_documents("expenses") == 3
    assert searcher.count_documents("nosuchword") == 0


def test_threads_share_a_searcher(searcher: Searcher) -> None:
    rows = [row for row in FOUND if row[1]] * 4
    queries = [read(text) for text, _ in rows]
    with ThreadPoolExecutor(4) as threads:
        found = threads.map(lambda query: searcher.search(query, limit=EVERYTHING), queries)
        assert [numbers(row[1]) for row in rows] == [sorted(versions(one)) for one in found]


# -- tokens and stems

NASTY = (
    "It's the dogs' and James's U.S.'s B.B.C. ... a..b c''d 'quoted' don''t",
    "naïve façade ﬁne Ⅷ ½ x² ａｂｃ İstanbul ıslak ẞtraße ŉ",
    "\u200bzero\u200dwidth\u00adsoft\ufeffbom non\u00a0breaking tab\tnew\nline\x00nul",
    "習近平与习近平，圖书館 㑮𫝈 豈 ㍿ ⾒",
    "ひらがなカタカナ漢字 ไทย ລາວ မြန်မာ ខ្មែរ 한국어",
    "हिन्दी தமிழ் עִבְרִית العَرَبِيَّة ελληνικός Ёж",
    "👩‍👩‍👧 emoji C++ C# AT&T 1,000.50 1.000,50 -5 50% $3.2m 3.14.15 @user #tag",
    "(C++) C++11 C++'s C#.NET f#’s .NET. d'C++ Ｃ＋＋ G♯ i++; +++ a#b #5 x\ufdd0 \ufdd2",
    "under_score e-mail a/b http://example.org/a?b=c d.e.f@g.hi",
    "x" * 300,
)


@pytest.mark.parametrize("text", NASTY)
def test_tokens_are_those_of_the_analyzer(name: str, empty: IndexPlace, text: str) -> None:
    update(name, empty, article(1, text), article(2, "other"))
    with open_searcher(name, empty) as searcher:
        for token in tokenize(text):
            assert versions(searcher.search(Term(token, "body", exact=True))) == [1], token
        assert versions(searcher.search(Phrase(text, "body", exact=True))) == [1]
        assert versions(searcher.search(Phrase(text, "body"))) == [1]


FORMS = (
    "generate generates generated generating generation general generally generous "
    "university universe universal happy happily happiness relational conditional rational "
    "digitizer conformably radically differently analogously vietnamization predication "
    "operator feudalism decisiveness hopefulness callousness formality sensitivity "
    "sensibility triplicate formative formalize electricity electrical hopeful goodness "
    "revival allowance inference airliner gyroscopic adjustable defensible irritant "
    "replacement adjustment dependent adoption communism activate effective bowdlerize "
    "probate rate cease controlling rolling skies dying lying tying news innings outing "
    "cannings howe proceed exceed succeed idly gently ugly early only singly bias andes "
    "atlas cosmos skis sky by say enjoyed past passes consign consisted knack knightly "
    "kneel luxuriated hopping hoping falling failing filing ties cries gas gaps o'neill u.s "
    "3.14 agreed feed plastered bled motoring sing abilities inn yearly "
)


def test_stems_are_porter2(name: str, empty: IndexPlace) -> None:
    update(name, empty, *(article(number, form) for number, form in enumerate(FORMS.split(), 1)))
    with open_searcher(name, empty) as searcher:
        for form in FORMS.split():
            alike = [
                number for number, other in enumerate(FORMS.split(), 1) if stem(other) == stem(form)
            ]
            found = searcher.search(Term(form, "body"), limit=EVERYTHING)
            assert alike == sorted(versions(found)), form


# -- commits


def test_put_replaces_and_delete_removes(name: str, empty: IndexPlace) -> None:
    update(name, empty, article(1, "first"), article(2, "second"), article(3, "third"))
    update(name, empty, article(1, "changed"), "a2", "a99")
    assert find(name, empty, Term("first")) == []
    assert find(name, empty, Term("changed")) == [1]
    assert find(name, empty, All()) == [1, 3]
    with open_searcher(name, empty) as searcher:
        assert searcher.document_count == 2


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ((article(1, "old"), article(1, "new")), "1"),
        ((article(1, "old"), "a1", article(1, "new")), "1"),
        (("a1", article(1, "new")), "1"),
        ((article(1, "new"), "a1"), ""),
        ((article(1, "new"), article(2, "new"), "a1", "a1"), "2"),
        ((article(1, "new"), "a1", "a1", article(2, "old"), article(1, "new")), "1"),
    ],
)
@pytest.mark.parametrize("before", [(), (article(1, "old"),)])
def test_a_batch_happens_in_order(
    name: str,
    empty: IndexPlace,
    before: tuple[Article, ...],
    changes: tuple[Article | str, ...],
    expected: str,
) -> None:
    update(name, empty, *before)
    update(name, empty, *changes)
    assert numbers(expected) == find(name, empty, Term("new"))
    assert [one for one in find(name, empty, Term("old")) if one == 1] == []


def test_an_index_without_articles_answers(name: str, empty: IndexPlace) -> None:
    with open_searcher(name, empty) as searcher:
        assert Matches(0, ()) == searcher.search(Term("word"))
        assert Matches(0, ()) == searcher.search(And((Not(Prefix("w")), Range("date"))))
        assert searcher.count_facet(All(), "source", 10) == Facet((), 0)
        assert (searcher.document_count, searcher.count_documents("word")) == (0, 0)


def test_an_open_searcher_keeps_its_snapshot(name: str, empty: IndexPlace) -> None:
    update(name, empty, article(1, "word"), article(2, "word"))
    with open_searcher(name, empty) as before:
        for number in range(3, 13):
            update(name, empty, "a1", article(2, "gone"), article(number, "word", section="New"))
        assert sorted(versions(before.search(Term("word"), sort=Sort.NEWEST))) == [1, 2]
        assert before.count_facet(All(), "section", 10) == Facet((), 0)
        assert before.document_count == 2
    assert list(range(3, 13)) == find(name, empty, Term("word"))


def test_what_is_not_committed_is_not_seen_and_then_dropped(name: str, empty: IndexPlace) -> None:
    update(name, empty, article(1, "word"))
    with load_engine(name).open_writer(empty) as writer:
        writer.put(build_document(article(2, "word"), 2))
        writer.delete("a1")
        assert find(name, empty, Term("word")) == [1]
    assert find(name, empty, Term("word")) == [1]
    update(name, empty, article(3, "word"))
    assert find(name, empty, Term("word")) == [1, 3]


def test_a_writer_commits_more_than_once(name: str, empty: IndexPlace) -> None:
    with load_engine(name).open_writer(empty) as writer:
        for number in (1, 2, 1):
            writer.put(build_document(article(number, "word"), number))
            writer.commit()
        writer.commit()
    assert find(name, empty, Term("word")) == [1, 2]


@pytest.mark.parametrize("name", EMBEDDED)
def test_small_commits_leave_few_files(name: str, empty: Path) -> None:
    for number in range(1, 41):
        update(name, empty, article(number % 30, f"word {number}"))
    assert len(find(name, empty, Term("word"))) == 30
    assert sum(path.is_file() for path in empty.rglob("*")) < 120


@pytest.mark.parametrize("name", EMBEDDED)
@pytest.mark.parametrize("contents", [b"", b"\x80\x04garbage", None])
def test_damage_is_told_on_opening(name: str, empty: Path, contents: bytes | None) -> None:
    update(name, empty, article(1, "word"))
    for path in list(empty.iterdir()):
        path.unlink() if contents is None else path.write_bytes(contents)
    with pytest.raises(IndexDamagedError, match="rebuild"):
        open_searcher(name, empty)
    with pytest.raises(IndexDamagedError, match="rebuild"):
        load_engine(name).open_writer(empty)


# -- large answers


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> dict[str, IndexPlace]:
    """For each engine 1,000 articles of few scores and fewer dates, a third undated."""
    start = datetime(2025, 1, 1, tzinfo=UTC)
    articles = [
        article(
            number,
            f"word{' word' * (number % 3)} w{number}",
            published=Moment(start + timedelta(days=number % 5)) if number % 3 else None,
        )
        for number in range(1_000, 2_000)
    ]
    folders = {}
    for name in AVAILABLE:
        folders[name] = new_place(name, tmp_path_factory.mktemp(name))
        load_engine(name).create_index(folders[name])
        update(name, folders[name], *articles[::2])
        update(name, folders[name], *articles[1::2])
    return folders


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("query", [Term("word"), All()], ids=str)
def test_pages_have_no_gap_and_no_repeat(
    name: str, thousand: dict[str, IndexPlace], sort: Sort, query: Query
) -> None:
    with open_searcher(name, thousand[name]) as searcher:
        whole = versions(searcher.search(query, sort=sort, limit=EVERYTHING))
        paged = [
            version
            for offset in range(0, 1_000, 70)
            for version in versions(searcher.search(query, sort=sort, limit=70, offset=offset))
        ]
    assert list(range(1_000, 2_000)) == sorted(whole)
    assert whole == paged


def test_ties_are_in_order_through_all_pages(name: str, thousand: dict[str, IndexPlace]) -> None:
    def place(number: int) -> tuple[int, int]:
        return (-(number % 5) if number % 3 else 1), number

    with open_searcher(name, thousand[name]) as searcher:
        found = versions(searcher.search(All(), limit=EVERYTHING))
    assert sorted(range(1_000, 2_000), key=place) == found


def test_a_prefix_of_too_many_words_is_an_error(name: str, thousand: dict[str, IndexPlace]) -> None:
    with open_searcher(name, thousand[name]) as searcher:
        assert searcher.search(Prefix("w11")).total == 100
        with pytest.raises(TooManyTermsError) as caught:
            searcher.search(Prefix("w"))
    assert (caught.value.text, caught.value.limit) == ("w", MAX_PREFIX_TERMS)


def test_facets_of_many_values_cut_ties_by_value(name: str, empty: IndexPlace) -> None:
    update(name, empty, *(article(n, "word", section=f"s{n % 50:02}") for n in range(1, 121)))
    with open_searcher(name, empty) as searcher:
        expected = tuple(Bucket(f"s{n:02}", 3) for n in range(1, 6))
        assert Facet(expected, 50) == searcher.count_facet(All(), "section", 5)


@pytest.mark.parametrize("limit", [1, 5, 40, 200])
def test_facets_of_more_values_than_are_looked_at_are_exact(
    name: str, many_values: dict[str, IndexPlace], limit: int
) -> None:
    counts = Counter(value(number) for number in range(1, 4_001))
    expected = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit]
    with open_searcher(name, many_values[name]) as searcher:
        facet = searcher.count_facet(All(), "section", limit)
    assert expected == [(bucket.value, bucket.count) for bucket in facet.buckets]
    if facet.all_counted:
        assert len(counts) == facet.value_count
    else:
        assert limit <= facet.value_count < len(counts)


def value(number: int) -> str:
    """Values some of which are frequent, in all segments or in one, and most of which are not."""
    if number % 3 == 0:
        return f"often {int(number**0.5) % 60}"
    return "late" if number > 3_990 else f"seldom {number * number % 2_503}"


@pytest.fixture(scope="module")
def many_values(tmp_path_factory: pytest.TempPathFactory) -> dict[str, IndexPlace]:
    """For each engine 4,000 articles of some 1,300 sections, in three commits."""
    articles = [article(number, "word", section=value(number)) for number in range(1, 4_001)]
    folders = {}
    for name in AVAILABLE:
        folders[name] = new_place(name, tmp_path_factory.mktemp(name))
        load_engine(name).create_index(folders[name])
        for start, end in ((0, 1_700), (1_700, 3_300), (3_300, 4_000)):
            update(name, folders[name], *articles[start:end])
    return folders


def test_counts_do_not_see_what_was_deleted(name: str, empty: IndexPlace) -> None:
    day = Moment(datetime(2025, 3, 1, tzinfo=UTC))
    update(name, empty, *(article(n, "word", section="New", published=day) for n in (1, 2, 3)))
    update(name, empty, "a2", article(3, "word"))
    with open_searcher(name, empty) as searcher:
        assert Facet((Bucket("New", 1),), 1) == searcher.count_facet(All(), "section", 5)
        assert [1] == versions(searcher.search(make_value_query("section", "New")))
        assert DateSummary(2, 1, day.epoch_seconds, day.epoch_seconds) == searcher.summarize_dates(
            All()
        )
        assert (1, 0) == searcher.calculate_histogram(
            All(), [0, day.epoch_seconds + 1, day.epoch_seconds + 2]
        )


def test_counts_of_nothing(name: str, empty: IndexPlace) -> None:
    with open_searcher(name, empty) as searcher:
        assert DateSummary(0, 0, 0, 0) == searcher.summarize_dates(All())
        assert () == searcher.calculate_histogram(All(), [])
        assert (0,) == searcher.calculate_histogram(All(), [0, 10])
        assert () == searcher.list_terms("body", "w", 10)
        assert () == suggest_completions("w", snapshot_of(searcher))
        assert () == find_corrections(Term("wrod"), (), searcher)
