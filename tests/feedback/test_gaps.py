import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from feedback import schema, searches
from feedback.database import Database
from feedback.errors import BadMerge, BadSplit, StaleItem, UnknownArticle, UnknownGap
from feedback.gaps import actions, gathering, rows, storing
from feedback.gaps.rows import Gap
from feedback.model import GapKind, GapState, GapStep
from tests.feedback.asked import DAY, NOW, ask, gather, judge, opened, search, shown, words
from tests.feedback.builders import publish

CARDS = ("gift card balance", "balance of a gift card", "check gift card balance")
CHAIRS = ("chair legs wobble", "legs of my chair wobble", "wobble chair legs repair")


def asked_by_three(db: Database, *queries: str, at: object = NOW - DAY) -> None:
    for query in queries:
        for reader in ("alice", "bob", "carol"):
            search(db, query, f"{reader} {query}", at)  # type: ignore[arg-type]  # a moment


def the_one(db: Database) -> Gap:
    (gap,) = shown(db)
    return gap


def find(db: Database, gap: Gap) -> Gap:
    with db.read() as connection:
        return rows.find(connection, gap.id)


def test_one_question_in_several_wordings_is_one_gap(db: Database) -> None:
    asked_by_three(db, *CARDS)
    asked_by_three(db, *CHAIRS[:1])

    cards, chairs = gather(db)

    assert (cards.face.askers, cards.face.wordings) == (9, 3)
    assert cards.face.label in CARDS
    assert [chairs.face.label] == [variant.text for variant in chairs.face.variants]
    assert (chairs.face.askers, chairs.face.volume) == (3, 3.0)


def test_fewer_than_three_readers_make_no_gap(db: Database) -> None:
    for _ in range(5):
        search(db, "gift card", "alice", NOW - DAY)
    search(db, "gift card", "bob")

    assert gather(db) == []


def test_three_of_one_network_count_on_a_day_and_a_fourth_does_not(db: Database) -> None:
    for number in range(5):
        search(db, "gift card", f"reader {number}", network="office")
    search(db, "gift card", "home")

    (gap,) = gather(db)

    assert gap.face.askers == 4


def test_nobodys_own_words_are_shown(db: Database) -> None:
    search(db, "gift card of Walter Svensson", "alice")
    search(db, "my gift card 4711", "bob")
    search(db, "gift card lost in Uppsala", "carol")

    (gap,) = gather(db)

    assert gap.face.label == "gift card"
    assert gap.face.variants == ()
    assert gap.face.wordings == 3


def test_masks_are_no_words(db: Database) -> None:
    for reader in ("alice", "bob", "carol"):
        search(db, f"parcel of {reader}@example.com", reader)

    (gap,) = gather(db)

    assert gap.face.label == "parcel of"


def test_languages_are_never_mixed(db: Database) -> None:
    for lang in ("en", "de"):
        for reader in ("alice", "bob", "carol"):
            search(db, "reset router", f"{reader} {lang}", lang=lang)

    assert sorted(gap.lang for gap in gather(db)) == ["de", "en"]


def test_a_question_that_is_sent_feeds_the_same_list(db: Database) -> None:
    search(db, "gift card balance", "alice")
    ask(db, "What is the balance of my gift card?", "bob")
    search(db, "gift card balance", "carol")

    (gap,) = gather(db)

    assert gap.face.askers == 3


def test_the_trend_compares_two_months(db: Database) -> None:
    asked_by_three(db, "gift card", at=NOW - 40 * DAY)
    search(db, "gift card", "dora", NOW - DAY)

    (gap,) = gather(db)

    assert (gap.face.askers, gap.face.before) == (1, 3)


def test_the_kind_and_the_nearest_article_are_told(db: Database) -> None:
    asked_by_three(db, "refund without receipt")

    (gap,) = gather(db)

    assert (gap.face.kind, gap.face.nearest) == (GapKind.FINDABILITY, "refund")


def test_gathering_twice_changes_nothing(db: Database) -> None:
    asked_by_three(db, *CARDS, *CHAIRS)

    first = gather(db)

    assert gather(db) == first


def test_a_gap_keeps_its_number_while_its_wordings_drift(db: Database) -> None:
    asked_by_three(db, *CARDS)
    (before,) = gather(db)
    asked_by_three(db, "gift card balance online")

    (after,) = gather(db)

    assert before.id == after.id
    assert after.face.wordings == before.face.wordings + 1


