"""What readers do at a real service reaches other programs, signed, without who they are."""

import re
import threading
from pathlib import Path

from standardwebhooks.webhooks import Webhook

from tests.answerloop.deliveries import receivers
from tests.answerloop.deliveries.place import secret
from tests.answerloop.deliveries.receivers import Received, Reply
from tests.journeys import shop

PLANTED = ("alice@example.com", "4111 1111 1111 1111", "127.0.0.1", "Firefox")


def test_a_remark_over_http_reaches_a_webhook_without_its_reader(
    built_shop: Path, tmp_path: Path
) -> None:
    told = threading.Event()

    def take(_: Received) -> Reply:
        told.set()
        return Reply()

    place = shop.copy_built(built_shop, tmp_path)
    with receivers.serve(take) as receiver:
        with (place / "kb.toml").open("a", encoding="utf-8") as settings:
            settings.write(
                '\n[outgoing]\nprivate_networks = ["127.0.0.0/8"]\n'
                f'[webhooks.shop]\nurl = "{receiver.url}"\nallow_private = true\n'
                f'secrets = ["{secret("a")}"]\nevents = ["comment.created"]\n'
            )
        with shop.served(place) as running, running.client() as alice:
            page = alice.get(alice.get("/a/refund-after-delivery").headers["Location"]).text
            found = re.search(r'name="kb:revision" content="(\w+)"', page)
            assert found is not None
            answer = alice.post(
                "/api/v1/votes",
                json={
                    "article": "refund-after-delivery",
                    "lang": "en",
                    "revision": found[1],
                    "helpful": False,
                    "comment": f"Vouchers? {PLANTED[0]}, {PLANTED[1]}",
                },
                headers={"User-Agent": "Firefox", "Accept-Language": "en"},
            )
            assert answer.status_code == 200
            assert told.wait(60)

    (received,) = receiver.received
    event = Webhook(secret("a")).verify(received.body, dict(received.headers))
    assert event["data"]["text"].startswith("Vouchers? ")
    assert [planted for planted in PLANTED if planted in received.body.decode()] == []
