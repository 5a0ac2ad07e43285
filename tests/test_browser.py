"""The page as people use it, in a real browser: with a mouse, by keyboard, without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.archive import ARABIC, CHANGED, FERRIES, HEBREW, HELD, HOSTILE, LONG, NOW, PLAIN, archive
from tests.browser import Visit, browser, expect, need_browser, server, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, ViewportSize

need_browser()

FERRY_ARTICLE = f"/articles/{quote('https://courier.example/2019-03-22', safe='')}?q=ferry"
# Every state of the page that looks different.
STATES = {
    "home": "/",
    "results": "/?q=ferry",
    "filtered": "/?q=ferry+section%3A%3DCity+date%3A2019",
    "newest": "/?q=*&sort=newest",
    "with other names": '/?q="Isle of Gulls"',
    "with most of the words": "/?q=ferry+whale+granary",
    "without hits": "/?q=xyzzy",
    "without hits, filtered": "/?q=ferry+section%3A%3DCity+date%3A2013",
    "an error": "/?q=ferry+titel:harbor",
    "a bad date": "/?q=ferry&from=2019-02-31",
    "from right to left": "/?q=المرفأ",
    "hostile hits": "/?q=lantern",
    "a long title": "/?q=granary",
    "an article": FERRY_ARTICLE,
    "an article alone": FERRY_ARTICLE.partition("?")[0],
    "an article without matches": f"/articles/{CHANGED}?q=whale",
    "an article and an error": f"/articles/{CHANGED}?q=titel:whale",
    "an undated article": f"/articles/{PLAIN}",
    "an Arabic article": f"/articles/{ARABIC}?q=المرفأ",
    "a Hebrew article": f"/articles/{HEBREW}",
    "a hostile article": f"/articles/{HOSTILE}?q=lantern",
    "a long article": f"/articles/{quote(LONG, safe='')}?q=granary",
    "an old version": f"/articles/{CHANGED}?version=1",
    "changes": f"/articles/{CHANGED}/versions?old=1&new=3",
    "hostile changes": f"/articles/{HOSTILE}/versions",
    "no such article": "/articles/nothing",
    "no such page": "/nothing",
}
PHONE, TABLET, WIDE = (360, 740), (820, 1180), (1600, 1000)

Visiting = Callable[..., Visit]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def base(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server(archive(tmp_path_factory.mktemp("browser") / "archive"), NOW) as address:
        yield address


@pytest.fixture
def visitor(chromium: Browser, base: str) -> Iterator[Visit]:
    with visit(chromium, base) as visiting:
        yield visiting


@pytest.fixture
def plain(chromium: Browser, base: str) -> Iterator[Visit]:
    """A visitor whose browser runs no scripts."""
    with visit(chromium, base, java_script_enabled=False) as visiting:
        yield visiting


def titles(page: Page) -> list[str]:
    return page.locator(".hit-title").all_inner_texts()


def await_titles(page: Page, *expected: str) -> None:
    expect(page.locator(".hit-title")).to_have_text(expected, use_inner_text=True)


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def await_heading(page: Page, expected: str) -> None:
    """Wait until a page has this heading: the one before may still be there after a click."""
    expect(page.locator("h1")).to_have_text(expected, use_inner_text=True)
    page.wait_for_load_state()


def field(page: Page) -> Locator:
    return page.get_by_label("Search the archive")


def asked(page: Page) -> str:
    """The query that stands in the search field."""
    return field(page).input_value()


def group(page: Page, name: str) -> Locator:
    """A facet's values."""
    return page.locator(".group", has=page.get_by_role("heading", name=name, exact=True))


def search(page: Page, query: str) -> None:
    field(page).fill(query)
    field(page).press("Enter")


