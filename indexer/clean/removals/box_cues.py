"""Words that show boxes: in their class and id, and in their text, in the languages of news."""

from __future__ import annotations

import re
from functools import lru_cache

_MIN_CALL_CHARS = 12  # characters
_MAX_CALL_CHARS = 420  # characters of a text that asks for one thing
_MAX_HOOK_CHARS = 120  # characters of a sentence before a call ("Want more like this?")
_MAX_PHRASE_CHARS = 250  # characters of a text that a phrase alone makes an offer
MAX_NOTICE_CHARS = 1_200  # characters
_MAX_LABEL_CHARS = 300  # characters
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

_CAPTION_LABEL = re.compile(
    r"captions?(?![a-z])|(?<![a-z])(?:(?:photo|image|picture)-?credits?|credits?|bildunterschrift"
    r"|bildtext|legende|didascalia|bijschrift|billedtekst|kuvateksti|pie-de-foto|piedefoto)(?![a-z])"
)
_PICTURE_LABEL = re.compile(
    r"(?<![a-z])(?:photos?|images?|pictures?|img|figure|fotos?|bild|galler(?:y|ie)|thumb\w*)(?![a-z])"
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

# Notices that ask for consent without naming cookies: the partners of the site, and the device.
_PARTNERS = re.compile(
    r"\bour (?:\w+ )?partners\b|\bunsere[nr]? (?:\w+ )?partner|\bnos (?:\w+ )?partenaires\b"
    r"|\bnuestros (?:\w+ )?socios\b|\bi nostri (?:\w+ )?partner\b|\bnossos (?:\w+ )?parceiros\b"
    r"|\bonze (?:\w+ )?partners\b|\bvåra (?:\w+ )?partner|\bvores (?:\w+ )?partnere"
    r"|\bkumppanimme\b|\bnas(?:i|zymi) (?:\w+ )?partner|\bнаши(?:ми)? партн[её]р|\bortaklarımız",
    re.I,
)
_DEVICE = re.compile(
    r"\bdevices?\b|\bgerät|\bappareil|\bterminal\b|\bdispositivo|\bapparaat|\benhet|\bapparat"
    r"|\blaitte|\burządzeni|устройств|\bcihaz",
    re.I,
)

# What a text at its start asks the reader to do.
_CALL = re.compile(
    r"(?:please |want |enjoying |click here to |remember to |don['’]t forget to |then |dann"
    r" |hier )?(?:"
    r"sign(?:ing)? up|subscribe|donate|download our|follow us|support (?:us|our|independent|local"
    r"|quality)|our (?:journalism|reporting) (?:is|depends)"
    r"|melden sie sich|meld(?:e|et) (?:dich|euch)|abonnieren?(?: sie)?|bestellen sie"
    r"|registrieren sie|registriere dich|unterstützen sie|unterstütz[et] uns|spenden sie|werden sie"
    r"|werde mitglied|laden sie|lade dir|folgen sie|folgt? uns|erhalten sie|testen sie|holen sie"
    r"|verpassen sie|verpasse keine|jetzt \w+"
    r"|inscri(?:vez|s)[- ]\w+|abonne[zr]?[- ]\w+|recevez|rejoignez|soutenez|faites un don"
    r"|téléchargez|suivez[- ](?:nous|notre|nos|l['’]actu\w*)|devenez|profitez|ne manquez"
    r"|restez informés?|s['’](?:inscrire|abonner)|je m['’]abonne"
    r"|suscríb(?:e(?:te|se)|ase|anse)|suscribite|apúnta\w+|regístr\w+|recib[ae]|recibí|úne\w+|únase"
    r"|apóyanos|apoya (?:nuestr\w+|el periodismo)|descarga (?:nuestra|la|gratis)|descárga\w*"
    r"|síguenos|haz(?:te)? (?:socio|una donación|clic)|inscríb\w+|no te pierdas"
    r"|iscriviti|iscrivetevi|abbonati|abbonatevi|ricevi|registrati (?:gratis|per|alla|qui|ora"
    r"|subito)"
    r"|unisciti|sostieni|sostenete|scarica|seguici|segui (?:la nostra|il nostro|le notizie)"
    r"|clicca qui|non perder\w+|fai una donazione"
    r"|assine|inscreva-se|cadastre-se|receba|subscreva|apoie|junte-se|baixe"
    r"|siga (?:noss[oa]|o canal)"
    r"|siga-nos|clique aqui|entre no|participe|torne-se|faça (?:parte|uma doação)|registe-se"
    r"|schrijf (?:je|u)|meld (?:je|u)|abonneer\w*|ontvang|steun|doneer|word (?:lid|abonnee)"
    r"|volg ons"
    r"|registreer|mis niets"
    r"|prenumerera|anmäl dig|skriv upp dig|registrera dig|få (?:våra|vårt|vores|nyheder|det)"
    r"|st(?:öd|øt) (?:oss|os|vår|vores)|f(?:ö|ø)lg? (?:oss|os|vår|vores)|ladda ner|missa inte"
    r"|tilmeld"
    r"|abonner|modtag|meld (?:deg|dig)|bli(?:v)? (?:medlem|prenumerant|abonnent)"
    r"|tilaa|liity|rekisteröidy|lataa|seuraa meitä|kirjaudu"
    r"|zapisz się|(?:za)?subskrybuj|otrzymuj|dołącz|wesprzyj|wspieraj|pobierz|zarejestruj"
    r"|śledź nas|obserwuj nas|zostań|nie przegap"
    r"|подпи(?:шитесь|сывайтесь|шись)|получайте|поддержите?|присоединяйтесь|скача(?:йте|ть)"
    r"|зарегистрируйтесь|станьте|следите за (?:нами|нашим)|читайте нас|оформите"
    r"|підпи(?:шіться|суйтес\w)|отримуйте|підтримайте|приєднуйтес\w|завантажте"
    r"|přihlaste se|odebírejte|předplaťte|podpořte|stáhněte|iratkozz\w*|fizess\w* elő|támogas\w*"
    r"|abonează-te|abonați-vă|înscrie-te|susține-ne|descarcă|urmărește-ne"
    r"|εγγραφείτε|ακολουθήστε|κατεβάστε|اشترك|اشتركوا|سج[لّ]+|تابعونا|تابعنا|انضم|ادعم|הירשמו|הצטרפו"
    r"|הורידו)(?!\w)|(?:订阅|訂閱|关注|關注|下载|下載|加入|扫码)",
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
# Where the text offers something, these ask for it anywhere; in some languages, at the end.
_LAST_CALLS = (
    "abone olun", "abone olabilir", "üye olun", "kaydolun", "takip edin", "takip edebilir",
    "ご登録", "登録してください", "登録すると", "登録はこちら", "お申し込みください", "ご購読",
    "購読はこちら", "フォローしてください", "구독하세요", "구독하시", "구독해", "가입하세요",
    "가입하시", "신청하세요", "신청하시", "팔로우하", "받아보",
)  # fmt: skip
_OFFER = re.compile(
    r"news ?letters?|\be-?mail\b|\binbox\b|mailing list|\bbriefings?\b|\bsubscri(?:be|ption)"
    r"|\bsubscribers?\b|\bmember(?:ship|s)?\b|\bdonat|\bcontribut|\bour (?:app|podcasts?|channel"
    r"|journalism|reporting|work|alerts?|daily|weekly|website)\b|\bjournalism\b|whatsapp|telegram"
    r"|\bfree trial\b|\bfree account\b|\bon (?:facebook|twitter|instagram|youtube|google news)\b"
    r"|\babo(?:s|nnement\w*|nnieren|nné\w*|nnez)?\b|probeabo|\bpostfach\b|\bspende"
    r"|\bunsere[nrm]? (?:\w+ )?(?:app|podcast|kanal|angebot|arbeit|website|seite)"
    r"|\bmitglied (?:werden|und)|infolettre|lettre d['’]information"
    r"|\b(?:notre|nos) (?:\w+ )?(?:appli|cha[iî]ne|compte|page|site|r[eé]daction|alertes|contenus)"
    r"|faites un don|bolet[ií]n|suscri(?:pción|ptor|tor)|\bcorreo\b|canal de|donación"
    r"|nuestr[oa]s? (?:app|aplicación|canal|newsletter|página|periodismo)"
    r"|abbonament|abbonati|donazione|nostr[oaie] (?:app|canale|pagina|giornalismo|redazione)"
    r"|boletim|assina(?:tura|nte)|noss[oa]s? (?:app|aplicativo|canal|grupo|página|jornalismo)"
    r"|doação|nieuwsbrief|abonne(?:e|ment)|onze (?:app|podcast|journalistiek)|volg ons|donatie"
    r"|nyhe[td]sbrev|prenumer|bli(?:v)? medlem|inkorg|in(?:d|n)bo(?:ks|akke)|uutiskirje|tilau"
    r"|sovellu"
    r"|biuletyn|subskrypcj|prenumerat|aplikacj|рассылк|подписк|нашего|нашем"
    r"|нашу? (?:канал|групп)"
    r"|\bнас в\b|приложени|розсилк|наш канал|bülten|\babone\b|uygulama|kanalımı|předplatn|odběr"
    r"|hírlev|előfizet|abonament|ενημερωτικ|google news|ニュースレター|メールマガジン|メルマガ|会員"
    r"|アプリ|チャンネル|뉴스레터|채널|이메일|简报|電子報|电子报|通讯|公众号|频道|頻道|客户端|邮件|关注我们"
    r"|關注我們|النشرة|نشرتنا|بريدك|قناتنا|تطبيقنا|ניוזלטר|ערוץ|אפליקצי",
    re.I,
)
# A text with one of these is an offer, whatever else it says.
_OFFER_PHRASES = (
    "log in or subscribe", "subscribe or log in", "subscribe to continue",
    "story is for subscribers", "article is for subscribers", "content is for subscribers",
    "story is for members", "article is for members", "reserved for subscribers",
    "already a subscriber", "to continue reading", "sign up here",
    "sign up now", "sign up today", "subscribe now", "subscribe today", "subscribe here",
    "jetzt weiterlesen", "jetzt abonnieren", "jetzt anmelden", "jetzt kostenlos",
    "nur für abonnenten",
    "weiterlesen mit", "réservé à nos abonnés", "réservé aux abonnés", "pour lire la suite",
    "solo para suscriptores", "exclusivo para suscriptores", "riservato agli abbonati",
    "per continuare a leggere", "exclusivo para assinantes", "alleen voor abonnees",
    "endast för prenumeranter", "kun for abonnenter", "tylko dla prenumeratorów",
    "только для подписчиков", "会員限定", "有料会員",
)  # fmt: skip
_SENTENCE_BREAK = re.compile(r"(?<=[.!?…:])\s+|(?<=[。！？])")
_QUOTES = tuple("\"'“”„«»‘’「『")


def is_notice(text: str) -> bool:
    """Return whether a text tells the reader of the cookies of its site."""
    return (
        len(text) <= MAX_NOTICE_CHARS
        and not text.startswith(_QUOTES)
        and (
            (names_cookies(text) and _NOTICE.search(text) is not None)
            or (_DEVICE.search(text) is not None and _PARTNERS.search(text) is not None)
        )
    )


def is_offer(text: str) -> bool:
    """Return whether a text asks the reader to subscribe, register, donate or follow."""
    if not _MIN_CALL_CHARS <= len(text) <= _MAX_CALL_CHARS or text.startswith(_QUOTES):
        return False
    small = text.lower()
    if len(text) <= _MAX_PHRASE_CHARS and any(phrase in small for phrase in _OFFER_PHRASES):
        return True
    starts = _find_call_starts(text)
    if any(_CALL.match(text, at) for at in starts) or _contains_any(small, _LAST_CALLS):
        return _OFFER.search(text) is not None
    return any(_WEAK_CALL.match(text, at) for at in starts) and (
        _SITE.search(text) is not None and _OFFER.search(text) is not None
    )


def _find_call_starts(text: str) -> list[int]:
    """Return where a call may start: with the text, or after a short first sentence."""
    second = _SENTENCE_BREAK.search(text, 0, _MAX_HOOK_CHARS)
    return [0, second.end()] if second else [0]


def names_offer(text: str) -> bool:
    """Return whether a text names what sites offer: a newsletter, a subscription, an app."""
    return _OFFER.search(text) is not None


def names_cookies(text: str) -> bool:
    """Return whether a text names cookies, in any language."""
    return _contains_any(text.lower(), _COOKIE_WORDS)


def _contains_any(text: str, words: tuple[str, ...]) -> bool:
    """Return whether a text contains any of the words; ASCII has but the first of them."""
    return words[0] in text or (not text.isascii() and any(word in text for word in words))


def is_box_text(text: str) -> bool:
    """Return whether a text is that of a box, and never of an article."""
    return is_notice(text) or is_offer(text)


@lru_cache(maxsize=8192)
def find_label_kinds(label: str) -> tuple[bool, ...]:
    """Return whether a label is of a notice, an offer, maybe an offer, a caption, a picture."""
    label = _CAMEL_CASE_BREAK.sub("-", label[:_MAX_LABEL_CHARS]).lower()
    kinds = (_NOTICE_LABEL, _OFFER_LABEL, _WEAK_OFFER_LABEL, _CAPTION_LABEL, _PICTURE_LABEL)
    return tuple([kind.search(label) is not None for kind in kinds])
