"""A reader searches whatever version is current, and never lets a search fail for a swap."""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.errors import NoIndex
from search.reader import Reader
from tests.search.building import KEY, article, ids, publish

if TYPE_CHECKING:
    from search.documents import Results
    from search.versions import Version

SECRET = article("secret", "Goodwill budget", "The zebrafish limit is 50 euros.")
PUBLIC = article("refund", "Refund", "We refund within the limit.")


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with Reader(tmp_path, key=KEY) as reader:
        yield reader


def test_without_an_index_a_search_says_how_to_get_one(reader: Reader) -> None:
    with pytest.raises(NoIndex, match="Build it with `kb build`"):
        reader.search("order")


def test_an_index_built_later_is_found(tmp_path: Path, reader: Reader) -> None:
    with pytest.raises(NoIndex):
        reader.search("order")
    publish(tmp_path, article("order"))

    assert ids(reader.search("order")) == ["order"]


def test_a_new_version_is_noticed(tmp_path: Path, reader: Reader) -> None:
    publish(tmp_path, article("old", "Order"), build="one")
    before = (reader.build, ids(reader.search("order")))
    publish(tmp_path, article("new", "Order"), build="two")

    assert before == ("one", ["old"])
    assert (reader.build, ids(reader.search("order"))) == ("two", ["new"])
    assert tmp_path / "v-two" == reader.version.path


@pytest.mark.parametrize("words", ["", "   ", "((((", '"*" ~ ? [] {} :', "\0\0", "…", "-._"])
def test_what_holds_no_words_finds_nothing(tmp_path: Path, reader: Reader, words: str) -> None:
    publish(tmp_path, PUBLIC)

    assert reader.search(words).total == 0


def test_a_public_reader_knows_no_internal_word(tmp_path: Path, reader: Reader) -> None:
    publish(tmp_path, PUBLIC, internal=[SECRET])

    assert reader.search("zebrafish").total == 0
    assert reader.search("goodwill").total == 0


def test_internal_articles_do_not_change_public_scores(tmp_path: Path, reader: Reader) -> None:
    publish(tmp_path, PUBLIC, build="without")
    without = reader.search("refund limit")
    publish(tmp_path, PUBLIC, internal=[SECRET] * 50, build="with")

    assert without == reader.search("refund limit")


def test_staff_search_both_shelves_as_one_index(tmp_path: Path) -> None:
    german = article("geheim", "Kulanz", "Das Limit.", lang="de")
    publish(tmp_path, PUBLIC, internal=[SECRET, german])

    with Reader(tmp_path, key=KEY, shelves=("public", "internal")) as staff:
        found = staff.search("limit", lang="en")
        foreign = staff.search("Kulanz")

    assert {"refund", "secret"} == set(ids(found))
    assert ids(foreign) == ["geheim"]


def test_a_shelf_that_a_version_does_not_have_is_named(tmp_path: Path) -> None:
    publish(tmp_path, PUBLIC)

    with (
        Reader(tmp_path, key=KEY, shelves=("attic",)) as odd,
        pytest.raises(NoIndex, match="attic"),
    ):
        odd.search("refund")


def test_searching_goes_on_when_current_vanishes(tmp_path: Path, reader: Reader) -> None:
    publish(tmp_path, PUBLIC)
    reader.search("refund")
    (tmp_path / "CURRENT").unlink()

    assert ids(reader.search("refund")) == ["refund"]


