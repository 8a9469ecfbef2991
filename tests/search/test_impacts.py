"""The compiled ranking is the formula: equal to the plain, slow reference."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from search import analysed, impacts, index, query
from search.documents import Document, Section
from search.errors import DamagedIndex
from search.impacts import Impacts
from search.reader import Reader
from tests.search.building import KEY, publish
from tests.search.reference import Reference

SHIPPED = Path(__file__).resolve().parents[2] / "kb"
WORDS = ("order", "orders", "refund", "refunded", "the", "parcel", "parcels", "pay", "payment")

ROUNDING = 10 / (2 * impacts.FINE)
"""Half a step of each of the ten terms of a word of eleven letters."""


def shipped(lang: str) -> list[Document]:
    found = []
    for path in sorted((SHIPPED / lang).rglob("*.md")):
        _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
        values = yaml.safe_load(front)
        found.append(
            Document(
                id=str(path.relative_to(SHIPPED)),
                lang=lang,
                title=values["title"],
                asked_as=tuple(values.get("asked_as") or ()),
                tags=tuple(values.get("tags") or ()),
                sections=tuple(Section("", "", text) for text in body.split("\n\n")),
            )
        )
    return found


def assert_equal(documents: Sequence[Document], questions: Sequence[str], root: Path) -> None:
    version = publish(root, *documents)
    engine = index.open_shelves(version, ["public"])
    lang = documents[0].lang
    reference = Reference(engine, lang, analysed.ordered(documents))
    engine.close()
    with Reader(root, key=KEY) as reader:
        for text in questions:
            expected = reference.rank(query.parse(text).tokens)
            found = reader.search(text, lang=lang, limit=50)

            assert len(expected) == found.total
            assert [score for _, score in expected[:50]] == pytest.approx(
                [hit.score for hit in found.hits], abs=ROUNDING
            )
            # Where two scores differ by less than their rounding either order is right.
            for (name, score), hit in zip(expected, found.hits, strict=False):
                assert hit.id == name or dict(expected)[hit.id] == pytest.approx(
                    score, abs=ROUNDING
                )


@pytest.mark.parametrize("lang", ["en", "de", "sv"])
def test_the_shipped_articles_are_ranked_as_the_formula_says(lang: str, tmp_path: Path) -> None:
    documents = shipped(lang)
    titles = [document.title for document in documents]
    phrases = [phrase for document in documents for phrase in document.asked_as[:1]]

    assert_equal(documents, titles, tmp_path)
    assert phrases


texts = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
articles = st.builds(
    Document,
    id=st.uuids().map(str),
    lang=st.just("en"),
    title=texts,
    asked_as=st.lists(texts, max_size=2).map(tuple),
    tags=st.lists(st.sampled_from(WORDS), max_size=2).map(tuple),
    sections=st.lists(st.builds(Section, texts, st.just(""), texts), max_size=2).map(tuple),
    prior=st.floats(-2, 2),
)


@settings(deadline=None, max_examples=40)
@given(st.lists(articles, max_size=12), st.lists(texts, max_size=3))
def test_any_articles_are_ranked_as_the_formula_says(
    found: list[Document], questions: list[str]
) -> None:
    every = Document(
        id="every", lang="en", title="Every word", sections=(Section("", "", " ".join(WORDS)),)
    )

    with tempfile.TemporaryDirectory() as root:
        assert_equal([every, *found], [each for each in questions if each], Path(root))


@given(
    st.integers(1, 1000).flatmap(
        lambda size: st.tuples(st.just(size), st.lists(st.integers(1, size), max_size=8))
    ),
    st.integers(0, 1 << 32),
)
def test_packed_postings_say_the_same_up_to_half_a_step(
    sizes: tuple[int, list[int]], seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 -- numbers and scores, no secret
    documents, frequency = sizes
    having = [sorted(chance.sample(range(documents), count)) for count in frequency]
    worth = [[chance.uniform(0.1, 9) for _ in each] for each in having]

    postings = (
        np.repeat(np.arange(len(frequency)), frequency),
        np.array([number for each in having for number in each], dtype=np.int64),
        np.array([score for each in worth for score in each]),
    )
    arrays = impacts.packed("t", postings, np.array(frequency, dtype=np.int64), documents)
    opened = Impacts(arrays, "t", documents)

    for term, (numbers, scores) in enumerate(zip(having, worth, strict=True)):
        found = np.zeros(documents, dtype=np.float32)
        opened.add([term], found)
        steps = impacts.COARSE if len(numbers) >= impacts.FREQUENT else impacts.FINE
        assert numbers == opened.documents(term).tolist()
        assert numbers == np.flatnonzero(opened.matched([term])).tolist()
        assert np.abs(found[numbers] - scores).max() <= 0.51 * max(scores) / steps
        assert np.count_nonzero(found) == np.count_nonzero(found[numbers])


def test_terms_added_together_are_worth_what_each_is_worth() -> None:
    chance = Random(1)  # noqa: S311 -- numbers and scores, no secret
    documents, frequency = 1_000, [2, 40, 100, 300, 900]
    having = [sorted(chance.sample(range(documents), count)) for count in frequency]
    postings = (
        np.repeat(np.arange(len(frequency)), frequency),
        np.array([number for each in having for number in each], dtype=np.int64),
        np.array([chance.uniform(0.1, 9) for _ in range(sum(frequency))]),
    )
    arrays = impacts.packed("t", postings, np.array(frequency, dtype=np.int64), documents)
    opened = Impacts(arrays, "t", documents)
    apart, together = np.zeros((2, documents), dtype=np.float32)

    for term in range(len(frequency)):
        opened.add([term], apart)
    opened.add(range(len(frequency)), together)

    assert np.allclose(apart, together, rtol=1e-6)
    assert set().union(*having) == set(np.flatnonzero(opened.matched(range(5))).tolist())


def test_a_term_that_is_worth_nothing_is_damage() -> None:
    postings = np.zeros(1, np.int64), np.zeros(1, np.int64), np.ones(1)
    arrays = impacts.packed("t", postings, np.ones(1, np.int64), 1)
    opened = Impacts(arrays | {"t_step": np.zeros(1, np.float32)}, "t", 1)

    with pytest.raises(DamagedIndex, match="worth nothing"):
        opened.add([0], np.zeros(1, np.float32))
