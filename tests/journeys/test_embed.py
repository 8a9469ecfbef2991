"""The help in a page of a product: opened, searched, read and voted on in a frame."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Frame,
    FrameLocator,
    Page,
    ViewportSize,
    expect,
)

from tests.journeys import product, shop
from tests.journeys.product import Product
from tests.journeys.shop import Shop
from tests.journeys.test_searchbox import static_host

PHONE: ViewportSize = {"width": 320, "height": 640}
WATCH = """
  window.violations = [];
  document.addEventListener("securitypolicyviolation", (e) =>
    window.violations.push(`${e.effectiveDirective} ${e.blockedURI}`));
"""
_STORED = re.compile("counted|does not count yet")
FRAME = "iframe[title=Help]"


@pytest.fixture(scope="module")
def shown_in() -> Iterator[Product]:
    with product.running() as opened:
        yield opened


@pytest.fixture(scope="module")
def embedded(
    built_shop: Path, tmp_path_factory: pytest.TempPathFactory, shown_in: Product
) -> Iterator[Shop]:
    """The shipped articles, which the product may show."""
    place = shop.copy_built(built_shop, tmp_path_factory.mktemp("embedded"))
    with (place / "kb.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[embed]\norigins = ["{shown_in.origin}"]\n')
    with shop.served(place) as running:
        shown_in.help = running.address
        yield running


@pytest.fixture
def reader(browser: Browser, embedded: Shop) -> Iterator[BrowserContext]:
    with browser.new_context() as context:
        context.add_init_script(WATCH)
        yield context


@pytest.fixture
def page(reader: BrowserContext, shown_in: Product) -> Iterator[Page]:
    opened = reader.new_page()
    opened.goto(shown_in.origin)
    yield opened
    shown_in.lang, shown_in.attributes, shown_in.has_place = "en", "", False


def help_in(page: Page) -> FrameLocator:
    return page.frame_locator(FRAME)


def panel_of(page: Page) -> Any:
    return page.get_by_role("dialog", name="Help")


def test_by_keyboard_from_the_product_to_a_vote_and_back(
    page: Page, reader: BrowserContext, embedded: Shop, shown_in: Product
) -> None:
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    opener = page.get_by_role("button", name="Help", exact=True)
    opener.focus()
    page.keyboard.press("Enter")
    box = help_in(page).get_by_role("combobox")
    expect(box).to_be_focused()
    page.keyboard.type("PAY-3DS-07", delay=20)
    expect(help_in(page).get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    no = help_in(page).get_by_role("button", name="No", exact=True)
    no.focus()
    page.keyboard.press("Enter")
    expect(help_in(page).get_by_role("status").filter(has_text=_STORED)).to_be_visible()
    page.keyboard.press("Escape")

    expect(panel_of(page)).to_have_count(0)
    expect(opener).to_be_focused()
    assert asked <= {urlsplit(embedded.address).netloc, urlsplit(shown_in.origin).netloc}
    assert reader.cookies() == []
    assert page.evaluate("[window.violations, localStorage.length, sessionStorage.length]") == [
        [],
        0,
        0,
    ]
    assert page.evaluate("Object.keys(answerloop)") == ["open", "close"]
    page.keyboard.press("Enter")
    expect(help_in(page).get_by_role("heading", level=1)).to_be_visible()


def test_before_anybody_opens_it_only_the_script_is_asked_for(
    reader: BrowserContext, embedded: Shop, shown_in: Product
) -> None:
    opened = reader.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))

    opened.goto(shown_in.origin, wait_until="networkidle")

    assert asked == [f"{shown_in.origin}/", f"{embedded.address}/embed.js"]


def test_elements_of_the_product_open_a_question_or_an_article(page: Page) -> None:
    page.get_by_role("button", name="Refunds?").click()
    expect(help_in(page).locator("mark").first).to_be_visible()
    expect(help_in(page).get_by_role("combobox")).to_have_value("refund")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Refunds?")).to_be_focused()
    page.get_by_role("link", name="Bank?").click()
    expect(help_in(page).get_by_role("button", name="No", exact=True)).to_be_visible()

    out = page.get_by_role("link", name="Open in a new tab")
    expect(out).to_have_attribute("href", re.compile("/en/payment/payment-3ds-failed/$"))


def test_the_page_can_be_used_beside_the_panel_but_not_below_it_on_a_phone(page: Page) -> None:
    page.evaluate("answerloop.open()")
    expect(help_in(page).get_by_role("combobox")).to_be_focused()
    buy = page.get_by_role("button", name="Buy")
    buy.click()
    expect(buy).to_be_focused()

    page.set_viewport_size(PHONE)

    box = panel_of(page).bounding_box()
    assert (box["width"], box["height"]) == (PHONE["width"], PHONE["height"])
    buy.evaluate("(button) => button.focus()")
    expect(buy).not_to_be_focused()
    page.get_by_role("button", name="Close").click()
    expect(panel_of(page)).to_have_count(0)


def test_a_place_of_the_product_shows_the_help_without_being_opened(
    page: Page, shown_in: Product
) -> None:
    shown_in.has_place, shown_in.lang, shown_in.attributes = True, "de-AT", ' data-button="none"'

    page.goto(shown_in.origin)

    inside = page.frame_locator("iframe[title=Hilfe]")
    expect(inside.get_by_role("searchbox")).to_be_visible()
    expect(inside.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("button", name="Hilfe")).to_have_count(0)


def test_what_does_not_belong_into_the_frame_opens_outside(page: Page) -> None:
    page.evaluate("answerloop.open({ article: 'payment-3ds-failed' })")
    anchor = help_in(page).locator("[data-kb-anchor]").first

    with page.context.expect_page() as opened:
        anchor.click()

    assert "#" in opened.value.url
    assert opened.value.locator(".kb-framed").count() == 0


def test_a_page_that_is_not_allowed_is_refused_by_the_browser_and_says_so(
    reader: BrowserContext, shown_in: Product
) -> None:
    stranger = reader.new_page()
    stranger.goto(shown_in.stranger)

    stranger.evaluate("answerloop.open()")

    expect(panel_of(stranger).get_by_role("status")).to_contain_text("does not answer")
    assert "chrome-error" in stranger.frames[1].url


def test_pages_of_a_host_without_headers_speak_to_the_allowed_alone(
    reader: BrowserContext, embedded: Shop, shown_in: Product
) -> None:
    opened = reader.new_page()
    with static_host(embedded.root / "site") as files:
        shown_in.help = files
        opened.goto(shown_in.origin)
        opened.evaluate("answerloop.open()")
        expect(help_in(opened).get_by_role("combobox")).to_be_focused()
        opened.keyboard.press("Escape")
        expect(panel_of(opened)).to_have_count(0)
        opened.goto(shown_in.stranger)
        opened.evaluate("answerloop.open()")
        expect(panel_of(opened).get_by_role("status")).to_contain_text("does not answer")
    shown_in.help = embedded.address


def test_only_the_pages_of_the_help_may_be_framed(embedded: Shop, shown_in: Product) -> None:
    with embedded.client() as client:
        answers = {
            path: client.get(path)
            for path in ("/en/", "/en/search/?q=refund", "/nowhere", "/desk/login", "/f/none")
        }
        script = client.get("/embed.js")

    framers = {
        path: answer.headers["Content-Security-Policy"].rpartition("frame-ancestors ")[2]
        for path, answer in answers.items()
    }
    nobody = "'none'"
    assert list(framers.values()) == [shown_in.origin] * 3 + [nobody] * 2
    assert script.headers["Cache-Control"] == "public, max-age=3600"


def test_words_of_strangers_are_not_listened_to(page: Page) -> None:
    page.evaluate("answerloop.open()")
    expect(help_in(page).get_by_role("combobox")).to_be_focused()

    page.evaluate("postMessage({ answerloop: 'close' }, '*')")
    page.evaluate("postMessage({ answerloop: 'page', url: 'https://evil.example/' }, '*')")

    expect(page.get_by_role("link", name="Open in a new tab")).to_have_attribute(
        "href", re.compile("/en/$")
    )
    expect(panel_of(page)).to_be_visible()


def test_a_browser_that_lets_frames_store_nothing_loses_neither_search_nor_vote(
    reader: BrowserContext, shown_in: Product, embedded: Shop
) -> None:
    for name in ("localStorage", "sessionStorage"):
        refused = "throw new DOMException('', 'SecurityError')"
        reader.add_init_script(
            f"if (parent !== self) Object.defineProperty(self, '{name}', {{get() {{ {refused} }}}})"
        )
    opened = reader.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.goto(shown_in.origin)

    opened.evaluate("answerloop.open('refund')")
    help_in(opened).locator(".kb-result a").first.click()
    help_in(opened).get_by_role("button", name="Yes", exact=True).click()

    expect(help_in(opened).get_by_role("status").filter(has_text=_STORED)).to_be_visible()
    assert faults == []


LOOKS: dict[str, dict[str, Any]] = {
    "desk": {},
    "phone, dark": {"viewport": PHONE, "color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
}


@pytest.mark.parametrize("look", LOOKS)
def test_no_rule_of_accessibility_is_broken_around_the_frame_or_in_it(
    browser: Browser, embedded: Shop, shown_in: Product, look: str
) -> None:
    with browser.new_context(bypass_csp=True, **LOOKS[look]) as context:
        page = context.new_page()
        page.goto(shown_in.origin)
        found = violations(page)
        page.evaluate("answerloop.open()")
        expect(help_in(page).get_by_role("combobox")).to_be_focused()
        found += violations(page) + violations(page.frames[1])
        page.evaluate("answerloop.open({ article: 'payment-3ds-failed' })")
        expect(help_in(page).get_by_role("button", name="No", exact=True)).to_be_visible()
        found += violations(page.frames[1])

    assert found == []


def violations(shown: Page | Frame) -> list[tuple[str, str]]:
    """What axe finds in a page, or in a frame of it."""
    found = Axe().run(shown).response["violations"]
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in found]
