"""Folders of Markdown from elsewhere: they build as they are, or say in a sentence why not."""

import subprocess
import sys
from pathlib import Path

import pytest

from answerloop.errors import BuildError
from tests.answerloop.builders import MKDOCS_YML, holding, page, repository, site_of
from tests.answerloop.builders import with_front_matter as fm
from tests.answerloop.markup import elements, words

JEKYLL = {
    "content/_help/sign-in/forgot._en.md": fm(
        "layout: help\ntitle: Forgot your password?\ncategory: sign-in\n"
        "permalink: /help/sign-in/forgot/\norder: 2",
        "See [two steps](/help/sign-in/two-steps/).\n",
    ),
    "content/_help/sign-in/forgot._es.md": fm(
        "layout: help\ntitle: ¿Olvidó su contraseña?\npermalink: /es/help/sign-in/forgot/"
    ),
    "content/_help/sign-in/two-steps._en.md": fm(
        "layout: help\ntitle: Two steps\npermalink: /help/sign-in/two-steps/\norder: 1"
    ),
    "content/_help/account/close._en.md": fm("layout: help\ntitle: Close your account"),
}


def built(root: Path, contents: dict[str, str], more: str = "") -> Path:
    return site_of(repository(root, contents, mkdocs_yml=MKDOCS_YML + more))


def refused(root: Path, mkdocs_yml: str, contents: dict[str, str] | None = None) -> str:
    known = repository(root, contents or {"a.md": "Text"}, mkdocs_yml=mkdocs_yml)
    with pytest.raises(BuildError) as caught:
        site_of(known)
    assert not (root / "site").exists()
    assert "Traceback" not in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_an_empty_folder_is_a_site_with_an_entrance(tmp_path: Path) -> None:
    site = built(tmp_path, {})

    assert words(page(site), "h1") == ["Help"]
    assert (site / "search/index.html").is_file()


def test_one_article_is_a_site(tmp_path: Path) -> None:
    site = built(tmp_path, {"only.md": "# The only one\n\nText.\n"})

    assert words(page(site, "/only/"), "h1") == ["The only one"]
    assert "The only one" in words(page(site), "a")


def test_articles_may_be_called_like_the_addresses_of_the_service(tmp_path: Path) -> None:
    names = ("search", "api", "a", "assets", "desk", "feedback")
    contents = {f"{name}.md": f"# The {name} page\n" for name in names}

    site = built(tmp_path, {**contents, "index.md": "Welcome"})

    for name in names:
        assert [f"The {name} page"] == words(page(site, f"/{name}/"), "h1")
    assert "<!--kb:service-->" in page(site, "/kb-search/")
    assert "kb-search/" in [e["action"] for e in elements(page(site), "form")]


def test_a_help_centre_of_jekyll_builds_as_it_is(tmp_path: Path) -> None:
    site = built(tmp_path, JEKYLL)

    english = page(site, "/en/content/_help/sign-in/forgot/")
    assert words(english, "h1") == ["Forgot your password?"]
    assert [
        e["lang"] for e in elements(page(site, "/es/content/_help/sign-in/forgot/"), "html")
    ] == ["es"]
    assert "../../../../../en/content/_help/sign-in/two-steps/" in [
        e["href"] for e in elements(english, "a")
    ]
    assert [
        title for title in words(page(site, "/en/"), "h2") if title in ("Account", "Sign in")
    ] == ["Account", "Sign in"]


def test_plugins_and_navigation_of_a_foreign_site_are_taken_along(tmp_path: Path) -> None:
    site = built(
        tmp_path,
        {"a.md": "# A\n", "b.md": fm("tags: [x]", "# B\n"), "c.md": fm("audience: internal")},
        "theme: material\nplugins: [search, tags]\nnav:\n  - a.md\n  - Other: b.md\n  - c.md\n",
    )

    assert (site / "b/index.html").is_file()
    assert not (site / "search/search_index.json").exists()
    assert not (site / "c").exists()


@pytest.mark.parametrize(
    "mkdocs_yml",
    [
        "docs_dir: kb\n",
        MKDOCS_YML + "theme: readthedocs\n",
        MKDOCS_YML + "theme: {language: de}\nplugins: search\n",
        MKDOCS_YML
        + "plugins:\n  search: {lang: en}\n  answerloop: {}\nuse_directory_urls: false\n",
        MKDOCS_YML + "extra_css: [own.css]\nsite_url: https://help.example.com/kb/\n",
    ],
)
def test_a_plain_mkdocs_yml_builds_as_it_is(tmp_path: Path, mkdocs_yml: str) -> None:
    known = repository(tmp_path, {"a.md": "# A\n", "own.css": ""}, mkdocs_yml=mkdocs_yml)

    site = site_of(known)

    assert words(page(site, "/a/"), "h1") == ["A"]
    assert words(page(site, "/a/"), "title")[:1] == ["A - Help"]


