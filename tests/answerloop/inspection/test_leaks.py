"""What is kept back is found in the output by its words, by its address and by a canary."""

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerloop import catalog as catalogs
from answerloop import inspection
from answerloop.catalog import Catalog
from answerloop.errors import ContentError
from answerloop.inspection import leaks, shingles
from answerloop.inspection.leaks import Canary
from answerloop.settings import Settings
from tests.answerloop.builders import Contents, built, repository, write
from tests.answerloop.builders import with_front_matter as fm

CANARY = Canary("kb0123456789abcdef")
SENTENCE = "The walnut drawer key hangs behind the walnut door of the walnut room."
SHARED = "We answer every message within one working day of its arrival."
KEPT = {
    "internal": "audience: internal",
    "archived": "state: archived",
    "draft": "draft: true",
    "unfinished": "state: work-in-progress",
}
CONTENTS = {
    "en/open.md": f"# Open\n\n{SHARED}\n",
    **{
        f"en/staff/{name}-safe.md": fm(
            f"title: The drawer of the {name} safe\n{front}",
            f"{SHARED}\n\n{SENTENCE.replace('walnut', name)} **It *opens*** at seven.\n",
        )
        for name, front in KEPT.items()
    },
}


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return repository(tmp_path_factory.mktemp("help"), CONTENTS)


@pytest.fixture(scope="module")
def catalog(known: Settings) -> Catalog:
    return catalogs.load(known)


def told(site: Path, catalog: Catalog, known: Settings) -> list[str]:
    """The articles that an inspection of a folder names."""
    found = inspection.inspect(site, catalog, known, CANARY).findings
    assert all(finding.level == "error" for finding in found)
    return [str(finding.path) for finding in found]


Look = Callable[[Contents], list[str]]


@pytest.fixture
def told_of(tmp_path: Path, catalog: Catalog, known: Settings) -> Look:
    """Writes files as the output of a build, and gives the articles that an inspection names."""

    def look(contents: Contents) -> list[str]:
        write(tmp_path, contents)
        return told(tmp_path, catalog, known)

    return look


def feed(words: str) -> str:
    return (
        f'<?xml version="1.0"?><feed><entry><content type="html">{words}</content></entry></feed>'
    )


SENTENCES = {name: SENTENCE.replace("walnut", name) for name in KEPT}


@pytest.mark.parametrize("kept", KEPT)
@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("search/static.json", lambda words: json.dumps([{"t": "x", "h": [words]}])),
        ("search/static.js", lambda words: f'var x="{words[:4]}\\u0061 {words}";'),
        ("feed.xml", lambda words: feed(words.replace(" key", " &lt;b&gt;key&lt;/b&gt;"))),
        ("feed.xml", lambda words: feed(f"<![CDATA[<p>{words}]]>")),
        ("llms.txt", lambda words: f"# Help\n\n- [Open](/en/open/): {words}\n"),
        ("en/open/index.md", lambda words: words.replace(" key", " **[key](https://x.example/)**")),
        ("en/open/index.html", lambda words: f"<p>{words.replace(' key', ' <em>key</em>')}</p>"),
        ("en/open/index.html", lambda words: f'<meta name="description" content="{words}">'),
        ("en/open/index.html", lambda words: f"<p>{words.replace('e', '&#101;')}</p>"),
        ("en/notes.csv", lambda words: words.upper().replace(" ", "\t")),
        ("copy.weird", lambda words: words),
        ("download.txt.gz", lambda words: words),
    ],
)  # fmt: skip
def test_a_sentence_is_found_wherever_it_hides(
    told_of: Look, name: str, form: Callable[[str], str], kept: str
) -> None:
    content = form(SENTENCES[kept]).encode()

    found = told_of({name: gzip.compress(content) if name.endswith(".gz") else content})

    assert [f"en/staff/{kept}-safe.md"] == found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sitemap.xml", "<urlset><url><loc>https://x.example/en/staff/draft-safe/</loc></url></urlset>"),
        ("sitemap.xml", "<url><loc>/en/staff/draft-safe/</loc></url>"),
        ("redirects.json", '{"/old/": "/en/staff/draft-safe/"}'),
        ("llms.txt", "- [A title](/en/staff/draft-safe/)"),
    ],
)  # fmt: skip
def test_an_address_is_found_where_programs_read(told_of: Look, name: str, text: str) -> None:
    assert told_of({name: text}) == ["en/staff/draft-safe.md"]


def test_a_title_is_found_in_a_list(told_of: Look) -> None:
    found = told_of({"en/index.html": "<li><a href=x>The drawer of the internal safe</a></li>"})

    assert found == ["en/staff/internal-safe.md"]


@pytest.mark.parametrize(
    "text",
    [
        "<p>The drawer of the internal safe is what nobody asks for.</p>",
        "<li>The drawer of the</li><li>internal safe</li>",
        "The drawer of\nthe internal safe\n",
        f"<p>{SHARED}</p><p>The internal drawer key hangs behind</p>",
    ],
)
def test_words_that_only_meet_are_no_title_and_no_sentence(told_of: Look, text: str) -> None:
    assert told_of({"en/index.html": text}) == []


def test_the_message_names_file_and_words(
    tmp_path: Path, catalog: Catalog, known: Settings
) -> None:
    write(tmp_path, {"llms.txt": f"x {SENTENCES['draft']}"})

    found = inspection.inspect(tmp_path, catalog, known, CANARY).findings

    assert "the public file llms.txt would hold its words “the draft drawer key" in str(found[0])
    assert "Nothing was published" in found[0].remedy


