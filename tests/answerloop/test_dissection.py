"""What is kept of an article taken apart is what it was taken apart into."""

from pathlib import Path

from answerloop import cache, dissection
from search import analysed
from search.documents import Document, Section
from tests.answerloop.builders import repository

DOCUMENT = Document(
    id="a",
    lang="en",
    title="Refund",
    asked_as=("money back", "", "Geld zurück"),
    tags=("orders",),
    sections=(
        Section("", "", "You — get it; resetPassword, E-1042, 東京."),
        Section("How", "how", ""),
    ),
)


def test_an_article_kept_is_the_article(tmp_path: Path) -> None:
    with cache.opened(repository(tmp_path, {})) as kept:
        analyse = dissection.analyser(kept)
        analyse(DOCUMENT)

        found = analyse(DOCUMENT)

    expected = analysed.analyse(DOCUMENT)
    assert [[*pair] for pair in expected.compounds] == found.compounds
    assert expected.pieces == found.pieces
    assert (expected.texts, expected.gaps) == (found.texts, found.gaps)
    assert (expected.body, expected.counts) == (found.body, found.counts)
    assert (expected.title, expected.tags) == (found.title, found.tags)
    assert (expected.asked_as, expected.headings) == (found.asked_as, found.headings)
