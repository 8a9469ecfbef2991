"""Versions are built beside, swapped in one step, and opened only when nobody touched them."""

import json
import logging
import multiprocessing
import os
import shutil
from dataclasses import replace
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from search import arrays, index, manifest, opening, versions
from search.documents import Document, Section
from search.edition import Edition
from search.errors import DamagedIndex, IndexUnwritable, NoIndex
from search.reader import Reader
from search.versions import Version
from tests.search.building import KEY, article, ids, publish

DEAD = 2**31 - 1
"""A number that no process has."""


def names(root: Path) -> set[str]:
    return {path.name for path in root.iterdir()}


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def files(version: Version) -> list[Path]:
    return [path for path in (version.path / "index").rglob("*") if path.is_file()]


def test_a_published_version_is_current(tmp_path: Path) -> None:
    published = publish(tmp_path, article("a"), article("b", lang="de"), build="abc")

    found = opening.current(tmp_path, key=KEY)

    assert published == found
    assert ("abc", tmp_path / "v-abc") == (found.build, found.path)
    assert {"CURRENT", "v-abc"} == names(tmp_path)
    assert found.manifest.shelves == {"public": {"en": 1, "de": 1}, "internal": {}}


def test_other_parts_of_a_build_are_published_with_it(tmp_path: Path) -> None:
    with index.begin(tmp_path, "abc", key=KEY) as draft:
        draft.write_shelf("public", [article("a")])
        (draft.path / "site").mkdir()
        (draft.path / "site" / "index.html").write_text("page", encoding="utf-8")
        version = draft.publish()

    assert (version.path / "site" / "index.html").read_text(encoding="utf-8") == "page"
    assert not [name for name in version.manifest.files if "site" in name]


def test_an_unpublished_draft_leaves_nothing(tmp_path: Path) -> None:
    with index.begin(tmp_path, "abc", key=KEY) as draft:
        draft.write_shelf("public", [article("a")])

    assert names(tmp_path) == set()
    with pytest.raises(NoIndex, match="Build it with"):
        opening.current(tmp_path, key=KEY)


def test_a_draft_can_be_asked_and_nobody_else_can(tmp_path: Path) -> None:
    publish(tmp_path, article("old", "Refund"), build="old")
    with index.begin(tmp_path, "new", key=KEY) as draft:
        draft.write_shelf("public", [article("new", "Refund")])
        draft.write_shelf("internal", [article("secret", "Refund")])
        complete = draft.complete()
        found = [
            set(ids(Edition(complete, shelves).search("refund")))
            for shelves in (("public",), ("public", "internal"))
        ]
        current = opening.current(tmp_path, key=KEY)
        with pytest.raises(DamagedIndex, match="no readable manifest"):
            versions.check(draft.path, key=KEY, written_by=opening.WRITTEN_BY)

    assert found == [{"new"}, {"new", "secret"}]
    assert current.build == "old"
    assert names(tmp_path) == {"CURRENT", "v-old"}


def test_what_is_signed_is_what_lies_there_at_the_end(tmp_path: Path) -> None:
    with index.begin(tmp_path, "abc", key=KEY) as draft:
        draft.write_shelf("public", [article("a", "Refund")])
        before = Edition(draft.complete(), ("public",))
        (draft.path / "index" / "late").write_bytes(b"more")
        version = draft.publish()

    assert "late" in version.manifest.files
    assert opening.current(tmp_path, key=KEY) == version
    assert before.search("refund") == Edition(version, ("public",)).search("refund")


def test_drafts_are_numbered_in_the_order_of_their_publication(tmp_path: Path) -> None:
    with index.begin(tmp_path, "one", key=KEY) as one, index.begin(tmp_path, "two", key=KEY) as two:
        for draft in (one, two):
            draft.write_shelf("public", [article("a")])
            draft.complete()
        published = [draft.publish().manifest.sequence for draft in (two, one)]

    assert published == [1, 2]
    assert opening.current(tmp_path, key=KEY).build == "one"


def test_a_complete_draft_takes_no_further_shelf(tmp_path: Path) -> None:
    with index.begin(tmp_path, "abc", key=KEY) as draft:
        draft.complete()
        with pytest.raises(ValueError, match="complete"):
            draft.write_shelf("public", [])


