"""What an editor is told to mend: the file, the line, and how."""

import subprocess
from pathlib import Path

import pytest

from answerloop import catalog, lint
from answerloop.errors import Finding
from tests.answerloop.builders import Contents, article, repository, with_front_matter


def checked(root: Path, contents: Contents, *, kb_toml: str = "") -> list[Finding]:
    """The findings but those about missing ids, which nearly every small article has."""
    known = repository(root, contents, kb_toml=kb_toml)
    found = lint.check(catalog.load(known), known)
    return [finding for finding in found if "no `id`" not in finding.message]


def said(findings: list[Finding]) -> list[str]:
    return [str(finding) for finding in findings]


def test_good_articles_give_no_finding(tmp_path: Path) -> None:
    source = with_front_matter("id: a\nrelated: [b]", "See [b](b.md).")

    assert checked(tmp_path, {"a.md": source, "b.md": with_front_matter("id: b")}) == []


def test_a_link_to_a_missing_article_is_an_error_with_its_line(tmp_path: Path) -> None:
    source = with_front_matter("id: a", "Text.\n\nSee [this](gone.md).\n")

    assert said(checked(tmp_path, {"a.md": source})) == [
        "a.md:6: error: the link `gone.md` leads to no article. Mend or remove it."
    ]


def test_a_link_to_an_article_that_moved_names_its_new_place(tmp_path: Path) -> None:
    findings = checked(tmp_path, {"x/a.md": "[b](b.md)", "y/b.md": "Text"})

    assert [finding.remedy for finding in findings] == ["Did you mean `../y/b.md`?"]


@pytest.mark.parametrize(
    "target",
    [
        "b.md",
        "./b.md",
        "b.md#part",
        "b.md?x=1",
        "my%20page.md",
        "<my page.md>",
        "../x/b.md",
        "../index.md",
        "%C3%BCber.md",
        "über.md",
        "form.pdf",
        "#part",
        "/anywhere/",
        "/anywhere.md",
        "https://example.com/gone.md",
        "mailto:alice@example.com",
        "//example.com/gone.md",
        "../b/",
        "../b/#part",
        "/x/b/",
        "/x/b",
        "/a/x-b",
        "/x/form.pdf",
        "{{ site.baseurl }}/gone/",
    ],
)
def test_a_link_that_leads_somewhere_or_elsewhere_is_no_finding(
    tmp_path: Path, target: str
) -> None:
    contents: Contents = {
        "index.md": "Text",
        "x/a.md": f"See [this]({target}).",
        "x/b.md": "Text",
        "x/my page.md": "Text",
        "x/über.md": "Text",
        "x/form.pdf": b"%PDF",
    }

    assert checked(tmp_path, contents) == []


@pytest.mark.parametrize(
    "body", ["`[x](gone.md)`", "```\n[x](gone.md)\n```", "<!-- [x](gone.md) -->"]
)
def test_a_link_in_code_is_no_finding(tmp_path: Path, body: str) -> None:
    assert checked(tmp_path, {"a.md": body}) == []


@pytest.mark.parametrize("target", ["../../outside.md", "b.MD", "README.md"])
def test_a_link_to_what_is_no_article_is_an_error(tmp_path: Path, target: str) -> None:
    findings = checked(tmp_path, {"x/a.md": f"\n[this]({target})", "x/b.md": "Text"})

    assert [(finding.line, finding.level) for finding in findings] == [(2, "error")]


def test_a_reference_link_is_checked_where_it_is_defined(tmp_path: Path) -> None:
    findings = checked(tmp_path, {"a.md": "See [this][1].\n\n[1]: gone.md\n"})

    assert [finding.line for finding in findings] == [3]


@pytest.mark.parametrize(
    "key", ["audience: internal", "state: work-in-progress", "state: archived"]
)
def test_a_link_from_a_page_to_what_readers_cannot_see_is_an_error(
    tmp_path: Path, key: str
) -> None:
    findings = checked(tmp_path, {"a.md": "[b](b.md)", "b.md": with_front_matter(key)})

    assert [(str(f.path), f.line, f.level) for f in findings] == [("a.md", 1, "error")]
    assert "an article that readers cannot see" in findings[0].message


def test_internal_articles_may_link_to_each_other_and_to_pages(tmp_path: Path) -> None:
    internal = with_front_matter("audience: internal", "[b](b.md) [c](c.md)")
    contents = {"a.md": internal, "b.md": with_front_matter("audience: internal"), "c.md": "Text"}

    assert checked(tmp_path, contents) == []


def test_an_article_without_an_id_is_a_warning_that_says_what_to_do(tmp_path: Path) -> None:
    known = repository(tmp_path, {"orders/change.md": "Text", "orders/index.md": "Text"})

    findings = lint.check(catalog.load(known), known)

    expected = (
        "orders/change.md:1: warning: no `id`; it is `orders-change` from the path, so renaming "
        "the file breaks /a/orders-change and starts its votes anew. `kb check --fix` writes it in."
    )
    assert said([*findings]) == [expected]


