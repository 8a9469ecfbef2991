"""The desk in a real browser: for everybody, with every device, without a script."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from answerloop import learned
from answerloop.desk import cookies
from answerloop.learned import Learned
from feedback import sessions, staff
from feedback.model import ItemState, Reason, Role
from tests.desk.desk import PASSWORD, Desk, act, fill_outbox
from tests.desk.repository import ANGRY, GIFT_CARD, PARCEL, REFUND_DE

NARROW = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 900}
TOUCH = 44


@pytest.fixture
def pages(desk: Desk) -> dict[str, str]:
    """A busy desk: the paths of its pages by name."""
    desk.vote(
        "alice", days_ago=2, remark="The form is gone, write to me: alice@example.com",
        reason=Reason.WRONG,
    )  # fmt: skip
    desk.vote("adam", days_ago=1, helpful=True, remark="Danke!\nHat geklappt.")
    suspected = desk.suspect()
    reported = desk.report(PARCEL, words="The phone number is gone", ticket="SUP-4711")
    desk.find_unclear(GIFT_CARD)
    settled = desk.report(REFUND_DE)
    act(desk.signed_in("dora"), settled, "correct", "Tried with order 4711.")
    act(desk.signed_in("dora"), reported, "take")
    fill_outbox(desk)
    desk.miss("pay by invoice", "invoice payment possible", "can i pay with invoice")
    desk.miss("sofa legs wobble")
    desk.miss("sofa lieferung in die schweiz", lang="de")
    gap = desk.gather()[0]
    propose(desk)
    mended = desk.report(ANGRY)
    desk.mend(ANGRY, commit="c0ffee" * 5, author="Charlie")
    return {
        "find": "/desk/?q=parcel",
        "found": "/desk/find/en/parcel-late",
        "bookmarklet": "/desk/bookmarklet",
        "sidebar": "/desk/sidebar?q=parcel",
        "queue": "/desk/queue",
        "filtered": "/desk/queue?lang=de",
        "lane": "/desk/queue?show=suspected",
        "suspected": f"/desk/items/{suspected.id}",
        "reported": f"/desk/items/{reported.id}",
        "mended": f"/desk/items/{mended.id}",
        "settled": f"/desk/items/{settled.id}",
        "review": "/desk/reviews/en/angry-customer",
        "articles": "/desk/articles",
        "article": "/desk/articles/en/refund",
        "internal": "/desk/articles/en/angry-customer",
        "deliveries": "/desk/deliveries",
        "gaps": "/desk/gaps",
        "gap": f"/desk/gaps/{gap.id}",
        "change": f"/desk/gaps/{gap.id}/change/synonym?said=invoice&found=bill",
        "learn": "/desk/learn",
        "reports": "/desk/reports",
        "nowhere": "/desk/nowhere",
    }


def propose(desk: Desk) -> None:
    """Let `kb learn` have proposed something."""
    phrase = learned.Phrase("cash for my sofa", "refund", "en", 4, 5, None, 1)
    synonym = learned.Synonym("voucher", "gift card", "en", 3)
    undecided = learned.Undecided("sofa", "en", "4 readers asked it and ended at refund (2)")
    file = desk.service.settings.state_dir / learned.FILE_NAME
    learned.write(file, Learned(None, (phrase,), (synonym,), (undecided,)), desk.clock())


@contextmanager
def context(browser: Browser, address: str, **options: object) -> Iterator[BrowserContext]:
    opened = browser.new_context(base_url=address, **options)  # type: ignore[arg-type]  # playwright's options
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()


def try_to_sign_in(page: Page, password: str, name: str = "charlie") -> None:
    page.goto("/desk/login")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def sign_in(page: Page) -> None:
    try_to_sign_in(page, PASSWORD)
    page.wait_for_url("**/desk/")


def problems(page: Page) -> list[str]:
    """What axe finds on the page as it is when its style sheet is there, as one line each."""
    page.wait_for_load_state()
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]


OPEN_ALL = "document.querySelectorAll('details').forEach(each => each.open = true)"
IS_WIDE = "document.documentElement.scrollWidth > window.innerWidth"
SMALL = """(least) => [...document.querySelectorAll('a, button, select, input, textarea, summary')]
  .map(part => [part, part.getBoundingClientRect()])
  .filter(([part, box]) => box.width && box.height && Math.round(box.height) < least
    && getComputedStyle(part).visibility === 'visible' && part.className !== 'skip')
  .map(([part, box]) => `${part.innerText}: ${box.height}`)"""


@pytest.mark.parametrize(
    "look",
    [
        {"viewport": NARROW, "color_scheme": "dark"},
        {"viewport": DESKTOP, "color_scheme": "light"},
    ],
    ids=["narrow, dark", "desktop, light"],
)
def test_no_page_has_a_barrier_and_each_fits_and_everything_can_be_touched(
    browser: Browser, address: str, pages: dict[str, str], look: dict[str, object]
) -> None:
    found, wide, small = {}, [], []

    with context(browser, address, bypass_csp=True, **look) as opened:
        page = opened.new_page()
        try_to_sign_in(page, "not the password")
        expect(page.get_by_role("alert")).to_be_visible()
        found["login"] = problems(page)
        sign_in(page)
        for name, path in pages.items():
            page.goto(path)
            page.evaluate(OPEN_ALL)
            found[name] = problems(page)
            wide += [name] if page.evaluate(IS_WIDE) else []
            small += [(name, part) for part in page.evaluate(SMALL, TOUCH)]
        page.goto(pages["reported"])
        page.locator("summary", has_text="Write a note").click()
        page.get_by_label("What should the next person know?").fill("I am on it.")
        page.evaluate("document.querySelectorAll('[name=version]').forEach(e => e.value = 1)")
        page.get_by_role("button", name="Keep the note").click()
        expect(page.get_by_role("alert")).to_contain_text("Not done")
        found["conflict"] = problems(page)

    assert {name: [] for name in found} == found
    assert not wide
    assert not small


ROWS = """(parts) => new Set([...document.querySelectorAll(parts)].map(
  part => Math.round(part.getBoundingClientRect().top + part.offsetHeight / 2))).size"""
"""In how many rows these parts of the page stand."""


@pytest.mark.parametrize("lang", ["de", "sv", "en"])
def test_the_bar_is_one_row_on_a_desk_and_its_pages_one_on_a_tablet(
    browser: Browser, address: str, desk: Desk, lang: str
) -> None:
    long = "maximiliane.von-der-heide-oberpfaffenhofen"
    with desk.service.database.write() as db:
        staff.add(db, long, Role.ADMIN, PASSWORD, now=desk.clock())
        token = sessions.begin(db, long, desk.clock())
    cookie = {"name": cookies.PLAIN_NAME, "value": token, "url": address}

    with context(browser, address, locale=lang, viewport=DESKTOP) as opened:
        opened.add_cookies([cookie])  # type: ignore[list-item]  # playwright's type of a cookie
        page = opened.new_page()
        page.goto("/desk/articles")
        on_a_desk = page.evaluate(ROWS, ".bar > *, .bar__nav a")
        page.set_viewport_size({"width": 1024, "height": 768})
        on_a_tablet = page.evaluate(ROWS, ".bar > *"), page.evaluate(ROWS, ".bar__nav a")
        is_wide = page.evaluate(IS_WIDE)

    assert (on_a_desk, on_a_tablet, is_wide) == (1, (2, 1), False)


@pytest.mark.parametrize("viewport", [NARROW, DESKTOP], ids=["narrow", "desktop"])
def test_an_admin_sends_a_dead_letter_again(
    browser: Browser, address: str, pages: dict[str, str], viewport: dict[str, int]
) -> None:
    with context(browser, address, viewport=viewport, bypass_csp=True) as opened:
        page = opened.new_page()
        try_to_sign_in(page, PASSWORD, "root")
        page.wait_for_url("**/desk/")
        page.goto(pages["deliveries"])
        found = problems(page)
        low = [
            button.inner_text()
            for button in page.get_by_role("button").all()
            if round((button.bounding_box() or {"height": 0})["height"]) < TOUCH
        ]
        page.get_by_role("region", name="Given up").get_by_role("button", name="Try again").click()
        expect(page.get_by_role("status")).to_contain_text("tried again")
        expect(page.get_by_text("0 given up")).to_be_visible()

    assert (found, low) == ([], [])


def test_the_policy_lets_the_pages_be_as_they_are(
    browser: Browser, address: str, pages: dict[str, str]
) -> None:
    said: list[str] = []

    with context(browser, address) as opened:
        page = opened.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: said.extend(
            [] if request.url.startswith(address) else [request.url]
        ))  # fmt: skip
        sign_in(page)
        for name, path in pages.items():
            if name != "nowhere":
                page.goto(path)
        bar = page.locator(".bar").evaluate("bar => getComputedStyle(bar).backgroundColor")

    assert said == []
    assert bar == "rgb(20, 70, 60)"


def test_an_editor_dismisses_by_keyboard_alone_and_without_a_script(
    browser: Browser, address: str, desk: Desk
) -> None:
    item = desk.suspect()

    with context(browser, address, java_script_enabled=False) as opened:
        page = opened.new_page()
        page.goto("/desk/queue")
        keys = page.keyboard
        expect(page.get_by_label("Name")).to_be_focused()
        keys.type("charlie")
        keys.press("Tab")
        keys.type(PASSWORD)
        keys.press("Enter")
        expect(page).to_have_title("Queue \N{EN DASH} Alder & Finch Help desk")
        tab_to(page, "How do I get a refund")
        keys.press("Enter")
        page.wait_for_url("**/desk/items/*")
        tab_to(page, "Dismiss")
        keys.press("Enter")
        keys.press("Tab")
        keys.type("These readers had the old e-mail.")
        keys.press("Tab")
        keys.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Dismissed")

    assert ItemState.DISMISSED is desk.find(item).state


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus holds these words; the focus must be visible."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator(":focus-visible")
        if focused.count() and words in focused.inner_text():
            assert focused.evaluate("part => getComputedStyle(part).outlineStyle") == "solid"
            return
    pytest.fail(f"no key leads to {words!r}")


def test_a_field_for_an_article_suggests_what_the_typed_words_find(
    browser: Browser, address: str, desk: Desk
) -> None:
    desk.miss("pay by invoice")
    (gap,) = desk.gather()

    with context(browser, address) as opened:
        page = opened.new_page()
        sign_in(page)
        page.goto(f"/desk/gaps/{gap.id}")
        page.locator("summary", has_text="It is written").click()
        field = page.get_by_label("Which article answers it? Its id or title.")
        field.fill("")
        field.press_sequentially("parcel")

        suggested = page.locator("#articles option[value=parcel-late]")
        expect(suggested).to_have_text("My parcel is late. What now?")


def test_an_editor_works_the_queue_by_one_key_each(
    browser: Browser, address: str, desk: Desk
) -> None:
    desk.report(PARCEL)
    item = desk.suspect()

    with context(browser, address) as opened:
        page = opened.new_page()
        sign_in(page)
        page.goto("/desk/queue")
        keys = page.keyboard
        keys.press("?")
        expect(page.get_by_role("dialog", name="Keys")).to_contain_text("dismiss it")
        keys.press("Escape")
        keys.press("j")
        titles = page.locator(".card__title a")
        expect(titles.filter(has_text="My parcel is late")).to_be_focused()
        keys.press("j")
        keys.press("Control+d")
        expect(titles.filter(has_text="How do I get a refund")).to_be_focused()
        keys.press("d")
        page.wait_for_url(f"**/desk/items/{item.id}?do=dismiss")
        reason = page.get_by_label("Why is this no fault of the article?")
        expect(reason).to_be_focused()
        keys.type("A ? and tcsdn are letters here.")
        expect(reason).to_have_value("A ? and tcsdn are letters here.")
        keys.press("Tab")
        keys.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Dismissed")

    assert ItemState.DISMISSED is desk.find(item).state


def test_a_key_opens_only_what_the_person_may_do(
    browser: Browser, address: str, desk: Desk
) -> None:
    item = desk.suspect()

    with context(browser, address) as opened:
        page = opened.new_page()
        try_to_sign_in(page, PASSWORD, "bob")
        page.wait_for_url("**/desk/")
        page.goto(f"/desk/items/{item.id}?do=dismiss")
        expect(page.get_by_role("main")).to_be_focused()
        page.keyboard.press("d")
        page.keyboard.press("n")
        expect(page.get_by_label("What should the next person know?")).to_be_focused()
        page.keyboard.press("Escape")
        page.get_by_role("link", name="All about this article").focus()
        page.keyboard.press("q")
        page.wait_for_url("**/desk/queue")

    assert ItemState.OPEN is desk.find(item).state
