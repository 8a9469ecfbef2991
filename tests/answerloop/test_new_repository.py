"""`kb init` makes a content repository in which every command works at once."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from answerloop import catalog, history, lint, queries_yml, settings, synonyms_toml
from answerloop.cli import main
from tests.answerloop.builders import WORDS_ONLY, built, page, write
from tests.answerloop.markup import words
from tests.answerloop.test_command_line import kb, program
from tests.answerloop.test_history import FIRST, commit, git

FILES = [".gitignore", "kb", "kb.toml", "mkdocs.yml", "queries.yml", "synonyms.toml"]


def init(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["init", str(folder), *options], catch_exceptions=False)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_repository_holds_settings_and_first_articles(tmp_path: Path) -> None:
    done = init(tmp_path / "my" / "help")

    assert done.exit_code == 0
    assert names(tmp_path / "my" / "help") == FILES
    assert f"kb -C {tmp_path / 'my' / 'help'} serve" in done.stdout


def test_the_first_articles_are_without_fault(tmp_path: Path) -> None:
    init(tmp_path)

    known = settings.load(tmp_path, WORDS_ONLY)
    read = catalog.load(known)

    assert lint.check(read, known) == ()
    assert len(read.published) >= 3
    assert {"faq", "problem"} <= {article.kind for article in read.published}
    assert all(article.has_own_id for article in read.published if not article.is_index)


@pytest.mark.parametrize(
    "name", ["Help", 'The "best" help', "Hilfe: für alle", "C:\\help", "# x", "{y}"]
)
def test_the_site_has_the_name_that_was_asked_for(tmp_path: Path, name: str) -> None:
    init(tmp_path, "--name", name)

    assert settings.load(tmp_path, WORDS_ONLY).site_name == name


def test_what_is_there_already_is_kept(tmp_path: Path) -> None:
    contents = {
        "kb/README.md": "kept",
        "kb/en/index.md": "kept",
        "docs/a.md": "# A\n",
        ".gitignore": "x",
    }
    write(tmp_path, contents)

    done = init(tmp_path)

    assert done.exit_code == 0
    assert contents == {name: (tmp_path / name).read_text(encoding="utf-8") for name in contents}


def test_a_folder_of_markdown_from_before_is_named_in_mkdocs_yml(tmp_path: Path) -> None:
    write(tmp_path, {"docs/a.md": "# A\n"})
    init(tmp_path)
    file = tmp_path / "mkdocs.yml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("docs_dir: kb", "docs_dir: docs"), "utf-8"
    )

    known = settings.load(tmp_path, WORDS_ONLY)

    assert [article.title for article in catalog.load(known).published] == ["A"]


def test_the_examples_of_queries_and_synonyms_hold_when_taken_in(tmp_path: Path) -> None:
    init(tmp_path)
    for name in ("queries.yml", "synonyms.toml"):
        file = tmp_path / name
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"^#(?! )", "", text, flags=re.MULTILINE), encoding="utf-8")

    expectations, _ = queries_yml.read(tmp_path / "queries.yml")
    entries, _ = synonyms_toml.read(tmp_path / "synonyms.toml")

    assert (len(expectations), len(entries)) == (2, 2)
    assert built(settings.load(tmp_path, WORDS_ONLY)).findings == ()


@pytest.mark.parametrize("name", ["mkdocs.yml", "kb.toml"])
def test_a_repository_is_not_made_twice(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: "kept"})

    done = init(tmp_path)

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"kb: {tmp_path / name}: exists already")
    assert names(tmp_path) == [name]


def test_a_file_is_no_folder_for_a_repository(tmp_path: Path) -> None:
    write(tmp_path, {"help": "a file"})

    assert init(tmp_path / "help").exit_code == 2
    assert init(tmp_path / "help" / "me").exit_code in (1, 2)


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    write(tmp_path, {"kb": "a file"})

    done = init(tmp_path)

    assert done.exit_code == 1
    assert done.stderr.startswith("kb: ")


def test_git_ignores_what_a_build_makes(tmp_path: Path) -> None:
    init(tmp_path)
    git(tmp_path, "init", "--quiet")
    write(tmp_path, {"var/kb.db": "", "site/index.html": ""})

    untracked = git(tmp_path, "status", "--porcelain", "--untracked-files=all").split()

    assert [name for name in untracked if name.startswith(("var", "site"))] == []


def test_everything_works_in_a_new_repository(tmp_path: Path) -> None:
    """One day of a new knowledge base, with the real program and a real Git."""
    assert program(tmp_path, "init", "help").returncode == 0
    root = tmp_path / "help"
    git(root, "init", "--quiet")
    commit(root, "Begin", at=FIRST)

    assert kb(root, "new", "faq", "en/orders/change-an-order").exit_code == 0
    article = root / "kb/en/orders/change-an-order.md"
    article.write_text(
        article.read_text(encoding="utf-8").replace("work-in-progress", "validated"), "utf-8"
    )
    checked = kb(root, "check", "--json")
    first = program(root, "build", "--json")
    rest = [kb(root, command) for command in ("build", "index", "queue")]
    found = kb(root, "search", "--json", "change", "order")

    assert (checked.exit_code, json.loads(checked.stdout)) == (0, [])
    assert (first.returncode, first.stderr) == (0, "")
    assert json.loads(first.stdout)["published"] == 5
    assert [(done.exit_code, done.stderr) for done in rest] == [(0, "")] * 3
    assert json.loads(found.stdout)["hits"][0]["url"] == "/en/orders/change-an-order/"
    assert words(page(root / "site", "/en/orders/change-an-order/"), "h1") == ["Change an order"]
    assert len(history.last_changes(root / "kb")) == 5
