from __future__ import annotations

import gzip
import json
from html.parser import HTMLParser
from itertools import islice, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article
from indexer.analysis import tokenize
from indexer.stemming import find_shared_prefix, stem
from search.query.nodes import (
    All,
    And,
    Fuzzy,
    Missing,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Range,
    Term,
)
from search.text.escaping import render_html, render_terminal
from search.text.matching import calculate_edit_distance
from search.text.snippets import Highlighter, Reason, Snippet

NEWS = Path(__file__).resolve().parents[2] / "shared" / "data" / "news-25k.jsonl.gz"


def article(body: str = "", *, title: str = "", dek: str = "") -> Article:
    return Article(id="a1", title=title, body=body, dek=dek)


def highlighter(query: Query, frequencies: dict[str, int] | None = None) -> Highlighter:
    known = frequencies or {}
    return Highlighter(query, doc_frequency=lambda token: known.get(token, 10), doc_count=1_000)


def marked(snippet: Snippet) -> str:
    return render_terminal(snippet, start="«", end="»")


def shown(query: Query, text: str, *, length: int = 200, most: int = 2) -> list[str]:
    found = highlighter(query).select_snippets(article(text), max_chars=length, max_snippets=most)
    return [marked(snippet) for snippet in found]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        (Term("hope"), "Hoping and hopes, not hop.", "«Hoping» and «hopes», not hop."),
        (Term("sky"), "Skies over Skye, a sky.", "«Skies» over Skye, a «sky»."),
        (Term("die"), "He lay dying; dies died.", "He lay «dying»; «dies» «died»."),
        (Term("capability"), "Capable, capabilities", "«Capable», «capabilities»"),
        (Term("hope", exact=True), "Hoping, hope, Hope", "Hoping, «hope», «Hope»"),
        (Term("japan"), "Japan’s and Japan's Japan.", "«Japan»’s and «Japan»'s «Japan»."),
        (Term("u.s"), "The U.S.'s ally, the U.S.", "The «U.S».'s ally, the «U.S»."),
        (Term("cafe"), "Café cafe\u0301 CAFÉS", "«Café» «cafe\u0301» «CAFÉS»"),
        (Term("strasse"), "Große Straße, æon", "Große «Straße», æon"),
        (Term("東京"), "今日の東京都、京東", "今日の«東京»都、京東"),
        (Term("习近平"), "主席習近平說，习近平", "主席«習近平»說，«习近平»"),
        (Phrase("後來"), "「后来」，後来，后 来", "「«后来»」，«後来»，«后 来»"),
        (Term("f-16"), "An F-16, f 16 and F16", "An «F-16», «f 16» and F16"),
        (
            Term("C++"),
            "C++11, (C++), C and 使用C++ Ｃ＋＋",
            "«C++»11, («C++»), C and 使用«C++» «Ｃ＋＋»",
        ),
        (Term("c#"), "C#7 or C#’s C, É C♯", "«C#»7 or «C#»’s C, É «C♯»"),
        (Term(".net"), "(.NET) net.NET .Net.", "(«.NET») net.NET «.Net»."),
        (Phrase("iwo jima"), "On Iwo  Jima, Iwo, Jima", "On «Iwo  Jima», «Iwo, Jima»"),
        (Phrase("prime minister"), "prime ministers' prime", "«prime ministers»' prime"),
        (Phrase("the the the"), "the the the the", "«the the the the»"),
        (Phrase("a b", exact=True), "a bs a b", "a bs «a b»"),
        (Prefix("secur"), "Security, secure, insecure", "«Security», «secure», insecure"),
        (Fuzzy("hegsteh"), "Hegseth, Hegsteth, Hegs", "«Hegseth», «Hegsteth», Hegs"),
        (Fuzzy("abcd", 2), "badc abcdef ab abxxx", "«badc» «abcdef» «ab» abxxx"),
        (Near(("japan", "allies"), 2), "Japan, an ally. Japan x x ally", None),
        (Near(("a", "b", "c"), 1), "c a b d a c", "«c» «a» «b» d a c"),
        (Near(("a", "a"), 2), "a b b a b a", "a b b «a» b «a»"),
        (And((Term("a"), Not(Term("b")), Phrase("a c"))), "a b a c", "«a» b «a c»"),
        (Or((Term("a"), Range("words", 1, 2), Missing("date"), All())), "a b", "«a» b"),
        (Term("japan", "title"), "Japan", "Japan"),
        (Term("japan", "author"), "Japan", "Japan"),
        (Term("japan", "source"), "Japan", "Japan"),
        (Term("banks", "entity"), "Banks and bank", "«Banks» and bank"),
        (Phrase("iwo jima", "place"), "Iwo Jima, Iwo Jimas", "«Iwo Jima», Iwo Jimas"),
        (Term("--"), "a -- b", "a -- b"),
    ],
)
def test_marks_what_matches(query: Query, text: str, expected: str | None) -> None:
    expected = expected or "«Japan», an «ally». «Japan» x x ally"
    assert [expected] == shown(query, text)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("", ["«Japan»", "«Japan».", "a «Japan»", "b «Japan»"]),
        ("title", ["«Japan»", "a Japan"]),
        ("dek", ["«Japan».", "Japan"]),
        ("lead", ["«Japan»", "«Japan».", "a «Japan»"]),
        ("body", ["Japan", "a «Japan»", "b «Japan»"]),
        ("person", ["«Japan»", "«Japan».", "a «Japan»", "b «Japan»"]),
    ],
)
def test_a_leaf_marks_its_own_fields(field: str, expected: list[str]) -> None:
    made = highlighter(Term("japan", field))
    found = article("a Japan\n\nb Japan", title="Japan", dek="Japan.")
    everything = [made.highlight_title(found), *made.select_snippets(found, max_snippets=3)]
    assert sorted(expected) == sorted(map(marked, everything))


