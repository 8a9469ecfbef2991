"""Meaning counts beside words where there is a model, and nowhere else."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import fusion, index, semantic
from search.documents import Document, Section
from search.errors import NoEmbedder
from search.reader import Reader
from search.semantic import Stock
from search.versions import Version
from tests.search.building import KEY, article, ids, publish
from tests.search.embedders import Thesaurus

REFUND = article("refund", "Refund order", "Within a month.", tags=("money",))
CAR = Document(
    id="car",
    lang="en",
    title="Winter",
    sections=(
        Section("", "", "It gets cold."),
        Section("Tyres", "tyres", "Car wheels."),
        Section("Oil", "oil", "Thin when warm."),
    ),
)


def with_vectors(root: Path, *documents: Document, embedder: Thesaurus) -> Version:
    with index.begin(root, "first", key=KEY, stock=Stock(embedder)) as draft:
        draft.write_shelf("public", documents)
        draft.write_shelf("internal", [])
        return draft.publish()


def vectors_of(version: Version) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in version.path.rglob(f"*{semantic.SUFFIX}")}


def test_a_question_without_a_common_word_finds_its_article(tmp_path: Path) -> None:
    embedder = Thesaurus()
    with_vectors(tmp_path, REFUND, CAR, embedder=embedder)

    with Reader(tmp_path, key=KEY, embedder=embedder) as reader:
        found = reader.search("reimbursement purchase")

    assert ids(found) == ["refund"]


def test_an_article_found_by_meaning_shows_the_section_that_has_it(tmp_path: Path) -> None:
    embedder = Thesaurus()
    with_vectors(tmp_path, REFUND, CAR, embedder=embedder)

    with Reader(tmp_path, key=KEY, embedder=embedder) as reader:
        found = reader.search("winter tyres automobile wheels").hits

    hit = found[0]
    assert (hit.id, hit.anchor, hit.excerpt) == ("car", "tyres", "Car <mark>wheels</mark>.")


def test_an_article_found_by_meaning_alone_shows_its_nearest_section(tmp_path: Path) -> None:
    embedder = Thesaurus()
    lines = (Section("", "", "Cold."), Section("", "vehicle", "car car car car"))
    with_vectors(tmp_path, replace(CAR, sections=lines), embedder=embedder)

    with Reader(tmp_path, key=KEY, embedder=embedder) as reader:
        found = reader.search("automobile")

    assert [(hit.anchor, hit.excerpt) for hit in found.hits] == [("vehicle", "car car car car")]


def test_what_meaning_alone_found_is_not_said_to_be_found_by_a_mended_word(tmp_path: Path) -> None:
    embedder = Thesaurus()
    with_vectors(tmp_path, REFUND, CAR, embedder=embedder)

    with Reader(tmp_path, key=KEY, embedder=embedder) as reader:
        found = reader.search("reimbursement purchase colb")

    assert (ids(found), found.corrected) == (["refund"], None)


def test_a_tag_keeps_out_what_is_only_near(tmp_path: Path) -> None:
    embedder = Thesaurus()
    with_vectors(tmp_path, REFUND, CAR, embedder=embedder)

    with Reader(tmp_path, key=KEY, embedder=embedder) as reader:
        tagged = reader.search("winter vehicle", tag="money")
        other = reader.search("reimbursement purchase", tag="money")

    assert (ids(tagged), ids(other)) == ([], ["refund"])


def test_without_a_model_a_version_has_no_vectors(tmp_path: Path) -> None:
    version = publish(tmp_path, REFUND, CAR)

    assert (version.manifest.model, vectors_of(version)) == ("", {})


@pytest.mark.parametrize("words", ["refund", "cold wheels", "reimbursement", "winter refund"])
def test_without_a_model_the_words_answer_as_ever(tmp_path: Path, words: str) -> None:
    publish(tmp_path / "plain", REFUND, CAR)
    with_vectors(tmp_path / "both", REFUND, CAR, embedder=Thesaurus())

    with (
        Reader(tmp_path / "plain", key=KEY) as plain,
        Reader(tmp_path / "both", key=KEY) as unaware,
        Reader(tmp_path / "both", key=KEY, embedder=Thesaurus(is_busy=True)) as busy,
        Reader(tmp_path / "both", key=KEY, embedder=Thesaurus("another")) as another,
        Reader(tmp_path / "plain", key=KEY, embedder=Thesaurus()) as hopeful,
    ):
        answers = [each.search(words) for each in (plain, unaware, busy, another, hopeful)]

    assert answers == [answers[0]] * 5


def test_the_arrays_of_the_words_are_the_same_with_a_model(tmp_path: Path) -> None:
    plain = publish(tmp_path / "plain", REFUND, CAR)
    both = with_vectors(tmp_path / "both", REFUND, CAR, embedder=Thesaurus())

    name = "index/editions/public/en.arrays"
    assert (plain.path / name).read_bytes() == (both.path / name).read_bytes()


def test_the_same_articles_get_the_same_vectors(tmp_path: Path) -> None:
    one = with_vectors(tmp_path / "one", REFUND, CAR, embedder=Thesaurus())
    two = with_vectors(tmp_path / "two", CAR, REFUND, embedder=Thesaurus())

    assert vectors_of(one) == vectors_of(two) != {}


def test_what_has_not_changed_is_not_embedded_again(tmp_path: Path) -> None:
    version = with_vectors(tmp_path, REFUND, CAR, embedder=Thesaurus())
    embedder = Thesaurus()
    stock = Stock(embedder)
    stock.adopt(version)
    with index.begin(tmp_path, "second", key=KEY, stock=stock) as draft:
        draft.write_shelf("public", [replace(REFUND, asked_as=("money back",)), CAR])
        second = draft.publish()

    assert embedder.given == ["money back"]
    assert second.manifest.model == "thesaurus"


def test_vectors_of_another_model_are_not_adopted(tmp_path: Path) -> None:
    version = with_vectors(tmp_path, REFUND, embedder=Thesaurus("another"))
    embedder = Thesaurus()
    stock = Stock(embedder)
    stock.adopt(version)
    stock.vectors(["Refund order"])

    assert embedder.given == ["Refund order"]


def test_what_a_build_embedded_before_it_ended_is_not_embedded_again(tmp_path: Path) -> None:
    texts = [f"passage {number}" for number in range(1_000)]
    with pytest.raises(NoEmbedder):
        Stock(Thesaurus(dies_after=600), tmp_path).vectors(texts)
    embedder = Thesaurus()

    keys, vectors = Stock(embedder, tmp_path).vectors(texts)

    whole_keys, whole_vectors = Stock(Thesaurus()).vectors(texts)
    assert len(embedder.given) == 1_000 - 512
    assert (keys == whole_keys).all()
    assert (vectors == whole_vectors).all()


def test_notes_of_another_model_or_damaged_ones_are_passed_over(tmp_path: Path) -> None:
    Stock(Thesaurus("another"), tmp_path).vectors(["Refund order"])
    known = Thesaurus()
    Stock(known, tmp_path).vectors(["Refund order"])
    for path in tmp_path.rglob(f"*{semantic.SUFFIX}"):
        path.write_bytes(path.read_bytes()[:40])
    embedder = Thesaurus()

    Stock(embedder, tmp_path).vectors(["Refund order"])

    assert known.given == embedder.given == ["Refund order"]


def test_notes_are_forgotten_once_a_version_holds_the_vectors(tmp_path: Path) -> None:
    stock = Stock(Thesaurus(), tmp_path / "embedded")
    stock.vectors(["Refund order"])

    stock.forget()

    assert list(tmp_path.iterdir()) == []


def test_without_room_for_notes_passages_are_embedded_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "embedded").write_text("a file where the folder should be", encoding="utf-8")

    _, vectors = Stock(Thesaurus(), tmp_path / "embedded").vectors(["Refund order"])

    assert len(vectors) == 1


def test_it_tells_how_many_passages_are_embedded_of_those_that_are_new() -> None:
    told: list[tuple[int, int]] = []
    stock = Stock(Thesaurus(), told=lambda done, new: told.append((done, new)))
    stock.vectors(["known"])

    stock.vectors(["known", *(f"passage {number}" for number in range(40))])

    assert told == [(0, 1), (0, 40), (32, 40)]


@pytest.mark.parametrize(("articles", "expected"), [(1, 4), (1_500, 2), (5_000, 1)])
def test_of_many_articles_less_text_is_embedded(articles: int, expected: int) -> None:
    text = "All about one thing and another. " * 60
    long = [article(f"a{number}", "Title", text) for number in range(articles)]

    found = semantic.compiled(long, Stock(Thesaurus()))

    assert set(np.diff(found["article_at"])) == {1 + expected}


@given(
    st.text(max_size=20),
    st.lists(st.text(max_size=20), max_size=10),
    st.lists(st.tuples(st.text(max_size=20), st.text(max_size=900)), max_size=6),
)
def test_every_article_has_passages_of_bounded_length(
    title: str, phrases: list[str], sections: list[tuple[str, str]]
) -> None:
    document = Document(
        id="any",
        lang="en",
        title=title,
        asked_as=tuple(phrases),
        sections=tuple(Section(heading, "", text) for heading, text in sections),
    )

    found = semantic.passages(document)

    assert 1 <= len(found) <= 1 + semantic.PHRASES + semantic.PASSAGES
    assert all(0 <= section < max(1, len(sections)) for section, _ in found)
    assert all(len(text) <= semantic.CHARACTERS + 50 for _, text in found)


def test_meaning_decides_where_the_words_fit_badly() -> None:
    words = np.array([0.2, 0.3, 0.0], dtype=np.float32)
    near = np.array([0.9, 0.1, 0.0], dtype=np.float32)

    scores, found = fusion.fused(words, words > 0, 1.0, near)

    assert scores.argmax() == 0
    assert found.tolist() == [True, True, False]


def test_words_decide_where_they_fit() -> None:
    words = np.array([0.1, 1.0], dtype=np.float32)
    near = np.array([0.6, 0.4], dtype=np.float32)

    scores, _ = fusion.fused(words, words > 0, 1.0, near)

    assert scores.argmax() == 1


@pytest.mark.parametrize(("near", "is_found"), [(0.5, False), (0.6, True)])
def test_meaning_alone_must_be_sure(near: float, *, is_found: bool) -> None:
    nothing = np.zeros(1, dtype=np.float32)

    _, found = fusion.fused(nothing, nothing > 0, 1.0, np.array([near], dtype=np.float32))

    assert found.tolist() == [is_found]
