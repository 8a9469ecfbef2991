"""In a real browser: from a no with an address to "yes, it does", for everybody."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.letters.house import ALICE, House

PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}
LOOKS: dict[str, dict[str, Any]] = {
    "phone": {"viewport": PHONE},
    "phone, dark": {"viewport": PHONE, "color_scheme": "dark"},
    "desk": {"viewport": DESK},
    "desk, dark": {"viewport": DESK, "color_scheme": "dark"},
    "forced colours": {"viewport": DESK, "forced_colors": "active"},
}
TOUCH = 44


@contextmanager
def context(browser: Browser, address: str, **options: Any) -> Iterator[BrowserContext]:
    opened = browser.new_context(base_url=address, **options)
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()


@pytest.fixture
def pages(letters: House) -> dict[str, str]:
    """The paths of all kinds of private pages, by name."""
    found = {"see": letters.say(comment="Step three.\nAnd four.", contact=ALICE)}
    letters.deliver()
    found["confirm"] = letters.link()
    found["arabic"] = letters.say(
        lang="ar", comment="الخطوة الثالثة ناقصة", contact="bob@example.org"
    )
    letters.deliver()
    letters.press(letters.link(), "confirm")
    found["confirmed"] = letters.link()
    found["german"] = letters.say(lang="de", comment="Schritt drei fehlt.", contact="c@example.org")
    letters.deliver()
    letters.press(letters.link(), "confirm")
    letters.mend("de")
    letters.deliver()
    found["answer"] = letters.link()
    found["missing"] = "/f/" + "A" * 22
    return found


def problems(page: Page) -> list[str]:
    page.wait_for_load_state()
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("look", LOOKS)
def test_no_private_page_has_a_barrier(
    browser: Browser, address: str, pages: dict[str, str], look: str
) -> None:
    found = {}

    with context(browser, address, bypass_csp=True, **LOOKS[look]) as opened:
        page = opened.new_page()
        for name, path in pages.items():
            page.goto(path)
            found[name] = problems(page)
        page.goto("/en/refund/")
        page.get_by_role("button", name="No", exact=True).click()
        expect(page.get_by_label("Hear when it is changed")).to_be_visible()
        found["widget"] = problems(page)

    assert {name: said for name, said in found.items() if said} == {}


def test_no_private_page_is_wider_than_a_small_phone_and_each_button_is_large_enough(
    browser: Browser, address: str, pages: dict[str, str]
) -> None:
    wide, small = {}, []

    with context(browser, address, viewport=NARROW) as opened:
        page = opened.new_page()
        for name, path in pages.items():
            page.goto(path)
            wide[name] = page.evaluate("() => document.documentElement.scrollWidth")
            for button in page.get_by_role("button").all():
                box = button.bounding_box()
                if box is None or box["height"] < TOUCH:
                    small.append((name, button.inner_text()))

    assert (set(wide.values()), small) == ({320}, [])


def test_no_private_page_asks_another_host_or_runs_a_script_or_breaks_its_policy(
    browser: Browser, address: str, pages: dict[str, str]
) -> None:
    asked: list[str] = []
    said: list[str] = []

    with context(browser, address) as opened:
        page = opened.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        for path in pages.values():
            page.goto(path)
            page.wait_for_load_state("networkidle")
        cookies = opened.cookies()

    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    assert [text for text in said if "404" not in text] == []
    assert cookies == []


def test_from_a_no_to_yes_it_does(browser: Browser, address: str, letters: House) -> None:
    with context(browser, address) as opened:
        page = opened.new_page()
        page.goto("/en/refund/")
        page.get_by_role("button", name="No", exact=True).click()
        page.get_by_label("Anything to add?").fill("Where is the label?")
        page.get_by_label("Hear when it is changed").fill(ALICE)
        page.get_by_role("button", name="Send").click()
        status = page.get_by_role("status").filter(has_text="We send a letter")
        expect(status).to_be_visible()

        letters.deliver()
        page.goto(letters.link())
        page.get_by_role("button", name="Yes, write to me once").click()
        expect(page.get_by_role("status")).to_contain_text("We will write to you once")

        letters.mend()
        letters.deliver()
        page.goto(letters.link())
        expect(page.get_by_role("link", name="How do I get a refund?")).to_be_visible()
        page.get_by_role("button", name="Yes", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("Thank you. Your answer is counted.")
        page.reload()
        expect(page.get_by_role("status")).to_contain_text("Thank you.")

    assert [letter["To"] for letter in letters.office.letters] == [ALICE, ALICE]


def test_the_widget_gives_a_link_to_keep_and_the_page_takes_it_all_back(
    browser: Browser, address: str, letters: House
) -> None:
    with context(browser, address) as opened:
        page = opened.new_page()
        page.goto("/en/refund/")
        page.get_by_role("button", name="No", exact=True).click()
        page.get_by_label("Anything to add?").fill("Where is the label?")
        page.get_by_role("button", name="Send").click()
        said = page.get_by_role("status").filter(has_text="Keep this link:")
        said.get_by_role("link", name="What becomes of your message").click()
        expect(page.get_by_role("heading", name="Your message")).to_be_visible()
        expect(page.get_by_text("Where is the label?")).to_be_visible()
        own = page.url
        page.get_by_role("button", name="Delete my message").click()
        expect(page.get_by_role("heading", name="Your message is deleted")).to_be_visible()
        gone = page.goto(own)

    assert gone is not None
    assert gone.status == 404


def test_an_address_that_is_none_is_stopped_in_the_page_and_said_if_it_gets_by(
    browser: Browser, address: str, letters: House
) -> None:
    with context(browser, address) as opened:
        page = opened.new_page()
        page.goto("/en/refund/")
        page.get_by_role("button", name="No", exact=True).click()
        contact = page.get_by_label("Hear when it is changed")
        contact.fill("alice")
        page.get_by_role("button", name="Send").click()
        expect(contact).to_be_focused()  # by the browser, with its own words
        contact.fill("alice@localhost")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("status").filter(has_text="no mail address")).to_be_visible()


def test_without_javascript_from_the_form_to_the_private_page_and_back(
    browser: Browser, address: str, letters: House
) -> None:
    with context(browser, address, java_script_enabled=False) as opened:
        page = opened.new_page()
        page.goto("/de/refund/")
        page.get_by_role("button", name="Nein").click()
        page.wait_for_url("**voted=counted**")
        page.get_by_label("Möchten Sie etwas ergänzen?").fill("Schritt drei fehlt.")
        page.get_by_label("Ihre E-Mail-Adresse").fill(ALICE)
        page.get_by_role("button", name="Senden").click()
        expect(page.get_by_role("heading", name="Ihre Nachricht", exact=True)).to_be_visible()
        expect(page.get_by_text("Schritt drei fehlt.")).to_be_visible()
        page.get_by_role("button", name="Meine Nachricht löschen").click()
        expect(page.get_by_role("heading", name="Ihre Nachricht ist gelöscht")).to_be_visible()
