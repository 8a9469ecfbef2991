"""From a no with an address to the one letter about the edit, and what can go wrong between."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from answerloop import installation
from feedback import residue, schema
from tests.letters.house import ALICE, SITE, House
from tests.letters.post_office import text


def contacts(letters: House) -> int:
    with letters.service.database.read() as db:
        return len(db.execute(select(schema.contacts)).all())


def confirmed(letters: House, lang: str = "en") -> None:
    """Let Alice leave her address and confirm it."""
    letters.say(lang=lang, contact=ALICE)
    letters.deliver()
    letters.press(letters.link(), "confirm")


def log(caplog: pytest.LogCaptureFixture) -> str:
    """What the service has logged; the mail server of the test logs all it hears."""
    return "\n".join(one.getMessage() for one in caplog.records if one.name != "mail.log")


def test_an_address_is_asked_and_told_once_and_then_deleted(letters: House) -> None:
    confirmed(letters)
    letters.mend()
    for _ in range(3):
        letters.deliver()

    asked, told = letters.office.letters
    assert [asked["To"], told["To"]] == [ALICE, ALICE]
    assert asked["Subject"] == "Please confirm your address"
    assert told["Subject"] == "Changed: How do I get a refund?"
    assert "5 May 2026" in text(told)
    assert f"{SITE}/en/refund/" in text(told)
    assert contacts(letters) == 0
    assert letters.waiting() == (0, 0)


@pytest.mark.parametrize(
    ("lang", "asked", "told"),
    [
        ("de", "Bitte bestätigen Sie Ihre Adresse", "am 5. Mai 2026 geschehen"),
        ("sv", "Bekräfta din adress", "den 5 maj 2026"),
        ("ar", "نرجو تأكيد عنوان بريدك", "وقد تغيّرت في"),
    ],
)
def test_letters_speak_the_language_of_the_article(
    letters: House, lang: str, asked: str, told: str
) -> None:
    confirmed(letters, lang)
    letters.mend(lang)
    letters.deliver()

    first, second = letters.office.letters
    assert (first["Subject"], first["Content-Language"]) == (asked, lang)
    assert told in text(second)


def test_the_first_letter_holds_no_word_of_the_one_who_typed_the_address(letters: House) -> None:
    letters.say(contact=ALICE, comment="Cheap watches at https://spam.example.net")
    letters.deliver()

    assert "watches" not in text(letters.office.letters[0])
    assert "spam" not in letters.office.raw[0].decode()


def test_a_letter_about_an_edit_leads_to_a_yes_that_counts(letters: House) -> None:
    confirmed(letters)
    letters.mend()
    letters.deliver()
    link = letters.link()

    for _ in range(3):  # what mail scanners do
        assert letters.see(link).status_code == 200
    pressed = letters.press(link, "yes")
    again = letters.press(link, "no")

    assert (pressed.status_code, again.status_code) == (303, 303)
    assert "Thank you" in letters.see(pressed.location).text
    with letters.service.database.read() as db:
        votes = db.execute(
            select(schema.votes.c.helpful, schema.votes.c.weight, schema.votes.c.via).order_by(
                schema.votes.c.cast
            )
        ).all()
    assert [tuple(vote) for vote in votes] == [(False, 1, ""), (True, 1, "letter")]


def test_opening_the_first_letter_s_link_confirms_nothing(letters: House) -> None:
    letters.say(contact=ALICE)
    letters.deliver()
    for _ in range(3):
        letters.see(letters.link())
    letters.mend()
    letters.deliver()

    assert len(letters.office.letters) == 1


def test_who_is_not_the_owner_of_an_address_can_refuse_it(letters: House) -> None:
    letters.say(contact=ALICE)
    letters.deliver()

    page = letters.press(letters.link(), "refuse")

    assert "We will not write to you." in page.text
    assert contacts(letters) == 0
    assert letters.see(letters.link()).status_code == 404


def test_an_edit_before_the_confirmation_is_told_after_it(letters: House) -> None:
    letters.say(contact=ALICE)
    letters.deliver()
    letters.mend()
    letters.press(letters.link(), "confirm")
    letters.deliver()

    assert [letter["Subject"][:7] for letter in letters.office.letters] == ["Please ", "Changed"]


def test_a_mail_server_that_is_busy_is_tried_again_until_it_takes_the_letter(
    letters: House,
) -> None:
    letters.office.at_receiver += ["451 4.7.1 greylisted"] * 2
    letters.say(contact=ALICE)
    for _ in range(2):
        letters.deliver()
    assert (letters.waiting(), len(letters.office.letters)) == ((1, 0), 0)

    for minutes in (1, 6):
        letters.clock.now += timedelta(minutes=minutes)
        letters.deliver()

    assert (letters.waiting(), len(letters.office.letters)) == ((0, 0), 1)
    assert letters.office.attempts == 3


def test_an_address_at_which_nobody_is_is_deleted_and_no_letter_waits(
    letters: House, caplog: pytest.LogCaptureFixture
) -> None:
    letters.office.at_receiver.append("550 5.1.1 ADDRESS: no such user")
    letters.say(contact=ALICE)
    with caplog.at_level(logging.DEBUG):
        letters.deliver()

    assert (contacts(letters), letters.waiting()) == (0, (0, 0))
    assert "550 5.1.1" in log(caplog)
    assert "alice" not in log(caplog)


def test_a_letter_that_is_refused_becomes_a_dead_letter_that_names_nobody(letters: House) -> None:
    letters.office.at_letter.append("554 5.7.1 no letters for alice@example.org")
    letters.say(contact=ALICE)
    letters.deliver()

    assert (contacts(letters), letters.waiting()) == (1, (0, 1))
    with letters.service.database.read() as db:
        assert "alice" not in str(db.execute(select(schema.outbox)).all())


def test_what_is_withdrawn_is_not_written_to(letters: House) -> None:
    own = letters.say(contact=ALICE, comment="Step three.")
    letters.press(own, "withdraw")
    letters.deliver()

    assert (letters.office.letters, letters.waiting()) == ([], (0, 0))


def test_an_address_that_was_not_confirmed_is_forgotten_after_two_days(letters: House) -> None:
    letters.say(contact=ALICE)
    letters.deliver()
    letters.clock.now += timedelta(hours=49)
    letters.deliver()

    assert contacts(letters) == 0
    assert letters.see(letters.link()).status_code == 404


def test_an_address_sealed_with_a_lost_key_is_a_dead_letter(letters: House) -> None:
    letters.say(contact=ALICE)
    with letters.service.database.write() as db:
        db.execute(schema.contacts.update().values(sealed=b"x" * 300))
    letters.deliver()

    assert letters.waiting() == (0, 1)


def test_the_key_is_outside_the_database_and_only_its_owner_s(letters: House) -> None:
    file = letters.service.settings.state_dir / "contacts.key"
    key = installation.contacts_key(letters.service.settings)

    assert file.stat().st_mode & 0o777 == 0o600
    assert len(key) == 32
    assert key != installation.secret(letters.service.settings)


def holding(folder: Path, words: bytes) -> list[str]:
    return [
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file() and words in file.read_bytes()
    ]


def test_no_file_of_the_service_and_no_line_of_its_log_holds_an_address(
    letters: House, caplog: pytest.LogCaptureFixture
) -> None:
    state = letters.service.settings.state_dir
    found: dict[str, list[str]] = {}
    letters.office.at_receiver.append("451 4.7.1 ADDRESS is greylisted")
    with caplog.at_level(logging.DEBUG):
        letters.say(contact=ALICE, comment=f"Write to {ALICE}, please: the walnut squeaks.")
        found["left"] = holding(state, b"alice@")
        letters.deliver()
        found["refused"] = holding(state, b"alice@")
        letters.clock.now += timedelta(minutes=1)
        letters.deliver()
        letters.press(letters.link(), "confirm")
        found["confirmed"] = holding(state, b"alice@")
        letters.mend()
        letters.deliver()
        found["told"] = holding(state, b"alice@")
        residue.wipe(letters.service.database)
        found["wiped"] = holding(state, b"alice@")

    assert len(letters.office.letters) == 2
    assert {moment: files for moment, files in found.items() if files} == {}
    assert "alice" not in log(caplog)
    assert holding(state, b"walnut squeaks") != []  # the search works


def test_a_withdrawn_message_stands_in_no_file(letters: House) -> None:
    state = letters.service.settings.state_dir
    own = letters.say(contact=ALICE, comment="The walnut squeaks.")

    assert letters.press(own, "withdraw").status_code == 200

    residue.wipe(letters.service.database)
    assert holding(state, b"walnut squeaks") == []
    assert holding(state, own[3:].encode()) == []
