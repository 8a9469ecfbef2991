"""Each owner is told once a week what waits for them, and nothing when nothing does."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from answerloop.web import digests, upkeep
from answerloop.web.service import Service
from feedback import actions, articles, outbox, reports, votes
from feedback.model import ArticleId, ArticleKey, Ballot, Reason, Revision
from feedback.reports import Report
from tests.letters.house import NOW, House
from tests.letters.post_office import PostOffice, text

DAY = timedelta(days=1)
REFUND = ArticleKey(ArticleId("refund"), "en")
# NOW is a Monday, 9 o'clock.
TUESDAY = NOW + DAY


def report(house: House) -> None:
    """Let an agent report the article, and a reader leave a remark."""
    with house.service.database.write() as db:
        said = Report(REFUND, "bob", Reason.WRONG, words="Frau Meyer waits.", ticket="T-4711")
        reports.report(db, said, house.clock())
    house.say(comment="My name is Erika Mustermann.", reason="wrong")


def go(house: House, service: Service | None = None) -> int:
    """Let the chore run and the courier go; how many letters were put."""
    service = service or house.service
    (chore,) = (one for one in upkeep.chores(service) if one.name == "Letters to owners")
    put = digests.keep_up(service, house.clock())
    chore.do(house.clock())
    service.courier.deliver()
    return put


@contextmanager
def started_again(house: House, **mail: object) -> Iterator[Service]:
    """Another service on the same database, with other settings of mail."""
    settings = replace(house.service.settings, mail=replace(house.service.settings.mail, **mail))  # type: ignore[arg-type]  # fields of MailSettings
    with closing(Service.open(settings, house.clock)) as service:
        yield service


def test_an_owner_is_told_what_waits_with_links_and_without_anybodys_words(
    letters: House, office: PostOffice
) -> None:
    report(letters)

    put = go(letters)

    (letter,) = office.letters
    said = text(letter)
    assert put == 1
    assert letter["To"] == "billing@example.com"
    assert letter["Subject"] == "Alder & Finch Help: 1 open item"
    assert "How do I get a refund?: reported by an agent" in said
    assert "https://help.example.com/desk/items/1" in said
    assert "https://help.example.com/desk/queue?owner=billing" in said
    for private in ("Meyer", "4711", "bob", "Erika", "Mustermann"):
        assert private not in office.raw[0].decode()


def test_with_nothing_to_say_there_is_no_letter(letters: House, office: PostOffice) -> None:
    letters.clock.now += 7 * DAY
    _forget_that_it_is_stale(letters)

    put = go(letters)

    assert (put, office.letters, letters.waiting()) == (1, [], (0, 0))


def _forget_that_it_is_stale(house: House) -> None:
    """Let somebody find each article correct, so that none waits to be read through."""
    with house.service.database.write() as db:
        for key, article in articles.known(db).items():
            actions.review(
                db,
                key=key,
                actor="charlie",
                evidence="Tried it.",
                revision=article.revision,
                now=house.clock() - DAY,
            )


def test_nobody_is_written_to_twice_in_a_week(letters: House, office: PostOffice) -> None:
    report(letters)
    first = go(letters)
    with started_again(letters) as service:
        again = go(letters, service)
    letters.clock.now += 6 * DAY
    on_sunday = go(letters)

    letters.clock.now += DAY
    next_monday = go(letters)

    assert (first, again, on_sunday, next_monday) == (1, 0, 0, 1)
    assert len(office.letters) == 2


def test_the_first_one_waits_for_its_day_and_a_missed_one_is_made_up_for(
    letters: House, office: PostOffice
) -> None:
    report(letters)
    letters.clock.now = TUESDAY
    first = go(letters)

    letters.clock.now = TUESDAY + 7 * DAY  # nobody was there on the Monday
    later = go(letters)

    assert (first, later) == (0, 1)
    assert len(office.letters) == 1


def test_before_six_it_is_not_yet_the_day(letters: House) -> None:
    letters.clock.now = NOW.replace(hour=5, minute=59)
    early = go(letters)
    letters.clock.now = NOW.replace(hour=6)

    assert (early, go(letters)) == (0, 1)


@pytest.mark.parametrize(
    ("lang", "words"),
    [("de", "von Support gemeldet"), ("sv", "rapporterad av supporten")],
)
def test_letters_to_owners_speak_the_language_of_the_settings(
    letters: House, office: PostOffice, lang: str, words: str
) -> None:
    report(letters)

    with started_again(letters, digest_language=lang) as service:
        go(letters, service)

    assert words in text(office.letters[0])
    assert office.letters[0]["Content-Language"] == lang


def test_without_a_day_nobody_is_written_to(letters: House, office: PostOffice) -> None:
    report(letters)

    with started_again(letters, digest_day="") as service:
        put = go(letters, service)

    assert (put, office.letters) == (0, [])


def test_a_refused_address_is_a_dead_letter_that_does_not_name_it(
    letters: House, office: PostOffice
) -> None:
    report(letters)
    office.at_receiver.append("550 5.1.1 ADDRESS unknown")

    go(letters)

    with letters.service.database.read() as db:
        (dead,) = outbox.dead(db)
    assert (dead.kind, dead.subject) == ("digest", "billing")
    assert "billing@" not in dead.error


def test_a_doubted_article_is_told_with_what_readers_said(
    letters: House, office: PostOffice, revision: Callable[[], Revision]
) -> None:
    for day in (2, 1):
        for number in range(3):
            name = f"reader {day} {number}"
            with letters.service.database.write() as db:
                said = Ballot(
                    REFUND.article,
                    "en",
                    revision(),
                    helpful=False,
                    visitor=name,
                    network=name,
                    reason=Reason.OUTDATED,
                )
                votes.cast(db, said, NOW - day * DAY)
    letters.service.judge.note(REFUND)
    letters.service.judge.settle()

    go(letters)

    assert "How do I get a refund?: 6 of 6 readers said no" in text(office.letters[0])
    assert "2 readers a week of articles in doubt" in text(office.letters[0])


@pytest.fixture
def revision(letters: House) -> Callable[[], Revision]:
    """The text that is published now."""
    return lambda: letters.service.live.version().catalog.by_id["refund"]["en"].revision
