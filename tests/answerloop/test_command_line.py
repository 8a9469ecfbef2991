"""The command line: what it prints, with which exit code, and never a traceback."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from answerloop import catalog, settings
from answerloop.cli import main
from answerloop.settings import Settings
from tests.answerloop.builders import WORDS_ONLY, Contents, built, repository, write
from tests.answerloop.builders import with_front_matter as fm

PROGRAM = Path(sys.executable).with_name("kb")
BROKEN = "---\ntitle: [\n---\n"


def kb(root: Path, *arguments: str) -> Result:
    """A command run in this process; a bug is raised, not printed."""
    return CliRunner().invoke(main, ["-C", str(root), *arguments], catch_exceptions=False)


def failed(root: Path, *arguments: str) -> str:
    """What a command says that fails for a reason a person can mend."""
    done = kb(root, *arguments)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.startswith("kb: ")
    return done.stderr.removeprefix("kb: ").strip()


def misused(root: Path, *arguments: str) -> str:
    done = kb(root, *arguments)
    assert done.exit_code == 2
    assert "Usage: " in done.stderr
    return done.stderr


def program(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The real program, in a process of its own."""
    return subprocess.run(  # noqa: S603  our own program
        [PROGRAM, *arguments], cwd=root, check=False, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A repository that was built once; not to be changed."""
    known = repository(
        tmp_path_factory.mktemp("original"),
        {
            "en/refund.md": fm("id: refund\ntags: [money]", "# Money back\n\nZebra.\n"),
            "de/erstattung.md": fm("id: refund", "# Geld zurück\n\nZebra.\n"),
            "en/limits.md": fm("id: limits\naudience: internal", "# Limits\n\nZebra.\n"),
        },
    )
    built(known)
    return known


@pytest.fixture
def changed(original: Settings, tmp_path: Path) -> Settings:
    """The same repository with one article edited."""
    shutil.copytree(original.root, tmp_path / "help", symlinks=True)
    write(tmp_path / "help/kb", {"en/refund.md": fm("id: refund", "# Money back\n\nGiraffe.\n")})
    return settings.load(tmp_path / "help", WORDS_ONLY)


@pytest.mark.parametrize("name", main.list_commands(click.Context(main)))
def test_every_command_explains_itself_with_an_example(name: str, tmp_path: Path) -> None:
    done = kb(tmp_path, name, "--help")

    assert done.exit_code == 0
    assert "Example" in done.stdout
    assert f"kb {name}" in done.stdout or f"{name} " in done.stdout


def test_a_command_that_does_not_exist_is_a_usage_error(tmp_path: Path) -> None:
    assert "No such command 'biuld'" in misused(tmp_path, "biuld")


@pytest.mark.parametrize("command", ["check", "build", "index", "serve", "queue"])
def test_a_folder_that_is_no_content_repository_is_said(tmp_path: Path, command: str) -> None:
    message = failed(tmp_path, command)

    assert message.startswith(f"{tmp_path}: no mkdocs.yml here.")
    assert "`kb init DIR`" in message


def test_an_unknown_key_of_the_settings_is_said_with_the_nearest_one(tmp_path: Path) -> None:
    repository(tmp_path, {})
    write(tmp_path, {"kb.toml": "[server]\nprot = 1\n"})

    assert failed(tmp_path, "build") == (
        f"{tmp_path / 'kb.toml'}: server.prot: unknown key. Did you mean `port`?"
    )


BAD: dict[str, tuple[Contents, str]] = {
    "broken YAML": ({"a.md": BROKEN}, "a.md:3: error: YAML cannot read this: "),
    "a tab in YAML": ({"a.md": "---\nx:\n\ty: 1\n---\n"}, "a.md:3: error: a tab in the front"),
    "not UTF-8": ({"a.md": b"# A\n\nGr\xfc\xdfe\n"}, "a.md:3: error: not UTF-8 text: byte 0xfc."),
    "10 MB": ({"a.md": b"x" * 10_000_000}, "a.md: error: the file has 10.0 MB"),
    "a missing article": ({"a.md": "\n[b](b.md)\n"}, "a.md:2: error: the link `b.md` leads to no"),
    "two of one id": (
        {"a.md": fm("id: x"), "b.md": fm("id: x")},
        "b.md:2: error: the id `x` is taken in this language by a.md.",
    ),
    "an audience nobody knows": (
        {"a.md": fm("audience: intern")},
        "a.md:2: error: `audience: intern` is not known.",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_content_stops_the_build_with_file_line_and_remedy(tmp_path: Path, case: str) -> None:
    contents, message = BAD[case]
    repository(tmp_path, contents)

    said = failed(tmp_path, "build")

    assert said.startswith(message)
    assert len(said.splitlines()) == 1
    assert said.rstrip("`.?").count(". ") >= 1  # a remedy follows
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("case", BAD)
def test_bad_content_is_what_a_check_finds(tmp_path: Path, case: str) -> None:
    contents, message = BAD[case]
    repository(tmp_path, contents)

    done = kb(tmp_path, "check")

    assert done.exit_code == 1
    assert message in done.stdout
    assert " 1 error, " in done.stdout


def test_every_error_is_said_at_once(tmp_path: Path) -> None:
    repository(tmp_path, {"a.md": BROKEN, "b.md": BROKEN, "c.md": "[x](gone.md)"})

    assert [line.partition(": ")[0] for line in failed(tmp_path, "build").splitlines()] == [
        "a.md:3",
        "b.md:3",
        "c.md:1",
    ]


def test_the_rest_is_published_when_asked_to_keep_going(tmp_path: Path) -> None:
    repository(tmp_path, {"a.md": BROKEN, "b.md": "# B\n"})

    done = kb(tmp_path, "build", "--keep-going")

    assert done.exit_code == 1
    assert "a.md:3: error: " in done.stderr
    assert "Published 1 article in en and 0 internal articles." in done.stdout
    assert (tmp_path / "site/b/index.html").is_file()


def test_a_build_says_what_it_published(original: Settings, changed: Settings) -> None:
    done = kb(changed.root, "build")

    assert done.exit_code == 0
    assert done.stdout == "Published 2 articles in en, de and 1 internal article.\n"
    assert done.stderr == ""


def test_a_build_can_be_read_by_a_script(changed: Settings) -> None:
    done = kb(changed.root, "build", "--json")
    told = json.loads(done.stdout)

    assert done.exit_code == 0
    assert (told["published"], told["internal"], told["left_out"]) == (2, 1, [])
    assert Path(told["site"]).resolve() == (changed.root / "site").resolve()


def test_warnings_fail_a_strict_build_alone(tmp_path: Path) -> None:
    repository(tmp_path, {"a.md": "# A\n"})

    relaxed, strict = kb(tmp_path, "build"), kb(tmp_path, "build", "--strict")

    assert (relaxed.exit_code, strict.exit_code) == (0, 1)
    assert "a.md:1: warning: no `id`" in strict.stderr


def test_an_empty_folder_builds_and_says_how_to_go_on(tmp_path: Path) -> None:
    repository(tmp_path, {})

    done = kb(tmp_path, "build")

    assert done.exit_code == 0
    assert "Published 0 articles in no language and 0 internal articles." in done.stdout
    assert "`kb new" in done.stdout


@pytest.mark.parametrize("name", ["var", "var/builds", "var/kb.db/x"])
def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, name: str) -> None:
    repository(tmp_path, {"a.md": "# A\n"})
    write(tmp_path, {name: "in the way"})

    message = failed(tmp_path, "build")

    assert str(tmp_path / "var") in message
    assert len(message.splitlines()) == 1


def test_a_check_of_good_articles_exits_with_nothing_to_say(original: Settings) -> None:
    done = kb(original.root, "check")

    assert (done.exit_code, done.stdout) == (0, "3 articles, 0 errors, 0 warnings.\n")


def test_a_check_with_warnings_alone_is_no_failure(tmp_path: Path) -> None:
    repository(tmp_path, {"a.md": "# A\n"})

    done = kb(tmp_path, "check")

    assert done.exit_code == 0
    assert done.stdout.endswith("1 article, 0 errors, 1 warning.\n")


def test_findings_can_be_read_by_a_script(tmp_path: Path) -> None:
    repository(tmp_path, {"a.md": BROKEN})

    done = kb(tmp_path, "check", "--json")
    (finding,) = json.loads(done.stdout)

    assert done.exit_code == 1
    assert (finding["path"], finding["line"], finding["level"]) == ("a.md", 3, "error")
    assert {"path", "line", "level", "message", "remedy"} == set(finding)


def test_a_check_writes_the_ids_when_asked(tmp_path: Path) -> None:
    known = repository(tmp_path, {"a.md": "# A\n", "b.md": fm("id: b")})

    first, second = kb(tmp_path, "check", "--fix"), kb(tmp_path, "check", "--fix")

    assert first.stderr == "a.md: id written\n"
    assert second.stderr == ""
    assert second.stdout == "2 articles, 0 errors, 0 warnings.\n"
    assert (known.content_dir / "a.md").read_bytes() == b"---\nid: a\n---\n# A\n"


def test_an_index_before_the_first_build_names_the_remedy(tmp_path: Path) -> None:
    repository(tmp_path, {"a.md": "# A\n"})

    assert "`kb build`" in failed(tmp_path, "index")


def test_an_index_finds_the_words_of_now(changed: Settings) -> None:
    done = kb(changed.root, "index", "--json")

    assert done.exit_code == 0
    assert json.loads(done.stdout)["build"]
    assert "1 article found." in kb(changed.root, "search", "giraffe").stdout


def test_a_search_before_the_first_build_names_the_remedy(tmp_path: Path) -> None:
    repository(tmp_path, {"a.md": "# A\n"})

    assert "`kb build`" in failed(tmp_path, "search", "money")


def test_a_search_prints_titles_addresses_and_excerpts(original: Settings) -> None:
    done = kb(original.root, "search", "money", "back")

    assert done.exit_code == 0
    assert "Money back  /en/refund/  [en]\n" in done.stdout
    assert "<mark>" not in done.stdout


def test_a_search_is_narrowed_by_language_and_tag(original: Settings) -> None:
    def found(*options: str) -> list[str]:
        done = kb(original.root, "search", "--json", *options, "zebra")
        return sorted(f"{hit['lang']} {hit['id']}" for hit in json.loads(done.stdout)["hits"])

    assert found() == ["de refund", "en refund"]
    assert found("--lang", "de") == ["de refund"]
    assert found("--tag", "money") == ["en refund"]
    assert found("--internal") == ["de refund", "en limits", "en refund"]
    assert found("--lang", "de", "--tag", "money") == []


@pytest.mark.parametrize(
    "words", ["((((", "*", "AND", '"', "a" * 10_000, "\\", "[TO]", "id:x", " "]
)
def test_no_words_break_a_search(original: Settings, words: str) -> None:
    assert kb(original.root, "search", "--", words).exit_code == 0


def test_five_thousand_words_do_not_break_a_search(original: Settings) -> None:
    assert kb(original.root, "search", *(f"word{n}" for n in range(5_000))).exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("search",),
        ("search", "--limit", "0", "money"),
        ("search", "--limit", "many", "money"),
        ("serve", "--port", "99999"),
        ("new", "howto", "a"),
        ("new", "faq"),
        ("init",),
        ("build", "--nonsense"),
    ],
)
def test_a_misused_command_is_a_usage_error(original: Settings, arguments: tuple[str, ...]) -> None:
    assert misused(original.root, *arguments)


def test_a_search_in_a_language_that_there_is_not_names_those_there_are(
    original: Settings,
) -> None:
    said = misused(original.root, "search", "--lang", "zz", "money")

    assert "no article is in `zz`. There are: " in said


def test_a_command_that_is_interrupted_says_so_without_a_traceback(tmp_path: Path) -> None:
    repository(tmp_path, {"a.md": "# A\n"})
    pipe = tmp_path / "log"
    os.mkfifo(pipe)
    started = subprocess.Popen(  # noqa: S603  our own program
        [sys.executable, "-m", "answerloop.cli", "-C", tmp_path, "learn", pipe],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )

    with pipe.open("w"):  # once somebody reads it
        started.send_signal(signal.SIGINT)
        said = started.communicate(timeout=60)

    assert said == ("", "kb: stopped.\n")
    assert started.returncode == 130


def test_a_port_in_use_is_said_before_anything_is_built(tmp_path: Path) -> None:
    repository(tmp_path, {"a.md": "# A\n"})
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        message = failed(tmp_path, "serve", "--port", str(port))

    assert message.startswith(f"127.0.0.1:{port}: cannot listen there: Address already in use.")
    assert "`--port`" in message
    assert not (tmp_path / "var" / "builds").exists()


def test_the_queue_is_empty_while_nobody_complains(original: Settings) -> None:
    done = kb(original.root, "queue", "--json")

    assert done.exit_code == 0
    assert [entry for entries in json.loads(done.stdout).values() for entry in entries] == []


@pytest.mark.parametrize(
    ("kind", "heading"),
    [("faq", "## Good to know"), ("problem", "## Resolution"), ("procedure", "## Escalate to")],
)
def test_a_new_article_has_the_frame_of_its_kind(tmp_path: Path, kind: str, heading: str) -> None:
    known = repository(tmp_path, {"en/a.md": "# A\n"})

    done = kb(tmp_path, "new", kind, "en/returns/send-it-back")

    file = known.content_dir / "en/returns/send-it-back.md"
    (article,) = (a for a in catalog.load(known).articles if a.has_own_id)
    assert (done.exit_code, done.stdout) == (0, f"{file}\n")
    assert heading in file.read_text(encoding="utf-8")
    assert (article.id, article.title, article.kind, article.lang, article.audience) == (
        "send-it-back",
        "Send it back",
        kind,
        "en",
        "public",
    )
    assert not article.is_published
    assert kb(tmp_path, "check").exit_code == 0


def test_a_new_article_may_be_for_agents_alone(tmp_path: Path) -> None:
    known = repository(tmp_path, {})

    kb(tmp_path, "new", "procedure", "late-parcel.md", "--internal")

    (article,) = catalog.load(known).articles
    assert (article.audience, str(article.path)) == ("internal", "late-parcel.md")


@pytest.mark.parametrize(
    "title", ['What is "this"?', "C:\\new\\table", "Wie: so?", "a\nb", "# x", "{{ y }}", "größe '"]
)
def test_a_new_article_keeps_any_title(tmp_path: Path, title: str) -> None:
    known = repository(tmp_path, {})

    kb(tmp_path, "new", "faq", "a", "--title", title)

    (article,) = catalog.load(known).articles
    assert article.title == " ".join(title.split())


def test_a_new_article_replaces_none(tmp_path: Path) -> None:
    known = repository(tmp_path, {"a.md": "kept"})

    message = failed(tmp_path, "new", "faq", "a")

    assert message == f"{known.content_dir / 'a.md'}: exists already. Choose another slug."
    assert (known.content_dir / "a.md").read_text(encoding="utf-8") == "kept"


@pytest.mark.parametrize("slug", ["../a", "/a", "x/../../a", "", "x/", ".hidden", ".git/a", "---"])
def test_a_new_article_stands_below_the_content_folder(tmp_path: Path, slug: str) -> None:
    repository(tmp_path, {})

    assert "SLUG" in misused(tmp_path, "new", "faq", "--", slug)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kb", "kb.toml", "mkdocs.yml"]


@pytest.mark.parametrize("slug", ["a.md/b", "x" * 300])
def test_a_new_article_that_cannot_be_written_is_said(tmp_path: Path, slug: str) -> None:
    repository(tmp_path, {"a.md": ""})

    assert ": cannot be written: " in failed(tmp_path, "new", "faq", slug)


def test_the_program_prints_one_line_and_no_traceback_for_a_failure(tmp_path: Path) -> None:
    repository(tmp_path, {"a.md": BROKEN})

    done = program(tmp_path, "build")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("kb: a.md:3: error: ")
    assert done.stderr.count("\n") == 1


def test_the_program_stops_quietly_when_nobody_reads_on(original: Settings) -> None:
    with subprocess.Popen(  # noqa: S603  our own program
        [PROGRAM, "-C", original.root, "search", "zebra"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        process.stdout.close()
        _, said = process.communicate()

    assert (process.returncode, said) == (1, b"")
