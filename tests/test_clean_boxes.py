"""Boxes of a page that are no part of its article, in the languages of news."""

from __future__ import annotations

import pytest

from indexer.clean.removals.box_cues import is_notice, is_offer
from tests.test_clean_body import BODY, P1, P2, P3, TITLE, body, story

BRIEF = ["The harbour bridge is open again.", "Buses run from noon."]
NOTICES = (
    "We use cookies to measure how this site is used. By clicking accept you agree to this.",
    "This website uses cookies to improve your experience on it.",
    "Wir verwenden Cookies, um Anzeigen zu zeigen. Mit einem Klick stimmen Sie dem zu.",
    "Nous utilisons des cookies pour mesurer l'audience de ce site et ses publicités.",
    "Utilizamos cookies propias y de terceros para mejorar nuestros servicios.",
    "Questo sito utilizza cookie, anche di terze parti, per la pubblicità.",
    "Usamos cookies para melhorar a sua experiência neste site.",
    "Wij gebruiken cookies om deze site te laten werken.",
    "Vi använder kakor för att webbplatsen ska fungera.",
    "Vi bruker informasjonskapsler for å gi deg en bedre opplevelse.",
    "Käytämme evästeitä sivuston toiminnan parantamiseen.",
    "Używamy plików cookie, aby strona działała poprawnie.",
    "Мы используем файлы cookie, чтобы сайт работал лучше.",
    "Deneyiminizi iyileştirmek için çerezler kullanıyoruz.",
    "Používáme soubory cookie, abychom zlepšili vaše prohlížení.",
    "当サイトでは、利便性の向上のためにクッキーを使用しています。",
    "저희 웹사이트는 더 나은 서비스를 위해 쿠키를 사용합니다.",
    "我们使用Cookie来改善您的浏览体验并展示相关广告。",
    "نستخدم ملفات تعريف الارتباط لتحسين تجربتك وعرض الإعلانات المناسبة.",
)
OFFERS = (
    "Sign up for our morning newsletter and get the top stories straight to your inbox.",
    "If you value our reporting, please consider a donation. Every contribution helps.",
    "Want more like this? Subscribe to the weekly briefing of our newsroom.",
    "Download our app to get breaking news alerts wherever you are.",
    "Join our WhatsApp channel to receive the latest news of the harbour.",
    "This story is for subscribers. Log in or subscribe to continue reading.",
    "Melden Sie sich für unseren Newsletter an und lesen Sie jeden Morgen das Wichtigste.",
    "Jetzt weiterlesen mit dem Digital-Abo: alle Artikel für einen Euro im Monat.",
    "Inscrivez-vous à notre newsletter et recevez chaque matin l'essentiel de l'actualité.",
    "Abonnez-vous pour lire la suite de cet article et tous nos contenus.",
    "Suscríbete a nuestro boletín y recibe cada mañana las noticias más importantes.",
    "Iscriviti alla nostra newsletter per ricevere ogni mattina le notizie.",
    "Assine a nossa newsletter e receba todas as manhãs as principais notícias.",
    "Schrijf je in voor onze nieuwsbrief en ontvang elke ochtend het nieuws.",
    "Prenumerera på vårt nyhetsbrev och få nyheterna i din inkorg varje morgon.",
    "Tilmeld dig vores nyhedsbrev og få nyhederne i din indbakke hver morgen.",
    "Tilaa uutiskirjeemme ja saat päivän tärkeimmät uutiset sähköpostiisi.",
    "Zapisz się do naszego newslettera i otrzymuj codziennie rano wiadomości.",
    "Подписывайтесь на наш канал в Телеграме, чтобы первыми узнавать о новостях.",
    "Günün haberlerini almak için ücretsiz bültenimize hemen abone olun.",
    "無料のニュースレターに登録すると、毎朝ニュースがメールで届きます。ぜひご登録ください。",
    "저희 뉴스레터를 구독하시면 매일 아침 소식을 이메일로 받아보실 수 있습니다.",
    "订阅我们的每日简报，每天早上将新闻直接发送到您的邮箱。",
    "اشترك في نشرتنا البريدية واحصل كل صباح على أهم الأخبار.",
)
TEXTS = (
    "“We use cookies to measure traffic,” the company said in its reply to the regulator.",
    "The company uses cookies without the consent of its users, the regulator said on Tuesday.",
    "Residents can sign up for the new ferry pass at the town hall from Monday.",
    "Join the queue before seven, the office tells passengers: the first ferry is always full.",
    "Subscribers to the pension fund voted against the sale of the toll house on Sunday.",
    "The feature will be available to premium subscribers only, the company said on Thursday.",
    "Support for the mayor has fallen since the spring, and members of both parties want a vote.",
    "Unterstützung kam von der Opposition, deren Mitglieder im Rat für den Antrag stimmten.",
    "Suivez le chemin du port, dit le maire, et vous verrez ce que la tempête a laissé.",
    "Registered voters can ask for a ballot by mail until Friday, the office said.",
    "تابع الرئيس حركة السفن في قناة السويس يوم الاثنين مع رئيس الهيئة.",
)
WRAPPERS = ("<p>{}</p>", "<div class=x7><p>{}</p></div>", "<p><em><b>{}</b></em></p>")


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_of_cookies_neither_joins_nor_replaces_a_brief(notice: str) -> None:
    brief = f"<article><h1>{TITLE}</h1><p>{BRIEF[0]}</p><p>{BRIEF[1]}</p></article>"

    for wrapper in (*WRAPPERS, "<div class='cookie-notice'><p>{}</p><p>More.</p></div>"):
        box = wrapper.format(notice)
        assert body(f"<main>{brief}</main>{box}") == BRIEF, box
        assert body(f"{box}<main>{brief}</main>") == BRIEF, box
        assert body(story(box)) == BODY, box


