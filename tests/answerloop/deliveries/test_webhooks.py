"""Webhooks are signed, retried under one id, in order, and tell nothing that was erased."""

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from answerloop.deliveries.handlers import Receivers
from answerloop.errors import SettingsError
from feedback import destinations, events, schema
from feedback.database import Database
from feedback.model import ItemState, Step
from feedback.outbox import BACK_OFF, LEASE
from feedback.writer import Writer
from tests.answerloop.deliveries import receivers
from tests.answerloop.deliveries.place import Place, secret, today
from tests.answerloop.deliveries.receivers import Received, Reply

MINUTE = timedelta(minutes=1)


def told(received: Received) -> dict[str, Any]:
    return json.loads(received.body)  # type: ignore[no-any-return]  # an object, as documented


def types(found: list[Received]) -> list[str]:
    return [told(one)["type"] for one in found]


def test_a_receiver_verifies_what_it_is_told(place: Place) -> None:
    place.publish()
    place.clock.now = today()
    with receivers.serve() as shop:
        place.hook(shop.url, secret("a"))
        item = place.open_item("6 of 9 said no.")
        place.deliver()

    (received,) = shop.received
    verified = Webhook(secret("a")).verify(received.body, dict(received.headers))
    assert verified == {
        "type": "item.opened",
        "timestamp": place.clock.now.isoformat().replace("+00:00", "Z"),
        "version": 1,
        "data": {
            "article": "refund",
            "lang": "en",
            "item": item.id,
            "lane": "suspected",
            "because": "6 of 9 said no.",
            "by": None,
            "title": "How do I get a refund?",
            "permalink": "https://help.example.com/a/refund",
        },
    }
    assert received.headers["content-type"] == "application/json"


