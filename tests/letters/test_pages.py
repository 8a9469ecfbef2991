"""A reader's private page over HTTP: who sees it, what it says, and what its buttons do."""

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from flask.testing import FlaskClient

from answerloop import settings as configuration
from answerloop.web.service import Service
from tests import applications
from tests.answerloop.builders import WORDS_ONLY
from tests.letters.house import ALICE, House


def test_a_private_page_is_kept_by_nobody_and_found_by_no_search_engine(letters: House) -> None:
    page = letters.see(letters.say(comment="Step three."))

    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "<script" not in page.text
    outwards = re.findall(r'<a [^>]*href="[^"]*"[^>]*>', page.text)
    assert [link for link in outwards if 'rel="noreferrer"' not in link] == []


def test_a_page_says_what_was_written_as_text_and_masked(letters: House) -> None:
    own = letters.say(comment="<script>alert(1)</script> Call 0151 23456789 or alice@example.org")

    page = letters.see(own).text

    assert "&lt;script&gt;alert(1)" in page
    assert "alice@" not in page
    assert "23456789" not in page


@pytest.mark.parametrize(
    ("lang", "direction", "title"),
    [("en", "ltr", "Your message"), ("de", "ltr", "Ihre Nachricht"), ("ar", "rtl", "رسالتك")],
)
def test_a_page_speaks_the_language_of_its_article(
    letters: House, lang: str, direction: str, title: str
) -> None:
    page = letters.see(letters.say(lang=lang, comment="Step three.")).text

    assert f'<html lang="{lang}" dir="{direction}">' in page
    assert f"<h1>{title}</h1>" in page


def test_a_page_follows_its_message_from_arrival_to_the_edit(letters: House) -> None:
    own = letters.say(comment="Step three.")
    assert "It has arrived." in letters.see(own).text

    letters.mend()

    page = letters.see(own).text
    assert "The article was changed on 5 May 2026." in page
    assert 'href="/en/refund/"' in page


def test_unknown_withdrawn_and_malformed_links_are_answered_alike(letters: House) -> None:
    own = letters.say(comment="Step three.")
    letters.press(own, "withdraw")

    pages = [letters.see(link) for link in (own, "/f/" + "A" * 22, "/f/x", "/f/%00", "/f/..%2e")]

    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    assert {page.headers["Cache-Control"] for page in pages} == {"no-store"}
    pressed = letters.press(own, "withdraw")
    assert (pressed.status_code, pressed.text) == (404, pages[0].text)


def test_withdrawing_says_so_and_keeps_the_vote(letters: House) -> None:
    own = letters.say(comment="Step three.", contact=ALICE)

    page = letters.press(own, "withdraw")

    assert (page.status_code, "Your message is deleted" in page.text) == (200, True)
    with letters.service.database.read() as db:
        kept = {
            table: db.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()  # noqa: S608 -- names of ours
            for table in ("votes", "remarks", "contacts", "receipts")
        }
    assert kept == {"votes": 1, "remarks": 0, "contacts": 0, "receipts": 0}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example.net"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("do", ["withdraw", "confirm", "yes"])
def test_a_foreign_page_presses_no_button(letters: House, headers: dict[str, str], do: str) -> None:
    own = letters.say(comment="Step three.")

    pressed = letters.app.test_client().post(own, data={"do": do}, headers=headers)

    assert pressed.status_code == 403
    assert "Step three." in letters.see(own).text


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_changes_nothing(letters: House, method: str) -> None:
    own = letters.say(comment="Step three.")

    letters.browser().open(own, method=method.upper(), query_string={"do": "withdraw"})

    assert "Step three." in letters.see(own).text


@pytest.mark.parametrize("do", ["confirm", "refuse", "yes", "no"])
def test_a_button_of_another_page_does_nothing(letters: House, do: str) -> None:
    own = letters.say(comment="Step three.", contact=ALICE)

    assert letters.press(own, do).status_code == 303
    assert "Step three." in letters.see(own).text


@pytest.mark.parametrize("data", [{}, {"do": "destroy"}])
def test_no_button_or_an_unknown_one_is_a_422(letters: House, data: dict[str, str]) -> None:
    own = letters.say(comment="Step three.")

    assert letters.browser().post(own, data=data).status_code == 422


def test_without_javascript_a_remark_leads_to_its_page(letters: House) -> None:
    form = letters.vote() | {"helpful": "no", "comment": "Step three.", "contact": ALICE}

    sent = letters.browser().post("/feedback", data=form)

    assert sent.status_code == 303
    page = letters.see(sent.location).text
    assert "Thank you." in page
    assert "Step three." in page
    assert "We send a letter to your address" in page


def test_without_javascript_a_mistyped_address_is_said_and_asked_again(letters: House) -> None:
    form = letters.vote() | {"helpful": "no", "comment": "Step three.", "contact": "alice@"}

    sent = letters.browser().post("/feedback", data=form)
    page = letters.browser().get(sent.location)

    assert page.status_code == 422
    assert "this is no mail address" in page.text
    assert 'name="contact"' in page.text


def test_an_address_is_asked_for_on_the_pages_of_a_site_that_writes(letters: House) -> None:
    page = letters.see("/en/refund/")

    assert 'type="email" name="contact"' in page.text
    page.close()


@pytest.fixture
def silent(letters: House) -> Iterator[FlaskClient]:
    """The same site without a mail server."""
    root = letters.service.settings.root
    letters.service.close()
    settings = configuration.load(root, WORDS_ONLY | {"KB_MAIL_HOST": ""})
    with closing(Service.open(settings, letters.clock)) as service:
        client = applications.around(service).test_client()
        client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
        yield client


def test_a_site_that_sends_no_mail_refuses_an_address_clearly(
    silent: FlaskClient, letters: House
) -> None:
    answer = silent.post("/api/v1/votes", json=letters.vote() | {"contact": ALICE})

    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["type"] == "/problems/contact-not-taken"
    assert answer.json["field"] == "contact"
