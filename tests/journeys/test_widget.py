"""A reader votes: with the service away, in two tabs, going back, in other scripts and ways."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.journeys import outage
from tests.journeys.outage import HelpCentre

REFUND = "/en/returns/refund/"
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000}

Open = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HelpCentre]:
    centre = outage.build(tmp_path_factory.mktemp("help"))
    centre.start()
    yield centre
    centre.kill()


@pytest.fixture
def centre(built: HelpCentre) -> HelpCentre:
    """Running, whatever the test before has done to it."""
    built.start()
    return built


@pytest.fixture
def reader(browser: Browser, centre: HelpCentre) -> Iterator[Open]:
    """Opens a browser that has never been here.

    Of one network three votes on an article count, so each test has an article of its own.
    """
    opened: list[BrowserContext] = []

    def open_context(**options: Any) -> BrowserContext:
        context = browser.new_context(base_url=centre.address, **options)
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        context.close()


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def said(page: Page, text: str) -> Locator:
    return page.get_by_role("status").filter(has_text=text)


def come_online(page: Page) -> None:
    """The connection is back; the page need not wait for its next try."""
    page.evaluate("() => window.dispatchEvent(new Event('online'))")


def test_a_vote_waits_over_a_reload_where_the_service_was_never_there_and_arrives_once(
    reader: Open, centre: HelpCentre
) -> None:
    page = reader().new_page()
    with centre.pages_alone():
        page.goto("/en/returns/label/")
        button(page, "No").click()
        expect(said(page, "Not sent yet")).to_be_visible()
        page.reload()
        expect(button(page, "No")).to_have_attribute("aria-pressed", "true")
        expect(said(page, "Not sent yet")).to_be_visible()

    centre.start()
    come_online(page)

    expect(said(page, "counted")).to_be_visible()
    come_online(page)
    page.reload()
    expect(said(page, "You can change it")).to_be_visible()
    assert centre.votes("label") == [False]


def test_a_service_that_dies_between_search_and_vote_gets_the_last_answer_once(
    reader: Open, centre: HelpCentre
) -> None:
    page = reader().new_page()
    page.goto("/en/")
    page.get_by_role("searchbox").or_(page.get_by_role("combobox")).first.fill("exchange a lamp")
    page.get_by_role("option", name="Can I exchange a lamp?").click()
    page.wait_for_url("**/en/returns/exchange/")

    centre.kill()
    button(page, "Yes").click()
    expect(said(page, "Not sent yet")).to_be_visible()
    button(page, "No").click()
    page.get_by_label("It is out of date").check()
    button(page, "Send").click()
    expect(said(page, "Not sent yet")).to_have_count(1)
    centre.start()
    come_online(page)

    expect(said(page, "Thank you. What you said is stored")).to_be_visible()
    assert centre.votes("exchange") == [False]


def test_what_waits_on_one_page_is_sent_from_the_next(reader: Open, centre: HelpCentre) -> None:
    page = reader().new_page()
    with centre.pages_alone():
        page.goto("/en/returns/bulky/")
        button(page, "Yes").click()
        expect(said(page, "Not sent yet")).to_be_visible()
    centre.start()

    with page.expect_response("**/api/v1/votes"):
        page.goto("/en/returns/costs/")

    expect(button(page, "Yes")).not_to_have_attribute("aria-pressed", "true")
    assert centre.votes("bulky") == [True]


def test_without_javascript_a_yes_may_bring_a_word_and_a_question_may_be_asked(
    reader: Open,
) -> None:
    page = reader(java_script_enabled=False).new_page()
    page.goto(REFUND)

    button(page, "Yes").click()
    page.wait_for_url("**voted=counted**")
    page.get_by_label("Would you like to say more?").fill("Clear and short.")
    button(page, "Send").click()
    expect(page.get_by_role("heading", name="Your message", exact=True)).to_be_visible()
    expect(page.get_by_text("Clear and short.")).to_be_visible()

    page.goto(REFUND)
    button(page, "No").click()
    page.get_by_role("link", name="Send us a question").click()
    page.get_by_label("Your question").fill("How do I send back two lamps in one parcel?")
    button(page, "Send").click()
    expect(page.get_by_role("heading", name="Your question", exact=True)).to_be_visible()


def test_over_slow_3g_an_article_is_read_and_voted_on(reader: Open, centre: HelpCentre) -> None:
    context = reader()
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.emulateNetworkConditions", SLOW_3G | {"uploadThroughput": 50_000})

    page.goto("/en/returns/late/", wait_until="commit")
    expect(page.get_by_text("Banks take five working days.")).to_be_visible()
    button(page, "Yes").click()

    # Before the script has come the form is answered by a page, later in place.
    expect(page.get_by_role("status").filter(has_text="counted")).to_be_visible()
    assert centre.votes("late") == [True]


def test_of_two_tabs_that_answer_differently_the_last_counts_once(
    reader: Open, centre: HelpCentre
) -> None:
    context = reader()
    first, second = context.new_page(), context.new_page()
    first.goto("/en/returns/costs/")
    second.goto("/en/returns/costs/")

    button(first, "No").click()
    expect(said(first, "counted")).to_be_visible()
    expect(button(second, "No")).to_have_attribute("aria-pressed", "true")
    button(second, "Yes").click()

    expect(said(second, "Your answer is changed.")).to_be_visible()
    expect(button(first, "Yes")).to_have_attribute("aria-pressed", "true")
    assert centre.votes("costs") == [True]


def test_an_answer_that_waits_in_one_tab_gives_way_to_a_later_one_in_another(
    reader: Open, centre: HelpCentre
) -> None:
    context = reader()
    first, second = context.new_page(), context.new_page()
    for page in (first, second):
        page.goto("/en/returns/gift/")

    centre.kill()
    button(first, "No").click()
    expect(said(first, "Not sent yet")).to_be_visible()
    button(second, "Yes").click()
    expect(said(second, "Not sent yet")).to_be_visible()
    expect(said(first, "Not sent yet")).to_have_count(0)
    centre.start()
    come_online(first)
    come_online(second)

    expect(said(second, "counted")).to_be_visible()
    assert centre.votes("gift") == [True]


def test_going_back_leads_to_the_answer_and_to_the_results(reader: Open) -> None:
    page = reader().new_page()
    page.goto("/en/search/?q=return")
    page.get_by_role("link", name="How do I return from abroad?").click()
    page.wait_for_url("**/en/returns/abroad/")
    button(page, "Yes").click()
    expect(said(page, "counted")).to_be_visible()

    page.go_back()
    expect(page.get_by_role("link", name="How do I return a table?")).to_be_visible()
    page.go_forward()

    expect(button(page, "Yes")).to_have_attribute("aria-pressed", "true")
    expect(button(page, "No")).not_to_have_attribute("aria-pressed", "true")


def test_a_double_click_is_one_answer_and_opens_what_it_asks_for(
    reader: Open, centre: HelpCentre
) -> None:
    page = reader().new_page()
    page.goto("/en/returns/opened/")

    button(page, "No").dblclick()

    expect(said(page, "Thank you. Your answer is counted.")).to_be_visible()
    expect(page.get_by_role("group", name="What was wrong with it?")).to_be_visible()
    assert centre.votes("opened") == [False]


def test_by_keyboard_a_yes_a_word_and_another_mind(reader: Open, centre: HelpCentre) -> None:
    page = reader().new_page()
    page.goto("/en/returns/again/")

    button(page, "Yes").focus()
    page.keyboard.press("Enter")
    expect(said(page, "counted")).to_be_visible()
    expect(button(page, "Yes")).to_be_focused()
    page.keyboard.press("Tab")  # to "No"
    page.keyboard.press("Tab")
    page.keyboard.type("It worked at once.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(said(page, "Thank you. What you said is stored")).to_be_visible()
    expect(page.get_by_role("link", name="What becomes of your message")).to_be_visible()
    button(page, "No").focus()
    page.keyboard.press("Enter")

    expect(said(page, "Your answer is changed.")).to_be_visible()
    expect(page.locator("legend", has_text="What was wrong with it?")).to_be_focused()
    assert centre.votes("again") == [False]


@pytest.mark.parametrize("width", [320, 412])
def test_nothing_that_is_said_moves_what_a_finger_is_on(reader: Open, width: int) -> None:
    context = reader(viewport={"width": width, "height": 800}, has_touch=True)
    page = context.new_page()
    page.goto("/de/returns/refund/")
    question = page.get_by_role("group", name="Hat das Ihre Frage beantwortet?")
    before = question.bounding_box()

    context.set_offline(offline=True)
    button(page, "Nein").tap()
    reason = page.get_by_role("main").get_by_role("radio").first
    expect(reason).to_be_visible()
    opened = reason.bounding_box()
    expect(said(page, "Noch nicht")).to_be_visible()
    waiting = reason.bounding_box()
    context.set_offline(offline=False)
    expect(said(page, "Danke. Ihre Antwort")).to_be_visible()

    assert (before, opened) == (question.bounding_box(), reason.bounding_box())
    assert opened == waiting


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("de", ("ltr", "Nein", "Danke. Ihre Antwort")),
        ("sv", ("ltr", "Nej", "Tack. Ditt svar")),
        ("ar", ("rtl", "لا", "شكرًا لك. احتُسبت إجابتك")),
    ],
)
def test_in_each_language_and_direction_a_no_is_counted(
    reader: Open, centre: HelpCentre, lang: str, words: tuple[str, str, str]
) -> None:
    direction, no, thanks = words
    page = reader(viewport={"width": 320, "height": 640}).new_page()
    page.goto(f"/{lang}/returns/refund/")

    button(page, no).click()

    expect(said(page, thanks)).to_be_visible()
    expect(page.get_by_role("main").get_by_role("radio")).to_have_count(8)
    expect(page.locator("body")).to_have_attribute("dir", direction)
    assert page.evaluate("() => document.documentElement.scrollWidth") == 320
    assert centre.votes("refund", lang)[-1:] == [False]


def test_what_a_screen_reader_is_told_of_the_open_widget(reader: Open) -> None:
    page = reader().new_page()
    page.goto("/en/returns/sale/")
    button(page, "No").click()
    expect(said(page, "counted")).to_be_visible()

    expect(page.get_by_role("article")).to_match_aria_snapshot("""
      - article:
        - navigation "You are here"
        - heading "Can I return what was on sale?" [level=1]
        - paragraph: Yes, as anything else.
        - region "Did this answer your question?":
          - group "Did this answer your question?":
            - button "Yes"
            - button "No" [pressed]
          - status: Thank you. Your answer is counted.
          - group "What was wrong with it? optional":
            - radio "It is out of date"
            - text: It is out of date
            - radio "It is wrong or does not work"
            - radio "A link or a picture is broken"
            - radio "A step is missing"
            - radio "It is hard to understand"
            - radio "I understand it, but I do not agree with it"
            - radio "It is not what I was looking for"
            - radio "Something else"
          - textbox "Anything to add? optional"
          - paragraph: /At most 1,000 characters/
          - paragraph:
            - button "Send"
            - link "Ask a person"
            - link "Send us a question"
          - status
    """)
