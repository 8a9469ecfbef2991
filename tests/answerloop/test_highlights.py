"""A home shows what is popular and new, of public articles only, and no list that says nothing."""

from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path, PurePosixPath

import pytest

from answerloop import highlights, installation, published, store
from answerloop.highlights import Heard, Highlights
from answerloop.history import Change
from answerloop.settings import Settings
from feedback import votes
from feedback.model import ArticleId, ArticleKey, Ballot
from tests.answerloop.builders import NOW, loaded, page, repository, site_of
from tests.answerloop.builders import with_front_matter as fm
from tests.answerloop.markup import words

MAY = date(2026, 5, 1)


def key(name: str) -> ArticleKey:
    return ArticleKey(ArticleId(name), "en")


def changed(day: date, *, is_minor: bool = False) -> Change:
    return Change("c0ffee", datetime(day.year, day.month, day.day, 9, tzinfo=UTC), is_minor)


def shown(
    root: Path,
    heard: Heard | None = None,
    *,
    days: dict[str, date] | None = None,
    articles: int = 20,
) -> Highlights:
    """The lists of a site of articles `a1`, `a2`, …, a category, and three that are kept back."""
    contents = {f"a{n}.md": fm(f"id: a{n}\ntitle: Article {n:02}") for n in range(1, articles + 1)}
    contents["index.md"] = fm("id: home\ntitle: Home")
    contents["inside.md"] = fm("id: inside\naudience: internal")
    contents["draft.md"] = fm("id: draft\nstate: work-in-progress")
    contents["old.md"] = fm("id: old\nstate: archived")
    catalog = loaded(root, contents)
    changes = {
        PurePosixPath(f"{name}.md"): changed(day, is_minor=name == "a9")
        for name, day in (days or {}).items()
    }
    return highlights.of(catalog, changes, heard or Heard())["en"]


def named(lists: Highlights) -> tuple[list[str], list[str]]:
    return [a.id for a in lists.popular], [each.article.id for each in lists.news]


def test_without_numbers_and_without_git_nothing_is_shown(tmp_path: Path) -> None:
    assert shown(tmp_path) == Highlights()


def test_the_articles_of_most_readers_come_first(tmp_path: Path) -> None:
    popular = {key(f"a{n}"): n for n in range(1, 9)}

    lists = shown(tmp_path, Heard(popular))

    assert named(lists) == (["a8", "a7", "a6", "a5", "a4"], [])


def test_fewer_than_three_are_no_list(tmp_path: Path) -> None:
    assert shown(tmp_path, Heard({key("a1"): 9, key("a2"): 9})) == Highlights()


@pytest.mark.parametrize(("articles", "expected"), [(11, 0), (12, 3), (16, 4), (40, 5)])
def test_a_list_is_at_most_a_quarter_of_all_articles(
    tmp_path: Path, articles: int, expected: int
) -> None:
    popular = {key(f"a{n}"): n for n in range(1, 10)}

    assert expected == len(shown(tmp_path, Heard(popular), articles=articles).popular)


def test_what_readers_cannot_see_is_never_shown(tmp_path: Path) -> None:
    hidden = ("inside", "draft", "old", "home", "gone")
    heard = Heard({key(name): 99 for name in hidden}, dict.fromkeys(map(key, hidden), MAY))

    lists = shown(tmp_path, heard, days=dict.fromkeys(hidden, MAY))

    assert lists == Highlights()


def test_mended_articles_are_the_news_the_newest_first(tmp_path: Path) -> None:
    mended = {key("a1"): MAY, key("a2"): MAY + timedelta(days=2), key("a3"): None}

    lists = shown(tmp_path, Heard(mended=mended), days={"a3": MAY + timedelta(days=3)})

    assert lists.are_mended
    assert named(lists) == ([], ["a3", "a2", "a1"])


def test_what_was_mended_long_ago_is_no_news(tmp_path: Path) -> None:
    mended = dict.fromkeys((key("a1"), key("a2"), key("a3")), MAY)

    lists = shown(tmp_path, Heard(mended=mended), days={"a7": MAY + highlights.FRESH})

    assert lists == Highlights()


def test_where_little_was_mended_the_news_are_the_latest_changes(tmp_path: Path) -> None:
    days = {f"a{n}": MAY + timedelta(days=n) for n in range(1, 5)}

    lists = shown(tmp_path, Heard(mended={key("a1"): MAY}), days=days)

    assert not lists.are_mended
    assert named(lists) == ([], ["a4", "a3", "a2", "a1"])


def test_an_import_of_all_articles_on_one_day_is_no_news(tmp_path: Path) -> None:
    days = {f"a{n}": MAY for n in range(1, 21)}

    assert shown(tmp_path, days=days) == Highlights()


def test_what_changed_since_an_import_is(tmp_path: Path) -> None:
    days = {f"a{n}": MAY + timedelta(days=n > 17) for n in range(1, 21)}

    assert named(shown(tmp_path, days=days)) == ([], ["a18", "a19", "a20"])


def test_a_minor_change_is_no_news(tmp_path: Path) -> None:
    days = {f"a{n}": MAY + timedelta(days=n) for n in range(6, 10)}

    assert named(shown(tmp_path, days=days)) == ([], ["a8", "a7", "a6"])


def test_other_lists_make_another_version(tmp_path: Path) -> None:
    few = shown(tmp_path / "a", Heard({key(f"a{n}"): 5 for n in range(1, 4)}))
    other = shown(tmp_path / "b", Heard({key(f"a{n}"): 5 for n in range(2, 5)}))

    assert highlights.signature({"en": few}) != highlights.signature({"en": other})


def vote(known: Settings, *names: str) -> None:
    catalog = published.read(installation.current_version(known).path)  # type: ignore[union-attr]  # it is built
    with closing(store.open(known)) as db, db.write() as connection:
        for name, reader in product(names, ("alice", "bob", "carol")):
            entry = catalog.by_id[name]["en"]
            ballot = Ballot(
                entry.id, "en", entry.revision, helpful=True, visitor=reader, network=reader
            )
            votes.cast(connection, ballot, NOW)


def test_a_build_shows_what_readers_said_until_then(tmp_path: Path) -> None:
    known = repository(tmp_path, {f"a{n}.md": f"# Article {n}\n" for n in range(1, 13)})
    before = words(page(site_of(known)), "h2")
    vote(known, "a1", "a2", "a3")

    after = words(page(site_of(known)), "h2")

    assert (before, after) == ([], ["Popular articles", "More articles"])
