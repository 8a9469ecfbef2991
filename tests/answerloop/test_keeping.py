"""The service forgets by itself what its settings say, at its start and every hour."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from answerloop import keeping, settings
from answerloop.errors import SettingsError
from answerloop.settings import Settings
from answerloop.web import upkeep
from answerloop.web.chores import Round
from answerloop.web.service import Service
from feedback import revisions, schema, votes
from feedback.model import Ballot
from tests.answerloop.builders import NOW, WORDS_ONLY, repository
from tests.feedback.asked import ask, search
from tests.feedback.builders import FIRST, KEY, article
from tests.feedback.visits import identify

DAY = timedelta(days=1)


@pytest.fixture
def known(tmp_path: Path) -> Settings:
    return repository(tmp_path, {"en/a.md": "# A\n"}, kb_toml="[privacy]\nremarks_months = 1\n")


@pytest.fixture
def service(known: Settings) -> Iterator[Service]:
    with closing(Service.open(known, lambda: NOW)) as service:
        with service.database.write() as db:
            revisions.publish(db, [article()], NOW - 100 * DAY)
        yield service


def say(service: Service, days_ago: int) -> None:
    """A reader of so many days ago votes, and writes something."""
    at = NOW - days_ago * DAY
    visitor = identify(service.salts, at, browser=f"browser of {days_ago} days ago")
    ballot = Ballot(
        KEY.article, KEY.lang, FIRST, helpful=False, visitor=visitor.today,
        network=visitor.network, remark=f"{days_ago} days ago",
    )  # fmt: skip
    service.writer.apply(lambda db: votes.cast(db, ballot, at))


def test_the_chores_of_the_service_forget_keys_and_remarks_that_are_due(service: Service) -> None:
    for days_ago in (40, 3, 1, 0):
        say(service, days_ago)

    Round(upkeep.chores(service), lambda: NOW).turn()

    with service.database.read() as db:
        visitors = db.execute(select(schema.votes.c.visitor)).scalars().all()
        remarks = db.execute(select(schema.remarks.c.text)).scalars().all()
    assert sorted(name.startswith("x") for name in visitors) == [False, False, True, True]
    assert set(remarks) == {"3 days ago", "1 days ago", "0 days ago"}


def test_a_salt_that_is_over_goes_though_nobody_votes(service: Service, known: Settings) -> None:
    say(service, 5)
    before = json.loads((known.state_dir / "salts").read_text("ascii"))

    Round(upkeep.chores(service), lambda: NOW).turn()

    after = json.loads((known.state_dir / "salts").read_text("ascii"))
    assert list(after) == [NOW.date().isoformat()]
    assert set(before.values()).isdisjoint(after.values())


def test_who_votes_again_after_the_chores_still_counts_once(service: Service) -> None:
    say(service, 1)
    chores = Round(upkeep.chores(service), lambda: NOW)
    visitor = identify(service.salts, NOW, browser="browser of 1 days ago")
    ballot = Ballot(
        KEY.article, KEY.lang, FIRST, helpful=True, visitor=visitor.today,
        network=visitor.network, previous_visitor=visitor.yesterday,
    )  # fmt: skip

    chores.turn()
    outcome = service.writer.apply(lambda db: votes.cast(db, ballot, NOW)).outcome

    assert outcome == "changed"


def test_every_period_of_the_settings_has_its_rule(known: Settings) -> None:
    periods = replace(known.privacy, searches_days=4, remarks_months=2, staff_months=3)
    longer = replace(known, privacy=periods)

    changed = {
        new.what
        for old, new in zip(keeping.rules(known), keeping.rules(longer), strict=True)
        if old.keep != new.keep
    }

    assert changed == {"searches", "remarks", "links to remarks", "names and words of staff"}


@pytest.mark.parametrize("months", [0, -1, 121, 1.5, '"long"'])
def test_a_period_is_a_month_at_least_and_ten_years_at_most(tmp_path: Path, months: object) -> None:
    kb_toml = f"[privacy]\nremarks_months = {months}\n"

    with pytest.raises(SettingsError, match=r"privacy\.remarks_months"):
        repository(tmp_path, {}, kb_toml=kb_toml)


def test_settings_of_before_have_the_periods_of_the_manual(tmp_path: Path) -> None:
    repository(tmp_path, {})

    privacy = settings.load(tmp_path, WORDS_ONLY).privacy

    assert (privacy.searches_days, privacy.remarks_months, privacy.staff_months) == (90, 18, 12)


@pytest.mark.parametrize("days", [0, 3651])
def test_searches_are_kept_a_day_at_least_and_ten_years_at_most(tmp_path: Path, days: int) -> None:
    with pytest.raises(SettingsError, match=r"privacy\.searches_days"):
        repository(tmp_path, {}, kb_toml=f"[privacy]\nsearches_days = {days}\n")


def test_the_chores_of_the_service_forget_old_searches_and_questions(service: Service) -> None:
    for number in range(600):
        search(service.database, f"old {number}", f"reader {number}", NOW - 91 * DAY)
    search(service.database, "new", "alice", NOW - 89 * DAY)
    ask(service.database, "Where is my old sofa?", "bob", NOW - 91 * DAY)
    ask(service.database, "Where is my new sofa?", "bob", NOW - 89 * DAY)

    Round(upkeep.chores(service), lambda: NOW).turn()

    with service.database.read() as db:
        queries = db.execute(select(schema.searches.c.query)).scalars().all()
        questions = db.execute(select(schema.questions.c.text)).scalars().all()
    assert (queries, questions) == (["new"], ["Where is my new sofa?"])
