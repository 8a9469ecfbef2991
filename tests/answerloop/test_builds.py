"""One run from Markdown to a published version, and what becomes of it when something is wrong."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from answerloop import builds, installation, published, settings
from answerloop.errors import BuildError, ContentError
from answerloop.settings import Settings
from feedback.model import ArticleId, ArticleKey
from search.documents import Results
from search.reader import Reader
from search.versions import Version
from tests.answerloop.builders import (
    NOW,
    WORDS_ONLY,
    article,
    built,
    holding,
    page,
    repository,
    write,
)
from tests.answerloop.builders import with_front_matter as fm
from tests.answerloop.markup import elements, words

BROKEN = "---\ntitle: [\n---\n"


def quietly(_what: str, _share: float) -> None:
    """Nobody watches."""


def found(known: Settings, query: str, *shelves: str) -> Results:
    named = shelves or (installation.PUBLIC,)
    with Reader(known.builds_dir, key=installation.secret(known), shelves=named) as reader:
        return reader.search(query)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A repository that was built once; not to be changed."""
    known = repository(
        tmp_path_factory.mktemp("original"),
        {
            "index.md": "Zebra.\n",
            "a.md": "# Money back\n\nText.\n\n## Which költségek?\n\nZebra crossing.\n",
            "x/index.md": "Zebra.\n",
            "internal.md": fm("id: secret\naudience: internal", "Zanzibar money.\n"),
            "draft.md": fm("draft: true", "Zanzibar draft.\n"),
            "archived.md": fm("audience: internal\nstate: archived", "Zanzibar archive.\n"),
        },
        kb_toml='[site]\nurl = "https://help.example.com/"\n',
    )
    built(known)
    return known


@pytest.fixture
def known(original: Settings, tmp_path: Path) -> Settings:
    """The same repository, to be changed."""
    shutil.copytree(original.root, tmp_path / "help", symlinks=True)
    return settings.load(tmp_path / "help", WORDS_ONLY)


def current(known: Settings) -> Version:
    version = installation.current_version(known)
    assert version
    return version


def test_a_build_publishes_site_index_and_catalog_together(original: Settings) -> None:
    version = current(original)

    assert words(page(version.path / "site", "/a/"), "h1") == ["Money back"]
    assert [hit.url for hit in found(original, "money").hits] == ["/a/"]
    assert "/a/" in [entry.url for entry in published.read(version.path).entries]


def test_a_page_knows_its_public_address(original: Settings) -> None:
    links = elements(page(original.root / "site", "/a/"), "link")

    assert [link["href"] for link in links if link["rel"] == "canonical"] == [
        "https://help.example.com/a/"
    ]


def test_the_folder_site_names_the_published_site(original: Settings, known: Settings) -> None:
    write(known.content_dir, {"a.md": "# Two\n"})

    done = built(known)

    assert (done.version.path / "site").resolve() == (known.root / "site").resolve()
    assert not (known.root / "site").readlink().is_absolute()
    assert words(page(known.root / "site", "/a/"), "h1") == ["Two"]
    assert words(page(original.root / "site", "/a/"), "h1") == ["Money back"]


def test_a_folder_site_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    known = repository(tmp_path, {"a.md": "# One\n"})
    write(tmp_path, {"site/own.txt": "own"})
    told: list[tuple[str, float]] = []

    builds.build(known, NOW, lambda what, share: told.append((what, share)))

    assert [file.name for file in (tmp_path / "site").iterdir()] == ["own.txt"]
    shares = [share for _, share in told]
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert sorted(shares) == shares


def test_internal_articles_are_found_by_staff_alone(original: Settings) -> None:
    both = (installation.PUBLIC, installation.INTERNAL)

    assert [hit.id for hit in found(original, "zanzibar").hits] == []
    assert [hit.id for hit in found(original, "money").hits] == ["a"]
    assert [(hit.id, hit.url) for hit in found(original, "zanzibar", *both).hits] == [
        ("secret", "")
    ]
    assert holding(current(original).path / "site", "anzibar") == []


def test_the_home_is_no_answer(original: Settings) -> None:
    assert {"/a/", "/x/"} == {hit.url for hit in found(original, "zebra").hits}


def test_anchors_of_hits_are_those_of_the_page(original: Settings) -> None:
    hit = found(original, "crossing").hits[0]

    assert hit.anchor
    assert f'id="{hit.anchor}"' in page(original.root / "site", hit.url)


