import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from feedback import flags, items, schema
from feedback.database import Database
from feedback.items import Item
from feedback.model import (
    ArticleId,
    ArticleKey,
    ItemState,
    Lane,
    PublishedArticle,
    Reason,
    Severity,
    Step,
)
from feedback.revisions import Published
from tests.feedback.builders import (
    DAY,
    FIRST,
    KEY,
    NOW,
    OTHER_TEXT,
    SECOND,
    TEXT,
    article,
    ballot,
    cast,
    count,
    flag,
    publish,
    reassess,
)


def live(db: Database) -> list[Item]:
    with db.read() as connection:
        return items.live(connection)


def steps(db: Database, item: Item) -> list[tuple[Step, str]]:
    with db.read() as connection:
        return [(one.step, one.act.words) for one in items.steps(connection, [item.id])[item.id]]


def is_flagged(db: Database) -> bool:
    with db.read() as connection:
        return KEY in flags.standing(connection)


def every_row(db: Database) -> dict[str, list[tuple[object, ...]]]:
    with db.read() as connection:
        return {
            name: [
                tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))
            ]
            for name, table in schema.metadata.tables.items()
        }


def test_a_first_build_records_each_article_and_its_revision(db: Database) -> None:
    published = publish(db)

    assert Published(new=(KEY,)) == published
    with db.read() as connection:
        assert count(connection, schema.articles) == 1
        assert count(connection, schema.revisions) == 1


def test_a_build_told_twice_changes_nothing_the_second_time(db: Database) -> None:
    build = (
        article(
            severity=Severity.MONEY, owner="billing", reviewed=NOW - 150 * DAY, commit="c0ffee"
        ),
        article(key=ArticleKey(ArticleId("internal"), "de"), public=False),
    )
    publish(db, *build)
    flag(db)
    before = every_row(db)

    published = publish(db, *build, now=NOW)

    assert Published() == published
    assert before == every_row(db)


def test_a_new_revision_clears_the_flag_and_moves_its_item_to_watching(db: Database) -> None:
    publish(db)
    flag(db)

    published = publish(db, article(SECOND, text=OTHER_TEXT, commit="c0ffee"), now=NOW)

    (item,) = live(db)
    assert published.changed == (KEY,)
    assert (item,) == published.watching
    assert ItemState.WATCHING is item.state
    assert steps(db, item)[-1] == (
        Step.WATCHING,
        "Revision bbbbbbbbbbbb (commit c0ffee) was published.",
    )
    assert not is_flagged(db)


def test_a_new_revision_starts_with_no_evidence(db: Database) -> None:
    publish(db)
    flag(db)

    publish(db, article(SECOND, text=OTHER_TEXT), now=NOW)

    assert reassess(db).assessment.evidence == 0


def test_the_votes_of_the_old_revision_are_kept(db: Database) -> None:
    publish(db)
    flag(db)

    publish(db, article(SECOND, text=OTHER_TEXT), now=NOW)

    with db.read() as connection:
        assert count(connection, schema.votes) == 6


@pytest.mark.parametrize(
    "edit",
    [
        article(SECOND, text=TEXT + " Really."),
        article(SECOND, text=OTHER_TEXT, minor=True),
    ],
    ids=["small", "called minor"],
)
def test_a_minor_revision_leaves_flag_and_item_standing(
    db: Database, edit: PublishedArticle
) -> None:
    publish(db)
    flag(db)

    published = publish(db, edit, now=NOW)

    (item,) = live(db)
    assert published.touched == (KEY,)
    assert ItemState.OPEN is item.state
    assert is_flagged(db)
    assert reassess(db).assessment.flagged


def test_votes_on_a_minor_revision_add_to_the_evidence(db: Database) -> None:
    publish(db)
    before = flag(db).assessment.evidence
    publish(db, article(SECOND, text=TEXT + " Really."), now=NOW)

    cast(db, ballot("bob", revision=SECOND, reason=Reason.WRONG))

    assert reassess(db).assessment.evidence > before


