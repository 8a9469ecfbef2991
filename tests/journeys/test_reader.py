"""A reader searches, reads and votes by keyboard alone; an editor sees it in the queue."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.shop import Shop

ARTICLE = "/en/payment/payment-3ds-failed/"


@pytest.fixture
def page(browser: Browser, served_shop: Shop) -> Page:
    context = browser.new_context(base_url=served_shop.address)
    return context.new_page()


def tab_to(page: Page, name: str, *, limit: int = 80) -> None:
    """Press Tab until the control of that name has the focus."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "() => (document.activeElement.getAttribute('aria-label')"
            " || document.activeElement.textContent || '').trim()"
        )
        if re.fullmatch(name, focused):
            return
    pytest.fail(f"Tab does not reach {name!r}")


def test_by_keyboard_alone_from_the_search_to_a_no_with_a_reason_and_into_the_queue(
    page: Page, browser: Browser, served_shop: Shop
) -> None:
    page.goto("/en/")
    page.keyboard.press("/")
    page.keyboard.type("PAY-3DS-07", delay=20)
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{ARTICLE}*")

    tab_to(page, "No")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="counted")).to_be_visible()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.type === 'radio'"):
            break
    page.keyboard.press("Space")
    tab_to(page, "Send")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Thank you")).to_be_visible()

    desk = browser.new_context(base_url=served_shop.address).new_page()
    desk.goto("/desk/queue")
    desk.get_by_label("Name").fill("admin")
    desk.get_by_label("Password").fill(served_shop.password)
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/desk/queue")
    expect(desk.get_by_role("heading", name="Queue")).to_be_visible()


def test_without_javascript_the_form_says_what_became_of_the_vote(
    browser: Browser, served_shop: Shop
) -> None:
    context = browser.new_context(base_url=served_shop.address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sv/returer/retursedel/")

    page.get_by_role("button", name="Nej").click()

    page.wait_for_url("**voted=counted**")
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    expect(page.get_by_role("status")).to_be_visible()
    page.get_by_role("main").get_by_role("radio").first.check()
    page.get_by_role("button", name="Skicka").click()
    page.wait_for_url("**voted=changed**")


def test_without_javascript_the_search_leads_to_a_page_of_results(
    browser: Browser, served_shop: Shop
) -> None:
    context = browser.new_context(base_url=served_shop.address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/de/")

    page.get_by_role("searchbox").first.fill("Geld zurück")
    page.keyboard.press("Enter")

    page.wait_for_url("**/de/search/?*")
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    expect(page.locator("mark").first).to_be_visible()


PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
LOOKS: dict[str, dict[str, Any]] = {
    "phone": {"viewport": PHONE},
    "phone, dark": {"viewport": PHONE, "color_scheme": "dark"},
    "desk": {"viewport": DESK},
    "desk, dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone, forced colours": {"viewport": PHONE, "forced_colors": "active"},
    "desk, forced colours": {"viewport": DESK, "forced_colors": "active"},
}
PATHS = (
    "/en/",
    "/en/returns/",
    "/de/search/?q=Lampe",
    "/en/search/?q=zeppelin",
    "/en/search/?ask=",
    "/en/no-such-page",
    "/desk/login",
    ARTICLE,
)


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_breaks_a_rule_of_accessibility(
    browser: Browser, served_shop: Shop, look: str
) -> None:
    context = browser.new_context(base_url=served_shop.address, bypass_csp=True, **LOOKS[look])
    page = context.new_page()
    found = {}

    for path in PATHS:
        page.goto(path)
        found[path] = _violations(page)
    # The article is open still: with what may be added to a yes, then to a no.
    for name, asks in (("Yes", "Would you like to say more?"), ("No", "Anything to add?")):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_label(asks)).to_be_visible()
        found[name] = _violations(page)

    assert {path: rules for path, rules in found.items() if rules} == {}
    context.close()


def _violations(page: Page) -> list[tuple[str, str]]:
    violations = Axe().run(page).response["violations"]
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in violations]


def test_no_page_asks_another_host_or_sets_a_cookie(browser: Browser, served_shop: Shop) -> None:
    context = browser.new_context(base_url=served_shop.address)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    for path in ("/en/", ARTICLE, "/sv/search/?q=lampa", "/en/no-such-page"):
        page.goto(path)

    foreign = [url for url in asked if not url.startswith((served_shop.address, "data:"))]
    assert foreign == []
    assert context.cookies() == []
    context.close()


def test_no_page_is_wider_than_a_small_phone(browser: Browser, served_shop: Shop) -> None:
    context = browser.new_context(
        base_url=served_shop.address, viewport={"width": 320, "height": 640}
    )
    page = context.new_page()
    wide = {}

    for path in ("/en/", "/en/returns/", ARTICLE, "/en/delivery/delivery-times-and-costs/"):
        page.goto(path)
        wide[path] = page.evaluate("() => document.documentElement.scrollWidth")

    assert set(wide.values()) == {320}
    context.close()
