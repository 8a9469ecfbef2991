"""The search box as a reader meets it: by keyboard, by ear, without the service, and back again."""

import json
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect

from search import spelling
from tests.journeys.shop import Shop

API = "**/api/v1/**"
REPLACED = {"id": "gift-return", "title": "Can I return a gift?", "url": "/en/returns/gift-return/"}
LOOKS: dict[str, dict[str, Any]] = {
    "smallest phone": {"viewport": {"width": 320, "height": 640}},
    "desk, dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "forced colours": {"viewport": {"width": 1280, "height": 900}, "forced_colors": "active"},
}


@pytest.fixture
def context(browser: Browser, served_shop: Shop) -> Iterator[BrowserContext]:
    opened = browser.new_context(base_url=served_shop.address)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it
        """Say nothing."""


@contextmanager
def static_host(folder: Path) -> Iterator[str]:
    """A host that knows files and nothing else."""
    handler = partial(_QuietHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def told(page: Page) -> list[Any]:
    """The events that a page tells, as they are sent."""
    found: list[Any] = []

    def note(request: Request) -> None:
        if urlsplit(request.url).path == "/api/v1/events":
            found.extend(json.loads(request.post_data or "{}")["events"])

    page.on("request", note)
    return found


def ask(page: Page, question: str, path: str = "/en/") -> None:
    page.goto(path)
    page.keyboard.press("/")
    page.keyboard.type(question)


def chosen(page: Page) -> str:
    """The title of the option that the box says is active."""
    return str(
        page.evaluate(
            "() => document.getElementById(document.querySelector('#kb-q')"
            ".getAttribute('aria-activedescendant'))?.firstChild.textContent ?? ''"
        )
    )


def test_a_screen_reader_hears_the_box_its_results_and_which_is_chosen(page: Page) -> None:
    ask(page, "retun label")
    expect(page.locator(".kb-found__note")).to_have_text("Showing results for “return label”")
    page.keyboard.press("ArrowDown")

    expect(page.get_by_role("search")).to_match_aria_snapshot("""
      - search "Search this help":
        - text: Search this help
        - combobox "Search this help" [expanded]: retun label
        - button "Search"
        - paragraph: Showing results for “return label”
        - listbox "Results":
          - option /^Get a return label and send a parcel back Returns and refunds .*/ [selected]
          - option /.*/
          - option /.*/
          - option /.*/
          - option /.*/
          - option /.*/
          - option /.*/
          - option /.*/
          - option /Show all results \\(\\d+\\)/
        - status: /Showing results for “return label” Results. \\d+/
      """)


def test_the_arrows_home_and_end_move_the_choice_and_escape_gives_it_up(page: Page) -> None:
    ask(page, "refund")
    options = page.get_by_role("option")
    expect(options.last).to_contain_text(re.compile(r"\(\d+\)"))  # all results, none is to come
    seen = []

    for key in ("ArrowDown", "ArrowDown", "Home", "End", "ArrowDown", "ArrowUp", "ArrowLeft"):
        page.keyboard.press(key)
        seen.append(chosen(page))

    titles = [each.strip() for each in page.locator(".kb-found__title").all_inner_texts()]
    last = options.last.inner_text()
    assert [titles[0], titles[1], titles[0], last, "", last, ""] == seen
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.locator("#kb-q")).to_be_focused()
    expect(page.locator("#kb-q")).to_have_value("refund")


