"""Regression queries: a build that would lose one publishes nothing and says what changed."""

import shutil
from pathlib import Path

import pytest

from answerloop import builds, installation, settings
from answerloop.errors import ContentError, Level
from answerloop.settings import Settings
from tests.answerloop.builders import WORDS_ONLY, Contents, built, repository, write
from tests.answerloop.builders import with_front_matter as fm
from tests.answerloop.test_command_line import failed, kb

ARTICLES: Contents = {
    "refund.md": fm("id: refund", "# How do I get my money back?\n\nSend it back.\n"),
    "parcel.md": fm("id: parcel", "# Where is it?\n\nMoney.\n"),
    "limits.md": fm("id: limits\naudience: internal", "# Limits\n\nGoodwill.\n"),
    "old.md": fm("id: old\nstate: archived", "# Old\n"),
    "de/erstattung.md": fm("id: refund", "# Geld zurück\n"),
}
# Its title is the query and nothing else: above the article that has more in its title.
LOUDER = fm("id: louder", "# Money\n\nMoney.\n")

SYNONYM = '[[synonym]]\nlang = "en"\nwords = ["dough", "money", "goodwill"]\n'


def expecting(root: Path, *entries: str, contents: Contents = ARTICLES) -> Settings:
    known = repository(root, contents)
    write(root, {"queries.yml": "".join(f"- {{{entry}}}\n" for entry in entries)})
    return known


def lost(known: Settings) -> list[str]:
    with pytest.raises(ContentError) as problem:
        built(known)
    return str(problem.value).splitlines()


def test_a_build_that_finds_what_is_expected_publishes(tmp_path: Path) -> None:
    known = expecting(
        tmp_path,
        "query: money, article: refund, lang: en, rank: 1",
        "query: geld, article: refund, lang: de, rank: 1",
        "query: money, article: refund",
        "query: goodwill, article: limits, rank: 1",
    )

    done = built(known)

    assert done.findings == ()
    assert sorted(file.name for file in done.version.path.iterdir()) == [
        "catalog.json",
        "handouts.db",
        "index",
        "policy.json",
        "site",
    ]


def test_a_lost_query_stops_the_build_and_says_what_changed(tmp_path: Path) -> None:
    known = expecting(tmp_path, "query: money, article: refund, lang: en, rank: 1")
    before = built(known).version
    write(known.content_dir, {"louder.md": LOUDER})

    said = lost(known)

    (line,) = said
    assert line == (
        "queries.yml:1: error: `money` must find `refund` the first, but it is number 2 "
        "(in the version in use: number 1). Above it now: `louder`. "
        "Mend the articles, or change this entry."
    )
    assert installation.current_version(known) == before


def test_a_lost_query_stops_the_index_alone_as_well(tmp_path: Path) -> None:
    known = expecting(tmp_path, "query: money, article: refund, lang: en, rank: 1")
    before = built(known).version
    write(known.content_dir, {"louder.md": LOUDER})

    with pytest.raises(ContentError, match="but it is number 2"):
        builds.build_index(known, lambda _what, _share: None)

    assert installation.current_version(known) == before


def test_without_a_version_before_only_the_rank_of_now_is_said(tmp_path: Path) -> None:
    known = expecting(
        tmp_path, "query: zebra, article: refund", "query: back, article: parcel, lang: en"
    )

    first, second = lost(known)

    assert first == (
        "queries.yml:1: error: `zebra` must find `refund` among the first 3, but it is not found. "
        "Nothing is found for it. Mend the articles, or change this entry."
    )
    assert second == (
        "queries.yml:2: error: `back` must find `parcel` among the first 3, but it is not among "
        "the first 50. Above it now: `refund`. Mend the articles, or change this entry."
    )
    assert installation.current_version(known) is None


def test_an_internal_article_neither_helps_nor_hinders_a_reader(tmp_path: Path) -> None:
    louder = LOUDER.replace("id: louder", "id: louder\naudience: internal")
    known = expecting(
        tmp_path,
        "query: money, article: refund, lang: en, rank: 1",
        contents={**ARTICLES, "louder.md": louder},
    )

    assert built(known).findings == ()


