from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest

from corpus.article import Article, MediaType, RawArticle, Source
from corpus.encodings.decoding import DecodingError, decode_page, decode_text, resolve_charset
from corpus.encodings.mojibake import repair_mojibake
from indexer.clean import clean
from indexer.clean.paragraphs import clean_line

NOW = datetime(2025, 4, 2, 12, tzinfo=UTC)

# One piece of news in several writings.
# ruff: noqa: E501
NEWS = {
    "en": "The ferry’s captain – a man of 60 – said: “Nobody asked us.” It cost £3.",
    "fr": "Le port a été fermé après la découverte de piliers pourris, où « personne » n’a été blessé.",
    "de": "Die Fähre fährt künftig über die Brücke, heißt es in der Erklärung der Behörde für Häfen.",
    "pl": "Władze portu zamknęły oba mola, ponieważ nurkowie znaleźli zgniłe pale pod wodą.",
    "cs": "Přístav byl včera uzavřen, protože potápěči našli pod hladinou shnilé dřevěné kůly.",
    "tr": "Liman yönetimi iskeleyi kapattı, çünkü dalgıçlar suyun altında çürümüş kazıklar buldu.",
    "ru": "Власти порта закрыли оба причала после того, как водолазы нашли под водой гнилые сваи.",
    "uk": "Влада порту закрила обидва причали, бо водолази знайшли під водою гнилі палі, є ризик.",
    "el": "Οι αρχές του λιμανιού έκλεισαν τις δύο αποβάθρες, επειδή οι δύτες βρήκαν σάπιους πασσάλους.",
    "he": "רשות הנמל סגרה את שני המזחים לאחר שצוללנים מצאו עמודים רקובים מתחת למים.",
    "ar": "أغلقت سلطة الميناء الرصيفين بعد أن وجد الغواصون أعمدة متعفنة تحت الماء.",
    "th": "การท่าเรือปิดท่าเทียบเรือทั้งสองแห่งหลังจากนักดำน้ำพบว่าเสาใต้น้ำผุพัง",
    "ja": "港の当局は、潜水士が水中の腐った杭を見つけたため、二つの桟橋を金曜日に閉鎖したと発表しました。",
    "zh-Hans": "港务局星期五关闭了两个码头，因为潜水员发现水下的木桩已经腐烂，渡轮将在老鱼市停靠。",
    "zh-Hant": "港務局星期五關閉了兩個碼頭，因為潛水員發現水下的木樁已經腐爛，渡輪將在老魚市停靠。",
    "ko": "항만 당국은 잠수부들이 물속의 말뚝이 썩은 것을 발견한 뒤 금요일에 두 부두를 폐쇄했다고 밝혔다.",
}
WRITTEN_IN = (
    ("en", "cp1252"), ("fr", "cp1252"), ("de", "cp1252"), ("de", "iso8859-1"), ("pl", "cp1250"),
    ("pl", "iso8859-2"), ("cs", "cp1250"), ("cs", "iso8859-2"), ("tr", "cp1254"),
    ("ru", "cp1251"), ("ru", "koi8-r"), ("ru", "iso8859-5"), ("ru", "cp866"), ("uk", "cp1251"),
    ("uk", "koi8-u"), ("el", "cp1253"), ("he", "cp1255"), ("ar", "cp1256"), ("th", "cp874"),
    ("ja", "shift_jis"), ("ja", "euc_jp"), ("ja", "iso2022_jp"), ("zh-Hans", "gb18030"),
    ("zh-Hans", "gb2312"), ("zh-Hant", "big5"), ("zh-Hant", "gb18030"), ("ko", "euc_kr"),
)  # fmt: skip
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")  # fmt: skip
PAGE = '<html><head><meta charset="{}"><title>News</title></head><body><p>{}</p></body></html>'


@pytest.mark.parametrize(("language", "encoding"), WRITTEN_IN)
@pytest.mark.parametrize("said", ["right", "utf-8", "iso-8859-1", "no-such-encoding", ""])
def test_old_encodings_of_texts_whatever_is_said_of_them(
    language: str, encoding: str, said: str
) -> None:
    news = NEWS[language]

    assert news == decode_text(news.encode(encoding), "", encoding if said == "right" else said)


@pytest.mark.parametrize(("language", "encoding"), WRITTEN_IN)
@pytest.mark.parametrize("said", ["right", "utf-8", "iso-8859-1", ""])
def test_old_encodings_of_pages_whatever_they_declare(
    language: str, encoding: str, said: str
) -> None:
    page = PAGE.format(encoding if said == "right" else said, NEWS[language])

    assert page == decode_page(page.encode(encoding), "")


@pytest.mark.parametrize("language", NEWS)
@pytest.mark.parametrize("encoding", UNICODE)
@pytest.mark.parametrize("said", ["", "windows-1252", "shift_jis"])
def test_unicode_is_known_whatever_is_said(language: str, encoding: str, said: str) -> None:
    text = f"{NEWS[language]}\n\nOK\n"
    page = PAGE.format(said, NEWS[language])

    assert text == decode_text(text.encode(encoding), "", said)
    assert page == decode_page(page.encode(encoding), said)