def test_a_draft_that_fails_leaves_the_current_version(tmp_path: Path) -> None:
    publish(tmp_path, article("a"), build="good")

    with (
        pytest.raises(ValueError, match="small letters"),
        index.begin(tmp_path, "bad", key=KEY) as draft,
    ):
        draft.write_shelf("NOT A NAME", [article("a")])

    assert {"CURRENT", "v-good"} == names(tmp_path)


def test_the_current_version_and_the_one_before_are_kept(tmp_path: Path) -> None:
    for build in ("one", "two", "three", "four"):
        publish(tmp_path, article("a"), build=build)

    assert {"CURRENT", "v-three", "v-four"} == names(tmp_path)


def test_the_same_build_again_does_not_touch_the_one_in_use(tmp_path: Path) -> None:
    first = publish(tmp_path, article("a"), build="same")
    before = {path: path.stat().st_ino for path in files(first)}

    again = publish(tmp_path, article("a"), build="same")

    assert "same" == again.build == opening.current(tmp_path, key=KEY).build
    assert again.path != first.path
    assert before == {path: path.stat().st_ino for path in files(first)}


def test_a_build_can_be_published_again_and_again(tmp_path: Path) -> None:
    for _ in range(5):
        publish(tmp_path, article("a"), build="same")

    assert len(names(tmp_path)) == 3
    assert opening.current(tmp_path, key=KEY).build == "same"


@pytest.mark.parametrize("build", ["", "../up", "a b", "a/b", ".", "x" * 65, "v.1"])
def test_a_build_name_cannot_lead_elsewhere(tmp_path: Path, build: str) -> None:
    with pytest.raises(ValueError, match="expected 1 to 64"):
        index.begin(tmp_path, build, key=KEY)


@pytest.mark.parametrize("shelf", ["", "..", "Public", "public"])
def test_a_shelf_has_a_new_and_plain_name(tmp_path: Path, shelf: str) -> None:
    with index.begin(tmp_path, "abc", key=KEY) as draft:
        draft.write_shelf("public", [])

        with pytest.raises(ValueError, match="expected a new name"):
            draft.write_shelf(shelf, [])


def build_until_killed(root: Path, ready: Event) -> None:
    draft = index.begin(root, "killed", key=KEY)
    draft.write_shelf("public", [article("a")])
    ready.set()
    multiprocessing.Event().wait()


