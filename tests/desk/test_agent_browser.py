"""An agent at work in a real browser: by keyboard alone, in a frame, with and without a script."""

import re
import time
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from feedback import reuse
from feedback.model import ArticleKey, Lane, Use
from tests.desk.desk import PASSWORD, Desk
from tests.desk.repository import ANGRY, REFUND

CLIPBOARD = ["clipboard-read", "clipboard-write"]
PATIENCE = 20_000
LINK = "/a/refund?via=reply"


class Keys:
    """A keyboard that counts the presses after the typing."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.pressed = 0

    def type(self, words: str) -> None:
        self._page.keyboard.type(words)

    def press(self, *names: str) -> None:
        for name in names:
            self._page.keyboard.press(name)
            self.pressed += 1


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(base_url=address, permissions=CLIPBOARD, locale="en-GB")
    context.set_default_timeout(10_000)
    opened = context.new_page()
    opened.goto("/desk/login")
    opened.get_by_label("Name").fill("bob")
    opened.get_by_label("Password").fill(PASSWORD)
    opened.keyboard.press("Enter")
    opened.wait_for_url("**/desk/")
    expect(opened.get_by_label("What does the customer ask?")).to_be_focused(timeout=PATIENCE)
    yield opened
    context.close()


def clipboard(page: Page, kind: str = "text/plain") -> str:
    script = """async (kind) => {
        const [item] = await navigator.clipboard.read();
        return item.types.includes(kind) ? (await item.getType(kind)).text() : "";
    }"""
    return str(page.evaluate(script, kind))


def said(page: Page, words: str) -> None:
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible(timeout=PATIENCE)


def uses(desk: Desk, key: ArticleKey = REFUND, *, some: bool = True) -> list[tuple[Use, str]]:
    """What is kept; the page tells of a use when the words are in the clipboard already."""
    for _ in range(100):
        with desk.service.database.read() as db:
            found = [(one.said.use, one.said.ticket) for one in reuse.of(db, key)]
        if found or not some:
            break
        time.sleep(0.1)
    return found


def test_two_words_and_two_keys_put_the_link_into_the_clipboard(page: Page, desk: Desk) -> None:
    keys = Keys(page)

    keys.type("refund delivery")
    keys.press("ArrowDown", "l")
    said(page, "The link is copied.")

    assert keys.pressed <= 3
    assert clipboard(page).endswith(LINK)
    assert "How do I get a refund after delivery?</a>" in clipboard(page, "text/html")
    expect(page).to_have_url(re.compile("/desk/$"))
    assert uses(desk) == [(Use.LINK, "")]


def test_an_agent_finds_fills_and_pastes_a_reply_and_flags_by_keyboard_alone(
    page: Page, desk: Desk
) -> None:
    keys = Keys(page)

    keys.type("refund delivery")
    keys.press("ArrowDown", "r")
    expect(page.get_by_label("Customer's name")).to_be_focused(timeout=PATIENCE)
    said(page, "Not copied. Fill in, or leave out on purpose: Customer's name, order number")
    keys.type("Ada Miller")
    keys.press("Enter")
    expect(page.get_by_label("order number")).to_be_focused(timeout=PATIENCE)
    keys.press("Shift+Tab", "Space")
    expect(page.get_by_role("checkbox", checked=True)).to_be_focused(timeout=PATIENCE)
    keys.press("Tab", "Enter")
    expect(page.get_by_label("Your name")).to_be_focused(timeout=PATIENCE)
    keys.type("Bob")
    keys.press("Enter")
    said(page, "The reply is copied.")
    keys.press("Escape", "f", "Tab")
    keys.type("The days are 14 now")
    keys.press("Tab", "Enter")
    said(page, "Flagged.")
    keys.press("/", "Control+A", "Control+V")

    pasted = page.get_by_label("What does the customer ask?").input_value()
    assert pasted.startswith("Hello Ada Miller,")
    assert "you can send order back within thirty days: http" in pasted
    assert "{" not in clipboard(page) + clipboard(page, "text/html")
    assert "<strong>order</strong> back" in clipboard(page, "text/html").replace(
        "order <", "order<"
    )
    assert uses(desk) == [(Use.REPLY, "")]
    assert desk.item(REFUND, Lane.REPORTED).assignee is None


def test_nothing_is_copied_while_a_place_is_open(page: Page, desk: Desk) -> None:
    page.evaluate("navigator.clipboard.writeText('as before')")
    keys = Keys(page)

    keys.type("refund delivery")
    keys.press("ArrowDown", "r")
    expect(page.get_by_label("Customer's name")).to_be_focused(timeout=PATIENCE)
    keys.type("{customer_name}")
    keys.press("Enter")
    said(page, "Not copied.")

    assert clipboard(page) == "as before"
    assert uses(desk, some=False) == []


def test_an_internal_article_gives_its_reply_and_no_link(page: Page, desk: Desk) -> None:
    page.evaluate("navigator.clipboard.writeText('as before')")
    keys = Keys(page)

    keys.type("angry customer")
    keys.press("ArrowDown", "l")
    said(page, "An internal article has no link for customers.")
    keys.press("s")
    said(page, "There is no snippet")
    before = clipboard(page)
    keys.press("r")
    expect(page.get_by_label("Customer's name")).to_be_focused(timeout=PATIENCE)
    keys.type("Ada")
    keys.press("Enter")
    said(page, "The reply is copied.")

    assert before == "as before"
    assert clipboard(page) == "Hello Ada, I understand that this is annoying."
    assert uses(desk, ANGRY) == [(Use.REPLY, "")]


def test_a_flag_carries_the_ticket_and_so_does_the_use(page: Page, desk: Desk) -> None:
    keys = Keys(page)

    keys.type("refund delivery")
    keys.press("ArrowDown")
    expect(page.get_by_role("button", name="Flag")).to_be_visible()
    page.locator("[data-ticket]").fill("SUP-4711")
    keys.press("Escape", "d")
    said(page, "it has solved the case")
    keys.press("f", "Tab", "Tab", "Enter")
    said(page, "Flagged.")

    assert uses(desk) == [(Use.SOLVED, "SUP-4711")]
    answer = desk.signed_in("charlie").get(f"/desk/items/{desk.item(REFUND, Lane.REPORTED).id}")
    assert "ticket SUP-4711" in answer.text


def test_what_was_typed_goes_with_the_next_customer_and_with_the_agent(page: Page) -> None:
    kept = "Object.keys({...localStorage, ...sessionStorage}).filter(n => n.startsWith('kb-desk.'))"
    keys = Keys(page)
    keys.type("refund delivery")
    keys.press("ArrowDown", "r")
    expect(page.get_by_label("Customer's name")).to_be_focused(timeout=PATIENCE)
    keys.type("Ada")
    page.get_by_label("Your name").fill("Bob")
    page.get_by_role("button", name="Next customer").click()
    after_next = page.evaluate(kept)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/desk/login")
    page.wait_for_function(f"!({kept}).length")

    assert after_next == ["kb-desk.agent_name"]


def test_nothing_fits_is_noted_by_keyboard(page: Page) -> None:
    keys = Keys(page)

    keys.type("sofa wobbles")
    expect(page.get_by_text(re.compile("Nothing matches|Articles that match"))).to_be_visible()
    keys.press("Tab")
    page.locator("[data-hits]").focus()
    keys.press("n")
    expect(page.get_by_label("What should an article say?")).to_have_value("sofa wobbles")
    keys.press("Tab", "Tab", "Enter")
    said(page, "Noted.")


@pytest.mark.parametrize("look", [(320, "dark"), (320, "light"), (1280, "dark"), (1280, "light")])
def test_the_open_panel_has_no_barrier_and_fits(
    browser: Browser, address: str, desk: Desk, look: tuple[int, str]
) -> None:
    width, scheme = look
    name = desk.signed_in("bob").get_cookie("kb_session")
    assert name is not None
    context = browser.new_context(
        base_url=address,
        bypass_csp=True,
        viewport={"width": width, "height": 700},
        color_scheme=scheme,  # type: ignore[arg-type]  # one of playwright's words
    )
    context.add_cookies([{"name": "kb_session", "value": name.value, "url": address}])
    page = context.new_page()
    page.goto("/desk/?q=refund+delivery")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("r")
    expect(page.get_by_label("Customer's name")).to_be_focused(timeout=PATIENCE)
    page.get_by_role("button", name="Flag", exact=False).first.click()

    found = Axe().run(page).response["violations"]
    is_wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    low = [
        part.inner_text()
        for part in page.locator(".panel :is(button, select, input, textarea):visible").all()
        if round((part.bounding_box() or {"height": 0})["height"]) < 44
    ]
    context.close()

    assert [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]] == []
    assert not is_wide
    assert low == []
