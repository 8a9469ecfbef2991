"""Nothing that anybody writes runs on a page; pages keep their policy, and nothing of readers."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import Connection

from feedback import database, reports
from feedback.model import ArticleId, ArticleKey, Reason
from feedback.reports import Report
from tests.answerloop.builders import page, write
from tests.journeys import payloads, shop
from tests.journeys.shop import Shop

_STORED = re.compile("counted|does not count yet")  # others here have voted from this network
ARTICLE = "/en/payment/payment-3ds-failed/"
PAGES = ("/en/", ARTICLE, "/en/payment/", "/de/", "/en/search/?q=refund", "/en/nowhere/", "/")
WATCH = """
  window.violations = [];
  document.addEventListener("securitypolicyviolation", (e) =>
    window.violations.push(`${e.effectiveDirective} ${e.blockedURI} ${e.sample}`));
"""


def planted(at: int) -> str:
    """An article that holds a payload wherever its author may write."""
    text = payloads.ALL[at]
    quoted = json.dumps(text, ensure_ascii=True)  # YAML reads JSON
    return (
        f"---\nid: p{at}\ntitle: {quoted}\ndescription: {quoted}\ntags: [{quoted}]\n"
        f"owner: {quoted}\nasked_as: [{quoted}]\nreply: {quoted}\nauthor: {quoted}\n"
        f"icon: {quoted}\nx{at}: {{{quoted}: {quoted}}}\n---\n"
        f"## Heading {text}\n\nWalnut {text}\n\n{text}\n\n- {text}\n\n| {text} |\n|---|\n| x |\n"
    )


@pytest.fixture(scope="module")
def attacked(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A help centre of an author who attacks; each article is an attack."""
    place = tmp_path_factory.mktemp("attacked")
    yml = (root / "mkdocs.yml").read_text(encoding="utf-8")
    write(place, {"mkdocs.yml": yml, "kb.toml": "[limits]\nenabled = false\n"})
    write(place / "kb", {f"c/p{at}.md": planted(at) for at in range(len(payloads.ALL))})
    with shop.served(place) as attacked_shop:
        yield attacked_shop


@pytest.fixture
def unprotected(browser: Browser, attacked: Shop) -> Iterator[Page]:
    """A page without a policy: what would run is not held back by it."""
    with browser.new_context(base_url=attacked.address, bypass_csp=True) as context:
        opened = context.new_page()
        opened.add_init_script("window.ran = 0; window.alert = () => { window.ran += 1; };")
        opened.goto("/desk/login")
        yield opened


def ran(shown: Page) -> bool:
    """Whether something planted ran: by itself, or as soon as it is pointed at or clicked."""
    return bool(
        shown.evaluate(
            """async () => {
              for (const each of document.querySelectorAll(".planted")) {
                each.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
                each.click();
              }
              await new Promise((done) => setTimeout(done, 10));
              return window.ran > 0;
            }"""
        )
    )


def running(shown: Page, sources: Iterable[str]) -> list[int]:
    """Which of these pages run something planted; loading them whole would take minutes."""
    found = []
    for at, html in enumerate(sources):
        shown.set_content(html, wait_until="domcontentloaded")
        if ran(shown):
            found.append(at)
            shown.evaluate("window.ran = 0")
    return found


def test_there_are_sixty_and_they_do_run_where_nothing_stops_them(unprotected: Page) -> None:
    found = running(unprotected, [f"<p>{text}</p>" for text in payloads.SCRIPTS[:4]])

    assert len(set(payloads.ALL)) == 60
    assert found == [0, 1, 3]


def test_nothing_that_an_author_writes_runs_on_any_page(unprotected: Page, attacked: Shop) -> None:
    site = attacked.root / "site"
    written = [page(site, f"/c/p{at}/") for at in range(len(payloads.ALL))]

    found = running(unprotected, [*written, page(site), page(site, "/c/")])

    assert found == []
    for path in ("/", "/c/", "/c/p0/", "/c/p19/"):
        unprotected.goto(path)
        assert not ran(unprotected)


def test_nothing_that_is_searched_for_runs(unprotected: Page, attacked: Shop) -> None:
    with attacked.client() as client:
        answers = [client.get("/search/", params={"q": text}).text for text in payloads.ALL]

    found = running(unprotected, answers)

    assert found == []
    unprotected.goto(f"/search/?{urlencode({'q': payloads.ALL[0]})}")
    assert not ran(unprotected)
    unprotected.goto("/c/")
    unprotected.keyboard.press("/")
    unprotected.keyboard.type("walnut")
    expect(unprotected.get_by_role("option").first).to_be_visible()
    assert not ran(unprotected)