def test_what_a_killed_builder_left_is_deleted_by_the_next(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Event()
    builder = spawn.Process(target=build_until_killed, args=(tmp_path, ready))
    builder.start()
    assert ready.wait(timeout=60)
    alive = names(tmp_path)

    publish(tmp_path, article("a"), build="meanwhile")
    kept = names(tmp_path)
    builder.kill()
    builder.join()
    builder.close()
    publish(tmp_path, article("a"), build="after")

    assert alive < kept
    assert {"CURRENT", "v-meanwhile", "v-after"} == names(tmp_path)


def test_a_leftover_with_our_own_process_number_is_deleted(tmp_path: Path) -> None:
    leftover = tmp_path / f".tmp-same-{os.getpid()}"
    (leftover / "index" / "public").mkdir(parents=True)

    publish(tmp_path, article("a"), build="same")

    assert {"CURRENT", "v-same"} == names(tmp_path)


def test_a_pointer_that_a_killed_builder_did_not_put_in_its_place_is_deleted(
    tmp_path: Path,
) -> None:
    publish(tmp_path, article("a"), build="one")
    (tmp_path / f"CURRENT.{DEAD}").write_text("v-two\n", encoding="utf-8")

    publish(tmp_path, article("a"), build="two")

    assert {"CURRENT", "v-one", "v-two"} == names(tmp_path)


def test_two_drafts_of_one_process_do_not_disturb_each_other(tmp_path: Path) -> None:
    with (
        index.begin(tmp_path, "one", key=KEY) as one,
        index.begin(tmp_path, "two", key=KEY) as two,
    ):
        one.write_shelf("public", [article("a")])
        two.write_shelf("public", [article("a")])
        one.publish()
        two.publish()

    assert {"CURRENT", "v-one", "v-two"} == names(tmp_path)


def test_one_process_builds_a_build_once_at_a_time(tmp_path: Path) -> None:
    with (
        index.begin(tmp_path, "one", key=KEY),
        pytest.raises(IndexUnwritable, match="Wait for it"),
    ):
        index.begin(tmp_path, "one", key=KEY)


def test_a_flipped_bit_in_any_file_leads_back_to_the_version_before(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    old = publish(tmp_path, article("a"), build="old")
    new = publish(tmp_path, article("a"), internal=[article("b")], build="new")
    assert len(files(new)) == 11

    for path in files(new):
        intact = path.read_bytes()
        flip(path)
        with caplog.at_level(logging.WARNING):
            assert old == opening.current(tmp_path, key=KEY)
        assert "Build again" in caplog.text
        path.write_bytes(intact)

    assert new == opening.current(tmp_path, key=KEY)


def test_with_every_version_damaged_there_is_no_index(tmp_path: Path) -> None:
    for build in ("old", "new"):
        flip(files(publish(tmp_path, article("a"), build=build))[0])

    with pytest.raises(NoIndex):
        opening.current(tmp_path, key=KEY)


def test_a_missing_file_leads_back_to_the_version_before(tmp_path: Path) -> None:
    old = publish(tmp_path, article("a"), build="old")
    new = publish(tmp_path, article("a"), build="new")
    next((new.path / "index" / "public").glob("*.trm")).unlink()

    assert old == opening.current(tmp_path, key=KEY)


def test_a_file_that_the_manifest_does_not_name_is_refused(tmp_path: Path) -> None:
    version = publish(tmp_path, article("a"))
    (version.shelf("public") / "_shelf_9.toc").write_bytes(b"a pickle of Mallory's")

    with pytest.raises(DamagedIndex, match=r"_shelf_9.toc: missing, altered or not"):
        versions.check(version.path, key=KEY, written_by=opening.WRITTEN_BY)


@pytest.mark.parametrize(
    "content", [None, "", "v-gone\n", "../elsewhere\n", "\0", "v-old/../v-old"]
)
def test_without_a_usable_current_the_newest_version_is_taken(
    tmp_path: Path, content: str | None
) -> None:
    publish(tmp_path, article("a"), build="old")
    new = publish(tmp_path, article("a"), build="new")
    pointer = tmp_path / "CURRENT"
    pointer.unlink() if content is None else pointer.write_text(content, encoding="utf-8")

    assert new == opening.current(tmp_path, key=KEY)


def test_a_published_version_that_is_not_current_yet_is_not_taken(tmp_path: Path) -> None:
    old = publish(tmp_path, article("a"), build="old")
    publish(tmp_path, article("a"), build="new")
    (tmp_path / "CURRENT").write_text("v-old\n", encoding="utf-8")

    assert old == opening.current(tmp_path, key=KEY)


def test_an_index_signed_with_another_key_is_refused(tmp_path: Path) -> None:
    version = publish(tmp_path, article("a"), key=b"Mallory's key")

    with pytest.raises(NoIndex):
        opening.current(tmp_path, key=KEY)
    with pytest.raises(DamagedIndex, match="not signed with this installation's key"):
        versions.check(version.path, key=KEY, written_by=opening.WRITTEN_BY)


def test_an_index_of_another_release_is_refused_not_misread(tmp_path: Path) -> None:
    version = publish(tmp_path, article("a"))
    folder = version.path / "index"
    older = manifest.Manifest(
        build="abc",
        sequence=1,
        written_by="format 0, whoosh 2.7.4",
        shelves=version.manifest.shelves,
        files=version.manifest.files,
    )
    manifest.write(older, folder, key=KEY)

    with pytest.raises(DamagedIndex, match=r"written by format 0, whoosh 2\.7\.4"):
        versions.check(version.path, key=KEY, written_by=opening.WRITTEN_BY)


def test_arrays_of_another_release_are_a_damaged_index(tmp_path: Path) -> None:
    version = publish(tmp_path, article("a"))
    path = version.path / "index" / "editions" / "public" / "en.arrays"
    others = {name: array for name, array in arrays.load(path).items() if name != "stems"}
    path.unlink()  # it is still mapped
    arrays.write(path, others)
    folder = version.path / "index"
    changed = replace(version.manifest, files=manifest.hashes(folder))
    manifest.write(changed, folder, key=KEY)

    with Reader(tmp_path, key=KEY) as reader, pytest.raises(DamagedIndex, match="no array 'stems'"):
        reader.search("a")


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"null", b'{"signature": 7}', b"\xff\xfe", b"[" * 100_000]
)
def test_an_unreadable_manifest_is_a_damaged_index(tmp_path: Path, content: bytes) -> None:
    version = publish(tmp_path, article("a"))
    (version.path / "index" / "MANIFEST.json").write_bytes(content)

    with pytest.raises(DamagedIndex, match="no readable manifest"):
        versions.check(version.path, key=KEY, written_by=opening.WRITTEN_BY)


