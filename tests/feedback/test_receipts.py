from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from feedback import (
    contacts,
    database,
    items,
    keepsakes,
    receipts,
    residue,
    reviews,
    schema,
    standing,
    votes,
)
from feedback.database import Database
from feedback.items import Act, Taken
from feedback.keepsakes import Kept
from feedback.model import Ballot, ItemState, Lane, Purpose, Step
from feedback.receipts import Receipt
from feedback.reviews import Review
from feedback.sealing import Seals
from feedback.standing import Stage
from tests.feedback.builders import (
    DAY,
    FIRST,
    KEY,
    NOW,
    OTHER_TEXT,
    SECOND,
    article,
    ballot,
    count,
    draws,
    publish,
)

SEALS = Seals(b"k" * 32)
ALICE = "alice@example.org"


@pytest.fixture
def published(db: Database) -> Database:
    publish(db)
    return db


def say(db: Database, vote: Ballot | None = None, *, contact: str = "", days: float = 0) -> Kept:
    """Let Alice say no, with a remark if her ballot has none."""
    said = keepsakes.prepare(
        votes.prepare(vote or ballot(remark="Step three.")),
        contact,
        seals=SEALS,
        randomness=draws,
    )
    with db.write() as connection:
        return keepsakes.store(connection, said, NOW + days * DAY)


def token(kept: Kept) -> str:
    assert kept.token is not None
    return kept.token


def find(db: Database, kept: Kept) -> Receipt | None:
    with db.read() as connection:
        return receipts.find(connection, token(kept))


def see(db: Database, kept: Kept) -> Receipt:
    found = find(db, kept)
    assert found is not None
    return found


def stage(db: Database, kept: Kept) -> standing.Standing:
    with db.read() as connection:
        found = receipts.find(connection, token(kept))
        assert found is not None
        return standing.of(connection, found)


def withdraw(db: Database, kept: Kept) -> None:
    place = see(db, kept).place
    with db.write() as connection:
        receipts.withdraw(connection, place)


def test_a_link_shows_the_remark_as_it_is_kept(published: Database) -> None:
    kept = say(published, ballot(remark="Write to bob@example.org about step three."))

    seen = see(published, kept)
    assert (seen.purpose, seen.helpful, seen.made) == (Purpose.SEE, False, NOW)
    assert seen.words is not None
    assert "step three" in seen.words
    assert "bob@" not in seen.words


def test_a_link_is_128_random_bits_of_which_the_database_keeps_a_hash(published: Database) -> None:
    kept = say(published)

    with published.read() as connection:
        rows = [tuple(row) for row in connection.execute(select(schema.receipts))]
    assert len(token(kept)) == 22
    assert token(kept) not in str(rows)
    assert receipts.digest(token(kept)) in str(rows)


@pytest.mark.parametrize("guess", ["", "0", "A" * 22, "\ud800", "x" * 5_000, "' OR 1=1 --", "%"])
def test_no_guess_leads_anywhere(published: Database, guess: str) -> None:
    say(published)

    with published.read() as connection:
        assert receipts.find(connection, guess) is None


def test_the_hash_that_is_kept_opens_nothing(published: Database) -> None:
    kept = say(published)

    with published.read() as connection:
        assert receipts.find(connection, receipts.digest(token(kept))) is None


def test_without_words_or_an_address_there_is_no_link(published: Database) -> None:
    assert say(published, ballot()).token is None


def test_after_a_changed_remark_the_old_link_is_good_but_shows_only_its_own_words(
    published: Database,
) -> None:
    first = say(published)
    second = say(published, ballot(remark="Step four, too."), days=0.1)

    assert (see(published, second).words, see(published, second).words_changed) == (
        "Step four, too.",
        False,
    )
    assert (see(published, first).words, see(published, first).words_changed) == (None, True)


def test_the_same_remark_again_gives_another_link_and_both_show_it(published: Database) -> None:
    first = say(published)
    second = say(published, days=0.1)

    assert token(first) != token(second)
    assert see(published, first).words == see(published, second).words == "Step three."


