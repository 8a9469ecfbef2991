"""What commits say to the queue, from a Git checkout through `kb build`."""

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from answerloop import builds, store
from answerloop.settings import Settings
from feedback import flags, items, schema, votes
from feedback.items import Item
from feedback.model import ArticleId, ArticleKey, Ballot, ItemState, Reason
from tests.answerloop.builders import repository, write
from tests.answerloop.builders import with_front_matter as fm
from tests.answerloop.test_command_line import kb
from tests.answerloop.test_history import commit, git

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
KEY = ArticleKey(ArticleId("refund"), "en")
BODY = "Send the parcel back within thirty days and we refund the price. " * 20
REWRITTEN = "Refunds are made to the card that you have paid with, within a week. " * 20


@pytest.fixture
def known(tmp_path: Path) -> Settings:
    """A checkout, built long ago, with an article that readers have found outdated since."""
    found = repository(
        tmp_path,
        {"refund.md": fm("id: refund\ntitle: Refund", BODY), "other.md": fm("id: other", BODY)},
    )
    write(tmp_path, {".gitignore": "var\nsite\n"})
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path, "Write", NOW - 100 * DAY)
    builds.build(found, NOW - 100 * DAY, lambda _what, _share: None)
    flag(found)
    return found


def flag(known: Settings) -> None:
    with closing(store.open(known)) as opened, opened.write() as db:
        revision = db.execute(
            select(schema.articles.c.revision).where(schema.articles.c.article == KEY.article)
        ).scalar_one()
        for number in range(6):
            vote = Ballot(
                KEY.article, KEY.lang, revision, helpful=False, reason=Reason.OUTDATED,
                visitor=f"v{number}", network=f"n{number}",
            )  # fmt: skip
            votes.cast(db, vote, NOW - (1 + number % 2) * DAY)
        flags.reassess(db, KEY, NOW)


def item_of(known: Settings) -> Item:
    with closing(store.open(known)) as opened, opened.read() as db:
        return items.find(db, 1)


def refund(body: str, head: str = "") -> dict[str, str]:
    return {"kb/refund.md": fm(f"id: refund\ntitle: Refund{head}", body)}


def state_after(known: Settings, *edits: tuple[dict[str, str], str]) -> ItemState:
    """Where the item stands after these commits, each with its message, and one `kb build`."""
    for contents, message in edits:
        write(known.root, contents)
        commit(known.root, message, NOW)
    done = kb(known.root, "build")
    assert (done.exit_code, done.stderr) == (0, "")
    return item_of(known).state


def test_an_edit_moves_the_item_to_watching(known: Settings) -> None:
    assert ItemState.WATCHING is state_after(known, (refund(REWRITTEN), "Mend"))


@pytest.mark.parametrize("without_git", [False, True])
def test_front_matter_calls_an_edit_minor(known: Settings, *, without_git: bool) -> None:
    write(known.root, refund(REWRITTEN, "\nminor: true"))
    if not without_git:
        commit(known.root, "Mend", NOW)

    assert ItemState.OPEN is state_after(known)


def test_a_trailer_calls_an_edit_minor(known: Settings) -> None:
    assert ItemState.OPEN is state_after(known, (refund(REWRITTEN), "Mend\n\nKb-Minor: yes"))


def test_a_minor_commit_after_a_substantive_one_hides_nothing(known: Settings) -> None:
    assert ItemState.WATCHING is state_after(
        known,
        (refund(REWRITTEN), "Mend"),
        (refund(f"{REWRITTEN}Yes!"), "Mend a typing error\n\nKb-Minor: yes"),
    )


def test_an_edit_without_a_commit_is_not_what_the_last_commit_was(known: Settings) -> None:
    write(known.root, refund(f"{BODY}Yes!"))
    commit(known.root, "Mend a typing error\n\nKb-Minor: yes", NOW)
    write(known.root, refund(REWRITTEN))

    assert ItemState.WATCHING is state_after(known)
    assert said(known).endswith(" was published.")
    assert "commit" not in said(known)


def test_a_trailer_names_the_item_that_a_small_edit_mends(known: Settings) -> None:
    assert ItemState.WATCHING is state_after(
        known, (refund(f"{BODY}Yes!"), "Mend\n\nKb-Fixes: #1\nKb-Minor: yes")
    )


def test_a_trailer_names_an_item_that_another_file_mends(known: Settings) -> None:
    state = state_after(known, ({"kb/other.md": fm("id: other", "Look here.")}, "x\n\nKb-Fixes: 1"))

    assert ItemState.WATCHING is state
    head = git(known.root, "rev-parse", "HEAD")
    assert said(known).startswith(f"Mended, says commit {head[:12]} by Charlie; revision ")


def said(known: Settings) -> str:
    """The last thing that happened to the item."""
    with closing(store.open(known)) as opened, opened.read() as db:
        return items.steps(db, [1])[1][-1].act.words


def test_a_commit_closes_an_item_once(known: Settings) -> None:
    state_after(known, (refund(f"{BODY}Yes!"), "Mend\n\nKb-Fixes: 1"))
    with closing(store.open(known)) as opened, opened.write() as db:
        item = items.find(db, 1)
        act = items.Act("bob", "Still wrong.", NOW)
        items.enqueue(db, item.key, item.lane, act)

    assert ItemState.OPEN is state_after(
        known, ({"kb/other.md": fm("id: other", "Other.")}, "Edit")
    )


def test_a_number_of_nothing_is_a_warning_and_no_failure(known: Settings) -> None:
    git(known.root, "commit", "--quiet", "--allow-empty", "--message", "x\n\nKb-Fixes: 99")

    first, second = kb(known.root, "build"), kb(known.root, "build", "--json")

    assert first.exit_code == 0
    assert first.stderr.startswith("queue: commit ")
    assert "says `Kb-Fixes: 99`, but there is no such item in the queue." in first.stderr
    assert "1 warning." in first.stdout
    assert json.loads(second.stdout)["warnings"] == []


def test_author_and_commit_are_kept_with_the_revision(known: Settings) -> None:
    state_after(known, (refund(REWRITTEN), "Mend"))

    with closing(store.open(known)) as opened, opened.read() as db:
        rows = db.execute(
            select(schema.revisions.c.author, schema.revisions.c.commit)
            .where(schema.revisions.c.article == KEY.article)
            .order_by(schema.revisions.c.id)
        )
        assert [row.author for row in rows] == ["Charlie", "Charlie"]
    dump = (known.root / "var" / "kb.db").read_bytes()
    assert b"charlie@example.com" not in dump


def test_the_queue_on_the_command_line_tells_the_proof_so_far(known: Settings) -> None:
    state_after(known, (refund(REWRITTEN), "Mend"))

    printed = kb(known.root, "queue").stdout
    (row,) = json.loads(kb(known.root, "queue", "--json").stdout)["suspected"]

    assert "Before 0 of 6 helpful (1\N{EN DASH}35 %), since the edit nobody voted: " in printed
    assert "not known yet, at least 5 more votes are needed." in printed
    assert row["proof"].startswith("Before 0 of 6 helpful")
