"""`kb check --fix` adds the line with the id, and not one byte else."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answerloop import catalog, lint
from answerloop.errors import ContentError
from tests.answerloop.builders import article, repository

BOM = b"\xef\xbb\xbf"


def written(root: Path, source: bytes, name: str = "orders/change.md") -> bytes:
    """The file after the ids were written."""
    known = repository(root, {name: source})
    lint.write_ids(catalog.load(known), known.content_dir)
    return (known.content_dir / name).read_bytes()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"---\ntitle: A\n---\nText\n", b"---\nid: orders-change\ntitle: A\n---\nText\n"),
        (b"---\r\ntitle: A\r\n---\r\nText", b"---\r\nid: orders-change\r\ntitle: A\r\n---\r\nText"),
        (b"---\rtitle: A\r---\rText\r", b"---\rid: orders-change\rtitle: A\r---\rText\r"),
        (b"---\ntitle: A\n---\nText\r\n", b"---\nid: orders-change\ntitle: A\n---\nText\r\n"),
        (BOM + b"---\ntitle: A\n---\n", BOM + b"---\nid: orders-change\ntitle: A\n---\n"),
        (b"\n---\ntitle: A\n---\n", b"\n---\nid: orders-change\ntitle: A\n---\n"),
        (b"---\n---\nText\n", b"---\nid: orders-change\n---\nText\n"),
        (b"---\n# Note\n---\nText\n", b"---\nid: orders-change\n# Note\n---\nText\n"),
        (b"---  \ntitle: A\n...\n", b"---  \nid: orders-change\ntitle: A\n...\n"),
        (b'+++\ntitle = "A"\n+++\nText', b'+++\nid = "orders-change"\ntitle = "A"\n+++\nText'),
        (b"+++\n[params]\na = 1\n+++\n", b'+++\nid = "orders-change"\n[params]\na = 1\n+++\n'),
        (b"# A\n\nText", b"---\nid: orders-change\n---\n# A\n\nText"),
        (b"# A\r\n\r\nText", b"---\r\nid: orders-change\r\n---\r\n# A\r\n\r\nText"),
        (BOM + b"# A\n", BOM + b"---\nid: orders-change\n---\n# A\n"),
        (b"", b"---\nid: orders-change\n---\n"),
        (b"\n---\n\nText\n", b"---\nid: orders-change\n---\n\n---\n\nText\n"),
    ],
)
def test_only_the_line_with_the_id_is_added(tmp_path: Path, before: bytes, after: bytes) -> None:
    assert after == written(tmp_path, before)


@pytest.mark.parametrize(
    "source",
    [
        b"---\nid: own\n---\nText\n",
        b"---\nid: not/usable\n---\nText\n",
        b"---\n{title: A}\n---\nText\n",
        b"---\n  title: A\n  kind: faq\n---\nText\n",
        b"---\ntitle: [\n---\nText\n",
        b"Gr\xfc\xdfe\n",
    ],
)
def test_what_has_an_id_or_would_change_more_is_left_alone(tmp_path: Path, source: bytes) -> None:
    assert source == written(tmp_path, source)


@pytest.mark.parametrize("name", ["index.md", "orders/index.md", "orders/README.md"])
def test_an_index_needs_no_id(tmp_path: Path, name: str) -> None:
    assert written(tmp_path, b"Text\n", name) == b"Text\n"


@pytest.mark.parametrize("name", ["null.md", "2024.md", "yes.md", "größe.md", "1e3.md", "退款.md"])
def test_a_written_id_is_the_one_that_was_derived(tmp_path: Path, name: str) -> None:
    source = written(tmp_path, b"Text\n", name)

    assert article(b"Text\n", name).id == article(source, name).id


def test_the_id_of_a_decomposed_name_is_composed(tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", "größe.md")

    assert "id: größe\n".encode() in written(tmp_path, b"Text\n", name)


def test_translations_get_one_id(tmp_path: Path) -> None:
    known = repository(tmp_path, {"en/a.md": "", "de/a.md": "", "b.md": "", "b.de.md": ""})

    changed = lint.write_ids(catalog.load(known), known.content_dir)

    assert [str(path) for path in changed] == ["b.de.md", "b.md", "de/a.md", "en/a.md"]
    assert {b"---\nid: a\n---\n"} == {
        (known.content_dir / lang / "a.md").read_bytes() for lang in ("en", "de")
    }


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    known = repository(tmp_path, {"a.md": "Text", "c#.md": "Text", "c.md": "Text"})
    lint.write_ids(catalog.load(known), known.content_dir)

    assert lint.write_ids(catalog.load(known), known.content_dir) == ()
    assert [f for f in lint.check(catalog.load(known), known) if "id" in f.message] == []


def test_a_file_that_is_gone_meanwhile_is_named(tmp_path: Path) -> None:
    known = repository(tmp_path, {"a.md": "Text"})
    read = catalog.load(known)
    (known.content_dir / "a.md").unlink()

    with pytest.raises(ContentError, match=r"^a\.md: error: the id cannot be written"):
        lint.write_ids(read, known.content_dir)


LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])
ROWS = st.lists(st.sampled_from(["", "---", "+++", "title: A", "# A", "Text", " a", "key = 1"]))


@settings(
    deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=ROWS, line_end=LINE_ENDS, marked=st.booleans())
def test_the_article_stays_the_same_but_for_its_id(
    tmp_path: Path, rows: list[str], line_end: str, *, marked: bool
) -> None:
    source = (BOM if marked else b"") + line_end.join(rows).encode()
    known = repository(tmp_path, {"a.md": source})
    before = catalog.load(known).articles

    lint.write_ids(catalog.load(known), known.content_dir)

    after = catalog.load(known).articles
    assert [(a.id, a.title, a.body, a.other) for a in before] == [
        (a.id, a.title, a.body, a.other) for a in after
    ]
