"""Elements within a line: known or not, they neither cut a paragraph nor lose its words."""

from __future__ import annotations

import pytest

from indexer.clean.markup import extract_paragraphs
from tests.test_clean_body import BODY, P1, P2, P3, TITLE, body, story

SENTENCE = "The sixth pension fund bought the toll house on Sunday, the owner of the pier said."
TAGS = (
    "nobr", "st1:city", "o:p", "person-link", "output", "slot", "button", "blink", "glossary-term",
    "noindex", "font", "tt", "bdi", "math",
)  # fmt: skip


def mark(tag: str) -> str:
    return SENTENCE.replace("pension fund", f"<{tag}>pension fund</{tag}>")


@pytest.mark.parametrize("tag", TAGS)
def test_an_element_within_a_line_keeps_its_words(tag: str) -> None:
    assert body(story(f"<p>{mark(tag)}</p>")) == [P1, SENTENCE, P2, P3]
    assert body(f"<article><h1>{TITLE}</h1><p>{mark(tag)}</p>{P1}</article>")[0] == SENTENCE


@pytest.mark.parametrize("tag", TAGS[:-1])
def test_an_element_within_a_line_of_a_record_keeps_its_words(tag: str) -> None:
    assert extract_paragraphs(f"<p>{P1}</p><p>{mark(tag)}</p>") == [P1, SENTENCE]


@pytest.mark.parametrize(
    "markup",
    [
        "The <span><button>pension fund</button></span> pays.",
        "The <b><button>pension fund</button></b> pays.",
        "The <button><svg><path/></svg>pension fund</button> pays.",
        "The <x-tip><y-term>pension fund</y-term></x-tip> pays.",
        "The pension fund<o:p>&nbsp;</o:p> pays.",
        "The pension fund <span style='display: none'>(see our glossary)</span>pays.",
        "The pension fund <span class=sr-only>(opens in a new tab)</span>pays.",
    ],
)
def test_ways_of_marking_a_word(markup: str) -> None:
    assert body(story(f"<p>{P2} {markup}</p>"))[1] == f"{P2} The pension fund pays."


@pytest.mark.parametrize(
    "markup",
    [
        "<p><button>Read the whole story</button></p>",
        "<div>Share <button>Facebook</button> <button>Copy the link</button></div>",
        "<p><select><option>All of the towns</option></select></p>",
    ],
)
def test_a_control_is_no_text(markup: str) -> None:
    assert body(story(markup)) == BODY


def test_unknown_elements_beside_no_text_are_paragraphs() -> None:
    paragraphs = "".join(f"<story-paragraph>{text}</story-paragraph>" for text in BODY)

    assert body(f"<article><h1>{TITLE}</h1><story-body>{paragraphs}</story-body></article>") == BODY


@pytest.mark.parametrize(
    "hidden",
    [
        "<div style='display: none'><p>{}</p></div>",
        "<p style='color: red; DISPLAY:NONE !important'>{}</p>",
        "<section hidden><div><p>{}</p></div></section>",
        "<div style='visibility:hidden'><p>{}</p></div>",
        "<p><span style='display:none'>{}</span></p>",
        "<p class='visually-hidden'>{}</p>",
        "<p style='position: absolute; left: -9999px'>{}</p>",
        "<style>.x1, #y {{ display: none }}</style><p class='x1'>{}</p>",
        "<x-note hidden><p>{}</p></x-note>",
    ],
)
def test_what_nobody_sees_is_no_text(hidden: str) -> None:
    text = hidden.format("Hidden words that are on the page for the machines of others only.")

    assert body(story(text)) == BODY
    assert body(story(after=text)) == BODY


@pytest.mark.parametrize(
    "markup",
    [
        "<style>@media print {{ .t {{ display: none }} }}</style><div class=t>{}</div>",
        "<style>.js .t {{ display: none }}</style><div class=t>{}</div>",
        "<div style='display: none'>{}</div>",
    ],
)
def test_a_text_that_is_shown_later_is_one(markup: str) -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in BODY)

    assert body(f"<article><h1>{TITLE}</h1>{markup.format(text)}</article>") == BODY
