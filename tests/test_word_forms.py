"""The table of words in many languages is complete, and lists no word twice."""

from __future__ import annotations

import unicodedata

import pytest

from tests.word_forms import WORD_FORMS, WordForms

UNSPACED = ("ja", "zh")
LANGUAGES = (
    "en de fr es it pt nl sv da nb fi hu ro ru uk pl cs tr el ar fa he hi id ca lt et eu ga hy sr "
    "ko ja zh"
)

each_language = pytest.mark.parametrize("words", WORD_FORMS, ids=lambda words: words.language)


def test_languages() -> None:
    assert " ".join(words.language for words in WORD_FORMS) == LANGUAGES


@each_language
def test_groups(words: WordForms) -> None:
    assert len(words.meet) == 10
    assert {len(group) for group in words.meet} <= {2, 3}


@each_language
def test_pairs(words: WordForms) -> None:
    assert [len(pair) for pair in words.differ] == [2] * 5


@each_language
def test_a_form_is_there_once(words: WordForms) -> None:
    for groups in (words.meet, words.differ):
        forms = [form.casefold() for group in groups for form in group]
        assert len(set(forms)) == len(forms)


@each_language
def test_sentence(words: WordForms) -> None:
    assert words.sentence.count("{}") == 1
    if words.language in UNSPACED:
        assert 24 <= len(words.sentence) <= 60
    else:
        assert 12 <= len(words.sentence.split()) <= 25


@each_language
def test_sentence_has_none_of_the_words(words: WordForms) -> None:
    sentence = words.sentence.casefold()
    present = sentence if words.language in UNSPACED else _split_words(sentence)
    forms = {form.casefold() for group in words.meet + words.differ for form in group}
    assert not [form for form in sorted(forms) if form in present]


def _split_words(sentence: str) -> list[str]:
    return [word.strip(".,؛،:։।") for word in sentence.split()]


@each_language
def test_characters_are_composed(words: WordForms) -> None:
    text = " ".join(
        [words.sentence, *(form for group in words.meet + words.differ for form in group)]
    )
    assert unicodedata.is_normalized("NFC", text)