def test_a_build_is_stale_before_it_is_made_and_not_after(
    original: Settings, tmp_path: Path
) -> None:
    fresh = repository(tmp_path, {"a.md": "# One\n"})

    assert (installation.is_stale(fresh), installation.is_stale(original)) == (True, False)


@pytest.mark.parametrize(
    "change",
    [
        "edit",
        "edit of the same length",
        "new",
        "deleted",
        "moved",
        "attachment",
        "mkdocs.yml",
        "kb.toml",
    ],
)
def test_whatever_changes_makes_a_build_stale(tmp_path: Path, change: str) -> None:
    known = repository(tmp_path, {"x/a.md": "# One\n", "y.md": "", "z.png": b"1"})
    before = installation.fingerprint(known)

    content = known.content_dir
    match change:
        case "edit":
            write(content, {"x/a.md": "# Three\n"})
        case "edit of the same length":
            write(content, {"x/a.md": "# Two\n"})
        case "new":
            write(content, {"b.md": ""})
        case "deleted":
            (content / "y.md").unlink()
        case "moved":
            (content / "x").rename(content / "v")
        case "attachment":
            write(content, {"z.png": b"2"})
        case _:
            write(tmp_path, {change: (tmp_path / change).read_text(encoding="utf-8") + "\n# new"})

    assert before != installation.fingerprint(settings.load(tmp_path, WORDS_ONLY))


def test_another_address_makes_a_build_stale(tmp_path: Path) -> None:
    known = repository(tmp_path, {"a.md": ""})

    moved = settings.load(tmp_path, {"KB_SITE_URL": "https://help.example.com/"})

    assert installation.fingerprint(known) != installation.fingerprint(moved)


def test_a_file_that_cannot_be_read_does_not_stop_the_question(tmp_path: Path) -> None:
    known = repository(tmp_path, {"a.md": ""})
    (known.content_dir / "b.md").symlink_to("nowhere")

    assert installation.is_stale(known)


def test_the_same_content_built_twice_gives_the_same_catalog(tmp_path: Path) -> None:
    contents = {
        "en/a.md": fm("redirect_from: [/x/, /y/]"),
        "de/a.md": "",
        "en/b.md": fm("audience: internal"),
    }
    known = repository(tmp_path, contents)

    catalogs = [(built(known).version.path / "catalog.json").read_bytes() for _ in range(2)]

    assert catalogs[0] == catalogs[1]
    assert len(list(known.builds_dir.glob("v-*"))) == 2


def test_a_broken_article_stops_the_build_and_nothing_is_published(tmp_path: Path) -> None:
    known = repository(tmp_path, {"a.md": "# One\n", "b.md": BROKEN})

    with pytest.raises(ContentError, match=r"^b\.md:3: error: "):
        built(known)

    assert installation.current_version(known) is None
    assert not (tmp_path / "site").exists()


def test_a_broken_article_leaves_the_version_before_in_its_place(known: Settings) -> None:
    before = current(known)
    write(known.content_dir, {"a.md": "# Two\n", "b.md": BROKEN, "c.md": "[x](gone.md)"})

    with pytest.raises(ContentError) as caught:
        built(known)

    assert [str(finding.path) for finding in caught.value.findings] == ["b.md", "c.md"]
    assert before == current(known)
    assert words(page(known.root / "site", "/a/"), "h1") == ["Money back"]
    assert list(known.builds_dir.glob(".tmp-*")) == []


def test_the_rest_is_published_when_asked_to_keep_going(tmp_path: Path) -> None:
    known = repository(tmp_path, {"a.md": "# One\n", "b.md": BROKEN, "c.md": "[x](gone.md)"})

    done = built(known, keep_going=True)

    assert [article.id for article in done.catalog.published] == ["a", "c"]
    said = [(str(found.path), found.level.value) for found in done.findings]
    assert ("b.md", "error") in said  # left out
    assert ("c.md", "warning") in said  # published with its broken link
    assert [path for path, level in said if level == "error"] == ["b.md"]


