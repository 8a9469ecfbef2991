"""The desk shows what has not reached other machines; admins send it again or let it go."""

from feedback import destinations, outbox
from tests.desk.desk import Desk, fill_outbox

PAGE = "/desk/deliveries"


def numbers(desk: Desk) -> tuple[int, int]:
    """Of the message that was given up, and of the one that waits."""
    with desk.service.database.read() as db:
        (dead,) = outbox.dead(db)
        (waiting,) = [message for message in outbox.waiting(db) if message.error]
    return dead.number, waiting.number


def test_the_page_says_where_messages_go_and_why_some_did_not_arrive(desk: Desk) -> None:
    fill_outbox(desk)

    page = desk.signed_in("charlie").get(PAGE).text

    for words in (
        "1 being tried again, 1 given up",
        "Webhook shop",
        "switched off",
        "it wants no more events",
        "Tracker: parcel-late (en)",
        "The tracker answered 503.",
        "Tried</dt><dd>1 time</dd>",
    ):
        assert words in page
    assert "<button" not in page.partition("<main")[2].partition("</main")[0]


def test_without_webhooks_and_trackers_the_page_says_so(desk: Desk) -> None:
    page = desk.signed_in("charlie").get(PAGE).text

    assert "the settings name no webhook and no tracker" in page
    assert "Nothing was given up." in page


def test_an_admin_sends_a_dead_letter_again(desk: Desk) -> None:
    fill_outbox(desk)
    dead, _ = numbers(desk)

    answer = desk.signed_in("root").post(f"{PAGE}/{dead}/retry")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}?done=retried")
    with desk.service.database.read() as db:
        assert outbox.dead(db) == []
        assert outbox.due(db, ["webhook:shop"], desk.clock()) == ["webhook:shop"]


def test_an_admin_discards_a_message(desk: Desk) -> None:
    fill_outbox(desk)
    dead, waiting = numbers(desk)
    root = desk.signed_in("root")

    for number in (dead, waiting):
        root.post(f"{PAGE}/{number}/discard")

    assert "0 being tried again, 0 given up" in root.get(PAGE).text


def test_an_admin_switches_a_webhook_on_again(desk: Desk) -> None:
    fill_outbox(desk)

    desk.signed_in("root").post(f"{PAGE}/enable", data={"kind": "webhook:shop"})

    with desk.service.database.read() as db:
        assert destinations.listed(db)["webhook:shop"].disabled is None


def test_a_message_that_has_left_in_the_meantime_is_said_to_have(desk: Desk) -> None:
    root = desk.signed_in("root")

    for number in (7, 2**31, 2**70):
        answer = root.post(f"{PAGE}/{number}/retry")
        assert answer.status_code == 404
        assert "There is no such message." in answer.text


def test_readiness_does_not_depend_on_other_machines(desk: Desk) -> None:
    fill_outbox(desk)

    assert desk.browser().get("/readyz").status_code == 200