SENTENCES = (
    "Oil rose on Monday. Mr. Lee of the U.S. Treasury said so. Prices fell later. "
    "Banks were closed.\n\nGold was steady. Oil prices may rise again, J. Smith said."
)


@pytest.mark.parametrize(
    ("query", "length", "expected"),
    [
        (Term("lee"), 40, ["Mr. «Lee» of the U.S. Treasury said so."]),
        (Term("oil"), 34, ["«Oil» rose on Monday.", "«Oil» prices may rise again, J."]),
        (
            Term("oil"),
            45,
            [
                "«Oil» rose on Monday. Mr. Lee of the U.S.",
                "«Oil» prices may rise again, J. Smith said.",
            ],
        ),
        (Term("treasury"), 20, ["U.S. «Treasury» said"]),
        (Term("banks"), 60, ["Prices fell later. «Banks» were closed."]),
        (
            And((Term("steady"), Term("price"))),
            64,
            ["Gold was «steady». Oil «prices» may rise again, J. Smith said."],
        ),
        (Term("nothing"), 40, ["Oil rose on Monday. Mr. Lee of the U.S."]),
        (Phrase("closed gold"), 60, ["Prices fell later. Banks were «closed.»"]),
    ],
)
def test_fragments_are_sentences(query: Query, length: int, expected: list[str]) -> None:
    assert expected == shown(query, SENTENCES, length=length, most=len(expected))


def test_the_rarer_word_is_shown_first_and_the_other_is_added() -> None:
    text = "The bank is here.\n\nThe bank again.\n\nA yakitori bar."
    made = highlighter(And((Term("bank"), Term("yakitori"))), {"bank": 900, "yakitori": 1})
    assert ["A «yakitori» bar."] == [
        marked(s) for s in made.select_snippets(article(text), max_snippets=1)
    ]
    assert ["The «bank» is here.", "A «yakitori» bar."] == [
        marked(snippet) for snippet in made.select_snippets(article(text))
    ]


