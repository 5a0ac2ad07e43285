"""Language detection by the script of a text, and by common words where languages share one.

A short or mixed text, or one in a language that is not here, has no detected language. Where none
is stated, `guess_language` is content with less: a few words, or letters that few languages have.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain

# Words that are common in each language and, where possible, not in similar ones.
_COMMON_WORDS = {
    "en": "the of and to is was for that with on by from are has have it he his they will said",
    "de": "der die das und ist nicht von mit den dem ein eine auf für im auch sich wie zu sind",
    "fr": "le les des est une dans que pour qui du sur pas par au avec sont plus ce cette il",
    "es": "el los las que en una por con para del se su no como más pero al sus fue este",
    "it": "il di che è della per non una sono con gli nel alla più dei anche le ha come dal",
    "pt": "o os as não uma em para com do da dos das que ao por mais foi são pela também",
    "nl": "het een van en niet dat zijn op voor met aan er ook door maar bij naar heeft hij worden",
    "sv": "och att det som är på för inte av med till den har om ett från men var sig också efter"
    " mellan några vad blev mot hade säger detta många våra oss",
    "da": "og at det som er på for ikke af med til den har om et fra men var sig også blev efter"
    " mellem nogle hvad mod havde siger dette mange vores hvorfor",
    "nb": "og at det som er på for ikke av med til den har om et fra men var seg også ble etter"
    " mellom noen hva mot hadde sier dette mange våre hvorfor",
    "fi": "ja on ei se että oli hän ovat myös mutta kun joka sen kuin ole mukaan ovat vuoden voi",
    "is": "og að er sem það ekki hann með til við var fyrir um en því hún hefur eru frá þegar",
    "pl": "i w nie się na że jest do z to jak o od po przez oraz dla są tym ale",
    "cs": "a v na se že je s do to pro jako za od po podle které která byl ale jsou",
    "sk": "a v na sa že je s do to pre ako za od po podľa ktoré ktorá bol ale sú",
    "hu": "a az és hogy nem is egy volt meg ez csak már mint van azt ki el még szerint lesz",
    "ro": "de și în la a care nu pe cu din este pentru un o că mai au fost sunt după",
    "tr": "ve bir bu da de için ile olarak çok daha olan gibi kadar sonra ise değil olduğu en ne",
    "lt": "ir kad su iš į yra bet tai buvo jis dėl apie kaip po ar jau nuo tik savo pat",
    "lv": "un ir ar no par kas bet arī ka uz tika kā lai pēc gan tas līdz to bija vai",
    "et": "ja on ei et see oli ka mis kui aga ning oma ta kes pole seda selle siis veel või",
    "id": "yang dan di dari untuk dengan ini pada itu dalam tidak akan ke juga oleh saat telah",
    "ms": "yang dan di dari untuk dengan ini pada itu dalam tidak akan ke juga oleh ketika beliau",
    "vi": "và của là có trong được cho với các không những một người đã này khi đến tại ra về",
    "hr": "je i u na se da su za od koji kako što a nije bi to iz ili sam će",
    "sl": "je in v na se da so za od ki kot ne pa tudi bi to iz po ali bo",
    "ca": "el els les que en una per amb dels del ha no més també és al aquest són seva ser",
    "eu": "eta da ez du zen dira dute zuen izan ere baina bat hau hori hori gure da dela zuten",
    "ga": "an na agus is go le ar ag tá bhí sé do leis ach faoi seo iad mar nach raibh ina",
    "sr": "је и у на да се за од са као што а није би то из који после али су",
    "ru": "и в не на что он с по это как его но из к от за для был было является",
    "uk": "і в не на що він з та це як його але із до від за для був було є",
    "bg": "и в не на че той с по това как от за е да се са ще си към при",
}
_SCRIPTS = (
    ("ja", r"[\u3041-\u30ff]"),
    ("ko", r"[\uac00-\ud7a3]"),
    ("zh", r"[\u4e00-\u9fff]"),
    ("el", r"[\u0370-\u03ff]"),
    ("he", r"[\u05d0-\u05ea]"),
    ("th", r"[\u0e01-\u0e4e]"),
    ("hi", r"[\u0900-\u097f]"),
    ("bn", r"[\u0980-\u09ff]"),
    ("ta", r"[\u0b80-\u0bff]"),
    ("ka", r"[\u10a0-\u10ff]"),
    ("hy", r"[\u0531-\u058f]"),
)
# Languages that these words cannot distinguish, or for which a page may use either code.
_SIMILAR_LANGUAGES = (
    {"da", "nb", "no", "nn"}, {"id", "ms"}, {"hr", "sr", "bs", "sl", "me"}, {"cs", "sk"},
    {"zh", "yue", "ja"}, {"es", "ca", "gl", "pt"}, {"hi", "mr", "ne"}, {"bg", "mk", "ru", "sr"},
    {"he", "iw", "yi"}, {"de", "lb", "nds", "gsw"}, {"nl", "fy", "af"}, {"bn", "as"},
)  # fmt: skip
_MAX_SAMPLE_CHARS = 700  # characters from the start of a text
_MIN_COMMON_WORDS = 8  # common words that a text must contain
_MIN_LEAD_RATIO = 1.4  # minimum ratio to the common words of the next language

LANGUAGES_BY_WORD: dict[str, tuple[str, ...]] = {}
for _language, _common in _COMMON_WORDS.items():
    for _word in _common.split():
        LANGUAGES_BY_WORD[_word] = (*LANGUAGES_BY_WORD.get(_word, ()), _language)
_NOT_LATIN = re.compile("|".join(pattern for _, pattern in _SCRIPTS).replace("]|[", ""))
_SCRIPT_PATTERNS = [(language, re.compile(pattern)) for language, pattern in _SCRIPTS]
_MIN_SCRIPT_CHARS = 40  # characters in the scripts above that a text must contain


def detect_language(text: str) -> str:
    """Return the code of the language of a text, or nothing if that is not certain."""
    sample = text[:_MAX_SAMPLE_CHARS]
    if _NOT_LATIN.search(sample) and (script := _detect_script_language(sample)):
        return script
    known = (
        LANGUAGES_BY_WORD[word] for word in sample.lower().split() if word in LANGUAGES_BY_WORD
    )
    counts = Counter(chain.from_iterable(known))
    (best, most), (_, next_most) = (*counts.most_common(2), ("", 0), ("", 0))[:2]
    return best if most >= _MIN_COMMON_WORDS and most >= _MIN_LEAD_RATIO * next_most else ""


def _detect_script_language(sample: str) -> str:
    counts = {language: len(pattern.findall(sample)) for language, pattern in _SCRIPT_PATTERNS}
    best = max(counts, key=lambda language: counts[language])
    # Japanese texts contain more Han characters than kana.
    if counts["ja"] * 10 >= sum(counts.values()):
        best = "ja"
    return best if sum(counts.values()) >= _MIN_SCRIPT_CHARS else ""


def are_similar(one: str, other: str) -> bool:
    """Return whether two languages are the same, or such as common words cannot distinguish."""
    return one == other or any(one in kin and other in kin for kin in _SIMILAR_LANGUAGES)


def correct_language(stated: str, text: str) -> str:
    """Return the stated language of a text, or the detected one if that differs."""
    detected = detect_language(text)
    first = stated.partition("-")[0].lower()
    if not detected or are_similar(detected, first):
        return stated
    return detected


_MONTH_FIRST = frozenset(("en-US", "en-PH", "es-PR"))
YEAR_FIRST_LANGUAGES = frozenset(("zh", "ja", "ko", "hu", "lt", "fa", "ckb", "mn"))
_DAY_FIRST_ENGLISH = frozenset(("uk", "au", "nz", "ie", "in", "za", "ke", "ng", "gh", "pk", "lk"))


def writes_day_first(language: str, host: str) -> bool | None:
    """Return whether 03/04/2025 is 3 April in a language, on a site; None if unknown.

    English uses both orders; a country in the language tag or the host name decides.
    """
    first, _, region = language.partition("-")
    if language in _MONTH_FIRST:
        return False
    if first not in {"", "en"}:
        return None if first in YEAR_FIRST_LANGUAGES else True
    country = host.rpartition(".")[2]
    region = region.lower().replace("gb", "uk")
    if not _DAY_FIRST_ENGLISH.isdisjoint((country, region)):
        return True
    return None