LONG = f"<p>{P2}</p><p>{P3}</p>"


@pytest.mark.parametrize(
    "other",
    [
        "<div style='display: none'>{}</div>",
        "<footer>{}</footer>",
        "<aside class=related><h3>More</h3>{}</aside>",
        "<section class=comments><div class=comment>{}</div></section>",
        "<div class=cmp><p>Wir und unsere Partner speichern Daten auf Ihrem Gerät.</p></div>",
        "<div class=p><p>We and our 842 partners store information on a device for ads.</p></div>",
    ],
)
def test_what_is_longer_than_a_brief_does_not_replace_it(other: str) -> None:
    other = other.format(LONG)
    brief = f"<article><h1>{TITLE}</h1><p>{BRIEF[0]}</p><p>{BRIEF[1]}</p>"

    assert body(f"<main>{brief}</article></main>{other}") == BRIEF
    assert body(f"{other}<main>{brief}</article></main>") == BRIEF
    assert body(f"<main>{brief}{other}</article></main>") == BRIEF


@pytest.mark.parametrize("offer", OFFERS)
def test_an_offer_is_no_part_of_a_story(offer: str) -> None:
    for wrapper in (*WRAPPERS, "<div class='newsletter-signup'><h3>Hello</h3><p>{}</p></div>"):
        box = wrapper.format(offer)
        assert body(story(box)) == BODY, box
        assert body(story(after=box)) == BODY, box


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_about_cookies_or_subscribers_is_one(text: str) -> None:
    assert not is_notice(text)
    assert not is_offer(text)
    assert body(story(f"<p>{text}</p>")) == [P1, text, P2, P3]


def test_an_article_about_cookies_keeps_its_words() -> None:
    text = f"<p>{NOTICES[0]}</p><p>{P1}</p><p>{P2}</p>"

    found = body(f"<article><h1>How we use cookies</h1>{text}</article>", "How we use cookies")

    assert found == [NOTICES[0], P1, P2]


def test_a_label_around_most_of_a_page_is_no_box() -> None:
    paragraphs = "".join(f'<p class="paywall">{text}</p>' for text in BODY)

    assert body(f"<article><h1>{TITLE}</h1><div class=newsletter>{paragraphs}</div></article>") == (
        BODY
    )


CAPTION = "The northern pier before the repairs, seen from the ferry on a morning in May."


@pytest.mark.parametrize(
    "markup",
    [
        "<figure><img src=a.jpg><p>{}</p></figure>",
        "<p class='wp-caption-text'>{}</p>",
        "<p class='image-caption'>{}</p>",
        "<div class=media><img src=a.jpg><div class='media-caption'><p>{}</p></div></div>",
        "<dl class='wp-caption'><dt><img src=a.jpg></dt><dd>{}</dd></dl>",
        "<p class=bildunterschrift>{}</p>",
        "<div class=photo><img src=a.jpg><p>{}</p></div>",
    ],
)
def test_a_caption_is_no_part_of_a_story(markup: str) -> None:
    assert body(story(markup.format(CAPTION))) == BODY


@pytest.mark.parametrize(
    "line",
    [
        "Reporting by Jane Doe; editing by John Roe.", "(Reuters)", "dpa", "Quelle: dpa/AFP",
        "AFP/Reuters", "(APA/dpa)", "Foto: dpa", "Photograph: Jane Doe/Getty Images",
        "Updated at 14:05.", "© 2023 The Harbour Courier.", "Источник: ТАСС",
    ],
)  # fmt: skip
def test_a_line_of_credit_is_no_part_of_a_story(line: str) -> None:
    assert body(story(f"<p>{line}</p>", after=f"<p>{line}</p>")) == BODY


def test_a_quote_in_a_figure_and_a_post_stay() -> None:
    quote = "We are sorry for the delays, the second ferry is on its way to the quay now."
    post = f"<blockquote class=twitter-tweet><p>{quote}</p></blockquote>"

    assert body(story(f"<div class=embed-twitter>{post}</div>")) == [P1, quote, P2, P3]
    assert body(story(f"<figure><blockquote><p>{quote}</p></blockquote></figure>"))[1] == quote