def test_front_matter_that_the_theme_knows_otherwise_builds(tmp_path: Path) -> None:
    lines = ["hide: true", "hide: 3", "hide: toc", "hide: [toc, 3]", "icon: no", "x: !!set {a}"]

    site = built(tmp_path, {f"{number}.md": fm(line, "# A\n") for number, line in enumerate(lines)})

    assert {"A"} == {
        word for number in range(len(lines)) for word in words(page(site, f"/{number}/"), "h1")
    }


NAMES = ["What is it?.md", "100%.md", "c#.md", 'a "b".md', "my page.md", "größe/файл.md", "<b>.md"]


def test_any_file_name_has_a_page_that_others_can_link_to(tmp_path: Path) -> None:
    contents = {name: f"# Title {number}\n" for number, name in enumerate(NAMES)}
    contents["index.md"] = "Welcome.\n"

    site = built(tmp_path, contents)

    titles = sorted(
        title for file in site.rglob("*.html") for title in words(file.read_text(), "h1")
    )
    assert {f"Title {number}" for number in range(len(NAMES))} <= set(titles)
    for element in elements(page(site), "a"):
        target = element["href"]
        if target.endswith("/") and ":" not in target:
            assert (site / target / "index.html").is_file(), target


@pytest.mark.parametrize(
    ("mkdocs_yml", "message"),
    [
        (MKDOCS_YML + "theme: windmill\n", "Unrecognised theme name: 'windmill'"),
        (MKDOCS_YML + "theme: {name: readthedocs}\n", "only `material` is supported"),
        (MKDOCS_YML + "plugins: [nope]\n", 'The "nope" plugin is not installed'),
        (MKDOCS_YML + "markdown_extensions: [nope]\n", "Failed to load extension 'nope'"),
        (MKDOCS_YML + "extra: !!python/name:nope.nope\n", "nope"),
        (MKDOCS_YML + "site_url: help\n", "The URL isn't valid"),
        ("site_name: Help\ndocs_dir: .\n", "The 'docs_dir' should not be the parent"),
    ],
)
def test_what_mkdocs_refuses_is_said_in_a_sentence(
    tmp_path: Path, mkdocs_yml: str, message: str
) -> None:
    found = refused(tmp_path, mkdocs_yml)

    assert found.startswith(f"{tmp_path / 'mkdocs.yml'}: ")
    assert message in found


@pytest.mark.parametrize("audience", ["public", "internal"])
def test_an_article_that_its_own_extension_refuses_is_named(tmp_path: Path, audience: str) -> None:
    more = "markdown_extensions:\n  - pymdownx.snippets: {check_paths: true}\n"
    source = fm(f"audience: {audience}", '--8<-- "gone.txt"\n')

    found = refused(tmp_path, MKDOCS_YML + more, {"x/bad.md": source, "good.md": "Text"})

    assert "x/bad.md" in found
    assert "gone.txt" in found


def test_the_preview_of_mkdocs_shows_the_same_pages(tmp_path: Path) -> None:
    repository(
        tmp_path,
        {"a.md": "# A\n", "b.md": fm("audience: internal", "planted"), "C.MD": fm("draft: true")},
        mkdocs_yml=MKDOCS_YML + "theme: material\nplugins: [answerloop]\n",
    )

    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", "out"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )

    assert words(page(tmp_path / "out", "/a/"), "h1") == ["A"]
    assert holding(tmp_path / "out", "planted") == []
    assert not list((tmp_path / "out").glob("[bcC]*"))


def test_bad_articles_and_files_stay_out_of_the_site(tmp_path: Path) -> None:
    known = repository(
        tmp_path,
        {
            "good.md": "# Good\n",
            "bad.md": "---\naudience: [internal]\n---\nplanted",
            "x.md~": "planted",
        },
    )
    (known.content_dir / "nowhere.png").symlink_to("gone.png")
    (known.content_dir / "loop").symlink_to(".", target_is_directory=True)

    site = site_of(known, keep_going=True)

    assert words(page(site, "/good/"), "h1") == ["Good"]
    assert holding(site, "planted") == []
    assert not (site / "loop").exists()
