"""Words that show the role of a part of a page, in its class and id and in its text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_MAX_LABEL_CHARS = 300  # characters

# The roles of elements, each with the words of classes and ids that name it.
_ROLE_WORDS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(words)
    for name, words in {
        "article": r"article|story|entry|post|content|text|body|main|copy|hentry",
        "comments": r"comments?|disqus|replies|respond|discussion|forum",
        "related": r"related|recommend(?:ed|ations?)|trending|popular|mostread|readmore|teasers?",
        "listed": r"promo\w*|more|latest|next|also|cards?|lists?|feed|carousel|slider|grid|links?",
        "share": r"share|sharing|social|follow|facebook|twitter|whatsapp|tools?|buttons?|actions?"
                 r"|btn|print",
        "ad": r"advert\w*|ads?|sponsor\w*|banner|dfp|taboola|outbrain|gpt|promoted|commercial",
        "offer": r"newsletters?|subscri\w+|signup|paywall|register|login|offer|cta|donate"
                 r"|membership|form",
        "author": r"authors?|byline|bio|writer|profile|contributor",
        "picture": r"captions?|credits?|figure|images?|img|photos?|pictures?|media|gallery|video"
                   r"|player|audio|embed|thumb\w*",
        "menu": r"nav\w*|menu|breadcrumbs?|toolbar|foot\w*|pagination|pager|masthead|topbar|site"
                r"|logo|search|header|skip",
        "tags": r"tags?|topics?|keywords?|categor(?:y|ies)|labels?|sections?|kicker",
        "meta": r"meta|dates?|time|published|updated|info|timestamp|details|reading",
        "side": r"side(?:bar)?|widgets?|rail|aside|secondary|complementary|column|col",
        "over": r"cookies?|consent|gdpr|privacy|modal|popup|overlay|dialog|toast|alert|notice"
                r"|hidden|disclaimer|copyright|legal",
        "summary": r"summary|lead|lede|dek|standfirst|sub(?:title|head\w*)|intro|excerpt"
                   r"|abstract|deck|description",
        "title": r"titles?|head(?:line|ing)s?",
        "body": r"articlebody|bodytext|prose|richtext|wysiwyg|paragraphs?|textblock",
        "box": r"box|infobox|insert|factbox|inset|callout|note|disclosure|supplement\w*",
    }.items()
}  # fmt: skip
_BODY_LABEL = re.compile(
    r"(?:article|story|entry|post|content|news|page|detail|rich|body)s?[_-]*"
    r"(?:body|text|content|copy|main|inner|detail)(?![a-z])"
)
_LABEL_WORD = re.compile(r"[a-z]+")
_CAMEL_CASE_BREAK = re.compile(r"(?<=[a-z])(?=[A-Z])")

_OFFER_WORDS = frozenset(
    ("copyright", "rights", "reserved", "rechte", "droits", "derechos", "subscribe",
     "subscriber", "subscribers", "subscription", "abonnieren", "abonnement", "abonnements",
     "abonnez", "abo", "suscríbete", "suscribirse", "suscripción", "iscriviti", "abbonati",
     "assine", "prenumerera", "login", "anmelden", "registrieren", "register", "registration",
     "newsletter", "newsletters", "cookie", "cookies", "privacy", "datenschutz", "terms",
     "follow", "folgen", "folge", "síguenos", "sigue", "suivez", "seguici", "click", "klicken",
     "advertisement", "advertising", "anzeige", "publicité", "publicidad", "pubblicità",
     "werbung", "reklam", "reklama", "sponsored", "share", "teilen", "partager", "partagez",
     "compartir", "compartilhar", "condividi", "mail", "email", "comment", "comments",
     "kommentar", "kommentare", "comentarios", "comentários", "commentaires", "commenti",
     "download", "app", "whatsapp", "facebook", "twitter", "telegram", "youtube", "instagram",
     "linkedin", "podcast", "rss", "print", "drucken", "imprimir", "imprimer", "подписаться",
     "подпишитесь", "подписывайтесь", "комментарии", "реклама", "поделиться", "bagikan", "dela",
     "udostępnij", "paylaş")
)  # fmt: skip
_MORE_WORDS = frozenset(
    ("read", "see", "watch", "listen", "more", "also", "related", "recommended", "further",
     "lesen", "mehr", "siehe", "weiterlesen", "lire", "voir", "lea", "lee", "leia", "veja",
     "saiba", "leggi", "más", "mais", "también", "também", "relacionado", "relacionada", "lees",
     "bekijk", "läs", "les", "læs", "lue", "czytaj", "zobacz", "przeczytaj", "přečtěte",
     "ayrıca", "ilgili", "baca", "simak", "читайте", "смотрите", "также")
)  # fmt: skip
_PICTURE_WORDS = frozenset(
    ("photo", "photos", "photograph", "image", "images", "picture", "pictures", "getty",
     "reuters", "afp", "ap", "credit", "courtesy", "foto", "fotos", "bild", "bilder", "quelle",
     "source", "zdjęcie", "kuva", "фото", "symbolbild", "imago", "dpa", "epa", "ansa", "efe",
     "shutterstock", "istock", "pixabay", "unsplash", "archivo", "file")
)  # fmt: skip
_BYLINE_WORDS = frozenset(
    ("by", "written", "von", "par", "por", "di", "door", "av", "af", "texte", "text", "autor",
     "autorin", "author", "redaktion", "редакция", "автор", "oleh", "yazan")
)  # fmt: skip
# Scripts that do not put spaces between words, or join them to others.
_UNSPACED_OFFER = re.compile(
    "会員|登録|無料|コメント|シェア|关注|订阅|版权|转载|구독|무단|اشترك|تابع|©"
)
_UNSPACED_MORE = re.compile(r"\W*(?:関連|あわせて|続き|もっと|相关|更多|延伸|推荐|관련|اقرأ|קרא)")
_UNSPACED_PICTURE = re.compile("写真|撮影|図片|图片|사진|画像|提供")
_UNSPACED_BYLINE = re.compile(r"\W*(?:文[／/]|记者|編輯|编辑|撰文|記者|기자)")
_WORD = re.compile(r"\w+")
SENTENCE_STOP = re.compile(r"[.!?…][\"'”’)\]]*(?:\s|$)|[。！？।؟]")
DATE_LIKE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.h]\d\d\b|\d年|\b\d{1,2}[./]\d{1,2}[./]\d\d")


# Who wrote, edited, photographed or sent a text: a line of its own.
_MAX_CREDIT_CHARS = 200  # characters
_CREDIT = re.compile(
    r"[(\[–—-]*\s*(?:"
    r"(?:additional )?(?:report(?:ing|ed)|writing|written|edit(?:ing|ed)|compiled)(?: and \w+)?"
    r" by\b"
    r"|(?:first |last )?(?:updated|published|posted|modified|aktualisiert|veröffentlicht|mis à jour"
    r"|publié|actualizado|publicado|aggiornato|pubblicato|atualizado|обновлено|опубликовано)\b"
    r"|(?:editor|editing|redaktion|redaktör|rédaction|redacción)\s*:"
    r"|(?:with|mit) (?:inputs?|material|reporting|information|reuters|agenc)|©|\(c\)"
    r"|(?:main |lead |top |cover )?(?:photo(?:graph)?s?|images?|picture|foto|bild|crédit photo"
    r"|фото|zdjęcie|kuva|fotó)(?: credit)?(?:\s*[:©]| by\b)"
    r"|(?:source|quelle|fuente|fonte|bron|źródło|источник|kaynak|källa|kilde|lähde)\s*:)",
    re.I,
)
_AGENCY_LINE = re.compile(
    r"[(\[–—*-]*\s*(?:reuters|afp|ap|dpa|apa|ansa|efe|tass|pti|ani|ians|upi|pa(?: media)?|sda|ots"
    r"|kna|epd|lusa|ritzau|ntb|tt|anp|belga|pap|čtk|mti|agerpres|xinhua|kyodo|jiji|yonhap|bloomberg|тасс"
    r"|associated press|the associated press|agence france-presse|риа новости|интерфакс)"
    r"(?:\s*[/,+&-]\s*\w+(?: media)?)*\s*[)\]*.]*",
    re.I,
)


def is_credit(text: str) -> bool:
    """Return whether a line names its writers, editors, agency or source, and reports nothing."""
    return len(text) <= _MAX_CREDIT_CHARS and (
        _CREDIT.match(text) is not None or _AGENCY_LINE.fullmatch(text) is not None
    )


def find_cues(text: str) -> tuple[bool, bool, bool, bool]:
    """Return whether a short text offers something, leads to more, credits a picture, is a byline.

    The second and the last are decided by its first word.
    """
    words = _WORD.findall(text.lower())
    first = words[0] if words else ""
    offers, pictures = not _OFFER_WORDS.isdisjoint(words), not _PICTURE_WORDS.isdisjoint(words)
    more, by = first in _MORE_WORDS, first in _BYLINE_WORDS
    if text.isascii():
        return offers, more, pictures, by
    return (
        offers or _UNSPACED_OFFER.search(text) is not None,
        more or _UNSPACED_MORE.match(text) is not None,
        pictures or _UNSPACED_PICTURE.search(text) is not None,
        by or _UNSPACED_BYLINE.match(text) is not None,
    )


@lru_cache(maxsize=8192)
def find_roles(label: str) -> frozenset[str]:
    """Return the roles of an element by the words of its class and id."""
    label = _CAMEL_CASE_BREAK.sub("-", label[:_MAX_LABEL_CHARS]).lower()
    roles = {name for atom in _LABEL_WORD.findall(label) for name in _find_word_roles(atom)}
    return frozenset(roles | {"body"} if _BODY_LABEL.search(label) else roles)


@lru_cache(maxsize=32768)
def _find_word_roles(word: str) -> frozenset[str]:
    return frozenset(name for name, words in _ROLE_WORDS.items() if words.fullmatch(word))