def test_a_remark_sent_for_ever_does_not_make_links_for_ever(published: Database) -> None:
    given = [say(published).token for _ in range(receipts.MOST + 2)]

    assert None not in given[: receipts.MOST]
    assert given[receipts.MOST :] == [None, None]


def test_a_mind_that_changed_leaves_the_link_and_takes_back_the_words(published: Database) -> None:
    kept = say(published)
    say(published, ballot(helpful=True), days=0.1)

    seen = see(published, kept)
    assert (seen.helpful, seen.words, seen.words_changed) == (True, None, False)


def test_a_link_follows_its_vote_to_another_name(published: Database) -> None:
    kept = say(published, contact=ALICE)

    with published.write() as connection:
        connection.execute(update(schema.votes).values(visitor="nobody"))

    assert see(published, kept).words == "Step three."
    with published.read() as connection:
        assert contacts.at(connection, see(published, kept).place) is not None


def test_withdrawing_leaves_neither_remark_nor_address_nor_link_but_the_vote(
    published: Database,
) -> None:
    kept = say(published, contact=ALICE)
    other = say(published, ballot("bob", remark="It works for me."))

    withdraw(published, kept)

    assert find(published, kept) is None
    assert see(published, other).words == "It works for me."
    with published.read() as connection:
        assert count(connection, schema.votes) == 2
        assert count(connection, schema.remarks) == 1
        assert count(connection, schema.contacts) == 0
        assert count(connection, schema.receipts) == 1


def test_a_link_is_forgotten_as_an_old_remark_is(published: Database) -> None:
    old, new = say(published), say(published, ballot("bob", remark="Me too."), days=1)

    with published.write() as connection:
        gone = [receipts.forget_before(connection, NOW + DAY) for _ in range(2)]

    assert gone == [1, 0]
    assert find(published, old) is None
    assert find(published, new) is not None


def test_a_link_stays_while_an_address_is_kept_that_it_withdraws(published: Database) -> None:
    kept = say(published, contact=ALICE)

    with published.write() as connection:
        assert receipts.forget_before(connection, NOW + 100 * DAY) == 0
    withdraw(published, kept)

    with published.read() as connection:
        assert count(connection, schema.contacts) == 0


def test_a_link_that_is_good_once_is_used_once(published: Database) -> None:
    kept = say(published)

    with published.write() as connection:
        uses = [receipts.use(connection, token(kept), NOW) for _ in range(2)]

    assert uses == [True, False]


# Where it stands --------------------------------------------------------------------------------


def act(actor: str | None = None, hours: float = 1) -> Act:
    return Act(actor, "", NOW + timedelta(hours=hours))


def enqueue(db: Database, lane: Lane = Lane.SUSPECTED, hours: float = 1) -> items.Item:
    with db.write() as connection:
        return items.enqueue(connection, KEY, lane, act(hours=hours))


def review(db: Database, state: ItemState, hours: float = 2) -> None:
    with db.write() as connection:
        found = Review(KEY, FIRST, Lane.SUSPECTED, state, act("charlie", hours))
        reviews.record(connection, found)


def test_what_was_said_is_received_first(published: Database) -> None:
    assert stage(published, say(published)) == standing.Standing(Stage.RECEIVED)


def test_it_stands_in_the_queue_with_its_article(published: Database) -> None:
    kept = say(published)
    enqueue(published)

    assert stage(published, kept).stage is Stage.QUEUED


def test_an_article_that_is_merely_old_is_not_looked_at_for_this_reader(
    published: Database,
) -> None:
    kept = say(published)
    enqueue(published, Lane.STALE)

    assert stage(published, kept).stage is Stage.RECEIVED


