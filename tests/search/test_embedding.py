"""The model in its process: bounded in time, and nobody's concern when it fails."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from search import embedding, index
from search.embedding import Embedding
from search.errors import NoEmbedder
from search.reader import Reader
from search.semantic import Stock
from tests.search.building import KEY, article, ids
from tests.search.embedders import Thesaurus


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """The process answers questions once this file exists."""
    return tmp_path / "gate"


def process(gate: Path, *, patience: float = 60.0) -> Embedding:
    command = (sys.executable, "-m", "tests.search.embedders", str(gate))
    return Embedding("thesaurus", command, patience=patience)


@pytest.fixture
def opened(gate: Path) -> Iterator[Embedding]:
    gate.touch()
    with process(gate) as model:
        yield model


def test_the_vectors_are_those_of_the_model(opened: Embedding) -> None:
    texts = ["Refund order", "Größe 42?", ""]

    vectors = opened.passages(texts)
    question = opened.question("Refund order")

    assert vectors.tolist() == Thesaurus().passages(texts).tolist()
    assert question is not None
    assert question.tolist() == vectors[0].tolist()


def test_a_slow_model_is_not_waited_for_but_remembered(gate: Path) -> None:
    with process(gate, patience=0.01) as model:
        at_first = model.question("refund")
        gate.touch()
        model.passages(["after the question"])
        # The worker notes the vector a moment after the process has gone on.
        while model.question("refund") is None:
            pass

    assert at_first is None


def test_a_busy_model_refuses_at_once(gate: Path) -> None:
    with process(gate) as model:
        waiting = [Thread(target=model.question, args=[str(number)]) for number in range(4)]
        for thread in waiting:
            thread.start()
        while model.question("one more") is not None:
            pass
        refused = model.question("and another")
        gate.touch()
        for thread in waiting:
            thread.join()

    assert refused is None


def test_a_model_that_dies_is_started_again(
    opened: Embedding, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        lost = opened.question("crash")
    found = opened.question("refund")

    assert lost is None
    assert found is not None
    assert caplog.text.count("Searching by words alone") == 1


def test_a_model_that_keeps_dying_is_left_alone(opened: Embedding) -> None:
    for _ in range(3):
        with pytest.raises(NoEmbedder, match='set `semantic = "off"`'):
            opened.passages(["crash"])

    with pytest.raises(NoEmbedder, match="too often"):
        opened.passages(["refund"])
    assert opened.question("refund") is None


def test_a_closed_model_answers_nothing(gate: Path) -> None:
    gate.touch()
    with process(gate) as model:
        pass

    assert model.question("refund") is None


def test_a_program_that_is_no_model_is_no_model(tmp_path: Path) -> None:
    with Embedding("none", (sys.executable, "-c", "print('hello')"), patience=60.0) as model:
        assert model.question("refund") is None


REAL = (
    article(
        "refund",
        "How do I get my money back?",
        "Send the parcel back within 30 days. We pay the price to the card you used.",
    ),
    article("password", "I forgot my password", "Ask for a link to choose a new one."),
    article("tyres", "Changing wheels", "Loosen the bolts before you lift the car."),
    article(
        "pengar",
        "Hur får jag pengarna tillbaka?",
        "Skicka paketet inom 30 dagar. Vi betalar till kortet.",
        lang="sv",
    ),
)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """The model of the extra, with vectors of its own."""
    root = tmp_path_factory.mktemp("real")
    with embedding.start(patience=60.0) as model:
        with index.begin(root, "first", key=KEY, stock=Stock(model)) as draft:
            draft.write_shelf("public", REAL)
            draft.publish()
        with Reader(root, key=KEY, embedder=model) as reader:
            yield reader


@pytest.mark.parametrize(
    ("words", "lang", "name"),
    [
        ("cannot sign in, forgot the code", "en", "password"),
        ("replacing the wheels of my automobile", "en", "tyres"),
        ("hur gör man en återbetalning", "sv", "pengar"),
    ],
)
def test_the_real_model_knows_what_is_meant(real: Reader, words: str, lang: str, name: str) -> None:
    assert ids(real.search(words, lang=lang))[:1] == [name]


def test_the_real_model_takes_any_text(real: Reader) -> None:
    for words in (
        "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 300,
        "a\0b",
        "\ud800 x",
        "🧺",
    ):
        real.search(words)

    assert ids(real.search("hur gör man en återbetalning", lang="sv")) == ["pengar"]


def test_the_real_model_embeds_alike_alone_and_among_others() -> None:
    with embedding.start(patience=60.0) as one, embedding.start(patience=60.0, threads=2) as two:
        texts = [text.title for text in REAL]
        together = one.passages(texts)
        alone = [two.passages([text])[0] for text in texts]

    assert together.tolist() == [each.tolist() for each in alone]