@pytest.mark.parametrize(
    ("deed", "noticed"),
    [
        ("console.error('trouble')", "console: trouble"),
        ("setTimeout(() => missing())", "error: missing is not defined"),
        ("alert('here')", "dialog: here"),
        ("document.body.setAttribute('style', 'color: red')", "console: Applying inline style"),
        ("new Image().src = 'https://elsewhere.example/'", "console: Loading the image"),
        ("location = 'https://elsewhere.example/'", "elsewhere: https://elsewhere.example/"),
    ],
)
def test_what_no_page_may_do_is_noticed(visitor: Visit, deed: str, noticed: str) -> None:
    page = visitor.go("/?q=ferry")
    page.evaluate(f"() => {{ {deed} }}")
    visitor.wait_for_fault(noticed)


def test_what_does_not_stay_or_fit_is_noticed(visitor: Visit) -> None:
    page = visitor.go("/?q=ferry")
    assert visitor.shifted() < 0.02
    page.evaluate(
        """() => {
            const late = document.createElement("hr");
            late.size = 300;
            late.width = 3000;
            document.getElementById("main").prepend(late);
        }"""
    )
    page.wait_for_function("window.shifted > 0.02")
    assert visitor.overflow() > 0
    assert not visitor.violations()
    page.evaluate("document.querySelector('h1').style.color = '#ccc'")
    (violation,) = visitor.violations()
    assert violation.startswith("color-contrast: <h1")


# Searching


def test_a_search_is_typed_and_entered(visitor: Visit) -> None:
    page = visitor.go("/")
    expect(field(page)).to_be_focused()
    page.keyboard.type("ferry captain")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=ferry+captain")
    assert titles(page)
    assert "ferry captain" == asked(page)
    assert page.locator(".hit-title mark, .snippet mark").count()


def test_filters_are_taken_and_given_back(visitor: Visit) -> None:
    page = visitor.go("/?q=ferry")
    await_heading(page, f"{FERRIES} articles, 1 to 20")
    group(page, "Section").get_by_role("link", name="Opinion").click()
    await_heading(page, "3 articles")
    group(page, "Authors").get_by_role("link", name="Ngozi Oduya").click()
    await_heading(page, "2 articles")
    chips = page.get_by_role("list", name="Filters").get_by_role("link")
    expect(chips).to_have_text(["Remove: section Opinion×", "Remove: author Ngozi Oduya×"])
    chips.first.click()
    await_heading(page, "9 articles")
    page.go_back()
    await_heading(page, "2 articles")


def test_a_value_counts_what_its_click_finds(visitor: Visit) -> None:
    page = visitor.go("/?q=ferry")
    values = page.locator(".group > ul .value")
    told = [(each.get_attribute("href"), each.locator(".value-count").inner_text())
            for each in values.all()]  # fmt: skip
    assert len(told) > 10
    for href, count in told:
        visitor.go(str(href))
        assert heading(page).startswith((f"{count} article", f"{count} articles"))


def test_a_name_in_a_hit_narrows(visitor: Visit) -> None:
    page = visitor.go("/?q=granary+OR+mayor")
    page.get_by_role("list", name="Named in it").get_by_role(
        "link", name="Paul Whitaker"
    ).first.click()
    page.wait_for_url("**Whitaker**")
    assert {"Marsh is elected mayor by 41 votes", "Keel is laid for the electric ferry"} == {
        *titles(page)
    }


def test_a_bar_of_the_timeline_narrows(visitor: Visit) -> None:
    page = visitor.go("/?q=ferry")
    page.get_by_label("May 2021: 2 articles").click()
    page.wait_for_url("**date*")
    assert {"The old ferry makes its last trip", "Electric ferry begins its service"} == {
        *titles(page)
    }
    page.go_back()
    await_heading(page, f"{FERRIES} articles, 1 to 20")


def test_dragging_over_the_timeline_narrows(visitor: Visit) -> None:
    page = visitor.go("/?q=ferry")
    start, end = (
        page.locator(f".slot[data-since='{day}']").bounding_box()
        for day in ("2019-01-01", "2019-12-01")
    )
    assert start
    assert end
    page.mouse.move(start["x"] + 1, start["y"] + 30)
    page.mouse.down()
    page.mouse.move(end["x"] + 1, end["y"] + 20, steps=5)
    expect(page.locator(".slot.chosen")).to_have_count(12)
    page.mouse.up()
    # A whole year is said as one.
    page.wait_for_url("**date%3A2019")
    await_heading(page, "4 articles")
    page.go_back()
    await_heading(page, f"{FERRIES} articles, 1 to 20")
    expect(page.locator(".slot.chosen")).to_have_count(0)


