"""A build after a build: what is spared, and that the result is the one of a build from nothing."""

import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from answerloop import builds, cache, catalog, installation, settings
from answerloop.settings import Settings
from feedback.model import ArticleId
from search import manifest
from tests.answerloop.builders import (
    NOW,
    WORDS_ONLY,
    Contents,
    built,
    page,
    repository,
    site_of,
    write,
)
from tests.answerloop.builders import with_front_matter as fm

MKDOCS_YML = (
    "site_name: Help\ndocs_dir: kb\nmarkdown_extensions:\n  - toc: {permalink: true}\n"
    "  - admonition\n  - footnotes\n  - pymdownx.superfences\n"
    "  - pymdownx.snippets: {base_path: [snippets]}\n"
)
AUTHOR = ("-c", "user.name=Alice", "-c", "user.email=alice@example.com")
CONTENTS: Contents = {
    "orders/index.md": fm("title: Orders"),
    "orders/refund.md": fm(
        "id: refund\nrelated: [label]",
        "# Refund\n\nSee [label](label.md#a).\n\n## B\n\nText[^1].\n\n[^1]: Note.\n",
    ),
    "orders/label.md": "# Label\n\n## A\n\n## A\n\n```python\n1\n```\n\n!!! note\n    Text.\n",
    "account/password.md": '# Password\n\n--8<-- "hours.md"\n\n<a id="x"></a> Text.\n',
    "account/staff.md": fm("audience: internal", "# Staff\n\nSecret.\n"),
    "account/picture.png": b"\x89PNG",
}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A repository that was built once; not to be changed."""
    root = tmp_path_factory.mktemp("original")
    write(root, {"snippets/hours.md": "Nine to five."})
    known = repository(root, CONTENTS, mkdocs_yml=MKDOCS_YML)
    built(known)
    return known


@pytest.fixture
def known(original: Settings, tmp_path: Path) -> Settings:
    """The same, to be changed."""
    shutil.copytree(original.root, tmp_path / "again", symlinks=True)
    return settings.load(tmp_path / "again", WORDS_ONLY)


def from_nothing(known: Settings) -> Settings:
    """The same sources in an installation that never built."""
    root = known.root.with_name("fresh")
    shutil.copytree(known.root, root, ignore=shutil.ignore_patterns("var", "site"))
    return settings.load(root, WORDS_ONLY)


def everything(known: Settings) -> Mapping[str, bytes]:
    """Every file of a version but the list that numbers and signs it."""
    version = built(known).version.path
    return {
        str(file.relative_to(version)): file.read_bytes()
        for file in version.rglob("*")
        if file.is_file() and file.name != manifest.NAME
    }


def committed(known: Settings, day: str) -> None:
    """Commit all there is on a day."""
    who = {"GIT_COMMITTER_DATE": day, "GIT_AUTHOR_DATE": day, "HOME": str(known.root)}
    for words in (["init", "-q"], ["add", "-A"], [*AUTHOR, "commit", "-qm", "Text"]):
        subprocess.run(  # noqa: S603  our own words
            ["git", *words],  # noqa: S607  the machine's Git
            cwd=known.root,
            env={**os.environ, **who},
            check=True,
        )


def origin(revision: str) -> str:
    return f"translated_from: {{lang: en, hash: {revision}}}"


def pages_kept(known: Settings) -> int:
    """How many pages a build would know again after a closer look."""
    with closing(sqlite3.connect(known.state_dir / cache.FILE_NAME)) as db:
        rows = db.execute("SELECT count(*) FROM results WHERE kind = 'page'").fetchone()
    return int(rows[0])


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"kb/orders/label.md": "# Label\n\n## A\n\nEdited.\n"},
        {"kb/orders/refund.md": fm("id: refund\ntitle: Money back", "Text.\n")},
        {"kb/orders/new.md": "# New\n\nSee [label](label.md).\n"},
        {"mkdocs.yml": MKDOCS_YML + "copyright: Ours\nextra: {homepage: /}\n"},
        {"mkdocs.yml": MKDOCS_YML.replace("true", "false")},
        {"kb.toml": '[site]\ncontact_url = "mailto:a@b.example"\nurl = "https://a.example/"\n'},
        {
            "mkdocs.yml": MKDOCS_YML + "theme: {name: material, custom_dir: own}\n",
            "own/partials/kb-dates.html": "<p>Own.</p>",
        },
        {"snippets/hours.md": "Ten to six."},
    ],
    ids=["none", "article", "title", "new", "mkdocs", "markdown", "kb", "theme", "snippet"],
)
def test_a_build_again_is_the_build_from_nothing(
    known: Settings, change: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(known.root)  # where snippets are looked for
    write(known.root, change)
    known = settings.load(known.root, WORDS_ONLY)

    assert everything(from_nothing(known)) == everything(known)


def test_a_page_says_what_has_changed_beside_its_own_text(tmp_path: Path) -> None:
    """A translation is behind since its original changed, and a file has another day in Git."""
    contents: Contents = {
        "en/refund.md": fm("id: refund", "# Refund\n\nText.\n"),
        "de/refund.md": fm("id: refund\ntranslated_from: {lang: en, hash: 0123456789ab}"),
        "en/label.md": "# Label\n",
    }
    known = repository(tmp_path / "again", contents)
    committed(known, "2026-01-02T03:04:05Z")
    built(known)
    before = catalog.load(known).by_id[ArticleId("refund")]["en"].revision
    write(known.content_dir, {"de/refund.md": fm(f"id: refund\n{origin(before)}")})
    committed(known, "2026-03-04T05:06:07Z")
    in_step = page(site_of(known), "/de/refund/")
    write(known.content_dir, {"en/refund.md": fm("id: refund", "# Refund\n\nOther.\n")})
    committed(known, "2026-05-06T07:08:09Z")

    again, fresh = everything(known), everything(from_nothing(known))

    assert fresh == again
    assert "kb-notice" not in in_step
    assert b"kb-notice" in again["site/de/refund/index.html"]


def test_an_empty_category_is_on_every_page_as_soon_as_it_says_a_word(tmp_path: Path) -> None:
    contents = {"a/one.md": "Text.\n", "soon/index.md": fm("title: Soon", "")}
    known = repository(tmp_path / "soon", contents)
    built(known)
    write(known.content_dir, {"soon/index.md": fm("title: Soon", "In May.\n")})

    one = site_of(known) / "a" / "one" / "index.html"

    assert ">Soon</a>" in one.read_text(encoding="utf-8")


def test_what_is_seen_at_a_glance_is_kept_for_a_closer_look(known: Settings) -> None:
    kept = pages_kept(known)
    write(known.content_dir, {"orders/label.md": "# Label\n\n## A\n\nEdited.\n"})

    built(known)

    assert kept == pages_kept(known)


def test_an_article_whose_neighbour_is_gone_is_made_again(known: Settings) -> None:
    (known.content_dir / "orders/label.md").unlink()

    again = built(known, keep_going=True)

    fresh = built(from_nothing(known), keep_going=True)
    assert fresh.warnings == again.warnings
    assert len(again.warnings) == 1
    assert page(fresh.version.path / "site", "/orders/refund/") == page(
        again.version.path / "site", "/orders/refund/"
    )


def test_a_page_that_is_the_same_is_the_same_file(original: Settings, known: Settings) -> None:
    first = site_of(known)
    write(known.content_dir, {"orders/label.md": "# Label\n\n## A\n\nEdited.\n"})

    second = site_of(known)

    shared = {
        name: (first / name / "index.html").samefile(second / name / "index.html")
        for name in ("orders/refund", "orders/label", "account/password", "search")
    }
    assert shared == {
        "orders/refund": True,
        "orders/label": False,
        "account/password": True,
        "search": True,
    }


def test_the_index_of_the_same_articles_is_taken_over_as_a_copy(known: Settings) -> None:
    """A bad spot on the disk must not damage the version that a search falls back to."""
    first = built(known).version
    write(known.root, {"mkdocs.yml": MKDOCS_YML + "copyright: Ours\n"})

    second = built(known).version

    name = next(name for name in second.manifest.files if name.endswith(".arrays"))
    assert first.path != second.path
    ours, theirs = first.path / "index" / name, second.path / "index" / name
    assert ours.read_bytes() == theirs.read_bytes()
    assert not ours.samefile(theirs)


def test_a_damaged_index_is_not_taken_over(known: Settings) -> None:
    first = built(known).version
    file = first.path / "index" / next(n for n in first.manifest.files if n.endswith(".arrays"))
    whole = file.read_bytes()
    with file.open("r+b") as opened:
        opened.seek(len(whole) // 2)
        opened.write(bytes([whole[len(whole) // 2] ^ 1]))
    write(known.root, {"mkdocs.yml": MKDOCS_YML + "copyright: Ours\n"})

    second = built(known).version

    assert (second.path / "index" / file.relative_to(first.path / "index")).read_bytes() == whole


def test_a_page_that_was_tampered_with_is_not_taken_over(known: Settings) -> None:
    place = built(known).version.path / "site/orders/refund/index.html"
    expected = place.read_bytes()
    place.unlink()
    place.write_bytes(expected.replace(b"Refund", b"Ruined"))

    again = built(known).version.path / "site/orders/refund/index.html"

    assert expected == again.read_bytes()


def test_an_extension_that_reads_files_is_asked_each_time(tmp_path: Path) -> None:
    extension = f"pymdownx.b64: {{base_path: {tmp_path}/kb}}"
    yml = f"site_name: Help\ndocs_dir: kb\nmarkdown_extensions:\n  - {extension}\n"
    contents: Contents = {"index.md": "![x](pictures/x.png)\n", "pictures/x.png": b"one"}
    known = repository(tmp_path, contents, mkdocs_yml=yml)
    assert "b25l" in page(site_of(known))

    write(known.content_dir, {"pictures/x.png": b"two"})

    assert "dHdv" in page(site_of(known))


def test_a_build_waits_for_another_and_says_so(known: Settings) -> None:
    told: list[str] = []
    waiting = threading.Event()

    def tell(what: str, _share: float) -> None:
        told.append(what)
        waiting.set()

    def build() -> None:
        builds.build(known, NOW, tell)

    with installation.building(known, lambda _process: None):
        thread = threading.Thread(target=build)
        thread.start()
        assert waiting.wait(60)
        write(known.content_dir, {"orders/label.md": "# Label\n\n## A\n\nSince then.\n"})
    thread.join(120)

    assert told[0] == f"{builds.WAITING} (process {os.getpid()})"
    assert "Since then." in page(known.root / "site", "/orders/label/")
