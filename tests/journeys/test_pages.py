"""Pages for everybody: from right to left, small, enlarged, in a system's own colours, on paper."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.answerloop.builders import repository, site_of
from tests.answerloop.builders import with_front_matter as fm
from tests.journeys.shop import Shop

STEPS = """
1. افتح صفحة **طلباتي**.
2. اختر الطلب.

## متى يصل المبلغ

غدًا.

## أين أجده

في حسابك.

## إذا لم يصل

اكتب إلينا.
"""
CONTENTS = {
    "en/index.md": fm("title: How can we help?"),
    "en/returns/refund.md": fm("id: refund\ntitle: How do I get a refund?"),
    "ar/returns/refund.md": fm(
        "id: refund\ntitle: كيف أسترد أموالي بعد التسليم؟\n"
        "translated_from: {lang: en, hash: 000000000000}",
        STEPS,
    ),
    "ar/returns/old.md": fm("title: قديم\nstate: archived"),
}
PAGES = ("ar/index.html", "ar/returns/refund/index.html", "ar/returns/old/index.html")
LOOKS: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "desk, dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "forced colours": {"forced_colors": "active", "reduced_motion": "reduce"},
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an Arabic and English site, opened from the disk."""
    return site_of(repository(tmp_path_factory.mktemp("pages"), CONTENTS)).as_uri()


@pytest.fixture
def shop_page(browser: Browser, served_shop: Shop) -> Iterator[Page]:
    context = browser.new_context(base_url=served_shop.address)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("look", LOOKS)
def test_pages_from_right_to_left_break_no_rule_of_accessibility(
    browser: Browser, site: str, look: str
) -> None:
    context = browser.new_context(**LOOKS[look])
    page = context.new_page()
    broken = {}

    for name in PAGES:
        page.goto(f"{site}/{name}")
        found = Axe().run(page).response["violations"]
        broken[name] = [(rule["id"], rule["nodes"][0]["html"]) for rule in found]

    assert broken == {name: [] for name in PAGES}
    context.close()


@pytest.mark.parametrize("size", ["100%", "200%"])
def test_pages_from_right_to_left_fit_a_small_phone_and_large_letters(
    browser: Browser, site: str, size: str
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    widths = {}

    for name in PAGES:
        page.goto(f"{site}/{name}")
        page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        widths[name] = page.evaluate("() => document.documentElement.scrollWidth")

    assert widths == dict.fromkeys(PAGES, 320)
    context.close()


def test_on_paper_stand_the_article_its_address_and_its_days_alone(shop_page: Page) -> None:
    shop_page.goto("/en/returns/return-label/")
    shop_page.emulate_media(media="print", color_scheme="dark")
    shop_page.evaluate("() => dispatchEvent(new Event('beforeprint'))")

    expect(shop_page.get_by_text("/en/returns/return-label/", exact=False)).to_be_visible()
    expect(shop_page.get_by_text("Reviewed")).to_be_visible()
    for hidden in ("header", "[data-kb-feedback]", ".kb-related", ".kb-copy", ".md-footer"):
        expect(shop_page.locator(hidden).first).to_be_hidden()
    expect(shop_page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")


def test_the_address_of_a_step_is_copied_by_keyboard(shop_page: Page) -> None:
    shop_page.goto("/en/returns/return-label/")
    step = shop_page.get_by_role("link", name="Link to step 6", exact=True)

    step.focus()
    expect(step).to_have_css("opacity", "1")
    shop_page.keyboard.press("Enter")

    shop_page.wait_for_url("**/en/returns/return-label/#step-keep-the-receipt-until-the-refund")
    expect(shop_page.get_by_role("status").filter(has_text="Link copied")).to_be_visible()
    assert shop_page.evaluate("() => navigator.clipboard.readText()") == shop_page.url


def test_the_words_of_an_address_that_leads_nowhere_are_ready_to_be_searched(
    shop_page: Page,
) -> None:
    shop_page.goto("/sv/returer/hur-returnerar-jag.html")

    expect(shop_page.locator("html")).to_have_attribute("lang", "sv")
    expect(shop_page.get_by_role("searchbox")).to_have_value("hur returnerar jag")