def test_a_whole_phrase_is_worth_more_than_its_words_apart() -> None:
    query = Or((Phrase("iwo jima"), Term("iwo"), Term("jima")))
    text = "Jima and Iwo.\n\nIwo Jima."
    assert ["«Iwo Jima»."] == shown(query, text, most=1)


def test_without_text_there_is_no_snippet_and_without_a_body_the_dek_begins() -> None:
    made = highlighter(Term("x"))
    assert () == made.select_snippets(article(" \n\n "))
    assert (Snippet("A dek.", (), "dek"),) == made.select_snippets(article(dek=" A dek."))
    assert (Snippet("A body.", (), "body"),) == made.select_snippets(
        article("A body.", dek="A dek.")
    )


def test_reasons_count_each_leaf_in_each_field() -> None:
    query = And((Term("oil"), Near(("oil", "price"), 1), Term("apnews.com", "source")))
    found = article("Oil prices. Oil price. Oil.", title="Oil", dek="Gold")
    assert (
        Reason("oil", "title", 1),
        Reason("oil", "body", 3),
        Reason('"oil price"~1', "body", 2),
    ) == highlighter(query).explain_matches(found)


def test_to_html_escapes_everything_and_disarms_control_characters() -> None:
    snippet = Snippet("<b>\x00a & \r\x1b[1m\u202e\ud800", ((3, 5),), "body")
    assert "&lt;b&gt;<mark>\ufffda</mark> &amp; \ufffd\ufffd[1m\ufffd\ufffd" == render_html(snippet)


def test_to_terminal_shows_matches_and_no_control_characters() -> None:
    snippet = Snippet("a\x1b]0;b\x9b", ((0, 1),), "body")
    assert "\x1b[1ma\x1b[0m\ufffd]0;b\ufffd" == render_terminal(snippet)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [("", "", 0), ("a", "", 1), ("ab", "ba", 1), ("ca", "abc", 3), ("kitten", "sitting", 3)],
)
def test_typos_are_optimal_string_alignment(first: str, second: str, expected: int) -> None:
    assert (
        expected == calculate_edit_distance(first, second) == calculate_edit_distance(second, first)
    )


ENDINGS = (
    "", "s", "es", "ed", "ing", "ly", "y", "ies", "ied", "er", "est", "ness", "fulness", "ousness",
    "iveness", "ational", "tional", "ation", "ator", "izer", "ization", "ability", "ibility",
    "bility", "ality", "ivity", "ful", "less", "ment", "ical", "icate", "ative", "alize", "iti",
    "ogy", "ogist", "ably", "ingly", "edly", "eed", "eedly", "ency", "ancy", "ying", "'s'",
)  # fmt: skip
BEGINNINGS = (
    "hop", "hope", "happ", "d", "l", "t", "sk", "cap", "capa", "no", "nobl", "possi", "sens",
    "rel", "gener", "commun", "agre", "fl", "cr", "tr", "hopp", "fall", "roll", "fizz", "oper",
    "univers", "electr", "analog", "earl", "on", "gent", "past", "organ", "inter", "y", "sayy",
)  # fmt: skip


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_a_word_begins_with_the_letters_shared_by_its_stem(beginning: str) -> None:
    words = [beginning + first + second for first in ENDINGS for second in ENDINGS]
    assert [] == [word for word in words if not word.startswith(find_shared_prefix(stem(word)))]


@pytest.mark.skipif(not NEWS.exists(), reason="the news collection is not here")
def test_words_of_the_news_begin_with_the_letters_shared_by_their_stems() -> None:
    with gzip.open(NEWS, "rt", encoding="utf-8") as lines:
        bodies = (json.loads(line).get("body") or "" for line in islice(lines, 2_000))
        words = {token for body in bodies for token in tokenize(body)}
    assert [] == [word for word in words if not word.startswith(find_shared_prefix(stem(word)))]