def test_a_flag_after_the_edit_opens_the_watched_item_again(db: Database) -> None:
    publish(db)
    flag(db)
    publish(db, article(SECOND, text=OTHER_TEXT), now=NOW)

    flag(db, NOW + 10 * DAY, SECOND)

    (item,) = live(db)
    assert ItemState.OPEN is item.state
    assert [step for step, _ in steps(db, item)] == [Step.OPENED, Step.WATCHING, Step.NOT_HELPED]


def test_an_edit_that_is_taken_back_is_a_publication_of_its_own(db: Database) -> None:
    publish(db)
    publish(db, article(SECOND, text=OTHER_TEXT), now=NOW - 2 * DAY)

    published = publish(db, article(FIRST), now=NOW - DAY)

    assert published.changed == (KEY,)
    with db.read() as connection:
        rows = connection.execute(
            select(schema.revisions.c.revision).order_by(schema.revisions.c.id)
        )
        assert list(rows.scalars()) == [FIRST, SECOND, FIRST]


def test_an_article_missing_from_the_build_is_gone_and_not_deleted(db: Database) -> None:
    publish(db)
    flag(db)

    published = publish(db, article(key=ArticleKey(ArticleId("other"), "en")), now=NOW)

    assert published.gone == (KEY,)
    with db.read() as connection:
        assert count(connection, schema.votes) == 6
    assert not publish(db, article(key=ArticleKey(ArticleId("other"), "en")), now=NOW + DAY).gone


def test_an_article_that_comes_back_takes_votes_again(db: Database) -> None:
    publish(db)
    publish(db, article(key=ArticleKey(ArticleId("other"), "en")), now=NOW)

    published = publish(db, now=NOW + DAY)

    assert (ArticleKey(ArticleId("other"), "en"),) == published.gone
    assert cast(db, ballot()).vote.weight == 1


def test_a_review_in_the_article_finds_its_open_items_correct(db: Database) -> None:
    publish(db)
    flag(db)

    published = publish(db, article(reviewed=NOW), now=NOW)

    assert published.reviewed == (KEY,)
    assert [(item.lane, item.state) for item in published.correct] == [
        (Lane.SUSPECTED, ItemState.CORRECT)
    ]
    assert not live(db)
    assert not is_flagged(db)
    assert reassess(db).assessment.evidence == 0


def test_a_review_older_than_the_flag_does_not_answer_it(db: Database) -> None:
    publish(db)
    flag(db)

    published = publish(db, article(reviewed=NOW - 5 * DAY), now=NOW)

    assert published.reviewed == (KEY,)
    assert not published.correct
    assert is_flagged(db)


def test_an_edit_with_its_review_is_watched_like_any_edit(db: Database) -> None:
    publish(db)
    flag(db)

    publish(db, article(SECOND, text=OTHER_TEXT, reviewed=NOW), now=NOW)

    assert [item.state for item in live(db)] == [ItemState.WATCHING]


def test_a_text_with_nul_is_kept_without_it(db: Database) -> None:
    publish(db, article(text="a\0b", owner="x\0y"))

    assert Published() == publish(db, article(text="a\0b", owner="x\0y"), now=NOW)


def test_ten_thousand_articles_are_published_within_seconds(db: Database) -> None:
    keys = [ArticleKey(ArticleId(f"article-{number}"), "en") for number in range(10_000)]
    build = [article(key=key) for key in keys]
    edited = [*build[:-100], *(article(SECOND, text=OTHER_TEXT, key=key) for key in keys[-100:])]

    started = time.perf_counter()
    publish(db, *build)
    first = time.perf_counter()
    publish(db, *build, now=NOW)
    second = time.perf_counter()
    published = publish(db, *edited, now=NOW + timedelta(days=1))
    third = time.perf_counter()

    assert len(published.changed) == 100
    assert first - started < 20
    assert second - first < 5
    assert third - second < 10