@pytest.mark.parametrize(
    "text",
    [
        SHARED,
        "Thank you. Your answer is counted.",
        "The drawer of the shop, and the internal post.",
        "the walnut drawer key is kept elsewhere",
    ],
)
def test_what_is_public_anyway_is_no_leak(told_of: Look, text: str) -> None:
    assert told_of({"en/open/index.html": f"<p>{text}</p>", "llms.txt": text}) == []


def test_the_canary_is_found_in_any_file_and_names_its_article(
    tmp_path: Path, catalog: Catalog, known: Settings
) -> None:
    kept = [a for a in leaks.planted(catalog, CANARY).articles if not a.is_published]
    write(tmp_path, {"a.png": b"\x89PNG\0" + kept[2].title.encode(), "b.html": kept[1].url})

    found = told(tmp_path, catalog, known)

    assert [str(kept[2].path), str(kept[1].path)] == found


def test_planting_changes_only_what_is_kept_back(catalog: Catalog) -> None:
    planted = leaks.planted(catalog, CANARY)

    assert catalog.published == planted.published
    assert [a.revision for a in catalog.articles] == [a.revision for a in planted.articles]
    kept = [article for article in planted.articles if not article.is_published]
    for article in kept:
        for text in (article.title, article.body, article.reply, *article.tags[-1:]):
            assert CANARY.word in text
        # A notice may stand at the address of what was public once.
        assert (CANARY.word in article.url) == (article.state != "archived")


def test_an_internal_article_in_the_public_index_is_found(
    tmp_path: Path, catalog: Catalog, known: Settings
) -> None:
    public = {(str(a.id), a.lang) for a in catalog.published}
    internal = {(str(a.id), a.lang) for a in catalog.internal}

    found = inspection.inspect(tmp_path, catalog, known, CANARY, indexed=public | internal).findings

    assert {str(finding.path) for finding in found} == {str(a.path) for a in catalog.internal}


def test_a_copied_attachment_that_is_kept_back_is_found(tmp_path: Path) -> None:
    contents: Contents = {
        "a.md": "# A\n",
        "staff/b.md": fm("audience: internal", "![x](plan.png)"),
        "staff/plan.png": b"\x89PNG plan",
        "same.png": b"\x89PNG same",
        "staff/same.png": b"\x89PNG same",
    }
    known = repository(tmp_path / "help", contents)
    write(tmp_path / "site", {"x.png": b"\x89PNG plan", "y.png": b"\x89PNG same", "z.png": b""})

    assert told(tmp_path / "site", catalogs.load(known), known) == ["staff/plan.png"]


def test_a_planted_leak_fails_the_build_and_nothing_is_published(tmp_path: Path) -> None:
    known = repository(
        tmp_path,
        {
            "open.md": '# Open\n\n--8<-- "staff/safe.md"\n',
            "staff/safe.md": fm("audience: internal", f"# Safe\n\n{SENTENCE}\n"),
        },
        mkdocs_yml="site_name: Help\ndocs_dir: kb\nmarkdown_extensions:\n"
        f"  - pymdownx.snippets: {{base_path: ['{tmp_path / 'kb'}']}}\n",
    )

    with pytest.raises(ContentError) as caught:
        built(known, keep_going=True)

    named = {(str(f.path), f.message.partition(" would")[0]) for f in caught.value.findings}
    assert ("staff/safe.md", "the public file open/index.html") in named
    assert not (tmp_path / "site").exists()
    assert list(known.builds_dir.iterdir()) == []


def test_what_could_not_be_read_is_looked_for_too(tmp_path: Path) -> None:
    known = repository(
        tmp_path / "help",
        {"a.md": "# A\n", "b.md": fm("audience: intrenal", f"{SENTENCE}\n")},
    )
    write(tmp_path / "site", {"a/index.html": SENTENCE})

    assert told(tmp_path / "site", catalogs.load(known), known) == ["b.md"]


def test_an_address_that_a_public_article_had_or_names_is_no_leak(tmp_path: Path) -> None:
    known = repository(
        tmp_path / "help",
        {
            "new.md": fm("redirect_from: [/old/]", "See /named/ too.\n"),
            "old.md": fm("audience: internal"),
            "named.md": fm("state: archived"),
        },
    )
    write(tmp_path / "site", {"redirects.json": '{"/old/": "/new/"}', "feed.xml": "<p>/named/</p>"})

    assert told(tmp_path / "site", catalogs.load(known), known) == []


WORDS = st.lists(st.sampled_from("a b c d refund 付款 key"), max_size=30)


@given(text=WORDS, length=st.integers(1, 9))
def test_equal_runs_have_equal_numbers(text: list[str], length: int) -> None:
    listed = shingles.words(" ".join(text))
    runs = shingles.runs(shingles.numbered(listed), length)

    by_words = [tuple(listed[i : i + length]) for i in range(max(0, len(listed) - length + 1))]

    assert len(by_words) == len(runs)
    assert len(set(by_words)) == len(np.unique(runs))


def test_a_script_without_spaces_has_a_word_for_each_character() -> None:
    assert shingles.words("Ändra_付款 iPhone") == ["ändra", "付", "款", "iphone"]


def test_a_catalog_without_anything_kept_back_is_looked_through_at_once(
    tmp_path: Path, catalog: Catalog, known: Settings
) -> None:
    write(tmp_path, {"a.html": SENTENCE})
    open_ = replace(catalog, articles=catalog.published)

    assert told(tmp_path, open_, known) == []
    assert PurePosixPath("en/open.md") in open_.by_path
