"""The pictures of the manual: each can be made, and those that are there have its size.

`make pictures` makes them anew after the looks have changed.
"""

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from answerloop.desk import cookies
from tests.desk.desk import Desk
from tests.journeys import november, palette

DESK = (1100, 760)
PHONE = (390, 844)
FRAME = (380, 760)
LARGEST = 150_000


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as somebody sees it; `person` is empty for a reader, `show` makes it ready."""

    path: str
    person: str = "maren"
    size: tuple[int, int] = DESK
    show: Callable[[Page], None] = lambda page: expect(page.get_by_role("main")).to_be_visible()


def say_no(page: Page) -> None:
    page.get_by_role("button", name="No", exact=True).click()
    reason = page.get_by_role("radio", name="Out of date")
    expect(reason).to_be_visible()
    reason.check()
    reason.scroll_into_view_if_needed()


def fill_in(page: Page) -> None:
    page.keyboard.press("ArrowDown")
    expect(page.locator(".panel__title")).to_contain_text("refund")
    page.get_by_label("Customer's name").fill("Ada Miller")
    page.get_by_label("Your name").fill("Kim")
    expect(page.locator(".panel .preview").first).to_contain_text("Ada Miller")
    page.evaluate("scrollTo(0, 0)")


def open_hit(page: Page) -> None:
    page.keyboard.press("ArrowDown")
    expect(page.locator(".panel__title")).to_contain_text("parcel")


def open_item(page: Page) -> None:
    page.locator(".card__title a", has_text="When will I have my money back?").click()
    expect(page.get_by_role("heading", name="What to do")).to_be_visible()


def press_down(page: Page) -> None:
    page.keyboard.press("j")
    expect(page.locator(".card__title a").first).to_be_focused()


PICTURES: Mapping[str, Picture] = {
    "home": Picture("/en/", person=""),
    "vote": Picture("/en/returns/refund-missing/", person="", size=PHONE, show=say_no),
    "agent": Picture(
        "/desk/?q=refund+after+delivery", person="kim", size=(1100, 880), show=fill_in
    ),
    "sidebar": Picture(
        "/desk/sidebar?q=where+is+my+parcel", person="kim", size=FRAME, show=open_hit
    ),
    "queue": Picture("/desk/queue", show=press_down),
    "item": Picture("/desk/queue", show=open_item),
    "article": Picture("/desk/articles/en/refund-time"),
    "gaps": Picture("/desk/gaps"),
    "reports": Picture("/desk/reports"),
}


@dataclass(frozen=True, slots=True)
class Studio:
    """A browser before the shop's desk, on the morning after its month."""

    browser: Browser
    desk: Desk
    address: str

    def take(self, picture: Picture) -> bytes:
        width, height = picture.size
        context = self.browser.new_context(
            base_url=self.address, viewport={"width": width, "height": height}, locale="en-GB"
        )
        context.set_default_timeout(10_000)
        if picture.person:
            session = self.desk.signed_in(picture.person).get_cookie(cookies.PLAIN_NAME)
            assert session is not None
            kept = {"name": session.key, "value": session.value, "url": self.address}
            context.add_cookies([kept])  # type: ignore[list-item]  # playwright's dictionary
        page = context.new_page()
        page.goto(picture.path)
        page.wait_for_load_state("networkidle")
        picture.show(page)
        png = page.screenshot(animations="disabled")
        context.close()
        return png

    def keep(self, png: bytes, file: Path) -> None:
        blank = self.browser.new_page()
        file.write_bytes(palette.small(png, blank))
        blank.close()


@pytest.fixture(scope="module")
def studio(
    browser: Browser, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Studio]:
    with november.opened(root, tmp_path_factory.mktemp("november")) as desk:
        server = make_server("127.0.0.1", 0, desk.app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Studio(browser, desk, f"http://127.0.0.1:{server.port}")
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_manual_shows_these_pictures_and_no_others(root: Path) -> None:
    pages = [root / "README.md", *(root / "docs").rglob("*.md")]

    named = {
        name
        for page in pages
        for name in re.findall(r"images/([\w-]+)\.png", page.read_text(encoding="utf-8"))
    }

    assert named == set(PICTURES)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_can_be_made_and_the_one_that_is_there_has_its_size(
    studio: Studio, root: Path, name: str, pytestconfig: pytest.Config
) -> None:
    png = studio.take(PICTURES[name])
    if folder := pytestconfig.getoption("--pictures"):
        studio.keep(png, Path(folder) / f"{name}.png")

    kept = (root / "docs" / "images" / f"{name}.png").read_bytes()

    assert palette.size(kept) == palette.size(png)
    assert len(kept) < LARGEST