def test_somebody_is_on_it_once_it_is_assigned(published: Database) -> None:
    kept = say(published)
    item = enqueue(published)
    with published.write() as connection:
        items.change(
            connection,
            item.id,
            Taken(Step.ASSIGNED, act("charlie")),
            version=item.version,
            values={"assignee": "charlie"},
        )

    assert stage(published, kept).stage is Stage.IN_HAND


@pytest.mark.parametrize(
    ("state", "expected"),
    [(ItemState.CORRECT, Stage.CORRECT), (ItemState.DISMISSED, Stage.LEFT)],
)
def test_a_review_answers_with_its_day(
    published: Database, state: ItemState, expected: Stage
) -> None:
    kept = say(published)
    enqueue(published)
    review(published, state)

    assert stage(published, kept) == standing.Standing(expected, NOW + timedelta(hours=2))


def test_a_review_from_before_answers_nothing(published: Database) -> None:
    review(published, ItemState.CORRECT, hours=-1)

    assert stage(published, say(published)).stage is Stage.RECEIVED


def test_what_is_put_into_the_queue_after_a_review_is_looked_at_again(
    published: Database,
) -> None:
    kept = say(published)
    review(published, ItemState.CORRECT)
    enqueue(published, hours=3)

    assert stage(published, kept).stage is Stage.QUEUED


def test_an_edit_answers_with_its_day_whatever_else_was_done(published: Database) -> None:
    kept = say(published)
    publish(published, article(SECOND, text=OTHER_TEXT), now=NOW + DAY)
    review(published, ItemState.CORRECT, hours=30)
    enqueue(published, hours=40)

    assert stage(published, kept) == standing.Standing(Stage.CHANGED, NOW + DAY)


def test_a_minor_edit_answers_nothing(published: Database) -> None:
    kept = say(published)
    publish(published, article(SECOND, text=OTHER_TEXT, minor=True), now=NOW + DAY)

    assert stage(published, kept).stage is Stage.RECEIVED


def test_who_read_an_old_page_is_told_of_the_edit_since_then(published: Database) -> None:
    publish(published, article(SECOND, text=OTHER_TEXT), now=NOW - DAY)

    assert stage(published, say(published)) == standing.Standing(Stage.CHANGED, NOW - DAY)


def test_a_text_that_came_back_was_read_the_last_time_before_the_word(published: Database) -> None:
    publish(published, article(SECOND, text=OTHER_TEXT), now=NOW - 2 * DAY)
    publish(published, article(), now=NOW - DAY)

    assert stage(published, say(published)).stage is Stage.RECEIVED


def test_an_article_that_is_gone_is_said_to_be_gone(published: Database) -> None:
    kept = say(published)
    publish(published, article(key=KEY.__class__(KEY.article, "de")), now=NOW + DAY)

    assert stage(published, kept).stage is Stage.GONE


# What is left on the disk -----------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Iterator[tuple[Database, Path]]:
    with closing(database.open(f"sqlite:///{tmp_path / 'kb.db'}")) as opened:
        opened.upgrade()
        publish(opened)
        yield opened, tmp_path


def holding(folder: Path, *words: str) -> list[str]:
    """The files in which one of these stands."""
    return [
        file.name
        for file in folder.iterdir()
        if any(word.encode() in file.read_bytes() for word in words)
    ]


def test_after_withdrawing_no_byte_of_it_is_left_in_any_file(file: tuple[Database, Path]) -> None:
    db, folder = file
    kept = say(db, ballot(remark="The walnut drawer squeaks."), contact=ALICE)
    assert holding(folder, "walnut drawer")

    withdraw(db, kept)

    assert residue.wipe(db)
    assert holding(folder, "walnut drawer", token(kept), receipts.digest(token(kept))) == []


def test_an_address_stands_in_no_file_at_any_time(file: tuple[Database, Path]) -> None:
    db, folder = file
    kept = say(db, contact=ALICE)

    assert holding(folder, ALICE, "alice@") == []
    withdraw(db, kept)
    assert holding(folder, ALICE, "alice@") == []
    residue.wipe(db)
    assert holding(folder, ALICE, "alice@") == []
