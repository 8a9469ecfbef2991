"""What a build leaves behind for the service: written, read again, and never half believed."""

import json
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import pytest

from answerloop import published
from answerloop.errors import BuildError
from answerloop.history import Change
from answerloop.published import PublishedCatalog
from tests.answerloop.builders import loaded, with_front_matter


def example(root: Path) -> PublishedCatalog:
    catalog = loaded(
        root,
        {
            "en/refund.md": with_front_matter(
                "id: refund\ntitle: 'Größe & <b>'\nkind: problem\nstate: validated\nowner: alice\n"
                "severity: money\nredirect_from: [/old/]\ntags: [money, returns]"
            ),
            "de/erstattung.md": with_front_matter(
                "id: refund\ntranslated_from: {lang: en, hash: abcdef123456}"
            ),
            "en/handbook.md": with_front_matter("id: handbook\naudience: internal"),
            "en/draft.md": with_front_matter("id: draft\ndraft: true"),
        },
    )
    change = Change("abc", datetime(2026, 11, 3, tzinfo=UTC), is_minor=False)
    changes = {PurePosixPath("en/refund.md"): change}
    return published.of(catalog, "f00", {"en": "/en/search/"}, changes)


def test_a_written_catalog_is_read_as_it_was(tmp_path: Path) -> None:
    expected = example(tmp_path)

    published.write(expected, tmp_path)

    assert expected == published.read(tmp_path)


def test_published_and_internal_articles_are_told_and_no_others(tmp_path: Path) -> None:
    told = example(tmp_path)

    assert {("refund", "en"), ("refund", "de"), ("handbook", "en")} == {
        (entry.id, entry.lang) for entry in told.entries
    }
    assert {lang: entry.url for lang, entry in told.by_id["refund"].items()} == {
        "en": "/en/refund/",
        "de": "/de/erstattung/",
    }
    assert told.by_id["handbook"]["en"].url == ""
    assert told.by_id["refund"]["en"].updated == "2026-11-03"
    assert told.by_id["refund"]["de"].updated == ""
    assert told.by_id["refund"]["en"].tags == ("money", "returns")
    assert told.by_id["refund"]["de"].source == ("en", "abcdef123456")


def test_addresses_that_lead_elsewhere_are_told(tmp_path: Path) -> None:
    told = example(tmp_path)

    assert told.redirects == {"/old": "/en/refund/", "/old/": "/en/refund/"}
    assert told.homes == {"en": "/en/", "de": "/de/"}
    assert (
        told.default_lang,
        told.fingerprint,
        told.shells,
    ) == ("en", "f00", {"en": "/en/search/"})


def test_no_text_of_an_article_is_told(tmp_path: Path) -> None:
    catalog = loaded(tmp_path, {"a.md": with_front_matter("reply: planted", "planted")})

    published.write(published.of(catalog, "", {}, {}), tmp_path)

    assert "planted" not in (tmp_path / published.FILE_NAME).read_text(encoding="utf-8")


def test_a_missing_catalog_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"catalog\.json: cannot be read .* Run `kb build`\."):
        published.read(tmp_path)


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"{",
        b"3",
        b"null",
        b"[]",
        b"{}",
        b"\xff",
        b'{"format": 1}',
        b'{"format": 1, "entries": 3}',
        b'{"format": 1, "entries": [{"id": "a"}]}',
        b'{"format": 1, "entries": [3]}',
        b'{"format": 1, "entries": []}',
    ],
)
def test_a_damaged_catalog_is_refused(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / published.FILE_NAME).write_bytes(damaged)

    with pytest.raises(BuildError, match=r"Run `kb build`\."):
        published.read(tmp_path)


def test_a_catalog_of_another_release_is_refused(tmp_path: Path) -> None:
    published.write(example(tmp_path), tmp_path)
    file = tmp_path / published.FILE_NAME
    data = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(data | {"format": 999}), encoding="utf-8")

    with pytest.raises(BuildError, match="written by another release"):
        published.read(tmp_path)
