from __future__ import annotations

from pathlib import Path

import pytest

from corpus.article import Article, MediaType, RawArticle, Selectors, Source
from indexer.clean import clean
from search.config.config import load_config
from search.config.yaml_sections import ConfigError
from tests.test_page_fields import NOW, PROSE

PAGE = f"""<html lang=en><head>
<title>Told Title</title><meta property=og:title content="Told Title">
<meta name=author content="Jane Doe">
<meta property=article:published_time content=2025-03-28>
</head><body>
<h1>Told Title</h1><h2 class=headline>Own <b>Title</b></h2><p class=deck>Own dek</p>
<p class=who>By John Roe</p><p class=who>Ann Poe</p>
<p class=when>Printed on March 20, 2025 in Old Harbor</p><p class=late content=2025-03-30>x</p>
<div class=story><p>First.</p><aside class=related>Not this.</aside><p>Second.</p>
<div class=story><p>Inner.</p></div></div>
<article>{PROSE}
<p class=related>Read our other stories about the harbor and its piers.</p></article>
</body></html>"""


def read(*selectors: tuple[str, tuple[str, ...]]) -> Article:
    source = Source("pages", "/pages", selectors=selectors)
    return clean(RawArticle(source, "a.html", MediaType.HTML, PAGE.encode()), now=NOW)


@pytest.mark.parametrize(
    ("selectors", "field", "expected"),
    [
        ((("title", ("h2.headline",)),), "title", "Own Title"),
        ((("title", ("h3", "h2.headline")),), "title", "Own Title"),
        ((("title", ("h3",)),), "title", "Told Title"),
        ((("dek", (".deck",)),), "dek", "Own dek"),
        ((("section", (".deck",)),), "section", "Own dek"),
        ((("authors", (".who",)),), "authors", ("John Roe", "Ann Poe")),
        ((("authors", (".nobody",)),), "authors", ("Jane Doe",)),
        ((("body", ("div.story",)),), "body", "First.\n\nNot this.\n\nSecond.\n\nInner."),
        ((("body", ("div.story",)), ("remove", (".related",))), "body",
         "First.\n\nSecond.\n\nInner."),
    ],
)  # fmt: skip
def test_what_a_source_selects_overrides_the_rest(
    selectors: Selectors, field: str, expected: object
) -> None:
    assert expected == getattr(read(*selectors), field)


def test_what_a_source_removes_is_in_no_body() -> None:
    assert "other stories" not in read(("remove", (".related",))).body


@pytest.mark.parametrize(
    ("field", "selector", "expected", "place"),
    [
        ("date", ".when", "2025-03-20", "selector"),
        ("date", ".deck", "2025-03-28", "meta"),
        ("updated", ".late", "2025-03-30", "selector"),
    ],
)
def test_a_selected_date(field: str, selector: str, expected: str, place: str) -> None:
    article = read((field, (selector,)))

    name = "published" if field == "date" else field
    moment = getattr(article, name)
    assert (expected, place) == (moment.at.date().isoformat(), dict(article.provenance)[name])


def settings(folder: Path, selectors: str) -> Selectors:
    (folder / "dateline.yaml").write_text(
        f"sources:\n  - path: a\n    selectors: {selectors}\n", "utf-8"
    )
    return load_config(folder, environ={}).sources[0].selectors


def test_selectors_are_read_from_the_settings(tmp_path: Path) -> None:
    found = settings(tmp_path, "{title: h1.head, remove: [.related, 'p:has(> a)']}")

    assert (("title", ("h1.head",)), ("remove", (".related", "p:has(> a)"))) == found


@pytest.mark.parametrize(
    ("selectors", "said"),
    [
        ("{title: 'h1['}", "line 3: title: 'h1[' is not allowed; use a CSS selector"),
        ("{remove: [.a, '..b']}", "line 3: remove: '..b' is not allowed"),
        ("{titel: h1}", "did you mean title?"),
        ("{title: {a: b}}", "expected a single value"),
        ("h1", "line 3: expected settings: title"),
    ],
)
def test_a_bad_selector_is_told_with_its_place(tmp_path: Path, selectors: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path, selectors)

    assert said in str(caught.value)
