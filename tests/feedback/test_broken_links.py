"""Links to other sites that were found broken, and the place they have in the queue."""

from datetime import datetime, timedelta

from feedback import actions, broken_links, digests, queue
from feedback.broken_links import Found
from feedback.database import Database
from feedback.digests import Digest
from feedback.model import ArticleId, ArticleKey, Lane, Revision, Severity
from feedback.queue import Entry
from tests.feedback.builders import (
    DAY,
    FIRST,
    KEY,
    NOW,
    SECOND,
    TEXT,
    article,
    flag,
    publish,
)

OTHER = ArticleKey(ArticleId("parcel"), "en")
GONE = "https://gone.example/form"
SAID = "the server says 404."


def found(key: ArticleKey = KEY, url: str = GONE, revision: Revision = FIRST) -> Found:
    return Found(key, revision, 7, url, SAID)


def ask(db: Database, *broken: Found, now: datetime = NOW) -> None:
    """Let somebody ask all other sites, and find these links broken."""
    with db.write() as connection:
        broken_links.keep(connection, broken, now)


def stale(db: Database, now: datetime = NOW, *, reviews_per_week: int = 0) -> list[Entry]:
    with db.read() as connection:
        return queue.lanes(connection, now, reviews_per_week=reviews_per_week)[Lane.STALE]


def review(db: Database, now: datetime) -> None:
    with db.write() as connection:
        actions.review(
            connection, KEY, actor="charlie", evidence="An example.", revision=FIRST, now=now
        )


def digest(db: Database, owner: str) -> Digest:
    with db.read() as connection:
        return digests.read(connection, owner, NOW, reviews_per_week=0, false_flags=2.0)


def test_an_article_with_a_broken_link_waits_in_the_lane_of_stale_ones(db: Database) -> None:
    publish(db)

    ask(db, found())

    (entry,) = stale(db)
    assert (entry.key, entry.item, entry.since) == (KEY, None, NOW)
    assert entry.because == "a link to another site leads nowhere"
    assert [(link.url, link.said) for link in entry.broken] == [(GONE, SAID)]


def test_it_leaves_when_the_next_check_finds_the_link_whole(db: Database) -> None:
    publish(db)
    ask(db, found())

    ask(db, now=NOW + DAY)

    assert stale(db) == []


def test_it_leaves_when_the_article_has_another_text_however_little_differs(db: Database) -> None:
    publish(db)
    ask(db, found())

    publish(db, article(SECOND, text=f"{TEXT}."), now=NOW)

    assert stale(db) == []


def test_it_leaves_with_the_article(db: Database) -> None:
    publish(db, article(), article(key=OTHER))
    ask(db, found())

    publish(db, article(key=OTHER), now=NOW)

    assert stale(db) == []


def test_a_review_answers_it_until_another_link_breaks(db: Database) -> None:
    publish(db)
    ask(db, found())
    review(db, NOW + DAY)
    ask(db, found(), now=NOW + 2 * DAY)
    answered = stale(db, NOW + 2 * DAY)

    ask(db, found(), found(url="https://gone.example/too"), now=NOW + 3 * DAY)

    (again,) = stale(db, NOW + 3 * DAY)
    assert answered == []
    assert again.because == "2 links to other sites lead nowhere"


def test_a_link_is_broken_since_it_was_found_so_first(db: Database) -> None:
    publish(db)
    ask(db, found())

    ask(db, found(), now=NOW + 7 * DAY)

    (entry,) = stale(db)
    (link,) = entry.broken
    assert (link.since, link.asked) == (NOW, NOW + 7 * DAY)


def test_an_article_with_an_item_says_it_there_and_nowhere_else(db: Database) -> None:
    publish(db)
    flag(db)

    ask(db, found())

    with db.read() as connection:
        lanes = queue.lanes(connection, NOW, reviews_per_week=2)
    (suspected,) = lanes[Lane.SUSPECTED]
    assert suspected.because.endswith("; a link to another site leads nowhere")
    assert lanes[Lane.STALE] == []


def test_broken_links_take_no_review_from_what_nobody_has_read(db: Database) -> None:
    long_ago = NOW - 300 * DAY
    publish(db, article(), article(key=OTHER), now=long_ago)
    ask(db, found())

    entries = stale(db, reviews_per_week=1)

    assert [entry.key for entry in entries] == [KEY, OTHER]
    assert [entry.unread is not None for entry in entries] == [False, True]


def test_the_gravest_stand_first_then_what_broke_first(db: Database) -> None:
    grave, late = (ArticleKey(ArticleId(name), "en") for name in ("grave", "late"))
    publish(
        db, article(), article(key=late), article(key=grave, severity=Severity.SAFETY)
    )  # fmt: skip
    ask(db, found())

    ask(db, found(), found(late), found(grave), now=NOW + timedelta(hours=1))

    assert [grave, KEY, late] == [entry.key for entry in stale(db)]


def test_what_was_never_built_is_not_kept(db: Database) -> None:
    publish(db)

    ask(db, found(OTHER), found())

    with db.read() as connection:
        assert broken_links.answers(connection) == {GONE: SAID}
        assert list(broken_links.of(connection, [KEY, OTHER])) == [KEY]


def test_its_owner_is_written_of_it(db: Database) -> None:
    publish(db, article(owner="billing"))
    ask(db, found())

    assert [entry.key for entry in digest(db, "billing").broken] == [KEY]
    assert not digest(db, "billing").is_empty
    assert digest(db, "delivery").is_empty