def test_dates_are_set_by_the_form(visitor: Visit) -> None:
    page = visitor.go("/?q=ferry")
    page.get_by_label("From").fill("2019-01-01")
    page.get_by_label("to", exact=True).fill("2019-12-31")
    page.get_by_role("button", name="Set").click()
    await_heading(page, "4 articles")


def test_pages_are_followed_to_the_last_and_back(visitor: Visit) -> None:
    page = visitor.go("/?q=*&sort=oldest")
    seen = titles(page)
    page.get_by_role("link", name="Next page").click()
    page.wait_for_url("**cursor=**")
    await_heading(page, "39 articles, 21 to 39")
    rest = titles(page)
    assert HELD == len({*seen, *rest})
    assert not page.get_by_role("link", name="Next page").count()
    page.go_back()
    assert seen == titles(page)


def test_the_order_is_chosen(visitor: Visit) -> None:
    page = visitor.go("/?q=ferry")
    page.get_by_role("link", name="Oldest").click()
    page.wait_for_url("**sort=oldest**")
    assert "Council votes to keep the island ferry" == titles(page)[0]
    # And kept by what follows.
    search(page, "ferry whale OR ferry rowers")
    page.wait_for_url("**rowers**sort=oldest**")
    await_titles(
        page, "Rowers beat the ferry across the bay", "Whale follows the ferry for an hour"
    )


def test_other_names_that_counted_are_told(visitor: Visit) -> None:
    page = visitor.go('/?q="Isle of Gulls"')
    assert "also as Gull Island" in page.locator(".notes").inner_text()


def test_a_word_that_is_not_held_is_told_with_one_that_is(visitor: Visit) -> None:
    page = visitor.go("/?q=ferri+whael")
    page.locator(".notes").get_by_role("link", name="whale").click()
    page.wait_for_url("**whale**")
    assert "Whale follows the ferry for an hour" in titles(page)


def test_no_hits_are_an_answer_with_ways_on(visitor: Visit) -> None:
    page = visitor.go("/?q=ferry+section%3A%3DCity+date%3A2013")
    await_heading(page, "No articles found")
    page.get_by_role("link", name="without published 2013").click()
    await_heading(page, "17 articles")


def test_an_error_points_at_its_place(visitor: Visit) -> None:
    page = visitor.go("/")
    search(page, "ferry titel:harbor")
    await_heading(page, "This query cannot be read")
    wrong, caret = page.locator(".pointed .wrong"), page.locator(".pointed .caret")
    assert "titel" == wrong.inner_text()
    above, below = wrong.bounding_box(), caret.bounding_box()
    assert above
    assert below
    text = str(caret.text_content())
    letter = above["width"] / len("titel")
    start = below["x"] + letter * (len(text) - len(text.lstrip()))
    assert abs(above["x"] - start) < 1.5
    assert above["y"] + above["height"] <= below["y"] + 4
    assert "ferry titel:harbor" == asked(page)
    assert "true" == field(page).get_attribute("aria-invalid")
    page.get_by_role("link", name="ferry title:harbor").click()
    await_heading(page, "1 article, and 27 with some of the words, 1 to 20")
    assert "Harbor wall is raised for the new ferry" == titles(page)[0]


# Reading


def test_an_article_is_read_and_left(visitor: Visit) -> None:
    page = visitor.go("/?q=ferry")
    before = titles(page)
    link = page.locator(".hit-title a").nth(14)
    link.scroll_into_view_if_needed()
    scrolled = page.evaluate("scrollY")
    assert scrolled > 500
    name = link.inner_text()
    link.click()
    page.wait_for_url("**/articles/**")
    assert name in heading(page)
    assert page.locator(".story .text mark").count()
    page.go_back()
    page.wait_for_url("**/?q=ferry")
    assert before == titles(page)
    page.wait_for_function("before => Math.abs(scrollY - before) < 5", arg=scrolled)