def test_a_changed_manifest_is_refused(tmp_path: Path) -> None:
    version = publish(tmp_path, article("a"))
    path = version.path / "index" / "MANIFEST.json"
    path.write_text(
        json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"sequence": 99}),
        encoding="utf-8",
    )

    with pytest.raises(DamagedIndex, match="not signed"):
        versions.check(version.path, key=KEY, written_by=opening.WRITTEN_BY)


def test_a_damaged_version_is_not_kept_for_the_sake_of_its_place(tmp_path: Path) -> None:
    publish(tmp_path, article("a"), build="good")
    damaged = publish(tmp_path, article("a"), build="damaged")
    flip(files(damaged)[0])

    publish(tmp_path, article("a"), build="next")

    assert {"CURRENT", "v-good", "v-next"} == names(tmp_path)


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_where_nothing_can_be_written_the_message_says_what_to_do(
    tmp_path: Path, place: str
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")

    with pytest.raises(IndexUnwritable, match=r"file.*must be a directory that this user may"):
        index.begin(tmp_path / place, "abc", key=KEY)


def test_a_read_only_directory_is_named() -> None:
    # Kernel files: no user may create a directory there, not even root.
    root = Path("/sys/answerloop")

    with pytest.raises(IndexUnwritable, match=r"^/sys/answerloop: cannot write the index"):
        index.begin(root, "abc", key=KEY)


def test_a_version_deleted_since_it_was_verified_is_a_damaged_index(tmp_path: Path) -> None:
    version = publish(tmp_path, article("a"))
    shutil.rmtree(version.path)

    with pytest.raises(DamagedIndex, match="cannot be opened"):
        index.open_shelves(version, ["public"])


def test_an_article_keeps_its_text_whatever_it_holds(tmp_path: Path) -> None:
    odd = article("odd", "Null \0 and half \ud83d pair", "control \x1b[31m needle")
    publish(tmp_path, odd)

    with Reader(tmp_path, key=KEY) as reader:
        found = reader.search("needle")

    assert ids(found) == ["odd"]
    assert found.hits[0].title == "Null \0 and half ? pair"


def test_all_of_a_very_long_article_is_searched(tmp_path: Path) -> None:
    sections = (Section("", "", "hay " * 50_000), Section("End", "end", "The needle."))
    publish(tmp_path, Document(id="long", lang="en", title="Long", sections=sections))

    with Reader(tmp_path, key=KEY) as reader:
        found = reader.search("needle")

    assert ids(found) == ["long"]
    assert found.hits[0].excerpt.startswith("hay hay")


def test_a_language_that_is_on_one_shelf_only_is_compiled_once(tmp_path: Path) -> None:
    german = article("geheim", lang="de")
    version = publish(tmp_path, article("a"), article("b", lang="sv"), internal=[german])

    compiled = {path.parent.name + "/" + path.stem for path in version.path.rglob("*.arrays")}

    assert {"public/en", "public/sv", "internal/de"} == compiled


def test_a_language_on_two_shelves_is_compiled_with_and_without_the_second(tmp_path: Path) -> None:
    version = publish(tmp_path, article("a"), internal=[article("b")])

    public = opening.edition_files(version, ["public"])
    both = opening.edition_files(version, ["public", "internal"])

    assert [files["en"].parent.name for files in (public, both)] == ["public", "internal+public"]
    with pytest.raises(NoIndex, match="was not compiled as one index"):
        opening.edition_files(version, ["internal"])