@pytest.mark.parametrize(
    ("content", "charset", "expected"),
    [
        # UTF-8 with some bytes of Windows-1252, declared as the one, the other, or not.
        ("Été ".encode() * 9 + b"it\x92s \x96 caf\xe9", "utf-8", "Été " * 9 + "it’s – café"),
        ("Été ".encode() * 9 + b"it\x92s", "windows-1252", "Été " * 9 + "it’s"),
        ("Été ".encode() + b"it\x92s", "", "Été it’s"),
        # A character that was cut in two is lost, alone.
        ("Une journée d’été à la plage ".encode() * 9 + b"\xe2\x80", "", None),
        # One stray byte does not make a page of another encoding.
        (NEWS["ja"].encode("shift_jis") * 9 + b"\xff", "shift_jis", None),
        # A byte that Windows has no character for.
        (b"\xef\xbb\xbfCaf\xe9 du port", "", "Café du port"),
        (
            "Der Umbau kostet 3 Mio. € für die Häfen.".encode("iso8859-15"),
            "",
            "Der Umbau kostet 3 Mio. € für die Häfen.",
        ),
        # Names and quotes in plain English.
        (b"Zo\xeb said \x93no\x94.", "", "Zoë said “no”."),
        (b"Zo\xeb said \x93no\x94.", "ascii", "Zoë said “no”."),
    ],
)
def test_mixed_bytes(content: bytes, charset: str, expected: str | None) -> None:
    text = decode_text(content, "", charset)

    assert "\ufffd" not in text[:100]
    assert expected is None or expected == text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x81\x8d\x8f", "not UTF-8 and no other encoding fits"),
        (bytes(range(0x80, 0x100)) * 9, "not UTF-8 and no other encoding fits"),
        (b"\0\x01\x02\x03" * 99, "looks like binary data"),
        ("\ufffd word ".encode() * 9, "18 characters were lost|9 characters were lost"),
        (b"\xff\xfe" + b"\x00\xd8" * 99, "marked as UTF-16, but it is not"),
    ],
)
def test_what_cannot_be_told_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(DecodingError, match=reason):
        decode_text(content, "")


def test_the_language_of_a_source_decides_between_encodings() -> None:
    assert "Łódź" == decode_text("Łódź".encode("cp1250"), "pl")


@pytest.mark.parametrize(
    ("label", "encodings"),
    [
        ("ISO-8859-1", ("cp1252",)),
        ("Windows-1251", ("cp1251",)),
        ("Shift_JIS", ("cp932",)),
        ("GB2312", ("gb18030",)),
        ("utf-16", ()),
        ("unicode_escape", ()),
        ("hex", ()),
        ("", ()),
        ("\0", ()),
    ],
)
def test_labels_mean_what_they_mean_on_the_web(label: str, encodings: tuple[str, ...]) -> None:
    assert encodings == resolve_charset(label)


def misread(text: str, encoding: str) -> str:
    return "".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in text.encode())


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
@pytest.mark.parametrize("language", ["en", "fr", "de", "pl", "ja"])
def test_what_was_misread_before_is_mended(language: str, encoding: str) -> None:
    text = f"{NEWS[language]}\nIt’s so.\n{NEWS[language]}"

    assert text == repair_mojibake(misread(text, encoding))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (misread(NEWS["ru"], "cp1251"), NEWS["ru"]),
        ("It\x92s \x93so\x94", "It’s “so”"),
        ("Zoë: Ã© is what donâ€™t becomes", "Zoë: Ã© is what don’t becomes"),
        ("Une «Ã»", "Une «Ã»"),
        ("NÃO É ISSO, disse a Ângela", "NÃO É ISSO, disse a Ângela"),
        ("Le père dit Ã© et Ã¨", "Le père dit Ã© et Ã¨"),
        *((text, text) for text in NEWS.values()),
    ],
)
def test_only_what_is_certain_is_mended(text: str, expected: str) -> None:
    assert expected == repair_mojibake(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cafe\u0301", "Café"),
        ("a\0b\x07c\x1bd", "abcd"),
        ("a\ud800b", "ab"),
        ("a\u202eb\u2066c\u2069", "abc"),
        ("שלום\u200f! \u200eabc", "שלום\u200f! \u200eabc"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\u00a0\u3000b\tc\u2028d", "a b c d"),
        ("lost\ufffdhere", "lost here"),
        ("\ufeffa\ufffe", "a"),
    ],
)
def test_lines_are_clean(text: str, expected: str) -> None:
    assert expected == clean_line(text)


def cleaned(content: bytes, media_type: MediaType) -> Article:
    return clean(RawArticle(Source("a", "/a"), "a", media_type, content), now=NOW)


@pytest.mark.parametrize(
    ("media_type", "form"),
    [
        (MediaType.TEXT, "Piers\0 Closed\n\n{}\n\n{}\n"),
        (MediaType.HTML, "<html><title>Piers&#0; Closed</title><h1>Piers Closed</h1><p>{}<p>{}"),
    ],
)
def test_what_reaches_an_article_is_clean_text(media_type: MediaType, form: str) -> None:
    spoilt = "Cafe\u0301 owners\u202e said \x07that the har\u00adbor was\u200b closed. " * 5
    article = cleaned(form.format(spoilt, spoilt).encode(), media_type)
    text = f"{article.title}{article.body}"

    assert "Café owners said that the harbor was closed. Café" in text
    assert not [
        char for char in text if unicodedata.category(char) in {"Cc", "Cs"} and char != "\n"
    ]
    assert unicodedata.is_normalized("NFC", text)