def test_a_related_article_that_does_not_exist_is_a_warning(tmp_path: Path) -> None:
    findings = checked(tmp_path, {"a.md": with_front_matter("title: A\nrelated: [gone]")})

    assert said(findings) == [
        "a.md:3: warning: `related`: no article has the id `gone`. Correct it."
    ]


def test_an_owner_that_the_settings_do_not_know_is_a_warning(tmp_path: Path) -> None:
    contents = {"a.md": with_front_matter("owner: bob"), "b.md": with_front_matter("owner: alice")}

    findings = checked(tmp_path, contents, kb_toml='[owners.alice]\nname = "Alice"\n')

    expected = (
        "a.md:2: warning: `owner`: `bob` is not in kb.toml. "
        "Add `[owners.bob]` there, or use one of: alice."
    )
    assert said(findings) == [expected]


def test_owners_are_not_checked_where_none_are_named(tmp_path: Path) -> None:
    assert checked(tmp_path, {"a.md": with_front_matter("owner: bob")}) == []


def test_a_review_holds_for_one_text_only(tmp_path: Path) -> None:
    revision = article("Text.\n", "a.md").revision
    review = "review: {on: 2026-10-01, by: charlie, hash: HASH, evidence: tried}"
    contents = {
        "a.md": with_front_matter("title: A\n" + review.replace("HASH", revision)),
        "b.md": with_front_matter(review.replace("HASH", "0" * 12)),
    }

    findings = checked(tmp_path, contents)

    assert [(str(finding.path), finding.line) for finding in findings] == [("b.md", 2)]
    assert "was made for revision 000000000000" in findings[0].message


def test_a_translation_that_is_behind_is_a_warning(tmp_path: Path) -> None:
    english = article("# A\n", "en/a.md").revision
    contents = {
        "en/a.md": "# A\n",
        "de/a.md": with_front_matter(f"translated_from: {{lang: en, hash: {english}}}"),
        "sv/a.md": with_front_matter("translated_from: {lang: en, hash: 000000000000}"),
        "fr/b.md": with_front_matter("translated_from: {lang: en, hash: 000000000000}"),
    }

    findings = checked(tmp_path, contents)

    behind = (
        "sv/a.md:2: warning: `translated_from`: this translation is behind en/a.md, which is now "
        f"{english}. Bring it up to date and set the hash."
    )
    unknown = "fr/b.md:2: warning: `translated_from`: there is no `en` article of this id."
    assert said(findings) == [unknown, behind]


def test_an_empty_article_is_a_warning_and_an_empty_index_is_not(tmp_path: Path) -> None:
    findings = checked(tmp_path, {"a.md": "---\ntitle: A\n---\n\n", "x/index.md": ""})

    assert said(findings) == ["a.md:4: warning: the article is empty."]


def test_a_problem_has_the_four_sections_of_kcs(tmp_path: Path) -> None:
    good = "## Issue\n\n## Environment\n\n## Cause\n\n## Resolution\n"
    contents = {
        "a.md": with_front_matter("kind: problem", good),
        "b.md": with_front_matter("title: B\nkind: problem", "## Issue\n\nText\n"),
    }

    assert [
        (str(finding.path), finding.line, finding.level) for finding in checked(tmp_path, contents)
    ] == [("b.md", 3, "warning")]


def test_a_procedure_has_numbered_steps(tmp_path: Path) -> None:
    contents = {
        "a.md": with_front_matter("kind: procedure", "1. Do this.\n"),
        "b.md": with_front_matter("kind: procedure", "Do this.\n"),
    }

    assert [(str(finding.path), finding.line) for finding in checked(tmp_path, contents)] == [
        ("b.md", 2)
    ]


def test_findings_come_by_file_and_line_with_those_of_reading(tmp_path: Path) -> None:
    contents = {
        "b.md": "---\ntitle: [\n---\n",
        "a.md": with_front_matter("kind: how-to", "[x](gone.md)\n\n[y](gone.md)"),
    }

    assert [(str(finding.path), finding.line) for finding in checked(tmp_path, contents)] == [
        ("a.md", 2),
        ("a.md", 4),
        ("a.md", 6),
        ("b.md", 3),
    ]


def test_a_repository_that_git_refuses_to_read_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)  # noqa: S603, S607  our own
    before = checked(tmp_path, {"a.md": "# Title\n\nText."})
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("HOME", str(tmp_path))  # where no `safe.directory` is named

    (finding,) = checked(tmp_path, {"a.md": "# Title\n\nText."})

    assert before == []
    assert "Git does not read this repository: detected dubious ownership" in str(finding)
    assert "safe.directory" in finding.remedy


def test_a_repository_without_git_installed_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))

    (finding,) = checked(tmp_path, {"a.md": "# Title\n\nText."})

    assert "git is not installed" in finding.message