def test_while_secrets_change_both_of_them_verify_and_no_other(place: Place) -> None:
    place.publish()
    place.clock.now = today()
    with receivers.serve() as shop:
        place.hook(shop.url, secret("a"), secret("b"))
        place.open_item()
        place.deliver()

    (received,) = shop.received
    for letter in "ab":
        assert Webhook(secret(letter)).verify(received.body, dict(received.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(secret("c")).verify(received.body, dict(received.headers))


def test_after_an_outage_of_an_hour_each_arrives_once_and_in_order(place: Place) -> None:
    place.publish()
    is_away = True
    with receivers.serve(lambda _: Reply(503 if is_away else 200)) as shop:
        place.hook(shop.url)
        item = place.open_item()
        place.wait_and_deliver(10 * MINUTE)
        watched = place.move(item, Step.WATCHING, ItemState.WATCHING)
        place.wait_and_deliver(20 * MINUTE)
        place.move(watched, Step.CLOSED, ItemState.CLOSED)
        place.wait_and_deliver(30 * MINUTE)
        tried = len(shop.received)
        is_away = False
        place.wait_and_deliver(BACK_OFF[3] * 1.1 + MINUTE)

    arrived = shop.received[tried:]
    assert types(arrived) == ["item.opened", "item.watching", "item.closed"]
    assert len({one.headers["webhook-id"] for one in arrived}) == 3
    assert {one.headers["webhook-id"] for one in shop.received[:tried]} == {
        arrived[0].headers["webhook-id"]
    }
    assert place.waiting() == []


def test_whoever_dies_between_sending_and_noting_it_sends_it_again(
    place: Place, database_address: str
) -> None:
    place.publish()
    process: subprocess.Popen[bytes] | None = None
    started = threading.Event()

    def answer(_: Received) -> Reply:
        if process is not None and process.poll() is None and started.wait(30):
            os.kill(process.pid, signal.SIGKILL)
            process.wait(30)
        return Reply()

    with receivers.serve(answer) as shop:
        place.hook(shop.url)
        place.open_item()
        place.settings()
        arguments = [database_address, str(place.root), place.toml]
        process = subprocess.Popen(  # noqa: S603 -- our own program
            [sys.executable, "-m", "tests.answerloop.deliveries.killed", *arguments]
        )
        started.set()
        killed = process.wait(60)
        place.clock.now += LEASE
        place.deliver()

    first, second = shop.received
    assert killed == -signal.SIGKILL
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert place.waiting() == []


@pytest.fixture
def database_address(db: Database, backend: str) -> str:
    """The address of the test's own database, for another process."""
    writer = db._writer  # noqa: SLF001 -- it is nobody else's business
    assert backend in str(writer.url)
    return writer.url.render_as_string(hide_password=False)


def test_two_couriers_at_once_deliver_each_message_once(place: Place, db: Database) -> None:
    place.publish()
    for number in range(30):
        place.say(f"words {number}", visitor=f"reader {number}")
    with receivers.serve() as shop:
        place.hook(shop.url)
        other = Place(place.root, Writer(db), place.clock, place.toml)
        couriers = [place.courier(), other.courier()]
        threads = [threading.Thread(target=courier.deliver) for courier in couriers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        place.deliver()
        other.writer.close()

    ids = [one.headers["webhook-id"] for one in shop.received]
    assert len(ids) == len(set(ids)) == 30


def test_a_remark_is_told_in_its_redacted_words_and_never_by_whom(place: Place) -> None:
    place.publish()
    with receivers.serve() as shop:
        place.hook(shop.url)
        place.say("Write to alice@example.com, card 4111 1111 1111 1111.", "visitor-key-of-alice")
        place.deliver()

    (received,) = shop.received
    assert told(received)["type"] == "comment.created"
    assert told(received)["data"]["helpful"] is False
    for planted in (b"alice", b"4111", b"visitor-key", b"network of"):
        assert planted not in received.body


def test_a_remark_that_was_erased_before_is_not_told(place: Place) -> None:
    place.publish()
    with receivers.serve() as shop:
        place.hook(shop.url)
        place.say("It says nothing of vouchers.")
        place.writer.apply(lambda db: db.execute(delete(schema.remarks)))
        place.deliver()

    assert shop.received == []
    assert place.waiting() == []


def test_the_words_of_a_reader_are_never_in_the_outbox(place: Place) -> None:
    place.publish()
    place.hook("http://127.0.0.1:9")
    place.say("It says nothing of vouchers.")
    place.deliver()

    with place.writer.read() as db:
        kept = str(db.execute(schema.outbox.select()).all())
    assert "comment.created" in kept
    assert "vouchers" not in kept


def test_a_webhook_is_told_what_it_asked_for_alone(place: Place) -> None:
    place.publish()
    with receivers.serve() as shop, receivers.serve() as other:
        place.hook(shop.url, more='events = ["comment.created"]')
        place.hook(other.url, name="other")
        place.open_item()
        place.say("It says nothing of vouchers.")
        place.deliver()

    assert types(shop.received) == ["comment.created"]
    assert types(other.received) == ["item.opened", "comment.created"]


def test_one_that_answers_410_is_told_nothing_more_until_it_is_enabled(place: Place) -> None:
    place.publish()
    with receivers.serve(lambda _: Reply(410)) as shop:
        place.hook(shop.url)
        item = place.open_item()
        place.deliver()
        item = place.move(item, Step.WATCHING, ItemState.WATCHING)
        place.deliver()
        asked = len(shop.received)
        place.writer.apply(lambda db: destinations.enable(db, "webhook:shop"))
        shop.answer = lambda _: Reply()
        place.move(item, Step.CLOSED, ItemState.CLOSED)
        place.deliver()

    (letter,) = place.dead()
    assert asked == 1
    assert "410 Gone" in letter.error
    assert types(shop.received[asked:]) == ["item.closed"]


def test_it_is_known_when_something_last_arrived(place: Place) -> None:
    place.publish()
    with receivers.serve() as shop:
        place.hook(shop.url)
        place.open_item()
        place.deliver()

    with place.writer.read() as db:
        assert destinations.listed(db)["webhook:shop"].delivered == place.clock.now


@pytest.mark.parametrize(
    ("reply", "wait"),
    [
        (Reply(429, {"Retry-After": "3600"}), timedelta(hours=1)),
        (Reply(500), BACK_OFF[0]),
        (Reply(302, {"Location": "http://169.254.169.254/"}), BACK_OFF[0]),
    ],
)
def test_what_is_not_taken_is_tried_again(place: Place, reply: Reply, wait: timedelta) -> None:
    place.publish()
    with receivers.serve(lambda _: reply) as shop:
        place.hook(shop.url)
        place.open_item()
        place.deliver()

    (left,) = place.waiting()
    assert len(shop.received) == 1
    assert left.due == place.clock.now + wait
    assert left.error == f"The receiver answered {reply.status}."


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('url = "https://a.example/"', r"webhooks\.shop\.secrets: missing"),
        ('url = "https://a.example/"\nsecrets = ["whsec_c2hvcnQ="]', "one of them is no secret"),
        ('url = "https://a.example/"\nsecrets = ["not base64!"]', "one of them is no secret"),
        (f'url = "http://a.example/"\nsecrets = ["{secret("a")}"]', "expected an address with"),
        (f'url = "https://u:p@a.example/"\nsecrets = ["{secret("a")}"]', "holds a user name"),
        (f'secrets = ["{secret("a")}"]', "expected an address with https"),
        (
            f'url = "https://a.example/"\nsecrets = ["{secret("a")}"]\nevents = ["item.open"]',
            "there is no event 'item.open'. Known: article.flagged",
        ),
        (f'url = "https://a.example/"\nsecrets = "{secret("a")}"', "it is something else"),
        ('url = "https://a.example/"\nsecrets_file = "none.txt"', "none.txt cannot be read"),
    ],
)
def test_a_webhook_that_cannot_be_used_is_refused_without_its_secrets(
    place: Place, toml: str, said: str
) -> None:
    place.toml = f"[webhooks.shop]\n{toml}\n"

    with pytest.raises(SettingsError, match=said) as caught:
        Receivers.read(place.settings(), place.clock)

    assert secret("a") not in str(caught.value)
    assert "c2hvcnQ" not in str(caught.value)


def test_secrets_come_from_a_file_or_a_variable_too(place: Place) -> None:
    place.toml = '[webhooks.my-shop]\nurl = "https://a.example/"\nsecrets_file = "hook.txt"\n'
    place.settings()
    (place.root / "hook.txt").write_text(f"{secret('a')}\n{secret('b')}\n")

    from_file = Receivers.read(place.settings(), place.clock).webhooks[0]
    both = place.settings(KB_WEBHOOK_MY_SHOP_SECRETS=secret("c"))

    assert from_file.keys == [b"a" * 32, b"b" * 32]
    assert Receivers.read(both, place.clock).webhooks[0].keys == [b"c" * 32, b"a" * 32, b"b" * 32]


def test_no_secret_is_in_what_a_bug_report_would_show(place: Place) -> None:
    place.hook("http://127.0.0.1:9", secret("a"))
    settings = place.settings()

    shown = repr(settings) + repr(Receivers.read(settings, place.clock))

    assert secret("a") not in shown
    assert repr(b"a" * 32) not in shown


def test_a_private_network_must_be_named_and_asked_for(place: Place) -> None:
    with receivers.serve() as inside:
        place.toml = (
            f'[webhooks.shop]\nurl = "https://127.0.0.1:{inside.port}/"\n'
            f'secrets = ["{secret("a")}"]\n'
        )
        place.publish()
        place.open_item()
        place.deliver()

    (left,) = place.waiting()
    assert "not public" in left.error
    assert inside.connections == 0


def test_an_internal_article_goes_by_its_id(place: Place) -> None:
    place.publish()
    (entry,) = place.catalog.entries
    place.catalog = replace(place.catalog, entries=(replace(entry, audience="internal"),))
    with receivers.serve() as shop:
        place.hook(shop.url)
        place.open_item()
        place.deliver()

    assert told(shop.received[0])["data"]["title"] == "refund"


def test_every_event_stands_in_the_manual(root: Path) -> None:
    manual = (root / "docs" / "operators" / "webhooks.md").read_text(encoding="utf-8")

    assert [name for name in events.TYPES if f"| `{name}` |" not in manual] == []