def test_a_build_that_mkdocs_stops_leaves_nothing_behind(tmp_path: Path) -> None:
    known = repository(
        tmp_path,
        {"a.md": "![x](gone.png)"},
        mkdocs_yml="site_name: H\ndocs_dir: kb\nstrict: true\n",
    )

    with pytest.raises(BuildError, match=r"a\.md"):
        built(known, keep_going=True)

    assert [path.name for path in known.builds_dir.iterdir()] == []


def test_the_loop_is_told_what_is_published(tmp_path: Path) -> None:
    known = repository(
        tmp_path, {"a.md": "# One\n", "b.md": fm("audience: internal"), "c.md": fm("draft: true")}
    )
    first = built(known).told
    write(known.content_dir, {"a.md": "# Two\n\nQuite another text than before.\n"})
    (known.content_dir / "b.md").unlink()

    second = built(known).told

    one, two = (ArticleKey(ArticleId(name), "en") for name in ("a", "b"))
    assert {one, two} == set(first.new)
    assert ((), (one,), (two,)) == (second.new, second.changed, second.gone)


def test_the_loop_is_told_of_a_review_that_holds(tmp_path: Path) -> None:
    revision = article("# A\n", "a.md").revision
    review = "id: {}\nreview: {{on: 2026-10-01, by: charlie, hash: {}, evidence: tried}}"
    known = repository(
        tmp_path,
        {
            "a.md": fm(review.format("a", revision), "# A\n"),
            "b.md": fm(review.format("b", "0" * 12), "# B\n"),
        },
    )

    told = built(known).told

    assert told.reviewed == (ArticleKey(ArticleId("a"), "en"),)


def test_the_loop_is_told_nothing_of_a_build_that_fails(tmp_path: Path) -> None:
    known = repository(tmp_path, {"a.md": BROKEN})

    with pytest.raises(ContentError):
        built(known)

    assert not (known.state_dir / "kb.db").exists()


def test_the_index_alone_is_built_with_the_site_of_before(known: Settings) -> None:
    before = current(known)
    write(known.content_dir, {"a.md": "# One\n\nGiraffe.\n"})

    version = builds.build_index(known, quietly)

    assert before.path != version.path
    assert [hit.id for hit in found(known, "giraffe").hits] == ["a"]
    assert "Zebra crossing" in page(known.root / "site", "/a/")
    assert installation.is_stale(known)


def test_an_index_needs_a_site(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="Run `kb build` first"):
        builds.build_index(repository(tmp_path, {"a.md": ""}), quietly)


def test_an_index_without_an_article_is_not_published_silently(known: Settings) -> None:
    before = current(known)
    write(known.content_dir, {"b.md": BROKEN})

    with pytest.raises(ContentError, match=r"^b\.md:3: "):
        builds.build_index(known, quietly)

    assert before == current(known)


def test_the_key_of_an_installation_is_made_once_and_kept_private(tmp_path: Path) -> None:
    known = repository(tmp_path, {})

    first, second = installation.secret(known), installation.secret(known)

    assert first == second
    assert len(first) == 32
    assert (known.state_dir / "secret").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in known.state_dir.iterdir()] == ["secret"]


def test_a_file_in_place_of_var_is_said(tmp_path: Path) -> None:
    known = repository(tmp_path, {"a.md": "# One\n"})
    write(tmp_path, {"var": "a file"})

    with pytest.raises(BuildError, match=rf"^{tmp_path}/var.*must be a folder"):
        built(known)


def test_a_file_in_place_of_the_builds_is_said(tmp_path: Path) -> None:
    known = repository(tmp_path, {"a.md": "# One\n"})
    write(tmp_path, {"var/builds": "a file"})

    with pytest.raises(BuildError, match=rf"^{tmp_path}/var/builds: cannot write"):
        built(known)


def test_a_damaged_catalog_makes_a_build_stale(known: Settings) -> None:
    before = installation.is_stale(known)
    (current(known).path / published.FILE_NAME).write_text("{", encoding="utf-8")

    assert (before, installation.is_stale(known)) == (False, True)


def test_a_build_makes_the_database_where_the_settings_say(tmp_path: Path) -> None:
    known = repository(
        tmp_path,
        {"a.md": "# One\n"},
        kb_toml=f'[server]\ndatabase_url = "sqlite:///{tmp_path}/x.db"\n',
    )

    built(known)

    with closing(sqlite3.connect(tmp_path / "x.db")) as db:
        assert db.execute("SELECT article FROM articles").fetchall() == [("a",)]
