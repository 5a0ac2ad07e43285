"""Detection of legacy encodings by the letters that decoding in each of them yields.

Decoded correctly, a text has the letters that its language uses most; decoded in a wrong
encoding it has rare letters, symbols within words and capitals after small letters.
Detection is deterministic and depends on no other installed library.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache

# The encodings of texts before UTF-8. Of equal scores the first wins, as in browsers.
LEGACY_ENCODINGS = (
    "cp1252", "cp1251", "cp1250", "cp932", "gb18030", "euc_jp", "cp949", "big5hkscs", "koi8-r",
    "koi8-u", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp874", "iso8859-2", "iso8859-5",
    "cp866",
)  # fmt: skip

# The non-ASCII letters of each language, the most frequent first.
FREQUENT_LETTERS: Mapping[str, str] = {
    "de": "üäößéàè",
    "fr": "éèàêçôâùîûœïëüæÿñ",
    "es": "óáíéñúüçï",
    "pt": "ãçáéíóõêâàúôü",
    "it": "èàùìòéîó",
    "ca": "àéèóòíçúïü",
    "nl": "ëéïèüöáç",
    "da": "øåæéüö",
    "no": "øåæéòóôü",
    "sv": "äåöéüøæ",
    "fi": "äöåéšž",
    "is": "áíéóðþæöúý",
    "et": "äõüöšž",
    "pl": "łążęśóćźńéäöü",
    "cs": "áíéěřčšžýůúťďňóöüä",
    "sk": "áíéčšžýúľťôňďäóĺŕö",
    "hu": "áéöőíóüúűäß",
    "ro": "ăâîșțşţéöő",
    "hr": "čšžćđéöü",
    "sl": "čšžćéđö",
    "lt": "ėųšžįčūąęéöü",
    "lv": "āīšēūņļžčģķöéü",
    "tr": "ıişüçöğâîéâû",
    "ru": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
    "uk": "оаинівтерслкдумпзяьбгчйхїжцюєшщфґ",
    "bg": "аоиетнрсвлкдпмузяъгбчщйжцхшюфь",
    "sr": "аоиенртсјвудкмпзлгбчшљцхњжћфђџ",
    "el": "αοιετσνηυρπκμλςγδάίόέήθχύφωώβξζψϊ",
    "he": "יוהלאתרבמשנעםדקחפכסגןטזצךףץ",
    "ar": "اليمنوترعبسدفهةقكحجأصطىشخإءضذغزئثظآؤ،؟یکپچگ",
    "th": "านรกอเงมยลวดทสตะปบคหแจพชขใไโผถศธณซษฟฉภฐญ่้ัิีืุู์็ำึๆ",
    "ja": (
        "日一年人大国会"
        "本中出東時者事社長前月分後新間上地市方行県京合政見同手部学的場理家発実今動問業対開記円定"
    ),
    "zh-Hans": (
        "的一是不了在人有我他这中大来上个国和也子时道说出会要于年得就那下生过自地着可发后作里用以"
        "所公学成方前对日本经为到行家长民部分新进动主同工高市业多场全月现关员其面体重机将政与表心"
        "报当开之事记者法系外问据第次还此万被没但从她北京两军联合务委总书习近平族安济建设社区管"
        "使城府企投资金融银增百亿元美俄欧英德议选党领导组织研究计划项科技教育健康环境保护农村文化"
    ),
    "zh-Hant": (
        "的一是不了在人有我他這中大來上個國和也子時道說出會要於年得就那下生過自地著可發後作裡用以"
        "所公學成方前對日本經為到行家長民部分新進動主同工高市業多場全月現關員其面體重機將政與表心"
        "報當開之事記者法系外問據第次還此萬被沒但從她台灣北京兩軍聯合務委總近平族安濟建設社區管"
        "使城府企投資金融銀增百億元美俄歐英德議選黨領導組織研究計劃項科技教育健康環境保護農村文化"
    ),
    "ko": (
        "이다는에의을가고를하은지기로도한사대서어인자나아정과시리일그해수라전제부장으와주국보여조"
        "상원만있들성관동했까년월공위등안경스비발자방중당세구연중선미적면계것신회오민내게트김말"
    ),
}  # fmt: skip

_KANA = [chr(code) for code in range(0x3041, 0x30FF)]
_COMMON_CHARACTER_ROWS = {
    "ja": ("euc_jp", 0xB0, 0xCF),
    "zh-Hans": ("gb2312", 0xB0, 0xD7),
    "zh-Hant": ("big5", 0xA4, 0xC6),
    "ko": ("euc_kr", 0xB0, 0xC8),
}
_PUNCTUATION = "“”‘’«»„–—…•·€£§°©®™¿¡\u00a0、。，「」『』・：（）！？《》〈〉【】\u3000"
_WORD = re.compile(r"[^\W\d_]{2,}")
# A symbol between letters, two symbols in a row, three accented letters in a row.
_MISPLACED_SYMBOL = re.compile(
    r"(?<=[^\W\d_])(?:[ªº¹²³]|[^\w\s\x00-\x7f\xad’‘–—·…«»“”„\u0300-\u06ff\u0e00-\u0eff"
    r"\u3000-\u303f\uff00-\uff60])(?=[^\W\d_])|(?!¡¿|¿¡)[\xa1-\xbf]{2}|[\xc0-\u024f]{3}"
)
_MIXED_SCRIPTS = re.compile(r"[a-z][\u0370-\u1fff\u3040-\ud7ff]|[\u0370-\u1fff\u3040-\ud7ff][a-z]")
_LATIN_ENCODINGS = frozenset(("cp1252", "cp1250", "cp1254", "cp1257", "iso8859-2"))
_SAMPLE_BYTES = 8_000  # bytes
_MIN_PLAUSIBILITY = 0.45  # of 1, the score of a text of the most frequent letters only
_MIN_FOREIGN_CHARS = 10
_MIN_SCORE_LEAD = 0.08  # difference to the score of the second-best encoding
_DECLARED_LANGUAGE_BONUS = 0.15  # added to the score of the declared language


def detect_encoding(content: bytes, language: str) -> str:
    """Return the encoding of bytes that are not UTF-8, or "" if it is not certain.

    `language` is the declared language of the text, or "".
    """
    sample = _sample_lines(content)
    texts = {
        name: text
        for name in LEGACY_ENCODINGS
        if (text := _decode_sample(sample, name)) is not None
    }
    scores = {name: score_plausibility(text, language) for name, text in texts.items()}
    # A few letters of another script occur by chance.
    candidates = [
        name
        for name in scores
        if name in _LATIN_ENCODINGS or sum(map(_is_beyond_latin, texts[name])) >= _MIN_FOREIGN_CHARS
    ]
    if not candidates:
        return ""
    best = max(candidates, key=lambda name: scores[name])
    others = (scores[name] for name in candidates if texts[name] != texts[best])
    next_best = max(others, default=-1.0)
    if "cp1252" in candidates and scores[best] - scores["cp1252"] < _MIN_SCORE_LEAD / 2:
        best = "cp1252"
    elif scores[best] - next_best < _MIN_SCORE_LEAD:
        return ""
    return best if scores[best] >= _MIN_PLAUSIBILITY else ""


def is_encoded_in(content: bytes, encoding: str, language: str) -> bool:
    """Return whether the bytes decode to a plausible text in this encoding."""
    text = _decode_sample(_sample_lines(content), encoding)
    return text is not None and is_plausible_text(text, language)


def is_plausible_text(text: str, language: str = "") -> bool:
    """Return whether a text looks as if it was decoded in the right encoding."""
    return score_plausibility(text, language) >= _MIN_PLAUSIBILITY


def score_plausibility(text: str, language: str = "") -> float:
    """Score how well the non-ASCII characters of a text fit one language, at most about 1.

    A text without such characters scores 1.
    """
    counts = Counter(char for char in text if char > "\x7f")
    total = counts.total()
    if not total:
        return 1.0
    declared = language.partition("-")[0].lower()
    weights = _build_letter_weights()
    sums: dict[str, float] = defaultdict(float)  # by language code
    for char, count in counts.items():
        for code, weight in weights.get(char, ()):
            sums[code] += weight * count
    fit = max(
        (
            weight_sum / total + _DECLARED_LANGUAGE_BONUS * (code.partition("-")[0] == declared)
            for code, weight_sum in sums.items()
        ),
        default=0.0,
    )
    return fit - _count_flaws(text, counts) / total


def _count_flaws(text: str, counts: Mapping[str, int]) -> float:
    """Count the characters and sequences that no language writes, with their weights."""
    odd = sum(count for char, count in counts.items() if _is_odd_char(char))
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    capitals = sum(len(word) / 3 for word in words if _is_mixed_case(word))
    return (
        odd
        + 2 * len(_MISPLACED_SYMBOL.findall(text))
        + 2 * len(_MIXED_SCRIPTS.findall(text))
        + capitals
    )


def _is_mixed_case(word: str) -> bool:
    cased = word.lower() != word.upper()
    return cased and not (word.islower() or word.isupper() or word.istitle())


@cache
def _is_odd_char(char: str) -> bool:
    """Return whether it is a control, unassigned or box character, or half-width katakana."""
    category = unicodedata.category(char)
    is_symbol = "\u2500" <= char <= "\u259f" or "\uff61" <= char <= "\uff9f" or char in "ˆ˜"
    return is_symbol or category in {"Cc", "Co", "Cn"}


def _is_beyond_latin(char: str) -> bool:
    return "\u0370" <= char < "\u1e00" or char >= "\u2e80"


@cache
def _build_letter_weights() -> Mapping[str, list[tuple[str, float]]]:
    """Return the weight of each character for each language that uses it."""
    weights: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for language, letters in FREQUENT_LETTERS.items():
        for char, weight in _weigh_letters(language, letters).items():
            weights[char].append((language, weight))
    return dict(weights)


def _weigh_letters(language: str, letters: str) -> Mapping[str, float]:
    """Weigh letters by their rank, from 1 down to 0.3, and capitals half of that."""
    weights = dict.fromkeys(_PUNCTUATION, 0.6)
    if language in _COMMON_CHARACTER_ROWS:
        # The most frequent letters are half of a text, the thousands of others the rest.
        weights |= dict.fromkeys(
            _list_common_characters(*_COMMON_CHARACTER_ROWS[language]), 0.3
        ) | dict.fromkeys(letters, 1.0)
        return weights | (dict.fromkeys(_KANA, 1.0) if language == "ja" else {})
    for rank, letter in enumerate(letters):
        weight = 1.0 - 0.7 * rank / len(letters)
        weights.setdefault(letter, weight)
        weights.setdefault(letter.upper(), weight / 2)
    return weights


def _list_common_characters(encoding: str, first: int, last: int) -> str:
    """Return the characters of the rows in which a national standard has the common ones."""
    rows = (bytes([lead, trail]) for lead in range(first, last + 1) for trail in range(0xA1, 0xFF))
    return "".join(code.decode(encoding, "ignore") for code in rows)


def _sample_lines(content: bytes) -> bytes:
    """Return the first lines that are not ASCII, cut to size.

    A newline byte is never a part of another character in these encodings.
    """
    lines: list[bytes] = []
    size = 0
    for line in content.splitlines():
        if not line.isascii():
            lines.append(line[:_SAMPLE_BYTES])
            size += len(lines[-1])
            if size >= _SAMPLE_BYTES:
                break
    return b"\n".join(lines)


def _decode_sample(sample: bytes, encoding: str) -> str | None:
    """Decode the sample, or return None if it is invalid; its last character may be cut."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(sample)
    except (UnicodeDecodeError, LookupError):
        return None