def test_what_is_ignored_stays_ignored(db: Database) -> None:
    asked_by_three(db, *CARDS)
    (gap,) = gather(db)
    with db.write() as connection:
        actions.ignore(
            connection, gap.id, actor="charlie", why="Sold out.", version=gap.version, now=NOW
        )
    asked_by_three(db, "gift card balance online", at=NOW)

    assert gather(db, NOW + DAY) == []


def test_the_second_who_acts_is_told_what_the_first_did(db: Database) -> None:
    asked_by_three(db, *CARDS)
    (gap,) = gather(db)
    with db.write() as connection:
        actions.ignore(
            connection, gap.id, actor="charlie", why="Sold out.", version=gap.version, now=NOW
        )

    with pytest.raises(StaleItem, match=r"ignored by charlie.*Sold out"), db.write() as connection:
        actions.assign(connection, gap.id, actor="dora", to=None, version=gap.version, now=NOW)


def test_gathering_makes_nobodys_page_stale(db: Database) -> None:
    asked_by_three(db, *CARDS)
    (gap,) = gather(db)
    asked_by_three(db, *CARDS, at=NOW)
    gather(db, NOW + DAY)

    with db.write() as connection:
        after = actions.ignore(
            connection, gap.id, actor="charlie", why="", version=gap.version, now=NOW
        )

    assert after.state is GapState.IGNORED


def test_an_unknown_gap_is_named(db: Database) -> None:
    with pytest.raises(UnknownGap), db.write() as connection:
        actions.ignore(connection, 2**40, actor="charlie", why="", version=1, now=NOW)


def write(db: Database, gap: Gap, at: object = NOW) -> Gap:
    with db.write() as connection:
        return actions.write(
            connection, gap.id, actor="charlie", article="refund", version=gap.version, now=at,  # type: ignore[arg-type]  # a moment
        )  # fmt: skip


@pytest.mark.parametrize(("clicks", "state"), [(3, GapState.CLOSED), (2, GapState.OPEN)])
def test_after_two_weeks_readers_decide_whether_the_article_answers(
    db: Database, clicks: int, state: GapState
) -> None:
    publish(db)
    asked_by_three(db, *CARDS)
    (gap,) = gather(db)
    write(db, gap)
    at = NOW + 5 * DAY
    for number in range(5):
        token = search(db, CARDS[0], f"later {number}", at, hits=2)
        if number < clicks:
            opened(db, token, f"later {number}", at=at)

    gather(db, NOW + 13 * DAY)
    early = find(db, gap)
    gather(db, NOW + 14 * DAY)
    late = find(db, gap)

    assert early.state is GapState.WRITTEN
    assert late.state is state
    with db.read() as connection:
        said = rows.steps(connection, gap.id)[-1].act
    assert said.words.startswith(f"{clicks} of 5 readers who searched for it in 14 days")
    assert said.actor is None


def test_too_few_searches_close_nothing(db: Database) -> None:
    publish(db)
    asked_by_three(db, *CARDS)
    (gap,) = gather(db)
    write(db, gap)

    gather(db, NOW + 20 * DAY)

    assert find(db, gap).state is GapState.WRITTEN


def test_a_written_article_for_which_nobody_asks_any_more_closes_its_gap(db: Database) -> None:
    publish(db)
    asked_by_three(db, *CARDS)
    (gap,) = gather(db)
    write(db, gap)

    gather(db, NOW + 91 * DAY)

    assert find(db, gap).state is GapState.CLOSED


def test_a_closed_gap_opens_when_three_ask_it_in_vain_again(db: Database) -> None:
    publish(db)
    asked_by_three(db, *CARDS)
    (gap,) = gather(db)
    write(db, gap)
    for number in range(3):
        token = search(db, CARDS[0], f"served {number}", NOW + 2 * DAY, hits=2)
        opened(db, token, f"served {number}", at=NOW + 2 * DAY)
    gather(db, NOW + 14 * DAY)
    asked_by_three(db, *CARDS, at=NOW + 20 * DAY)

    again = gather(db, NOW + 21 * DAY)

    assert [(one.id, one.state) for one in again] == [(gap.id, GapState.OPEN)]


def test_an_open_gap_that_nobody_asks_any_more_is_closed(db: Database) -> None:
    asked_by_three(db, *CARDS)
    (gap,) = gather(db)

    assert gather(db, NOW + 92 * DAY) == []
    assert find(db, gap).state is GapState.CLOSED


