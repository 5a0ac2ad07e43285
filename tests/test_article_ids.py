"""One article has one id, however its address is written."""

from __future__ import annotations

import pytest

from corpus.article import canonicalize_url, make_article_id, remove_tracking

PLAIN = "https://news.example/2025/été"

SAME: tuple[tuple[str, str], ...] = (
    (PLAIN, "http://news.example/2025/été"),
    (PLAIN, "https://NEWS.example:443/2025/été/"),
    (PLAIN, "https://news.example./2025/%C3%A9t%C3%A9"),
    (PLAIN, "https://news.example/2025/%c3%a9t%c3%a9#top"),
    ("https://münchen.example/a", "https://xn--mnchen-3ya.example/a"),
    ("https://münchen.example/a", "https://MÜNCHEN.example/a"),
    ("https://news.example/~desk/a(1)", "https://news.example/%7Edesk/a%281%29"),
    ("https://news.example/a?b=%20c&d=1", "https://news.example/a?d=1&b=+c"),
    *(
        ("https://news.example/a?id=7", f"https://news.example/a?id=7&{tracking}")
        for tracking in (
            "utm_source=x", "UTM_Medium=feed", "fbclid=1", "gclid=1", "wbraid=1", "twclid=1",
            "yclid=1", "mc_cid=1", "mkt_tok=1", "_hsenc=1", "at_medium=RSS&at_campaign=rss",
            "xtor=RSS-1", "ns_mchannel=rss", "ref=rss", "partner=rss", "source=twitter",
            "src=rss-feed", "feedType=RSS&feedName=topNews", "cmp=newsletter_7", "WT.mc_id=4",
            "smid=tw-share", "icid=hp", "igsh=1", "at_custom1=x", "at_link_id=7",
        )
    ),
)  # fmt: skip

OTHERS: tuple[tuple[str, str], ...] = (
    ("https://news.example/#!/story/1", "https://news.example/#!/story/2"),
    ("https://news.example/a%2Fb", "https://news.example/a/b"),
    ("https://news.example/a?id=1", "https://news.example/a?id=2"),
    ("https://news.example/a?ref=article-12", "https://news.example/a?ref=article-13"),
    ("https://news.example/a?source=12", "https://news.example/a"),
    ("https://news.example:8080/a", "https://news.example/a"),
    ("https://news.example/A", "https://news.example/a"),
    ("https://news.example/a?at_id=7", "https://news.example/a?at_id=8"),
    ("https://faß.example/a", "https://fass.example/a"),
)


def make_id(url: str) -> str:
    return make_article_id(url=url, external_id="", source="wire", path="")


@pytest.mark.parametrize(("one", "other"), SAME)
def test_addresses_of_one_article(one: str, other: str) -> None:
    assert make_id(one) == make_id(other)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_addresses_of_two_articles(one: str, other: str) -> None:
    assert make_id(one) != make_id(other)


@pytest.mark.parametrize(
    "url", ["", "ftp://news.example/a", "https://", "https://./a", "https://[x", "news"]
)
def test_what_is_no_address(url: str) -> None:
    assert canonicalize_url(url) == ""


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (
            "https://news.example/a?utm_source=x&id=%C3%A9#part",
            "https://news.example/a?id=%C3%A9#part",
        ),
        ("https://news.example/a?fbclid=x", "https://news.example/a"),
        ("https://news.example/a?", "https://news.example/a?"),
        ("https://news.example/été?ref=7", "https://news.example/été?ref=7"),
    ],
)
def test_an_address_is_shown_without_tracking(url: str, shown: str) -> None:
    assert shown == remove_tracking(url)