LETTERS = st.text("ab .'é\u0301ß東东㑮\n-’İ+#＃", max_size=60)
TEXT = LETTERS | st.text(max_size=60)
WORD = st.text("abé東'+#", min_size=1, max_size=3) | st.text(max_size=3)
FIELD = st.sampled_from(["", "title", "body", "lead", "dek", "entity", "author", "source"])
LEAF = st.one_of(
    st.builds(Term, WORD, FIELD, st.booleans()),
    st.builds(Phrase, LETTERS, FIELD, st.booleans()),
    st.builds(Near, st.lists(WORD, min_size=2, max_size=3).map(tuple), st.integers(0, 9), FIELD),
    st.builds(Prefix, WORD, FIELD),
    st.builds(Fuzzy, WORD, st.integers(1, 2), FIELD),
)
QUERY = st.lists(LEAF, max_size=3).map(lambda leaves: And(tuple(leaves)))


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


def read_html(page: str) -> str:
    parser = _Text()
    parser.feed(page)
    parser.close()
    return parser.text


@given(QUERY, TEXT, TEXT, st.integers(1, 80), st.integers(0, 4))
def test_ranges_lie_within_fragments_of_any_text(
    query: Query, body: str, dek: str, length: int, most: int
) -> None:
    made = highlighter(query)
    found = article(body, title=dek, dek=dek)
    snippets = made.select_snippets(found, max_snippets=most, max_chars=length)
    assert len(snippets) <= max(most, 1)
    for snippet in (made.highlight_title(found), *snippets):
        assert snippet.text in {"title": dek, "dek": dek, "body": body}[snippet.field]
        places = [0, *(place for pair in snippet.ranges for place in pair), len(snippet.text)]
        assert all(low <= high for low, high in pairwise(places))
        assert all(tokenize(snippet.text[start:end]) for start, end in snippet.ranges)
    for snippet in snippets:
        assert 1 <= len(snippet.text) <= length
        assert "\n\n" not in snippet.text
        assert not snippet.text[0].isspace()
        assert not snippet.text[-1].isspace()


@given(QUERY, LETTERS)
def test_fragments_do_not_overlap(query: Query, body: str) -> None:
    at = 0
    for fragment in highlighter(query).select_snippets(article(body), max_snippets=5, max_chars=12):
        at = body.index(fragment.text, at) + len(fragment.text)


@given(TEXT, st.lists(st.integers(0, 60), max_size=6))
def test_html_reads_back_as_the_text(text: str, cuts: list[int]) -> None:
    places = sorted({min(cut, len(text)) for cut in cuts})
    ranges = tuple(zip(places[::2], places[1::2], strict=False))
    snippet = Snippet(text, ranges, "body")
    plain = render_terminal(Snippet(text, (), "body"))
    assert len(plain) == len(text)
    assert plain == read_html(render_html(snippet))
    assert len(ranges) == render_html(snippet).count("<mark>")


@pytest.mark.parametrize(
    ("query", "field", "expected"),
    [
        (Term("ferry"), "body", "The «ferry».\n\nNo «Ferries»\nat sea."),
        (Phrase("ferry no"), "body", "The «ferry.\n\nNo» Ferries\nat sea."),
        (Term("sea", "lead"), "body", "The ferry.\n\nNo Ferries\nat sea."),
        (Term("ferry", "title"), "body", "The ferry.\n\nNo Ferries\nat sea."),
        (Term("ferry", "title"), "title", "The «ferry».\n\nNo «Ferries»\nat sea."),
        (Not(Term("ferry")), "body", "The ferry.\n\nNo Ferries\nat sea."),
    ],
)
def test_a_whole_text_shows_all_matches(query: Query, field: str, expected: str) -> None:
    text = "The ferry.\n\nNo Ferries\nat sea."
    assert expected == marked(highlighter(query).highlight_field(field, text, ""))


@given(WORD, TEXT)
def test_a_single_word_is_marked_wherever_it_is_a_token(word: str, text: str) -> None:
    [wanted, *more] = tokenize(word) or ["", ""]
    made = highlighter(Term(word)).highlight_title(article(title=text))
    if not more:
        stems = [stem(token) for token in tokenize(text)]
        assert stems.count(stem(wanted)) == len(made.ranges)
