"""On a phone: with a thumb, before the scripts have come, with what is too wide for it."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.answerloop.builders import MKDOCS_YML, repository, site_of
from tests.answerloop.builders import with_front_matter as fm
from tests.journeys.shop import Shop

ARTICLE = "/en/returns/refund-missing/"
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
}
THUMB = 44
LETTERS_AN_IPHONE_DOES_NOT_ENLARGE = 16
EXTENSIONS = """
markdown_extensions:
  - attr_list
  - tables
  - pymdownx.highlight
  - pymdownx.superfences
"""
LONG = "A subject whose name is rather longer than anybody would have wished for"
WIDE = f"""
| {" | ".join(f"Column number {number}" for number in range(9))} |
| {"--- | " * 9}
| {" | ".join("Something to read" for _ in range(9))} |

```python
def cost(weight: float, *, country: str = "Sweden", is_express: bool = False) -> float:
    return 4.9 + 0.5 * weight  # and a surcharge where the parcel goes by air
```
"""
CONTENTS = {
    "en/index.md": fm("title: How can we help?"),
    "en/parcels/index.md": fm(f"title: {LONG}"),
    "en/parcels/wide.md": fm("title: What does the parcel cost?", WIDE),
    "en/parcels/lost.md": fm(
        "title: The tracking number of the parcel is wrong",
        "See [the lost one](gone.md).",
    ),
    "en/parcels/gone.md": fm("title: The tracking number of the parcel is lost", "Call us."),
    "en/soon/index.md": fm("title: Soon", ""),
    "en/contact/index.md": fm("title: Contact", "Write to us."),
}
TEXT_FIELDS = "input[type=search], input[type=email], textarea"
LETTERS = "(fields) => fields.map((each) => parseFloat(getComputedStyle(each).fontSize))"
PLACES = """() => Object.fromEntries(
  ["h1", "#kb-content > p", "[data-kb-search-open]", ".kb-languages"].map((name) => {
    const { left, top } = document.querySelector(name).getBoundingClientRect();
    return [name, [left, top]];
  }))"""
BEGINNINGS = "(links) => links.map((each) => Math.round(each.getClientRects()[0].top))"


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a site with what does not fit, opened from the disk."""
    known = repository(tmp_path_factory.mktemp("odd"), CONTENTS, mkdocs_yml=MKDOCS_YML + EXTENSIONS)
    return f"{site_of(known).as_uri()}/en"


@pytest.fixture
def phone(browser: Browser, served_shop: Shop) -> Iterator[Page]:
    context = browser.new_context(base_url=served_shop.address, **PHONE)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", ["/en/", ARTICLE, "/en/search/?ask=", "/en/search/?q=refund"])
def test_the_letters_of_no_field_are_so_small_that_an_iphone_zooms_in(
    phone: Page, path: str
) -> None:
    phone.goto(path)

    sizes = phone.locator(TEXT_FIELDS).evaluate_all(LETTERS)

    assert sizes
    assert min(sizes) >= LETTERS_AN_IPHONE_DOES_NOT_ENLARGE


def test_a_question_has_room_and_what_stands_alone_is_as_large_as_a_thumb(phone: Page) -> None:
    phone.goto("/en/")

    field = phone.get_by_role("searchbox")
    box = field.bounding_box()
    heights = phone.locator(".kb-card__all a, .md-copyright a").evaluate_all(
        "(links) => links.map((each) => each.getBoundingClientRect().height)"
    )

    assert box is not None
    assert box["width"] > 2 / 3 * PHONE["viewport"]["width"]
    assert [height for height in heights if height < THUMB] == []


def test_scripts_that_come_late_move_nothing(browser: Browser, served_shop: Shop) -> None:
    places = []
    for late in ("no-script-of-this-name", "*.js"):
        context = browser.new_context(base_url=served_shop.address, **PHONE)
        page = context.new_page()
        page.route(f"**/{late}*", lambda route: route.abort())
        page.goto(ARTICLE)
        places.append(page.evaluate(PLACES))
        context.close()

    assert places[0] == places[1]


@pytest.mark.parametrize("path", [ARTICLE, "/en/no-such-page", "/en/search/?q=refund"])
def test_from_each_page_the_name_of_the_site_and_a_link_lead_home(phone: Page, path: str) -> None:
    phone.goto(path)
    home = phone.get_by_role("navigation", name="You are here").get_by_role("link", name="Home")
    expect(home).to_be_visible()

    phone.locator("header").get_by_text("Alder & Finch Help").tap()

    phone.wait_for_url("**/en/")


def test_below_the_results_the_question_can_be_sent_to_the_team(phone: Page) -> None:
    phone.goto("/en/search/?q=refund+by+pigeon")

    phone.locator(".kb-results__ask").get_by_role("link", name="Ask us").tap()

    expect(phone.get_by_label("Your question")).to_have_value("refund by pigeon")


def test_an_address_with_a_question_that_leads_nowhere_keeps_the_question(phone: Page) -> None:
    phone.goto("/search?q=where+is+my+parcel")

    expect(phone.get_by_role("searchbox")).to_have_value("where is my parcel")


def test_a_long_way_to_a_page_begins_on_its_first_line(browser: Browser, odd: str) -> None:
    page = browser.new_page(**PHONE)
    page.goto(f"{odd}/parcels/wide/index.html")

    links = page.locator(".kb-breadcrumbs a").evaluate_all(BEGINNINGS)

    assert len(links) == 2
    assert len(set(links)) == 1
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_code_can_be_read_and_what_is_too_wide_be_moved_by_keyboard(
    browser: Browser, odd: str, scheme: Any
) -> None:
    page = browser.new_page(color_scheme=scheme, **PHONE)
    page.goto(f"{odd}/parcels/wide/index.html")
    for part in (".md-typeset__scrollwrap", "pre > code"):
        expect(page.locator(part)).to_have_attribute("tabindex", "0")

    found = Axe().run(page).response["violations"]

    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    assert page.evaluate("() => document.documentElement.scrollWidth") == 360
    page.close()


def test_a_subject_without_anything_is_on_no_list_and_says_so_itself(
    browser: Browser, odd: str
) -> None:
    page = browser.new_page(**PHONE)

    page.goto(f"{odd}/index.html")
    cards = page.locator(".kb-card__title").all_inner_texts()
    page.goto(f"{odd}/soon/index.html")

    assert cards == [LONG, "Contact"]
    expect(page.get_by_text("There is no article here yet.")).to_be_visible()
    page.close()


def test_what_a_text_leads_to_is_not_called_related_once_more(browser: Browser, odd: str) -> None:
    page = browser.new_page(**PHONE)
    related = page.get_by_role("navigation", name="Related articles")

    page.goto(f"{odd}/parcels/gone/index.html")
    expect(related.get_by_role("link")).to_have_count(1)
    page.goto(f"{odd}/parcels/lost/index.html")

    expect(related).to_have_count(0)
    page.close()