def test_searching_goes_on_when_the_new_version_is_bad(
    tmp_path: Path, reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    publish(tmp_path, PUBLIC, build="good")
    reader.search("refund")
    (tmp_path / "CURRENT").write_text("v-nothing\n", encoding="utf-8")

    with caplog.at_level(logging.WARNING):
        found = reader.search("refund")

    assert ids(found) == ["refund"]
    assert "The current index cannot be used" in caplog.text


def test_searching_goes_on_when_no_version_is_left(
    tmp_path: Path, reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    version = publish(tmp_path, PUBLIC)
    reader.search("refund")
    (version.path / "index" / "MANIFEST.json").unlink()
    (tmp_path / "CURRENT").write_text("v-nothing\n", encoding="utf-8")

    with caplog.at_level(logging.WARNING):
        found = [ids(reader.search("refund")) for _ in range(3)]

    assert found == [["refund"]] * 3
    assert caplog.text.count("Searching on in build first") == 1


def test_files_that_change_under_an_open_version_lead_to_the_one_before(
    tmp_path: Path, reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    publish(tmp_path, article("old", "Refund", "Your money."), build="old")
    new = publish(tmp_path, article("new", "Refund", "Your money."), build="new")
    reader.search("refund")
    arrays = new.path / "index" / "editions" / "public" / "en.arrays"
    content = arrays.read_bytes()
    with arrays.open("r+b") as file:
        file.write(content[: len(content) // 8] + b"\xff" * (len(content) - len(content) // 8))

    with caplog.at_level(logging.WARNING):
        found = reader.search("money")

    assert ids(found) == ["old"]
    assert "damaged while it was in use" in caplog.text


def shorten(version: "Version") -> None:
    """What an editor or `rsync --inplace` does to a file that others have mapped."""
    os.truncate(version.path / "index" / "editions" / "public" / "en.arrays", 500)


def test_a_file_shortened_under_an_open_version_leads_to_the_one_before(
    tmp_path: Path, reader: Reader
) -> None:
    publish(tmp_path, article("old", "Refund"), build="old")
    new = publish(tmp_path, article("new", "Refund"), build="new")
    reader.search("refund")
    shorten(new)

    found = reader.search("refund"), reader.suggest("refund")

    assert ids(found[0]) == ["old"]
    assert [suggestion.id for suggestion in found[1]] == ["old"]


def test_damage_without_another_version_is_no_index_until_the_next_build(
    tmp_path: Path, reader: Reader
) -> None:
    only = publish(tmp_path, PUBLIC)
    reader.search("refund")
    shorten(only)

    with pytest.raises(NoIndex, match="Build it with"):
        reader.search("refund")

    publish(tmp_path, PUBLIC, build="second")
    assert ids(reader.search("refund")) == ["refund"]


def test_a_bug_is_not_taken_for_a_damaged_index(tmp_path: Path, reader: Reader) -> None:
    publish(tmp_path, PUBLIC)
    no_text: Any = 7

    with pytest.raises(AttributeError):
        reader.search("refund", tag=no_text)

    assert ids(reader.search("refund")) == ["refund"]


def test_a_closed_reader_opens_again_when_asked(tmp_path: Path, reader: Reader) -> None:
    publish(tmp_path, PUBLIC)
    reader.search("refund")

    reader.close()
    reader.close()

    assert ids(reader.search("refund")) == ["refund"]


def in_threads(number: int, work: Callable[[], None]) -> list[threading.Thread]:
    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    return threads


def test_no_search_fails_and_none_is_wrong_while_versions_are_swapped(
    tmp_path: Path, reader: Reader
) -> None:
    # Version n holds n articles, each with the word: an answer mixed from two versions, or read
    # from a file that another thread moved in, has another number of them.
    builds = 8
    publish(tmp_path, article("a0", "Order", "Parcel"), build="b1")
    stop = threading.Event()
    answers: list[Results] = []
    failures: list[BaseException] = []

    def keep_searching() -> None:
        while not stop.is_set():
            try:
                answers.append(reader.search("order parcel", limit=50))
            except Exception as error:  # noqa: BLE001  # the test counts whatever there is
                failures.append(error)

    threads = in_threads(4, keep_searching)
    for number in range(2, builds + 1):
        articles = [article(f"a{each}", "Order", "Parcel") for each in range(number)]
        publish(tmp_path, *articles, build=f"b{number}")
    stop.set()
    for thread in threads:
        thread.join()

    assert failures == []
    assert {True} == {
        [f"a{each}" for each in range(answer.total)] == ids(answer) for answer in answers
    }
    assert {answer.total for answer in answers} <= set(range(1, builds + 1))
    assert builds == reader.search("order").total


def test_threads_that_start_together_open_one_version(tmp_path: Path, reader: Reader) -> None:
    publish(tmp_path, PUBLIC)
    together = threading.Barrier(8)
    found: list[list[str]] = []

    def search() -> None:
        together.wait()
        found.append(ids(reader.search("refund")))

    for thread in in_threads(8, search):
        thread.join()

    assert found == [["refund"]] * 8


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    root = tmp_path_factory.mktemp("builds")
    articles = [
        article(f"a{number}", f"Order {number} & <b>parcel</b>", f"The <i>{number}</i> " * 40)
        for number in range(40)
    ]
    publish(root, *articles, article("zh", "重置密码", "点击“忘记密码”链接", lang="zh"))
    with Reader(root, key=KEY) as reader:
        yield reader


@settings(deadline=None)
@given(
    words=st.one_of(
        st.text(alphabet=st.characters(exclude_categories=())),
        st.lists(st.sampled_from(["order", "parcel", "the", "1", "密码", "*", "(", "NOT"])).map(
            " ".join
        ),
    ),
    lang=st.none() | st.text(max_size=9),
    tag=st.none() | st.text(max_size=9),
)
def test_no_words_whatever_raise_and_excerpts_hold_only_marks(
    library: Reader, words: str, lang: str | None, tag: str | None
) -> None:
    found = library.search(words, lang=lang, tag=tag, limit=50)

    for hit in found.hits:
        bare = hit.excerpt.replace("<mark>", "").replace("</mark>", "")
        assert not set(bare) & set("<>\"'")


@pytest.mark.parametrize(
    "words",
    [
        "order " * 5_000,
        "(" * 10_000,
        "*",
        "*a*",
        "a" * 100_000,
        "密" * 5_000,
        "a1." * 5_000,
        "order AND (" * 500,
        "the of to and a " * 500,
        "e\u0301" * 5_000,
        "\u0301" * 5_000,
    ],
)
@pytest.mark.timeout(5)
def test_a_query_of_death_is_answered_at_once(library: Reader, words: str) -> None:
    assert len(library.search(words).query) <= 200