def test_matches_are_gone_through(visitor: Visit) -> None:
    page = visitor.go(FERRY_ARTICLE)
    marks = page.locator(".story mark")
    number = marks.count()
    assert number > 1
    current = page.locator(".story mark:target")
    following = page.locator(".finder #next")
    for each in range(1, number + 1):
        following.click()
        expect(current).to_have_id(f"m{each}")
        assert current.is_visible()
    page.locator(".finder #previous").click()
    expect(current).to_have_id(f"m{number - 1}")


def test_an_article_leads_on(visitor: Visit) -> None:
    page = visitor.go(FERRY_ARTICLE)
    original = page.get_by_role("link", name="Original at courier.example")
    assert "https://courier.example/2019-03-22" == original.get_attribute("href")
    assert "noopener noreferrer" == original.get_attribute("rel")
    page.get_by_role("link", name="Helen Brandt").click()
    await_heading(page, f"{FERRIES} articles, 1 to 20")
    page.go_back()
    similar = page.locator(".similar a").first
    name = similar.inner_text()
    similar.click()
    expect(page.locator("h1")).to_contain_text(name)
    assert "ferry" in heading(page).lower()


def test_versions_are_compared(visitor: Visit) -> None:
    page = visitor.go(f"/articles/{CHANGED}")
    page.get_by_role("link", name="what changed in version 2").click()
    page.wait_for_url("**/versions**")
    assert "A crack was" == page.locator(".text del").first.inner_text()
    assert "Two cracks were" == page.locator(".text ins").first.inner_text()
    page.get_by_label("From").select_option("1")
    page.get_by_label("To").select_option("3")
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url("**old=1**")
    assert "is closed" in page.locator("main").inner_text()


def test_an_earlier_version_is_read(visitor: Visit) -> None:
    page = visitor.go(f"/articles/{CHANGED}?version=1")
    await_heading(page, "Breakwater cracks")
    page.get_by_role("link", name="Read the newest").click()
    await_heading(page, "Breakwater cracks in two places, and is closed")


# Safety


@pytest.mark.parametrize(
    "path",
    [
        "/?q=lantern",
        "/?q=*&sort=oldest",
        f"/articles/{HOSTILE}?q=lantern",
        f"/articles/{HOSTILE}/versions",
        "/?q=<script>window.intruded=1</script>",
        '/?q="><script>window.intruded=1</script>',
        "/?q=titel:</pre><script>window.intruded=1</script>",
        f"/articles/{HOSTILE}?q=\"'><script>window.intruded=1</script>",
        "/articles/<script>window.intruded=1</script>",
        "/<script>window.intruded=1</script>",
        '/?q=ferry&sort="><script>window.intruded=1</script>',
        '/?q=ferry&from="><script>window.intruded=1</script>',
        '/?q=ferry&cursor="><script>window.intruded=1</script>',
    ],
)
def test_nothing_in_an_article_or_address_runs(visitor: Visit, path: str) -> None:
    page = visitor.go(path)
    page.evaluate("document.querySelectorAll('body *').forEach(each => each.focus())")
    assert page.evaluate("window.intruded === undefined")
    assert not page.locator("iframe, body img, svg[onload], [onmouseover], [onfocus]").count()
    assert not page.locator("[href^='javascript' i], [style], script:not([src])").count()


