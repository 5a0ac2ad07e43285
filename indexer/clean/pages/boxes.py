"""Boxes that are no part of an article wherever they are: cookie notices, newsletters, offers.

A box is known by its class or id, or by its text: it asks the reader to do something, and names
what for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from indexer.clean.pages.dom_tree import PageTree

_MAX_BOX_CHARS = 3_000  # characters
_MAX_BOX_SHARE = 0.25  # share of a page's characters in a box that only its label gives away
_MIN_CALL_CHARS = 12  # characters
_MAX_CALL_CHARS = 420  # characters of a text that asks for one thing
_MAX_NOTICE_CHARS = 1_200  # characters
_MAX_LABEL_CHARS = 300  # characters
_UNBOXED_TAGS = frozenset(("html", "body", "main", "article", "h1", "h2", "h3", "h4", "h5", "h6"))
_CAMEL_CASE_BREAK = re.compile(r"(?<=[a-z])(?=[A-Z])")

_NOTICE_LABEL = re.compile(
    r"(?<![a-z])(?:cookies?|consent|gdpr|rgpd|dsgvo|ccpa|onetrust|didomi|usercentrics|cookiebot"
    r"|cookieconsent|iubenda|borlabs|klaro)(?![a-z])"
)
_OFFER_LABEL = re.compile(
    r"(?<![a-z])(?:newsletters?|sign-?up|mailing|mailinglist|mailchimp|opt-?in|donat(?:e|ions?)"
    r"|nyhetsbrev|nieuwsbrief|infolettre|boletin|uutiskirje)(?![a-z])"
)
_WEAK_OFFER_LABEL = re.compile(
    r"(?<![a-z])(?:subscri\w+|membership|offers?|cta|promo\w*|regist\w+|paywall|abo|support"
    r"|appeal|banner|box)(?![a-z])"
)

_COOKIE_WORDS = (
    "cookie", "informasjonskaps", "evästei", "çerez", "küpsis", "sütik", "slapuk",
    "kolačić", "piškot", "куки", "クッキー", "쿠키", "ملفات تعريف الارتباط", "الكوكيز", "עוגיות",
    "คุกกี้", "饼干", "kakor",
)  # fmt: skip
# A notice is about the site itself and its reader; an article about cookies is about others.
_NOTICE = re.compile(
    r"\bwe(?: and our (?:\w+ )?partners)?(?: may| also)? (?:use|store|set|place)\b"
    r"|\b(?:this|our) (?:web ?)?(?:site|page|app)s? (?:also )?(?:uses?|stores?|sets?)\b"
    r"|\bour (?:use of )?cookies?\b|\byou (?:agree|accept|consent)\b|\baccept (?:all )?cookies\b"
    r"|\bwir (?:und unsere partner )?(?:verwenden|nutzen|setzen)\b|\bverwenden wir\b|\bnutzen wir\b"
    r"|\bdiese (?:web)?(?:seite|site) (?:verwendet|nutzt)\b|\bstimmen sie\b|\bsie sich\b.*einverst"
    r"|\bnous utilisons\b|\bce site (?:utilise|dépose)\b|\bvous acceptez\b|\bnos partenaires\b"
    r"|\b(?:utilizamos|usamos|utilizamos)\b|\beste sitio\b.*\b(?:utiliza|usa)\b|\baceptas?\b"
    r"|\busted acepta\b|\butilizziamo\b|\bquesto sito (?:utilizza|usa)\b|\bacconsenti|\baccetti\b"
    r"|\b(?:este|o nosso) site (?:utiliza|usa)\b|\bvocê (?:concorda|aceita)\b"
    r"|\b(?:wij|we) (?:gebruiken|plaatsen)\b|\bdeze (?:web)?site gebruikt\b|\bga je akkoord\b"
    r"|\bgaat u akkoord\b|\bvi (?:använder|bruger|bruker)\b|\bgodkänner du\b|\baccepterer du\b"
    r"|\bkäytämme\b|\bhyväksyt\b|\b(?:używamy|wykorzystujemy|stosujemy)\b|\bwyrażasz zgodę\b"
    r"|\b(?:ta|nasza) (?:strona|witryna) (?:używa|wykorzystuje|korzysta)\b"
    r"|\bмы используем\b|\b(?:этот|наш) сайт использует\b|\bвы соглашаетесь\b"
    r"|\bkullanıyoruz\b|\bkullanmaktayız\b|\bkabul etmiş\b|\bpoužíváme\b|\bsouhlasíte\b"
    r"|\bhasználunk\b|\bfolosim\b|\butilizăm\b|χρησιμοποιούμε|ви погоджуєтес|ми використовуємо"
    r"|当サイト|本サイト|このサイト|同意|사용합니다|동의|我们使用|我們使用|本网站|本網站|نستخدم"
    r"|توافق|אנו משתמשים",
    re.I,
)

# What a text at its start asks the reader to do.
_CALL = re.compile(
    r"(?:please |want |enjoying |click here to |remember to |don['’]t forget to )?"
    r"(?:sign(?:ing)? up|subscribe|donate|download our|follow us"
    r"|support (?:us|our|independent|local|quality)|our (?:journalism|reporting) (?:is|depends))\b"
    r"|(?:jetzt )?(?:melden sie sich|meld(?:e|et) (?:dich|euch)|abonnier\w+|bestellen sie"
    r"|registrier\w+|unterstütz\w+|spenden sie|werden sie|werde \w+|laden sie|lade dir|folgen sie"
    r"|folgt? uns|erhalten sie|testen|holen sie|verpass\w+|anmelden)\b"
    r"|(?:inscri(?:vez|s)[- ]\w+|abonne[zr]?[- ]\w+|recevez|rejoignez|soutenez|faites un don"
    r"|téléchargez|suivez|devenez|profitez|ne manquez|restez|s['’](?:inscrire|abonner)"
    r"|je m['’]abonne)\b"
    r"|(?:suscr[ií]b\w+|apúnta\w+|reg[ií]str\w+|recib[ae]|recibí|úne\w+|únase|apoy[ae]|descarg\w+"
    r"|s[ií]gu?[ea](?:nos)?|haz(?:te)? (?:socio|una|clic)|hazte|inscr[ií]b\w+|no te pierdas)\b"
    r"|(?:iscriv\w+|abbonat\w+|ricevi|registrat[ie]|unisciti|sostieni|sostenete|scarica|seguici"
    r"|segui|clicca qui|non perder\w+|fai una donazione)\b"
    r"|(?:assine|inscreva-se|cadastre-se|receba|subscreva|apoie|junte-se|baixe|siga|clique aqui"
    r"|entre no|participe|torne-se|faça (?:parte|uma doação)|registe-se)\b"
    r"|(?:schrijf (?:je|u)|meld (?:je|u)|abonneer\w*|ontvang|steun|doneer|word (?:lid|abonnee)|volg"
    r"|registreer|mis niets)\b"
    r"|(?:prenumerera|anmäl dig|skriv upp dig|registrera|få (?:våra|vårt|vores|nyheder|det)|stöd"
    r"|följ|ladda ner|missa inte|tilmeld|abonner|modtag|støt|følg|hent|meld (?:deg|dig)|bliv medlem"
    r"|bli (?:medlem|prenumerant))\b"
    r"|(?:tilaa|liity|rekisteröidy|lataa|seuraa|kirjaudu)\b"
    r"|(?:zapisz się|(?:za)?subskrybuj|otrzymuj|dołącz|wesprzyj|wspieraj|pobierz|zarejestruj|śledź"
    r"|obserwuj|zostań|nie przegap)\b"
    r"|(?:подпи(?:шитесь|сывайтесь|шись)|получайте|поддержите?|присоединяйтесь|скача(?:йте|ть)"
    r"|зарегистрируйтесь|станьте|следите|читайте нас|оформите)\b"
    r"|(?:підпи(?:шіться|суйтес\w)|отримуйте|підтримайте|приєднуйтес\w|завантажте)\b"
    r"|(?:přihlaste se|odebírejte|předplaťte|podpořte|stáhněte)\b"
    r"|(?:iratkozz\w*|fizess\w* elő|támogas\w*)\b"
    r"|(?:abonează-te|abonați-vă|înscrie-te|susține|descarcă|urmărește)"
    r"|εγγραφείτε|ακολουθήστε|κατεβάστε|اشترك|سج[لّ]+|تابع|انضم|ادعم|הירשמו|הצטרפו|הורידו"
    r"|订阅|訂閱|关注|關注|下载|下載|加入|扫码",
    re.I,
)
# Articles ask for these, too: they are calls only where the site names itself.
_WEAK_CALL = re.compile(
    r"(?:register|join|receive|become an?|start your|try|never miss|help us|consider|make a|give"
    r"|stay (?:up|informed|ahead)|get|like what you|if you (?:value|enjoy|like|want|believe)"
    r"|to (?:get|receive|read more)|for more (?:news|stories)|unlimited|already a)\b",
    re.I,
)
_SITE = re.compile(
    r"\b(?:our|us|we|newsletter|(?:to|in) your inbox|free trial|subscribers?)\b", re.I
)
# In these languages the verb that asks is at the end.
_LAST_CALLS = (
    "abone ol", "üye ol", "kaydol", "takip edin", "takip edebilir", "登録して", "登録する", "登録は",
    "登録を", "登録くだ", "ご登録", "お申し込み", "購読して", "購読する", "購読は", "購読を", "フォロー",
    "구독", "가입", "신청", "팔로우",
)  # fmt: skip
_OFFER = re.compile(
    r"news ?letters?|\be-?mail\b|\binbox\b|mailing list|\bbriefings?\b|\bsubscri(?:be|ption)"
    r"|\bsubscribers?\b|\bmember(?:ship|s)?\b|\bdonat|\bcontribut|\bour (?:app|podcasts?|channel"
    r"|journalism|reporting|work|alerts?|daily|weekly|website)\b|\bjournalism\b|whatsapp|telegram"
    r"|\bfree trial\b|\bfree account\b|\bon (?:facebook|twitter|instagram|youtube|google news)\b"
    r"|\babo(?:s|nnement\w*|nnieren|nné\w*|nnez)?\b|probeabo|\bpostfach\b|\bspende|\bunsere[nrm]?\b"
    r"|\bmitglied|infolettre|lettre d['’]information|\bnotre\b|\bnos\b|\bdon\b|\badhérent"
    r"|bolet[ií]n|suscri(?:pción|ptor|tor)|\bcorreo\b|\bnuestr[oa]s?\b|donación|\bsocio\b"
    r"|abbonament|abbonat|\bnostr[oaie]\b|donazione|boletim|assina(?:tura|nte)|\bnoss[oa]s?\b"
    r"|doação|nieuwsbrief|\bonze\b|\bons\b|donatie|nyhe[td]sbrev|prenumer|\bmedlem|\bvår[at]?\b"
    r"|\bvores?\b|inkorg|in(?:d|n)bo(?:ks|akke)|uutiskirje|tilau|sovellu|biuletyn|subskrypcj"
    r"|prenumerat|\bnasz\w*\b|aplikacj|рассылк|подписк|\bнаш\w*\b|\bнас\b|приложени|розсилк"
    r"|bülten|\babone\b|uygulama|kanalımı|předplatn|odběr|\bnáš\b|\bnaše?\b|hírlev|előfizet"
    r"|abonament|\bnostru\b|ενημερωτικ|google news|ニュースレター|メールマガジン|メルマガ|会員|アプリ"
    r"|チャンネル|뉴스레터|채널|이메일|简报|電子報|电子报|通讯|公众号|频道|頻道|客户端|邮件|我们|我們"
    r"|النشرة|نشرتنا|بريد|قنا|تطبيق|ניוזלטר|ערוץ|אפליקצי",
    re.I,
)
_SENTENCE_START = re.compile(r"^|(?<=[.!?…:。！？])\s+|(?<=[。！？])")
_QUOTES = tuple("\"'“”„«»‘’「『")


def is_notice(text: str) -> bool:
    """Return whether a text tells the reader of the cookies of its site."""
    return (
        len(text) <= _MAX_NOTICE_CHARS
        and not text.startswith(_QUOTES)
        and _names_cookies(text)
        and _NOTICE.search(text) is not None
    )


def is_offer(text: str) -> bool:
    """Return whether a text asks the reader to subscribe, register, donate or follow."""
    if not _MIN_CALL_CHARS <= len(text) <= _MAX_CALL_CHARS or text.startswith(_QUOTES):
        return False
    starts = [start.end() for start in islice(_SENTENCE_START.finditer(text), 2)]
    if any(_CALL.match(text, at) for at in starts) or _contains_any(text, _LAST_CALLS):
        return _OFFER.search(text) is not None
    return any(_WEAK_CALL.match(text, at) for at in starts) and (
        _SITE.search(text) is not None and _OFFER.search(text) is not None
    )


def _names_cookies(text: str) -> bool:
    return _contains_any(text.lower(), _COOKIE_WORDS)


def _contains_any(text: str, words: tuple[str, ...]) -> bool:
    """Return whether a text contains any of the words; ASCII has but the first of them."""
    return words[0] in text or (not text.isascii() and any(word in text for word in words))


def is_box_text(text: str) -> bool:
    """Return whether a text is that of a box, and never of an article."""
    return is_notice(text) or is_offer(text)


def remove_boxes(tree: PageTree, title: str) -> PageTree:
    """Return a page without the blocks of its boxes; a page that is nothing else stays.

    If the title is about the same ("How we use cookies"), only what is labelled is a box.
    """
    texts = [" ".join(block.text.split()) for block in tree.blocks]
    offers = [is_offer(text) for text in texts]
    boxes = _find_boxes(tree, texts, offers)
    about_boxes = _names_cookies(title) or _OFFER.search(title) is not None
    blocks = [
        block
        for block, text, offer in zip(tree.blocks, texts, offers, strict=True)
        if not boxes[block.element] and (about_boxes or not (offer or is_notice(text)))
    ]
    return PageTree(tree.elements, blocks) if blocks else tree


@dataclass(slots=True)
class _Contents:
    """The text of an element and its descendants: its characters, and what it is about."""

    chars: int = 0
    notices: int = 0
    offers: int = 0
    headings: int = 0


def _find_boxes(tree: PageTree, texts: Iterable[str], offers: Iterable[bool]) -> list[bool]:
    """Return whether each element is a labelled box or in one."""
    contents = _sum_contents(tree, texts, offers)
    total = contents[0].chars if contents else 0
    boxes: list[bool] = []
    for element, content in zip(tree.elements, contents, strict=True):
        inherited = element.parent >= 0 and boxes[element.parent]
        boxes.append(
            inherited
            or (
                bool(element.label)
                and element.tag not in _UNBOXED_TAGS
                and not content.headings
                and 0 < content.chars <= _MAX_BOX_CHARS
                and _is_labelled_box(element.label, content, content.chars / total)
            )
        )
    return boxes


def _is_labelled_box(label: str, content: _Contents, share: float) -> bool:
    notice, offer, weak = _find_label_kinds(label)
    return (
        (notice and content.notices > 0)
        or (offer and (content.offers > 0 or share <= _MAX_BOX_SHARE))
        or (weak and content.offers > 0 and share <= _MAX_BOX_SHARE)
    )


@lru_cache(maxsize=8192)
def _find_label_kinds(label: str) -> tuple[bool, bool, bool]:
    """Return whether a label is that of a notice, of an offer, or of either or something else."""
    label = _CAMEL_CASE_BREAK.sub("-", label[:_MAX_LABEL_CHARS]).lower()
    kinds = (_NOTICE_LABEL, _OFFER_LABEL, _WEAK_OFFER_LABEL)
    notice, offer, weak = (kind.search(label) is not None for kind in kinds)
    return notice, offer, weak


def _sum_contents(tree: PageTree, texts: Iterable[str], offers: Iterable[bool]) -> list[_Contents]:
    """Sum up the texts of each element and its descendants."""
    contents = [_Contents() for _ in tree.elements]
    for block, text, offer in zip(tree.blocks, texts, offers, strict=True):
        content = contents[block.element]
        content.chars += len(text)
        content.notices += _names_cookies(text[:_MAX_NOTICE_CHARS])
        content.offers += offer
        content.headings += tree.elements[block.element].tag == "h1"
    for at in range(len(contents) - 1, 0, -1):
        above, content = contents[tree.elements[at].parent], contents[at]
        if not content.chars:
            continue
        above.chars += content.chars
        above.notices += content.notices
        above.offers += content.offers
        above.headings += content.headings
    return contents