def test_a_lost_query_is_a_warning_when_asked_to_keep_going(tmp_path: Path) -> None:
    known = expecting(tmp_path, "query: zebra, article: refund")

    done = built(known, keep_going=True)

    assert [finding.level for finding in done.findings] == [Level.WARNING]
    assert installation.current_version(known) == done.version


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("query: a, article: refnud", "no article has the id `refnud`. Did you mean `refund`?"),
        ("query: a, article: refund, lang: sv", "`refund` has no article in `lang: sv`. It has"),
        ("query: a, article: old", "`old` is archived, so no search finds it. Remove this entry."),
        ("query: a, article: refund, rank: x", "`rank: x` is no rank."),
    ],
)
def test_an_entry_that_nothing_can_fulfil_is_an_error_of_build_and_check(
    tmp_path: Path, entry: str, message: str
) -> None:
    known = expecting(tmp_path, "query: money, article: refund", entry)

    assert failed(tmp_path, "build").startswith(f"queries.yml:2: error: {message}")
    assert f"queries.yml:2: error: {message}" in kb(known.root, "check").stdout


def test_an_entry_that_nothing_can_fulfil_is_left_out_when_asked_to_keep_going(
    tmp_path: Path,
) -> None:
    expecting(tmp_path, "query: a, article: refnud")

    done = kb(tmp_path, "build", "--keep-going")

    assert done.exit_code == 1
    assert "no article has the id `refnud`" in done.stderr
    assert "Published 3 articles" in done.stdout


def test_a_synonym_may_be_what_finds_it_for_readers_and_for_staff(tmp_path: Path) -> None:
    known = expecting(
        tmp_path,
        "query: dough, article: refund, lang: en, rank: 1",
        "query: dough, article: limits, lang: en",
    )
    write(tmp_path, {"synonyms.toml": SYNONYM})

    assert built(known).findings == ()

    write(tmp_path, {"synonyms.toml": ""})

    assert [line.partition(" error")[0] for line in lost(known)] == [
        "queries.yml:1:",
        "queries.yml:2:",
    ]


def test_an_index_is_stale_when_a_synonym_is_new(tmp_path: Path) -> None:
    known = repository(tmp_path, ARTICLES)
    built(known)

    write(tmp_path, {"synonyms.toml": SYNONYM})

    assert installation.is_stale(known)


def test_a_synonym_that_cannot_be_read_is_an_error_of_build_index_and_check(
    tmp_path: Path,
) -> None:
    known = repository(tmp_path, ARTICLES)
    before = built(known).version
    write(tmp_path, {"synonyms.toml": f"{SYNONYM}[[synonym]]\nwords = []\n"})
    message = "synonyms.toml:5: error: `words` has 0 words, expected 1 to 20."

    said = [failed(tmp_path, "build"), failed(tmp_path, "index"), kb(tmp_path, "check").stdout]

    assert [message in each for each in said] == [True] * 3
    assert installation.current_version(known) == before


def test_a_synonym_that_cannot_be_read_is_left_out_when_asked_to_keep_going(
    tmp_path: Path,
) -> None:
    repository(tmp_path, ARTICLES)
    write(tmp_path, {"synonyms.toml": f"{SYNONYM}[[synonym]]\nwords = []\n"})

    done = kb(tmp_path, "build", "--keep-going")
    found = kb(tmp_path, "search", "dough", "--json")

    assert (done.exit_code, found.exit_code) == (1, 0)
    assert "`words` has 0 words" in done.stderr
    assert '"id": "refund"' in found.stdout


def test_a_synonym_in_a_language_without_articles_is_a_warning(tmp_path: Path) -> None:
    repository(tmp_path, ARTICLES)
    write(tmp_path, {"synonyms.toml": SYNONYM.replace("en", "fr") + SYNONYM.replace("en", "de-AT")})

    done = kb(tmp_path, "check")

    assert done.exit_code == 0
    assert "synonyms.toml:1: warning: no article is in `lang = fr`. Articles are in" in done.stdout
    assert "de-AT" not in done.stdout


def test_the_shipped_queries_find_the_shipped_articles(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "kb", tmp_path / "kb")
    for name in ("mkdocs.yml", "kb.toml", "queries.yml", "synonyms.toml"):
        shutil.copy(root / name, tmp_path / name)
    known = settings.load(tmp_path, WORDS_ONLY)

    done = built(known)

    own = {"queries.yml", "synonyms.toml"}
    assert [str(each) for each in done.findings if each.path.name in own] == []

    (tmp_path / "synonyms.toml").unlink()
    with pytest.raises(ContentError) as problem:
        builds.build_index(known, lambda _what, _share: None)

    lines = (root / "queries.yml").read_text(encoding="utf-8").splitlines()
    first = lines.index("# Words of synonyms.toml") + 2
    assert [each.line for each in problem.value.findings] == list(range(first, len(lines) + 1))
