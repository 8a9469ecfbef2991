"""What an editor makes of a gap or of a proposal: a patch, or a commit where settings allow it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from answerloop import git, learned
from answerloop import settings as configuration
from answerloop.learned import Learned
from answerloop.web.service import Service
from feedback.gaps.rows import Gap
from tests import applications
from tests.answerloop.builders import WORDS_ONLY
from tests.desk.desk import Clock, Desk

INVOICE = ("pay by invoice", "invoice payment", "can i pay with invoice")


@pytest.fixture
def gap(desk: Desk) -> Gap:
    desk.miss(*INVOICE)
    return desk.gather()[0]


def ask(root: Path, *arguments: str, given: str = "") -> str:
    """What Git says, as somebody who has a name."""
    named = ("-c", "user.name=Test", "-c", "user.email=test@example.com", *arguments)
    return git.ask(root, *named, given=given.encode()).decode()


def change(desk: Desk, gap: Gap, kind: str, **sent: object) -> str:
    page = desk.signed_in("charlie").get(f"/desk/gaps/{gap.id}/change/{kind}", query_string=sent)
    return page.text


def test_a_gap_becomes_a_draft_that_git_applies(desk: Desk, gap: Gap, root: Path) -> None:
    sent = {"path": "en/payment/invoice", "title": "Can I pay: by invoice?", "phrase": INVOICE[0]}

    patch = change(desk, gap, "draft", **sent, **{"as": "patch"})

    ask(root, "init", "--quiet")
    ask(root, "apply", given=patch)
    text = (root / "kb/en/payment/invoice.md").read_text(encoding="utf-8")
    assert 'title: "Can I pay: by invoice?"' in text
    assert "state: work-in-progress" in text
    assert f"asked_as:\n  - {INVOICE[0]}\nreply:" in text


@pytest.mark.parametrize(
    "path", ["../evil", "/etc/evil", "en/../../evil", "en/.hidden/x", "none/x", "en/returns/refund"]
)
def test_a_draft_elsewhere_or_over_an_article_is_refused(desk: Desk, gap: Gap, path: str) -> None:
    page = desk.signed_in("charlie").get(
        f"/desk/gaps/{gap.id}/change/draft", query_string={"path": path, "title": "x"}
    )

    assert page.status_code == 422
    assert 'role="alert"' in page.text


def test_words_are_added_to_an_article(desk: Desk, gap: Gap) -> None:
    page = change(desk, gap, "asked-as", article="gift-card", phrase=INVOICE[0])

    assert "kb/en/payment/gift-card.md" in page
    assert f"+  - {INVOICE[0]}" in page


def test_only_words_of_the_gap_are_added(desk: Desk, gap: Gap) -> None:
    page = change(desk, gap, "asked-as", article="gift-card", phrase="anything else")

    assert "or none was chosen" in page


def test_a_synonym_goes_to_its_file(desk: Desk, gap: Gap) -> None:
    page = change(desk, gap, "synonym", said="invoice", found="bill")

    assert "synonyms.toml" in page
    assert "+from = [&#34;invoice&#34;]" in page


def test_without_the_setting_nothing_is_written(desk: Desk, gap: Gap, root: Path) -> None:
    before = (root / "kb/en/payment/gift-card.md").read_bytes()
    form = {"article": "gift-card", "phrase": INVOICE[0]}

    answer = desk.signed_in("charlie").post(f"/desk/gaps/{gap.id}/change/asked-as", data=form)

    assert answer.status_code == 409
    assert before == (root / "kb/en/payment/gift-card.md").read_bytes()


@pytest.fixture
def committing(root: Path, clock: Clock) -> Iterator[Desk]:
    """A desk that may commit into its checkout."""
    for file in (root / "kb").rglob("*.md"):  # not the files that other tests share
        text = file.read_bytes()
        file.unlink()
        file.write_bytes(text)
    (root / ".gitignore").write_text("var/\nsite\n", encoding="utf-8")
    ask(root, "init", "--quiet")
    ask(root, "add", "-A")
    ask(root, "commit", "--quiet", "-m", "Articles")
    settings = configuration.load(root, WORDS_ONLY)
    allowed = replace(settings, content=replace(settings.content, changes="commit"))
    with closing(Service.open(allowed, clock)) as service:
        yield Desk(applications.around(service), service, clock)


def test_where_the_settings_say_so_the_desk_commits_that_and_nothing_else(
    committing: Desk, root: Path
) -> None:
    committing.miss(*INVOICE)
    gap = committing.gather()[0]
    (root / "kb/en/returns/refund.md").write_text("half an edit", encoding="utf-8")
    form = {"article": "gift-card", "phrase": INVOICE[0]}

    answer = committing.signed_in("charlie").post(f"/desk/gaps/{gap.id}/change/asked-as", data=form)

    assert answer.location == f"/desk/gaps/{gap.id}?done=committed"
    assert ask(root, "log", "-1", "--format=%an", "--name-only").split() == [
        "charlie",
        "kb/en/payment/gift-card.md",
    ]
    assert ask(root, "status", "--porcelain").split() == ["M", "kb/en/returns/refund.md"]


def test_a_commit_that_git_refuses_changes_nothing(committing: Desk, root: Path) -> None:
    committing.miss(*INVOICE)
    gap = committing.gather()[0]
    (root / ".git/index.lock").write_text("", encoding="utf-8")
    form = {"path": "en/payment/invoice", "title": "Invoices", "phrase": INVOICE[0]}

    answer = committing.signed_in("charlie").post(f"/desk/gaps/{gap.id}/change/draft", data=form)

    assert answer.status_code == 422
    assert "nothing was changed" in answer.text
    assert not (root / "kb/en/payment/invoice.md").exists()


def learn(desk: Desk) -> str:
    """Let `kb learn` have proposed something; the moment of it."""
    phrase = learned.Phrase("cash for my sofa", "refund", "en", 4, 5, None, 1)
    synonym = learned.Synonym("voucher", "gift card", "en", 3)
    because = learned.Undecided("sofa", "en", "4 readers asked it and ended at refund (2)")
    file = desk.service.settings.state_dir / learned.FILE_NAME
    learned.write(file, Learned(None, (phrase,), (synonym,), (because,)), desk.clock())
    return desk.clock().isoformat()


def test_proposals_are_shown_with_their_evidence(desk: Desk) -> None:
    learn(desk)

    page = desk.signed_in("bob").get("/desk/learn").text

    assert "4 of 5 readers ended there; now not found, with it number 1" in page
    assert "voucher → gift card" in page
    assert "ended at refund (2)" in page
    assert 'type="checkbox"' not in page


def test_accepted_proposals_leave_as_one_patch(desk: Desk) -> None:
    at = learn(desk)
    sent = {"at": at, "phrase": "0", "synonym": "0", "as": "patch"}

    answer = desk.signed_in("charlie").get("/desk/learn/change", query_string=sent)

    assert "attachment" in answer.headers["Content-Disposition"]
    assert "+  - cash for my sofa" in answer.text
    assert '+to = ["gift card"]' in answer.text


def test_proposals_of_another_day_are_not_accepted_unread(desk: Desk) -> None:
    learn(desk)
    sent = {"at": "2020-01-01T00:00:00+00:00", "phrase": "0"}

    answer = desk.signed_in("charlie").get("/desk/learn/change", query_string=sent)

    assert answer.status_code == 422
    assert "Choose anew" in answer.text


def test_a_desk_where_nothing_was_learned_says_how(desk: Desk) -> None:
    assert "kb learn" in desk.signed_in("bob").get("/desk/learn").text


def test_what_is_not_ours_teaches_nothing(tmp_path: Path) -> None:
    file = tmp_path / "learned.json"
    file.write_text("[1, 2]", encoding="utf-8")

    assert learned.read(file).at is None
