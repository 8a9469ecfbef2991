"""Renamed articles are followed, with Git or without, however often and in whatever order."""

from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import pytest

from answerloop import catalog, lineage, moves, published
from answerloop.lineage import Lineage
from tests.answerloop.builders import Contents, repository, write
from tests.answerloop.builders import with_front_matter as fm
from tests.answerloop.test_history import FIRST, SECOND, THIRD, commit, git

LONG = "".join(f"Line {number} of a text that Git knows again.\n" for number in range(20))
FOURTH = datetime(2026, 4, 5, 12, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    return tmp_path


def state(root: Path, contents: Contents, at: datetime) -> None:
    """Commit a content folder that holds these files and no others."""
    for file in (root / "kb").rglob("*.md"):
        file.unlink()
    repository(root, contents)
    commit(root, "Edit", at)


def leads(root: Path) -> dict[str, str]:
    """Where old addresses with a last slash lead, as a fresh clone knows it."""
    known = repository(root, {})
    followed = moves.followed(catalog.load(known), lineage.read(known.content_dir), None)
    found = {old: article.url for old, article in followed.redirects.items()}
    return {old: url for old, url in found.items() if old.endswith("/")}


def test_a_renamed_file_is_found_by_its_text(root: Path) -> None:
    state(root, {"old.md": fm("id: a", LONG)}, FIRST)
    state(root, {"x/new.md": fm("id: a", LONG + "More.\n")}, SECOND)

    assert leads(root) == {"/old/": "/x/new/"}


def test_a_file_written_anew_is_found_by_its_id(root: Path) -> None:
    state(root, {"old.md": fm("id: a", LONG), "b.md": "B"}, FIRST)
    state(root, {"b.md": "B"}, SECOND)
    state(root, {"new.md": fm("id: a", "Another text.\n"), "b.md": "B"}, THIRD)

    assert leads(root) == {"/old/": "/new/"}


def test_a_file_of_another_id_is_no_heir_however_alike(root: Path) -> None:
    state(root, {"old.md": fm("id: a", LONG)}, FIRST)
    state(root, {"new.md": fm("id: b", LONG)}, SECOND)

    assert leads(root) == {}


def test_old_addresses_lead_straight_to_where_the_article_is_now(root: Path) -> None:
    for name, at in (("one", FIRST), ("two", SECOND), ("three", THIRD)):
        state(root, {f"{name}.md": fm("id: a", LONG)}, at)

    assert leads(root) == {"/one/": "/three/", "/two/": "/three/"}


def test_a_round_trip_makes_no_loop(root: Path) -> None:
    for name, at in (("one", FIRST), ("two", SECOND), ("one", THIRD)):
        state(root, {f"{name}.md": fm("id: a", LONG)}, at)

    assert leads(root) == {"/two/": "/one/"}


def test_of_two_articles_that_had_an_address_the_later_has_it(root: Path) -> None:
    other = LONG.replace("Line", "Row").replace("knows", "finds")
    state(root, {"x.md": fm("id: a", LONG)}, FIRST)
    state(root, {"a.md": fm("id: a", LONG)}, SECOND)
    state(root, {"a.md": fm("id: a", LONG), "x.md": fm("id: b", other)}, THIRD)
    state(root, {"a.md": fm("id: a", LONG), "b.md": fm("id: b", other)}, FOURTH)

    assert leads(root) == {"/x/": "/b/"}


def test_an_address_that_has_a_page_again_leads_nowhere_else(root: Path) -> None:
    state(root, {"x.md": fm("id: a", LONG)}, FIRST)
    state(root, {"a.md": fm("id: a", LONG), "x.md": fm("id: b", "New.\n")}, SECOND)

    assert leads(root) == {}


def test_the_permalink_of_an_article_without_an_id_outlives_a_rename(root: Path) -> None:
    state(root, {"old.md": LONG}, FIRST)
    state(root, {"new.md": LONG}, SECOND)

    assert leads(root) == {"/old/": "/new/", "/a/old/": "/new/"}


def test_what_has_become_internal_is_not_led_to(root: Path) -> None:
    state(root, {"old.md": fm("id: a", LONG)}, FIRST)
    state(root, {"new.md": fm("id: a\naudience: internal", LONG)}, SECOND)

    assert leads(root) == {}


@pytest.mark.parametrize("key", ["audience: internal", "state: archived", "draft: true"])
def test_nobody_is_told_where_an_article_was_before_it_was_public(root: Path, key: str) -> None:
    state(root, {"secret-plan.md": fm(f"id: a\n{key}", LONG)}, FIRST)
    state(root, {"new.md": fm("id: a", LONG)}, SECOND)

    assert leads(root) == {}


def test_a_file_is_as_old_as_its_first_commit_under_any_name(root: Path) -> None:
    state(root, {"old.md": fm("id: a", LONG)}, FIRST)
    state(root, {"new.md": fm("id: a", LONG), "b.md": "B"}, SECOND)

    assert lineage.read(root / "kb").born == {
        PurePosixPath("new.md"): FIRST,
        PurePosixPath("b.md"): SECOND,
    }


def test_a_shallow_clone_knows_no_births(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    state(root, {"a.md": LONG}, FIRST)
    state(root, {"a.md": LONG, "b.md": "B"}, SECOND)
    clone = tmp_path_factory.mktemp("clone")

    git(clone, "clone", "--quiet", "--depth", "1", f"file://{root}", ".")

    assert lineage.read(clone / "kb").born == {}


def test_without_git_nothing_is_known(tmp_path: Path) -> None:
    assert lineage.read(tmp_path) == Lineage()


def test_without_git_the_version_before_knows_and_remembers(tmp_path: Path) -> None:
    first = catalog.load(repository(tmp_path / "1", {"one.md": fm("id: a"), "b.md": "B"}))
    before = published.of(first, "", {}, {})

    for place, contents in (
        ("2", {"two.md": fm("id: a"), "b.md": "B"}),
        ("3", {"b.md": "B"}),  # left out for once
        ("4", {"three.md": fm("id: a"), "b.md": "B"}),
    ):
        loaded = catalog.load(repository(tmp_path / place, contents))
        followed = moves.followed(loaded, Lineage(), before)
        before = published.of(followed, "", {}, {})
        published.write(before, tmp_path)
        before = published.read(tmp_path)

    assert {old: url for old, url in before.redirects.items() if old.endswith("/")} == {
        "/one/": "/three/",
        "/two/": "/three/",
    }


def test_what_an_author_says_goes_before_what_was_found(root: Path) -> None:
    state(root, {"old.md": fm("id: a", LONG)}, FIRST)
    state(root, {"new.md": fm("id: a", LONG), "b.md": fm("redirect_from: [/old/]")}, SECOND)

    assert leads(root) == {"/old/": "/b/"}


def said(root: Path, contents: Contents) -> list[str]:
    return [str(found) for found in moves.check(catalog.load(repository(root, contents)))]


@pytest.mark.parametrize(
    ("old", "message"),
    [
        ("/a/", "`/a/` is the article's own address. Remove it."),
        ("/b", "`/b` is the page of b.md, which stays there. Remove it."),
        ("/x/", "`/x/` is a page of the site, which stays there. Remove it."),
        ("/x/p.png", "`/x/p.png` is a page of the site, which stays there. Remove it."),
        (
            "/f?id=1",
            "`/f?id=1`: only a path can lead elsewhere, without `?` and `#`. Write `/f`.",
        ),
    ],
)
def test_an_old_address_that_cannot_lead_here_is_told(
    tmp_path: Path, old: str, message: str
) -> None:
    contents: Contents = {
        "a.md": fm(f"title: A\nredirect_from: ['{old}']"),
        "b.md": "B",
        "x/c.md": "C",
        "x/p.png": b"1",
    }

    assert said(tmp_path, contents) == [f"a.md:3: warning: `redirect_from`: {message}"]


def test_two_articles_cannot_have_one_old_address(tmp_path: Path) -> None:
    contents = {"a.md": fm("redirect_from: [/x]"), "b.md": fm("redirect_from: [/y/, /x/]")}

    assert said(tmp_path, contents) == [
        "b.md:2: error: `redirect_from`: `/x/` leads to a.md already. Remove it from one of them."
    ]


def test_the_same_in_another_tools_key_stops_nothing(tmp_path: Path) -> None:
    write(tmp_path, {})
    contents = {"a.md": fm("aliases: [/x/, /a/]"), "b.md": fm("aliases: [/x/]")}

    assert [row.split(": ")[1] for row in said(tmp_path, contents)] == ["warning"]
