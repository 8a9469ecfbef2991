"""What readers type and do not find is told once, and three of them make a gap on the desk."""

import json
import sqlite3
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.journeys import shop
from tests.journeys.shop import Shop

QUESTION = "zeppelin harbour"


@pytest.fixture
def context(browser: Browser, served_shop: Shop) -> BrowserContext:
    return browser.new_context(base_url=served_shop.address)


def told(page: Page) -> list[Any]:
    """The events that a page tells, as they are sent."""
    found: list[Any] = []

    def note(request: Request) -> None:
        if urlsplit(request.url).path == "/api/v1/events":
            found.extend(json.loads(request.post_data or "{}")["events"])

    page.on("request", note)
    return found


def kept(shop: Shop, page: Page, beginning: str) -> list[tuple[str, int, str | None]]:
    """The searches that the service keeps, once there are some: query, hits, and what came next."""
    for _ in range(100):
        with closing(sqlite3.connect(shop.root / "var" / "kb.db")) as db:
            found = db.execute(
                "SELECT query, hits, refined_to FROM searches WHERE query LIKE ? ORDER BY at",
                [f"{beginning}%"],
            ).fetchall()
        if found:
            return found
        page.wait_for_timeout(100)
    return []


def test_a_question_typed_letter_by_letter_is_told_once_though_the_page_is_left(
    context: BrowserContext, served_shop: Shop
) -> None:
    page = context.new_page()
    page.goto("/en/")
    page.keyboard.press("/")
    # Each pause is longer than it takes for results to come, and shorter than a rest.
    page.keyboard.type("hovercraft pier", delay=200)
    expect(page.get_by_role("status").filter(has_text="hovercraft pier")).to_be_attached()
    page.wait_for_timeout(600)

    page.goto("/en/returns/")

    assert kept(served_shop, page, "ho") == [("hovercraft pier", 0, None)]


def test_a_hit_that_is_opened_is_told_with_its_search_and_the_vote_names_it(
    context: BrowserContext,
) -> None:
    page = context.new_page()
    events = told(page)
    page.goto("/en/")
    page.keyboard.press("/")
    page.keyboard.type("PAY-3DS-07", delay=20)
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/payment-3ds-failed/*")
    with page.expect_request("**/api/v1/votes") as voted:
        page.get_by_role("button", name="Yes").click()

    search, click = events
    vote = json.loads(voted.value.post_data or "")
    assert (click["event"], click["article"], click["rank"]) == ("click", "payment-3ds-failed", 1)
    assert search["search_id"] == click["search_id"] == vote["search_id"]


def test_asking_again_is_told_as_such(context: BrowserContext, served_shop: Shop) -> None:
    page = context.new_page()
    page.goto("/en/search/?q=submarine+quay")
    page.locator("#kb-q").fill("airship")
    expect(page.get_by_role("status").filter(has_text="airship")).to_be_attached()
    page.wait_for_timeout(600)

    page.goto("/en/")

    assert kept(served_shop, page, "airship") == [("airship", 0, None)]
    assert kept(served_shop, page, "submarine") == [("submarine quay", 0, "airship")]


def test_three_readers_in_vain_are_a_gap_on_the_desk(browser: Browser, served_shop: Shop) -> None:
    for name in ("Alice", "Bob", "Carol"):
        reader = browser.new_context(
            base_url=served_shop.address, user_agent=name, java_script_enabled=name != "Carol"
        )
        reader.new_page().goto("/en/")
        page = reader.pages[0]
        page.get_by_role("searchbox").first.fill(QUESTION)
        page.keyboard.press("Enter")
        page.wait_for_url("**/en/search/?q=*")
        expect(page.get_by_role("heading", name="Ask us")).to_be_visible()
        page.get_by_role("button", name="Send").click()
        page.wait_for_url("**asked=*")
        reader.close()

    printed = json.loads(shop.kb(served_shop.root, "gaps", "--json").stdout)

    desk = browser.new_context(base_url=served_shop.address).new_page()
    desk.goto("/desk/gaps")
    desk.get_by_label("Name").fill("admin")
    desk.get_by_label("Password").fill(served_shop.password)
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/desk/gaps")
    expect(desk.get_by_role("link", name=QUESTION)).to_be_visible()
    (gap,) = [each for each in printed if each["label"] == QUESTION]
    assert gap["kind"] == "write"
    assert gap["askers"] >= 3
