"""The articles and questions that engines are compared on."""

from itertools import islice
from pathlib import Path

import pytest

from benchmarks.search_peers import articles, generated, questions, recombined
from search.documents import Document, Section

REAL = [
    Document(
        id=str(number),
        lang="en",
        title=f"How to {verb} a {noun}",
        sections=(
            Section("", "", f"To {verb} it, open the {noun}.\n\nThen wait for {number} minutes."),
            Section("Limits", "limits", f"Nobody may {verb} more than {number} of them a day."),
        ),
    )
    for number, (verb, noun) in enumerate(
        (
            ("return", "parcel"),
            ("change", "password"),
            ("cancel", "booking"),
            ("track", "payment"),
            ("print", "label"),
            ("close", "account"),
        )
    )
]


def test_a_seed_always_gives_the_same_generated_articles() -> None:
    fewer = list(islice(generated.articles(seed=7), 20))
    more = list(islice(generated.articles(seed=7), 40))

    assert more[:20] == fewer


def test_no_two_generated_articles_have_the_same_title_or_text() -> None:
    made = list(islice(generated.articles(), 500))

    assert len({article.title for article in made}) == 500
    assert len({articles.text(article) for article in made}) == 500


def test_recombined_articles_begin_with_the_real_ones() -> None:
    made = list(islice(recombined.articles(REAL), len(REAL)))

    assert {each.title for each in made} == {each.title for each in REAL}


def test_no_two_recombined_articles_have_the_same_title_or_sections() -> None:
    made = list(islice(recombined.articles(REAL), len(REAL) + 15))

    assert len({each.title for each in made}) == len(made)
    assert len({each.sections for each in made}) == len(made)


def test_articles_too_few_to_be_recombined_are_refused() -> None:
    with pytest.raises(SystemExit, match="too few"):
        list(islice(recombined.articles(REAL[:2]), 1_000))


def test_articles_come_back_from_their_file_as_they_were(tmp_path: Path) -> None:
    articles.write(REAL, tmp_path / "articles.jsonl")

    assert articles.read(tmp_path / "articles.jsonl") == REAL


def test_questions_are_distinct_and_no_query_language_means_anything_in_them() -> None:
    made = list(islice(generated.articles(), 100))

    drawn = [question.text for question in questions.draw(made, 90)]

    assert len(set(drawn)) == 90
    assert all(set(text) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ") for text in drawn)