def test_a_script_that_got_in_would_not_run(visitor: Visit) -> None:
    page = visitor.go("/?q=ferry")
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.intruded = 1";
            document.body.append(script);
        }"""
    )
    assert page.evaluate("window.intruded === undefined")
    # The browser says that it refused, and that is what it is to say.
    assert 1 == len(visitor.faults)
    assert "Content Security Policy" in visitor.faults.pop()


# By keyboard


def test_hits_are_gone_through_by_keys(visitor: Visit) -> None:
    page = visitor.go("/?q=ferry&sort=oldest")
    focused = page.locator(".hit-title a:focus")
    for key, place in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(focused).to_have_text(titles(page)[place], use_inner_text=True)
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles/**")
    await_heading(page, "Ferry fares to rise by a tenth")
    for key, match in (("j", "m1"), ("n", "m2"), ("k", "m1")):
        page.keyboard.press(key)
        expect(page.locator(".story mark:target")).to_have_id(match)


def test_the_field_is_reached_by_a_key(visitor: Visit) -> None:
    for path in ("/?q=ferry", FERRY_ARTICLE):
        page = visitor.go(path)
        assert not page.locator("#q:focus").count()
        page.keyboard.press("/")
        expect(field(page)).to_be_focused()
        # What stands there is chosen, so that typing begins anew.
        page.keyboard.type("j?/k")
        expect(field(page)).to_have_value("j?/k")
        assert not page.get_by_role("dialog").count()


def test_the_keys_are_told(visitor: Visit) -> None:
    page = visitor.go("/?q=ferry")
    told = page.get_by_role("dialog", name="Keys")
    page.keyboard.press("?")
    expect(told).to_be_visible()
    assert not visitor.violations()
    page.keyboard.press("Escape")
    expect(told).to_be_hidden()
    page.keyboard.press("?")
    told.get_by_role("button", name="Close").click()
    expect(told).to_be_hidden()


def test_words_and_names_are_completed(visitor: Visit) -> None:
    page = visitor.go("/?q=ferry")
    field(page).fill("captain elen")
    offered = page.get_by_role("listbox", name="Completions")
    offered.get_by_role("option").first.wait_for()
    expect(field(page)).to_have_attribute("aria-expanded", "true")
    assert not visitor.violations()
    page.keyboard.press("ArrowDown")
    chosen = offered.get_by_role("option", selected=True)
    assert chosen.get_attribute("id") == field(page).get_attribute("aria-activedescendant")
    assert "Elena Marsh" in chosen.inner_text()
    expect(field(page)).to_have_value('captain person:="Elena Marsh"')
    page.keyboard.press("Escape")
    expect(field(page)).to_have_value("captain elen")
    expect(offered).to_be_hidden()
    field(page).press("End")
    page.keyboard.type("a")
    offered.get_by_role("option", name="Elena Marsh").click()
    page.wait_for_url("**Elena**")
    assert titles(page)


def test_the_timeline_is_one_stop_for_the_keyboard(visitor: Visit) -> None:
    page = visitor.go("/?q=ferry")
    assert 1 == page.locator(".bars a[tabindex='0']").count()
    page.locator(".bars a[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".bars a:focus")).to_have_attribute("aria-label", "June 2016: 1 article")
    page.keyboard.press("Enter")
    page.wait_for_url("**2016-06**")
    assert ["Ferry fares to rise by a tenth"] == titles(page)


def test_the_content_is_one_key_away(visitor: Visit) -> None:
    page = visitor.go("/?q=ferry")
    page.keyboard.press("Tab")
    expect(page.locator("a:focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_focus_is_always_seen(visitor: Visit) -> None:
    page = visitor.go("/?q=ferry+section%3A%3DCity")
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate(_IS_FOCUS_SEEN), page.evaluate("document.activeElement.outerHTML")


_IS_FOCUS_SEEN = """() => {
    const focused = document.activeElement;
    // A part of it is focused that the browser draws, with a ring of its own.
    if (!focused.matches(":focus-visible")) return focused.type === "date";
    const part = focused.querySelector("rect");
    if (part) return getComputedStyle(part).stroke !== "none";
    const {outlineStyle, outlineWidth} = getComputedStyle(focused);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
}"""


# Without scripts


def test_all_works_without_scripts(plain: Visit) -> None:
    page = plain.go("/")
    search(page, "ferry")
    await_heading(page, f"{FERRIES} articles, 1 to 20")
    page.get_by_role("link", name="Next page").click()
    await_heading(page, f"{FERRIES} articles, 21 to 28")
    page.get_by_role("link", name="First page").click()
    await_heading(page, f"{FERRIES} articles, 1 to 20")
    group(page, "Section").get_by_role("link", name="Sport").click()
    await_heading(page, "2 articles")
    page.get_by_label("From").fill("2022-01-01")
    page.get_by_role("button", name="Set").click()
    await_titles(page, "Rowers beat the ferry across the bay")
    page.locator(".hit-title a").click()
    page.locator(".finder #next").click()
    expect(page.locator("mark:target")).to_have_id("m1")
    page.get_by_role("link", name="Next match").first.click()
    expect(page.locator("mark:target")).to_have_id("m2")


def test_bars_and_versions_work_without_scripts(plain: Visit) -> None:
    page = plain.go("/?q=ferry")
    page.get_by_label("May 2021: 2 articles").click()
    await_heading(page, "2 articles")
    plain.go(f"/articles/{CHANGED}")
    page.get_by_role("link", name="what changed in version 3").click()
    expect(page.locator(".text ins").first).to_be_visible()
    page.get_by_label("From").select_option("1")
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url("**old=1**")


# Looks


def test_nobody_is_kept_out(visitor: Visit) -> None:
    page, found = visitor.page, {}
    for name, path in STATES.items():
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(_size(WIDE))
        visitor.go(path)
        found[name] = visitor.violations()
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size(_size(PHONE))
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        found[f"{name}, dark, on a phone"] = visitor.violations()
    assert not {name: wrong for name, wrong in found.items() if wrong}


@pytest.mark.parametrize("size", [PHONE, TABLET, WIDE], ids=["phone", "tablet", "wide"])
def test_everything_fits_and_stays_in_place(visitor: Visit, size: tuple[int, int]) -> None:
    visitor.page.set_viewport_size(_size(size))
    found = {}
    for name, path in STATES.items():
        visitor.go(path)
        found[name] = (visitor.overflow() > 0, visitor.shifted() > 0.02)
    assert not {name: wrong for name, wrong in found.items() if any(wrong)}


def _size(size: tuple[int, int]) -> ViewportSize:
    return {"width": size[0], "height": size[1]}


def test_colours_follow_the_reader(chromium: Browser, base: str) -> None:
    seen = []
    for scheme in ("light", "dark"):
        with visit(chromium, base, color_scheme=scheme) as visiting:
            page = visiting.go("/?q=ferry")
            seen.append([brightness(page, at, of) for at, of in _COLOURS])
    light, dark = seen
    assert [True, False, False, False] == [each > 0.5 for each in light]
    assert [False, True, True, True] == [each > 0.5 for each in dark]


_COLOURS = (
    ("html", "backgroundColor"),
    ("html", "color"),
    (".hit-title a", "color"),
    (".snippet", "color"),
)


def brightness(page: Page, selector: str, of: str) -> float:
    colour = page.locator(selector).first.evaluate(f"it => getComputedStyle(it).{of}")
    red, green, blue = (int(part) for part in colour[4:-1].split(",")[:3])
    return (0.3 * red + 0.6 * green + 0.1 * blue) / 255


def test_an_article_is_printed_without_what_is_for_screens(visitor: Visit) -> None:
    page = visitor.go(FERRY_ARTICLE)
    page.emulate_media(media="print")
    assert page.locator(".story .text").is_visible()
    for selector in (".masthead", ".finder", ".similar"):
        assert not page.locator(selector).is_visible()


@pytest.mark.parametrize(
    ("path", "selector", "direction"),
    [
        (f"/articles/{ARABIC}", ".story h1", "rtl"),
        (f"/articles/{ARABIC}", ".story .text p", "rtl"),
        (f"/articles/{HEBREW}", ".story .text p", "rtl"),
        (f"/articles/{ARABIC}", ".similar, .versions", "ltr"),
        ("/?q=المرفأ", ".hit-title", "rtl"),
        ("/?q=المرفأ", ".snippet", "rtl"),
        ("/?q=المرفأ", "h1", "ltr"),
        ("/?q=ferry", ".hit-title", "ltr"),
    ],
)
def test_texts_run_in_their_direction(
    visitor: Visit, path: str, selector: str, direction: str
) -> None:
    page = visitor.go(path)
    drawn = page.locator(selector).first.evaluate("it => getComputedStyle(it).direction")
    assert direction == drawn