def report(db: Connection, *, said: Report) -> None:
    reports.report(db, said, datetime.now(UTC))


def test_nothing_that_is_said_of_an_article_runs_in_the_desk(
    unprotected: Page, attacked: Shop
) -> None:
    key = ArticleKey(ArticleId("p0"), "en")
    with closing(database.open(f"sqlite:///{attacked.root / 'var/kb.db'}")) as db:
        for text in payloads.ALL:
            said = Report(key, "admin", Reason.WRONG, words=text, ticket="4711")
            db.apply(partial(report, said=said))
    unprotected.goto("/desk/login")
    unprotected.get_by_label("Name").fill("admin")
    unprotected.get_by_label("Password").fill(attacked.password)
    unprotected.get_by_role("button", name="Sign in").click()
    unprotected.wait_for_url("**/desk/")
    unprotected.goto("/desk/queue")
    unprotected.locator("a[href*='/desk/items/']").first.click()
    unprotected.wait_for_url("**/desk/items/**")

    assert unprotected.locator("body", has_text=payloads.ALL[0]).count() == 1
    assert not ran(unprotected)


@pytest.fixture
def reader(browser: Browser, served_shop: Shop) -> Iterator[BrowserContext]:
    with browser.new_context(base_url=served_shop.address) as context:
        context.add_init_script(WATCH)
        yield context


def violations(shown: Page) -> list[str]:
    found: list[str] = shown.evaluate("window.violations")
    return found


def test_every_page_lives_under_its_policy_and_asks_nobody_else(
    reader: BrowserContext, served_shop: Shop
) -> None:
    opened = reader.new_page()
    asked: set[str] = set()
    opened.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    found = []
    for path in PAGES:
        answer = opened.goto(path)
        assert answer is not None
        policy = answer.headers["content-security-policy"]
        assert "unsafe-inline" not in policy
        assert "frame-ancestors 'none'" in policy
        found += violations(opened)
    opened.goto(ARTICLE)
    opened.get_by_role("button", name="No", exact=True).click()
    expect(opened.get_by_role("status").filter(has_text=_STORED)).to_be_visible()
    opened.keyboard.press("/")
    opened.keyboard.type("refund")
    expect(opened.get_by_role("option").first).to_be_visible()

    assert found + violations(opened) == []
    assert asked == {urlsplit(served_shop.address).netloc}


def test_without_the_hashes_the_scripts_of_a_page_are_refused(reader: BrowserContext) -> None:
    def strip(route: Route) -> None:
        answer = route.fetch()
        policy = answer.headers["content-security-policy"]
        bare = " ".join(word for word in policy.split() if not word.startswith("'sha256-"))
        if "; style-src" not in bare:
            bare = bare.replace(" style-src", "; style-src")
        route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": bare})

    opened = reader.new_page()
    opened.route(f"**{ARTICLE}", strip)
    opened.goto(ARTICLE)

    assert any(each.startswith("script-src-elem inline") for each in violations(opened))


def test_a_browser_keeps_nothing_until_a_reader_chooses(reader: BrowserContext) -> None:
    opened = reader.new_page()
    for path in ("/en/", ARTICLE):
        opened.goto(path)
    kept = "() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]"
    before = opened.evaluate(kept)
    opened.get_by_title("Switch to dark colours").click()
    expect(opened.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    opened.goto("/en/")

    assert before == []
    assert opened.evaluate(kept) == ["/.__palette"]
    assert opened.locator("body").get_attribute("data-md-color-scheme") == "slate"
    assert reader.cookies() == []


def test_colours_are_those_that_the_system_prefers(browser: Browser, served_shop: Shop) -> None:
    with browser.new_context(base_url=served_shop.address, color_scheme="dark") as context:
        opened = context.new_page()
        opened.goto("/en/")
        body = opened.locator("body")
        expect(body).to_have_attribute("data-md-color-scheme", "slate")
        opened.emulate_media(color_scheme="light")
        expect(body).to_have_attribute("data-md-color-scheme", "default")

        assert opened.evaluate("localStorage.length") == 0


def test_the_policy_that_is_sent_is_printed_for_those_who_send_pages_themselves(
    served_shop: Shop,
) -> None:
    with served_shop.client() as client:
        sent = client.get("/en/").headers["Content-Security-Policy"]

    said = shop.kb(served_shop.root, "csp", "--format", "nginx")

    assert said.stdout == f'add_header Content-Security-Policy "{sent}" always;\n'