def test_who_has_begun_to_choose_keeps_the_list_until_they_go_back_to_the_box(page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/api/v1/search\?q=refund&"), hold)
    ask(page, "refun")
    expect(page.get_by_role("option").nth(1)).to_be_visible()
    with page.expect_request(re.compile(r"/api/v1/search\?q=refund&")):
        page.keyboard.press("d")
    page.keyboard.press("ArrowDown")
    before = chosen(page)

    with page.expect_response(re.compile(r"/api/v1/search\?q=refund&")):
        held[0].fulfill(json={"query": "refund", "total": 1, "results": [REPLACED]})
    page.evaluate("() => new Promise((done) => setTimeout(done, 50))")

    assert before
    assert chosen(page) == before
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option")).to_have_text([REPLACED["title"]])


def test_recent_searches_stay_in_the_tab_and_can_be_cleared(
    page: Page, context: BrowserContext
) -> None:
    ask(page, "lamp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/search/?q=lamp")
    page.goto("/en/returns/")

    page.keyboard.press("Control+k")
    expect(page.get_by_role("listbox", name="Recent searches")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#kb-q")).to_have_value("lamp")
    expect(page.get_by_role("listbox", name="Results")).to_be_visible()
    page.locator("#kb-q").fill("")
    page.get_by_role("button", name="Clear recent searches").click()

    expect(page.locator(".kb-found")).to_be_hidden()
    for_ever = "() => Object.keys(localStorage).filter((name) => name.startsWith('answerloop'))"
    assert page.evaluate(for_ever) == []
    assert page.evaluate("() => sessionStorage.getItem('answerloop.recent')") == "[]"
    other = context.new_page()
    other.goto("/en/")
    other.keyboard.press("/")
    expect(other.locator("#kb-q")).to_be_focused()
    expect(other.get_by_role("listbox")).to_be_hidden()


def test_nothing_found_names_the_nearest_topics_and_the_ways_to_somebody(page: Page) -> None:
    ask(page, "pascal")

    expect(page.get_by_role("status").filter(has_text="come nearest")).to_be_attached()
    expect(page.get_by_role("listbox", name="Nearest topics")).to_be_visible()
    expect(page.get_by_role("search").get_by_role("link", name="Ask a person")).to_be_visible()
    page.get_by_role("link", name="Ask us").click()
    page.wait_for_url("**/en/search/?q=pascal#kb-ask-title")
    expect(page.get_by_label("Your question")).to_have_value("pascal")
    headings = page.get_by_role("main").get_by_role("heading").all_inner_texts()
    assert headings == ["Search", "Nearest topics", "Ask us", "All subjects"]


def test_without_the_service_titles_are_found_and_nobody_is_told(page: Page) -> None:
    page.clock.install()
    events = told(page)
    page.route(API, lambda route: route.abort())
    ask(page, "lmap flickers", "/en/returns/")

    expect(page.locator(".kb-found__note")).to_contain_text("not reachable")
    expect(page.get_by_role("option")).to_have_count(1)
    page.unroute(API)
    page.clock.fast_forward(11_000)
    page.locator("#kb-q").fill("lmap flicker")
    expect(page.locator(".kb-found__note")).to_contain_text("Showing results")
    page.route(API, lambda route: route.abort())
    page.locator("#kb-q").fill("lmap")
    expect(page.locator(".kb-found__note")).to_contain_text("not reachable")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/products/**")

    assert {event["event"] for event in events} <= {"search"}
    assert {event["query"] for event in events} <= {"lmap flicker"}


def test_a_static_host_answers_the_form_with_the_titles(
    browser: Browser, served_shop: Shop
) -> None:
    with static_host(served_shop.root / "site") as address:
        context = browser.new_context(base_url=address)
        page = context.new_page()
        page.goto("/de/")

        page.locator("#kb-q").fill("Geld zurük")
        page.keyboard.press("Enter")

        page.wait_for_url("**/de/search/?q=*")
        expect(page.locator(".kb-results__line")).to_contain_text("nicht erreichbar")
        expect(page.locator(".kb-result").first).to_contain_text("Geld")
        expect(page).to_have_title(re.compile("^Geld zurük - Suche"))
        assert page.locator("#kb-q").input_value() == "Geld zurük"
        context.close()


def test_the_titles_know_the_same_typing_errors_as_the_service(page: Page) -> None:
    stems = ["return", "retrun", "reutnr", "retur", "turn", "account", "acount", "konto", "ret"]
    pairs = [(one, other) for one in stems for other in stems]
    expected = [[spelling.distance(one, other) <= most for one, other in pairs] for most in (1, 2)]
    page.goto("/en/")

    actual = page.evaluate(
        "async (pairs) => { const { isNear } = await import('/assets/answerloop/titles.js');"
        " return [1, 2].map((most) => pairs.map(([one, other]) => isNear(one, other, most))); }",
        pairs,
    )

    assert expected == actual


def test_a_page_of_results_names_its_question_and_leads_on_and_back(
    browser: Browser, served_shop: Shop
) -> None:
    context = browser.new_context(base_url=served_shop.address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/en/search/?q=refund")
    first = page.locator(".kb-result").first.inner_text()

    page.get_by_role("link", name="Next").click()
    page.wait_for_url("**q=refund&offset=10")

    expect(page).to_have_title(re.compile(r"^refund \(2/2\) - Search"))
    page.go_back()
    expect(page).to_have_title(re.compile("^refund - Search"))
    assert first == page.locator(".kb-result").first.inner_text()
    page.goto("/en/search/?q=refund&offset=900")
    assert page.url.endswith("/en/search/?q=refund")
    context.close()


def test_a_question_in_the_title_is_escaped(served_shop: Shop) -> None:
    with served_shop.client() as client:
        answer = client.get("/en/search/", params={"q": "</title><script>alert(1)</script>"})

    assert "<script>alert" not in answer.text
    assert answer.headers["Cache-Control"] == "private, no-cache"


def kept(shop: Shop, page: Page, query: str) -> list[tuple[str | None, bool]]:
    """What the service keeps of a search, once it is known to be watched: how it was refined."""
    for _ in range(100):
        with closing(sqlite3.connect(shop.root / "var" / "kb.db")) as db:
            found = db.execute(
                "SELECT refined_to, clicked FROM searches WHERE query = ? AND watched", [query]
            ).fetchall()
        if found:
            return [(refined, bool(clicked)) for refined, clicked in found]
        page.wait_for_timeout(100)
    return []


def test_back_from_an_article_the_results_are_the_same_search(
    page: Page, served_shop: Shop
) -> None:
    events = told(page)
    page.goto("/en/search/?q=klarna+invoice")
    page.locator(".kb-result a").first.click()
    page.wait_for_url(lambda url: "/search/" not in url)

    page.go_back()
    page.wait_for_url("**/en/search/?q=klarna*")
    page.locator(".kb-result a").nth(1).click()
    page.wait_for_url(lambda url: "/search/" not in url)

    assert len({event["search_id"] for event in events}) == 1
    assert [event["rank"] for event in events if event["event"] == "click"] == [1, 2]
    assert kept(served_shop, page, "klarna invoice") == [(None, True)]


def test_a_hit_of_the_second_page_is_told_with_the_search_of_the_first(page: Page) -> None:
    events = told(page)
    page.goto("/en/search/?q=refund")
    page.get_by_role("link", name="Next").click()
    page.wait_for_url("**offset=10")

    page.locator(".kb-result a").first.click()
    page.wait_for_url(lambda url: "/search/" not in url)

    search, click = events
    assert (click["search_id"], click["rank"]) == (search["search_id"], 11)


def test_a_results_page_that_follows_another_refines_it(page: Page, served_shop: Shop) -> None:
    page.goto("/en/search/?q=dirigible+mast")
    page.locator("#kb-q").fill("balloon anchor")

    page.keyboard.press("Enter")
    page.wait_for_url("**q=balloon*")

    assert kept(served_shop, page, "balloon anchor") == [(None, False)]
    assert kept(served_shop, page, "dirigible mast") == [("balloon anchor", False)]


@pytest.mark.parametrize("look", LOOKS)
def test_no_state_of_the_box_breaks_a_rule_of_accessibility(
    browser: Browser, served_shop: Shop, look: str
) -> None:
    context = browser.new_context(base_url=served_shop.address, bypass_csp=True, **LOOKS[look])
    page = context.new_page()
    found: dict[str, Any] = {}

    def note(state: str) -> None:
        broken = Axe().run(page).response["violations"]
        wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        found[state] = ([(rule["id"], rule["nodes"][0]["html"]) for rule in broken], wide)

    ask(page, "retun label")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    note("results")
    page.evaluate("() => [document.documentElement, document.body].forEach((e) => e.dir = 'rtl')")
    note("right to left")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/en/"))
    page.goto("/en/")
    page.keyboard.press("/")
    expect(page.get_by_role("listbox", name="Recent searches")).to_be_visible()
    note("recent")
    page.keyboard.type("pascal")
    expect(page.get_by_role("listbox", name="Nearest topics")).to_be_visible()
    note("nothing found")
    page.route(API, lambda route: route.abort())
    page.keyboard.type(" lamp")
    expect(page.locator(".kb-found__note")).to_contain_text("not reachable")
    note("away")

    assert dict.fromkeys(found, ([], 0)) == found
    context.close()
