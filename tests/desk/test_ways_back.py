"""Where one is led after signing in: to the page one wanted, and never out of the desk."""

import pytest

from answerloop.desk import paths
from tests.desk.desk import Desk, sign_in

HIDDEN_ELSEWHERE = (
    "https://evil.example",
    "https://evil.example/desk/queue",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/desk/\\evil.example",
    "/desk//evil.example",
    "/desk/%5cevil.example",
    "/desk/%2f%2fevil.example",
    "/desk/..//evil.example",
    "/desk/../../evil.example",
    "/desk/%2e%2e/evil",
    "/%09/evil.example",
    "/\t/evil.example",
    "/desk/\tqueue",
    "/desk/\nqueue",
    "/desk/\r\nSet-Cookie: kb_session=mallory",
    "/desk/\x00",
    "/desk/ queue",
    " /desk/queue",
    "javascript:alert(1)",
    "data:text/html,evil",
    "desk/queue",
    "?next=/desk/queue",
    "/",
    "/en/returns/",
    "/desk",
    "/deskevil",
    "http:/desk/queue",
    "",
)


@pytest.mark.parametrize("wanted", HIDDEN_ELSEWHERE, ids=repr)
def test_after_signing_in_nobody_is_led_out_of_the_desk(desk: Desk, wanted: str) -> None:
    answer = sign_in(desk.browser(), "charlie", next=wanted)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/")


@pytest.mark.parametrize(
    "wanted",
    ["/desk/queue", "/desk/items/12", "/desk/queue?owner=Billing%20team&lang=de", "/desk/"],
)
def test_after_signing_in_one_is_where_one_wanted_to_be(wanted: str) -> None:
    assert wanted == paths.own(wanted)


@pytest.mark.parametrize("wanted", HIDDEN_ELSEWHERE, ids=repr)
def test_the_form_itself_holds_no_way_out(desk: Desk, wanted: str) -> None:
    page = desk.browser().get("/desk/login", query_string={"next": wanted}).text

    assert '<input type="hidden" name="next" value="/desk/">' in page
