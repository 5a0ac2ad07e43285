from __future__ import annotations

import pytest

from corpus.article import MediaType, RawArticle, Source
from indexer.clean import clean
from indexer.clean.language_guess import guess_language
from indexer.clean.languages import (
    are_similar,
    correct_language,
    detect_language,
    writes_day_first,
)
from tests.test_page_fields import NOW
from tests.word_forms import WORD_FORMS, WordForms

ENGLISH = (
    "The harbor authority said that both of the piers are closed and that it will be some time"
    " before they are open again, as the pilings below them have rotted and are to be replaced."
)
GERMAN = (
    "Die Hafenbehörde hat die beiden Anleger am Freitag gesperrt, weil das Holz der Pfähle nicht"
    " mehr trägt und sich die Fähren mit dem alten Fischmarkt behelfen, wie sie auf der Seite"
    " für die Fahrgäste schreibt."
)
JAPANESE = (
    "港湾当局は金曜日、桟橋の下の杭が腐食していることが分かったため、二つの桟橋を閉鎖した。" * 2
)
KOREAN = (
    "항만 당국은 금요일 잠수부들이 부두 아래 말뚝이 썩은 것을 발견한 뒤 두 부두를 폐쇄했다." * 2
)
CHINESE = (
    "港务局周五表示，由于潜水员发现码头下方的木桩已经腐烂，两座码头均已关闭，渡轮将改停旧鱼市场。"
    * 2
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ENGLISH, "en"),
        (GERMAN, "de"),
        (JAPANESE, "ja"),
        (CHINESE, "zh"),
        ("Η λιμενική αρχή έκλεισε και τις δύο προβλήτες την Παρασκευή.", "el"),
        (KOREAN, "ko"),
        ("The piers are closed.", ""),
        (f"{GERMAN} {ENGLISH}", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_the_language_of_a_text(text: str, expected: str) -> None:
    assert expected == detect_language(text)


@pytest.mark.parametrize(
    ("stated", "text", "expected"),
    [
        ("en-GB", ENGLISH, "en-GB"),
        ("de", ENGLISH, "en"),
        ("", GERMAN, "de"),
        ("lb", GERMAN, "lb"),
        ("fr", "The piers are closed.", "fr"),
    ],
)
def test_a_text_that_is_surely_in_another_language_wins(
    stated: str, text: str, expected: str
) -> None:
    assert expected == correct_language(stated, text)


@pytest.mark.parametrize(
    ("kind", "content", "expected", "place"),
    [
        (MediaType.HTML, f"<html lang=fr><h1>T</h1><p>{ENGLISH}</p>", "en", "text"),
        (MediaType.HTML, f"<html lang=en-AU><h1>T</h1><p>{ENGLISH}</p>", "en-AU", "page"),
        (MediaType.RECORD, f'{{"title": "T", "body": "{ENGLISH}"}}', "en", "text"),
        (MediaType.RECORD, f'{{"lang": "fr", "body": "{ENGLISH}"}}', "fr", "record"),
        (MediaType.TEXT, f"Piers Closed\n\n{ENGLISH}", "en", "text"),
    ],
)
def test_an_article_without_a_language_has_that_of_its_text(
    kind: MediaType, content: str, expected: str, place: str
) -> None:
    article = clean(RawArticle(Source("s", "/s"), "a", kind, content.encode()), now=NOW)

    assert (expected, place) == (article.language, dict(article.provenance)["language"])


@pytest.mark.parametrize(
    ("language", "host", "expected"),
    [
        ("de", "x.example", True),
        ("ja", "x.example", None),
        ("en", "x.example", None),
        ("en", "x.co.uk", True),
        ("en-US", "x.co.uk", False),
        ("en-GB", "x.example", True),
        ("", "", None),
    ],
)
def test_where_the_day_comes_first(language: str, host: str, expected: bool | None) -> None:
    assert expected is writes_day_first(language, host)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The piers are closed.", "en"),
        ("Schröder met Erdoğan in the Élysée on Monday.", "en"),
        ("Erdoğan'ın konuşması Ankara’da.", "tr"),
        ("Die Fähren fahren wieder und die Anleger sind offen.", "de"),
        ("Паром прибув до Києва.", "uk"),
        ("Паром прибыл в Москву.", "ru"),
        ("وصل الوزير إلى القاهرة.", "ar"),
        ("وزیر وارد تهران شد.", "fa"),
        ("Ο υπουργός", "el"),
        ("習近平", "zh"),
        ("Obama visits Berlin", ""),
        ("Café society in Malmö", ""),
        ("2:1", ""),
        ("", ""),
    ],
)
def test_the_likely_language_of_a_short_text(text: str, expected: str) -> None:
    assert expected == guess_language(text)


@pytest.mark.parametrize("forms", WORD_FORMS, ids=lambda forms: forms.language)
def test_a_sentence_is_enough_for_a_guess(forms: WordForms) -> None:
    assert are_similar(forms.language, guess_language(forms.sentence.format(forms.meet[0][0])))
