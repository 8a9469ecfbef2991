"""What the content folder holds: articles, attachments, and what must not reach the site."""

import os
from pathlib import Path, PurePosixPath

import pytest

from answerloop import files
from answerloop.errors import SettingsError
from tests.answerloop.builders import MKDOCS_YML, Contents, repository, write


def found(root: Path, contents: Contents, *, more: str = "") -> files.Files:
    return files.find(repository(root, contents, mkdocs_yml=MKDOCS_YML + more))


def names(paths: tuple[PurePosixPath, ...]) -> list[str]:
    return [str(path) for path in paths]


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert files.Files((), (), ()) == found(tmp_path, {})


def test_markdown_is_an_article_and_the_rest_an_attachment(tmp_path: Path) -> None:
    there = found(tmp_path, {"b.md": "", "a/c.MD": "", "d.markdown": "", "e.mkd": "", "f.png": ""})

    assert names(there.articles) == ["a/c.MD", "b.md", "d.markdown", "e.mkd"]
    assert names(there.attachments) == ["f.png"]


@pytest.mark.parametrize(
    "name", ["a.md~", "#a.md#", "a.md.bak", "a.md.orig", "a.MD.swp", "a.md.tmp~", "a.md.~1~"]
)
def test_what_an_editor_leaves_beside_an_article_is_neither(tmp_path: Path, name: str) -> None:
    assert files.Files((), (), ()) == found(tmp_path, {name: "planted"})


@pytest.mark.parametrize("name", ["form.md.pdf", "amd.png", "a.mdx.png", "old.bak"])
def test_other_names_are_attachments(tmp_path: Path, name: str) -> None:
    assert [name] == names(found(tmp_path, {name: ""}).attachments)


def test_a_page_that_is_a_program_is_left_out_with_a_warning(tmp_path: Path) -> None:
    there = found(tmp_path, {"a.mdx": "planted", "b.md": ""})

    assert (names(there.articles), there.attachments) == (["b.md"], ())
    assert [(str(f.path), f.level) for f in there.findings] == [("a.mdx", "warning")]


@pytest.mark.parametrize("name", ["_category_.json", "x/_category_.yml", "_category_.yaml"])
def test_what_another_tool_keeps_of_a_folder_is_neither(tmp_path: Path, name: str) -> None:
    assert files.Files((), (), ()) == found(tmp_path, {name: "{}"})


def test_hidden_files_and_templates_stay_out(tmp_path: Path) -> None:
    there = found(tmp_path, {".a.md": "", ".git/b.md": "", "x/.c/d.md": "", "templates/e.md": ""})

    assert files.Files((), (), ()) == there


def test_excluded_files_stay_out_as_in_gitignore(tmp_path: Path) -> None:
    contents = {"README.md": "", "x/README.md": "", "notes/a.md": "", "b.tmp.md": "", "c.md": ""}

    there = found(tmp_path, contents, more="exclude_docs: |\n  /README.md\n  notes/\n  *.tmp.md\n")

    assert names(there.articles) == ["c.md", "x/README.md"]


def test_the_drafts_of_mkdocs_stay_out(tmp_path: Path) -> None:
    there = found(tmp_path, {"a.md": "", "drafts/b.md": ""}, more="draft_docs: |\n  drafts/\n")

    assert names(there.articles) == ["a.md"]


def test_a_malformed_exclusion_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"mkdocs\.yml: exclude_docs: .*`\.gitignore`"):
        found(tmp_path, {}, more='exclude_docs: "!"\n')


def test_a_readme_beside_an_index_is_left_out_with_a_warning(tmp_path: Path) -> None:
    there = found(tmp_path, {"README.md": "", "index.md": "", "x/README.md": ""})

    assert names(there.articles) == ["index.md", "x/README.md"]
    assert [(str(f.path), f.level) for f in there.findings] == [("README.md", "warning")]


def test_linked_folders_are_read(tmp_path: Path) -> None:
    known = repository(tmp_path, {"shared/a.md": ""})
    (known.content_dir / "common").symlink_to("shared", target_is_directory=True)

    assert names(files.find(known).articles) == ["common/a.md", "shared/a.md"]


@pytest.mark.parametrize("target", ["secret.md", "folder", "secret.png"])
def test_a_link_that_leads_out_of_the_folder_is_an_error(tmp_path: Path, target: str) -> None:
    write(tmp_path, {"secret.md": "", "secret.png": b"", "folder/a.md": "", "kb-not/b.md": ""})
    known = repository(tmp_path, {"x/b.md": ""})
    (known.content_dir / "x" / target).symlink_to(tmp_path / target)

    there = files.find(known)

    assert (names(there.articles), there.attachments) == (["x/b.md"], ())
    assert [(str(f.path), f.level) for f in there.findings] == [(f"x/{target}", "error")]


def test_a_link_to_what_is_excluded_is_excluded(tmp_path: Path) -> None:
    known = repository(tmp_path, {".git/config": "", "a.md": ""})
    (known.content_dir / "config").symlink_to(".git/config")
    (known.content_dir / "history").symlink_to(".git", target_is_directory=True)

    assert files.find(known).attachments == ()


def test_a_circle_of_links_is_walked_once(tmp_path: Path) -> None:
    known = repository(tmp_path, {"a.md": "", "x/b.md": ""})
    (known.content_dir / "loop").symlink_to(".", target_is_directory=True)
    (known.content_dir / "x" / "up").symlink_to("..", target_is_directory=True)

    assert names(files.find(known).articles) == ["a.md", "x/b.md"]


def test_two_folders_that_lead_to_each_other_end(tmp_path: Path) -> None:
    known = repository(tmp_path, {"a/one.md": "", "b/two.md": ""})
    (known.content_dir / "a" / "b").symlink_to("../b", target_is_directory=True)
    (known.content_dir / "b" / "a").symlink_to("../a", target_is_directory=True)

    assert names(files.find(known).articles) == ["a/b/two.md", "a/one.md", "b/a/one.md", "b/two.md"]


@pytest.mark.parametrize("name", ["a.md", "a.png"])
@pytest.mark.parametrize("target", ["nowhere", "itself"])
def test_a_link_that_leads_nowhere_is_an_error(tmp_path: Path, name: str, target: str) -> None:
    known = repository(tmp_path, {})
    (known.content_dir / name).symlink_to(name if target == "itself" else target)

    there = files.find(known)

    assert (there.articles, there.attachments) == ((), ())
    assert [f"{name}: error: no file, or a link that leads nowhere. Mend or remove it."] == [
        str(finding) for finding in there.findings
    ]


def test_a_name_that_is_not_utf_8_is_an_error_that_can_be_printed(tmp_path: Path) -> None:
    known = repository(tmp_path, {})
    (known.content_dir / os.fsdecode(b"caf\xe9.md")).touch()

    there = files.find(known)

    assert there.articles == ()
    assert [str(finding).encode().decode() for finding in there.findings] == [
        "caf\ufffd.md: error: its name is not UTF-8. Rename it."
    ]


def test_a_folder_named_like_an_article_is_a_folder(tmp_path: Path) -> None:
    assert names(found(tmp_path, {"a.md/b.md": ""}).articles) == ["a.md/b.md"]
