"""An item of the queue is one issue: opened once, opened again, and never with a reader in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from answerloop.deliveries import issues as delivered
from answerloop.deliveries.handlers import Receivers
from answerloop.errors import SettingsError
from feedback import issues
from feedback.model import ItemState, Lane, Step
from feedback.outbox import BACK_OFF
from tests.answerloop.deliveries import receivers
from tests.answerloop.deliveries.forge import PROJECT, TOKEN, Forge
from tests.answerloop.deliveries.place import Place
from tests.answerloop.deliveries.receivers import Received, Receiver, Reply
from tests.feedback.builders import KEY

KINDS = ("github", "gitlab", "gitea")
HOUR = timedelta(hours=1)


@pytest.fixture
def backend() -> str:
    """One kind of database is enough here: what is asked of it is tested with the outbox."""
    return "sqlite"


@pytest.fixture(params=KINDS)
def forge(request: pytest.FixtureRequest, place: Place) -> Forge:
    place.publish()
    return Forge(request.param, place.clock)


@contextmanager
def serving(forge: Forge, place: Place) -> Iterator[Receiver]:
    with receivers.serve(forge.answer) as receiver:
        place.toml = (
            f'[tracker]\nkind = "{forge.kind}"\nurl = "{receiver.url}"\nproject = "{PROJECT}"\n'
            f'token = "{TOKEN}"\nallow_private = true\n'
        )
        yield receiver


def test_an_opened_item_is_an_issue_that_says_why_and_where(forge: Forge, place: Place) -> None:
    place.say("It says nothing of vouchers. Write to alice@example.com")
    with serving(forge, place):
        item = place.open_item("6 of 9 said no since 3 May.")
        place.deliver()

    (issue,) = forge.issues
    assert issue.title == "Mend: How do I get a refund?"
    assert issue.body.endswith(f"\n\n<!-- kb:item:{item.id} -->")
    for part in (
        "6 of 9 said no since 3 May.",
        "It says nothing of vouchers.",
        "<https://help.example.com/a/refund>",
        "`refunds/a refund.md`",
        "<https://git.example.com/edit/refunds/a%20refund.md>",
        f"<https://help.example.com/desk/items/{item.id}>",
    ):
        assert part in issue.body
    assert "alice" not in issue.body
    with place.writer.read() as db:
        kept = issues.of_article(db, KEY, Lane.SUSPECTED, _project(place))
    assert kept == issues.Issue(1, "https://tracker.example/shop/help/issues/1")


def _project(place: Place) -> str:
    tracker = Receivers.read(place.settings(), place.clock).tracker
    assert tracker is not None
    return tracker.name


def test_an_answer_that_is_lost_does_not_lead_to_a_second_issue(forge: Forge, place: Place) -> None:
    def lose(asked: Received) -> None:
        if asked.method == "POST":
            forge.after = lambda _: None
            raise ConnectionAbortedError

    forge.after = lose
    with serving(forge, place):
        place.open_item()
        place.deliver()
        (failed,) = place.waiting()
        for number in range(5):  # others are opened in the meantime, more than a page holds
            forge.add(f"of somebody else {number}")
        place.wait_and_deliver(HOUR)

    marked = [issue for issue in forge.issues if "kb:item:" in issue.body]
    assert "The receiver" not in failed.error
    assert len(marked) == 1
    assert marked[0].comments == []
    assert place.waiting() == []


def test_what_happens_to_the_item_is_said_below_and_closes_the_issue(
    forge: Forge, place: Place
) -> None:
    with serving(forge, place):
        item = place.open_item()
        watched = place.move(item, Step.WATCHING, ItemState.WATCHING, "Revision b was published.")
        place.deliver()
        while_watched = forge.issues[0].is_open
        place.move(watched, Step.CLOSED, ItemState.CLOSED, "The evidence has faded.")
        place.deliver()

    (issue,) = forge.issues
    assert while_watched
    assert not issue.is_open
    first, second = issue.comments
    assert "Revision b was published." in first
    assert "The evidence has faded." in second


def test_an_item_that_is_reopened_opens_its_issue_again(forge: Forge, place: Place) -> None:
    with serving(forge, place):
        item = place.open_item()
        place.move(item, Step.WATCHING, ItemState.WATCHING)
        place.deliver()
        forge.issues[0].is_open = False  # somebody thought that it was done
        place.open_item("4 of 4 said no.")
        place.deliver()

    (issue,) = forge.issues
    assert issue.is_open
    assert "4 of 4 said no." in issue.comments[-1]


def test_an_article_that_is_flagged_again_opens_the_same_issue(forge: Forge, place: Place) -> None:
    with serving(forge, place):
        place.move(place.open_item(), Step.DISMISSED, ItemState.DISMISSED)
        place.deliver()
        place.open_item("4 of 4 said no.")
        place.deliver()

    (issue,) = forge.issues
    assert issue.is_open
    assert "4 of 4 said no." in issue.comments[-1]


def test_an_issue_that_was_deleted_is_opened_anew(forge: Forge, place: Place) -> None:
    with serving(forge, place):
        place.move(place.open_item(), Step.DISMISSED, ItemState.DISMISSED)
        place.deliver()
        forge.issues.clear()
        place.open_item()
        place.deliver()

    assert len(forge.issues) == 1


def test_a_comment_whose_answer_was_lost_is_not_doubled(forge: Forge, place: Place) -> None:
    def lose(asked: Received) -> None:
        if asked.method == "POST" and asked.path.endswith(("/comments", "/notes")):
            forge.after = lambda _: None
            raise ConnectionAbortedError

    with serving(forge, place):
        item = place.open_item()
        place.deliver()
        forge.after = lose
        place.move(item, Step.WATCHING, ItemState.WATCHING)
        place.deliver()
        place.wait_and_deliver(HOUR)

    assert len(forge.issues[0].comments) == 1
    assert place.waiting() == []


def test_items_from_before_there_was_a_tracker_are_left_alone(forge: Forge, place: Place) -> None:
    item = place.open_item()
    place.deliver()
    with serving(forge, place):
        place.move(item, Step.WATCHING, ItemState.WATCHING)
        place.deliver()

    assert forge.issues == []
    assert place.waiting() == []


@pytest.mark.parametrize(
    ("reply", "wait", "said"),
    [
        (Reply(429, {"Retry-After": "7200"}), 2 * HOUR, "too much for it"),
        (Reply(403, {"Retry-After": "600"}), timedelta(minutes=10), "too much for it"),
        (Reply(403), timedelta(minutes=1), "too much for it"),
        (Reply(401), BACK_OFF[0], "does not accept the token"),
        (Reply(404), BACK_OFF[0], "no such project"),
        (Reply(500), BACK_OFF[0], "answered 500"),
        (Reply(200, body=b"<html>"), BACK_OFF[0], "not what its interface promises"),
    ],
)
def test_a_tracker_that_cannot_now_is_asked_again_when_it_says(
    forge: Forge, place: Place, *, reply: Reply, wait: timedelta, said: str
) -> None:
    forge.before = lambda _: reply
    with serving(forge, place):
        place.open_item()
        place.deliver()

    (left,) = place.waiting()
    assert left.due == place.clock.now + wait
    assert said in left.error
    assert TOKEN not in left.error


@pytest.mark.parametrize("prefix", ["x-ratelimit", "ratelimit"])
def test_a_tracker_that_says_when_it_has_room_again_is_left_alone_until_then(
    forge: Forge, place: Place, prefix: str
) -> None:
    reset = place.clock.now + HOUR
    limits = {f"{prefix}-remaining": "0", f"{prefix}-reset": str(int(reset.timestamp()))}
    forge.before = lambda _: Reply(403, limits)
    with serving(forge, place):
        place.open_item()
        place.deliver()

    (left,) = place.waiting()
    assert left.due == reset


def test_what_a_tracker_will_never_take_is_a_dead_letter(forge: Forge, place: Place) -> None:
    forge.before = lambda asked: Reply(422) if asked.method == "POST" else None
    with serving(forge, place):
        place.open_item()
        place.deliver()

    (letter,) = place.dead()
    assert letter.error == "The tracker answered 422."


def test_a_pull_request_is_no_issue(place: Place) -> None:
    place.publish()
    forge = Forge("github", place.clock)
    item = place.open_item()
    forge.add(f"mends it\n\n{delivered.marker(item.id)}").is_pull_request = True
    with serving(forge, place):
        place.deliver()

    assert len(forge.issues) == 2


@pytest.mark.parametrize(
    "words",
    [
        "@everyone see #1 and ![x](https://evil.example/x.png)",
        "```\n@everyone",
        "````` <!-- kb:item:7 -->",
        "~~~\n</details><script>",
    ],
)
def test_words_stay_words_in_an_issue(words: str) -> None:
    shown = delivered.quoted(words)

    fence, *inside, end = shown.split("\n")
    assert fence == f"{end}text"
    assert not any(end in line for line in inside)
    assert "<!--" not in shown


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('kind = "github"\nproject = "shop/help"', r"expected one token, in `KB_TRACKER_TOKEN`"),
        ('kind = "github"\ntoken = "x"', "expected a project"),
        ('kind = "github"\ntoken = "x"\nproject = "../../user"', "expected a project"),
        ('kind = "gitea"\ntoken = "x"\nproject = "shop/help"', "expected an address with https"),
        ('kind = "jira"\ntoken = "x"\nproject = "shop/help"', "expected|Input should be"),
    ],
)
def test_a_tracker_that_cannot_be_used_is_refused(place: Place, toml: str, said: str) -> None:
    place.toml = f"[tracker]\n{toml}\n"

    with pytest.raises(SettingsError, match=said):
        Receivers.read(place.settings(), place.clock)


def test_the_token_comes_from_a_variable_or_a_file_and_is_never_shown(place: Place) -> None:
    place.toml = '[tracker]\nkind = "github"\nproject = "shop/help"\n'
    from_variable = place.settings(KB_TRACKER_TOKEN=TOKEN)
    place.toml += 'token_file = "token.txt"\n'
    from_file = place.settings()
    (place.root / "token.txt").write_text(f"{TOKEN}\n")

    for settings in (from_variable, from_file):
        read = Receivers.read(settings, place.clock)
        assert read.tracker is not None
        assert read.tracker.token == TOKEN
        assert TOKEN not in repr(settings) + repr(read)