def test_an_article_must_be_one_that_readers_see(db: Database) -> None:
    asked_by_three(db, *CARDS)
    (gap,) = gather(db)

    with pytest.raises(UnknownArticle):
        write(db, gap)


def test_two_gaps_that_were_joined_stay_one(db: Database) -> None:
    asked_by_three(db, *CARDS, *CHAIRS)
    cards, chairs = gather(db)
    with db.write() as connection:
        actions.merge(
            connection, chairs.id, actor="charlie", into=cards.id, version=chairs.version, now=NOW
        )
    asked_by_three(db, "chair legs wobble badly", at=NOW)

    (one,) = gather(db, NOW + DAY)

    assert one.id == cards.id
    assert one.face.wordings == cards.face.wordings + chairs.face.wordings + 1


def test_a_gap_is_not_joined_to_itself_or_to_one_that_is_joined(db: Database) -> None:
    asked_by_three(db, *CARDS, *CHAIRS)
    cards, chairs = gather(db)
    with db.write() as connection:
        actions.merge(
            connection, chairs.id, actor="charlie", into=cards.id, version=chairs.version, now=NOW
        )
        cards = rows.find(connection, cards.id)

    for into in (cards.id, chairs.id):
        with pytest.raises(BadMerge), db.write() as connection:
            actions.merge(
                connection, cards.id, actor="charlie", into=into, version=cards.version, now=NOW
            )


def split(db: Database, gap: Gap, *texts: str) -> Gap:
    chosen = [one.wording for one in gap.face.variants if one.text in texts]
    with db.write() as connection:
        return actions.split(
            connection, gap.id, actor="charlie", wordings=chosen, version=gap.version, now=NOW
        )


def test_what_was_split_off_never_comes_back(db: Database) -> None:
    asked_by_three(db, *CHAIRS, "chair legs wobble")
    (gap,) = gather(db)
    made = split(db, gap, "wobble chair legs repair")
    asked_by_three(db, *CHAIRS, at=NOW)

    after = gather(db, NOW + DAY)

    assert {one.id for one in after} == {gap.id, made.id}
    found = {one.id: {each.text for each in one.face.variants} for one in after}
    assert found[made.id] == {"wobble chair legs repair"}
    assert "wobble chair legs repair" not in found[gap.id]


def test_a_split_takes_something_and_leaves_something(db: Database) -> None:
    asked_by_three(db, *CHAIRS)
    (gap,) = gather(db)

    with pytest.raises(BadSplit):
        split(db, gap)
    with pytest.raises(BadSplit):
        split(db, gap, *(one.text for one in gap.face.variants))


def test_what_people_do_in_between_is_left_alone(db: Database) -> None:
    asked_by_three(db, *CARDS)
    (gap,) = gather(db)
    later = NOW + 92 * DAY
    with db.read() as connection:
        planned = gathering.plan(connection, words, judge, later)
    with db.write() as connection:
        actions.ignore(connection, gap.id, actor="charlie", why="", version=gap.version, now=later)

    assert storing.write(db.apply, planned, later)

    assert find(db, gap).state is GapState.IGNORED


def test_of_two_who_gather_at_once_one_writes(db: Database) -> None:
    asked_by_three(db, *CARDS)
    with db.read() as connection:
        plans = [gathering.plan(connection, words, judge, NOW) for _ in range(2)]

    written = [storing.write(db.apply, planned, NOW) for planned in plans]

    assert written == [True, False]
    assert len(shown(db)) == 1


def test_forgetting_searches_leaves_what_three_readers_asked(db: Database) -> None:
    asked_by_three(db, *CARDS)
    search(db, "gift card of Walter", "walter")
    (gap,) = gather(db)

    with db.write() as connection:
        searches.forget_before(connection, NOW + timedelta(seconds=1))

    with db.read() as connection:
        assert rows.members(connection) == {}
        assert rows.steps(connection, gap.id)[0].step is GapStep.OPENED
    assert find(db, gap).face.label in CARDS


def test_a_new_gap_is_told_to_other_machines(db: Database) -> None:
    asked_by_three(db, "pay by invoice")

    (gap,) = gather(db)

    with db.read() as connection:
        (told,) = connection.execute(select(schema.outbox.c.payload)).scalars()
    assert json.loads(told) == {
        "type": "gap.opened",
        "gap": gap.id,
        "lang": gap.lang,
        "label": "pay by invoice",
        "askers": 3,
    }
