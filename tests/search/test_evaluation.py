"""A search put to a judged collection: its rankings, their report, the run file."""

from pathlib import Path

import pytest

from search import evaluation, index
from search.documents import Document, Hit, Results
from search.edition import Edition
from search.evaluation import Ranking, Share
from search.judged import Query
from tests.search.building import KEY, article


def hit(name: str, score: float = 1.0) -> Hit:
    return Hit(id=name, lang="en", title="", url="", anchor="", excerpt="", score=score)


class Canned:
    """A search with one answer to everything; it notes what it was asked."""

    def __init__(self, *hits: Hit) -> None:
        self.hits = hits
        self.asked: list[tuple[str, str | None, int]] = []

    def search(self, words: str, *, lang: str | None = None, limit: int = 10) -> Results:
        self.asked.append((words, lang, limit))
        return Results(query=words, total=len(self.hits), hits=self.hits[:limit])


def ranked(search: Canned, query: Query, *documents: Document) -> tuple[str, ...]:
    (ranking,) = evaluation.rank(search, [query], documents)
    return ranking.ids


def ranking(query: Query, *ids: str) -> Ranking:
    return Ranking(query, ids, tuple(1.0 for _ in ids))


def test_excluded_documents_leave_ten_all_the_same() -> None:
    search = Canned(*(hit(f"d{number}") for number in range(20)))
    query = Query("q", "words", excluded=frozenset({"d0", "d3"}))

    ids = ranked(search, query, article("d0"))

    assert ids == ("d1", "d2", *(f"d{number}" for number in range(4, 12)))


def test_a_document_in_two_languages_counts_once() -> None:
    search = Canned(hit("a"), hit("b"), hit("a"), hit("c"))

    ids = ranked(search, Query("q", "words"), article("a"), article("a", lang="de"))

    assert ids == ("a", "b", "c")
    assert search.asked == [("words", None, 20)]


@pytest.mark.parametrize(("lang", "asked"), [("de-AT", "de-AT"), ("fr", None), (None, None)])
def test_a_query_is_asked_in_its_language_if_there_is_any_document(
    lang: str | None, asked: str | None
) -> None:
    search = Canned()

    ranked(search, Query("q", "words", lang=lang), article("a", lang="de"), article("b"))

    assert [lang for _, lang, _ in search.asked] == [asked]


def test_a_draft_is_ranked_and_gone_afterwards(tmp_path: Path) -> None:
    documents = [article("a", "Money back"), article("b", "Parcels")]
    queries = [Query("q1", "money", {"a": 1}), Query("q2", "zebra", is_unanswerable=True)]

    with index.begin(tmp_path, "judged", key=KEY) as draft:
        draft.write_shelf("public", documents)
        searcher = Edition(draft.complete(), ("public",))
        found = list(evaluation.rank(searcher, queries, documents))

    assert [each.ids for each in found] == [("a",), ()]
    assert list(tmp_path.iterdir()) == []


def test_queries_without_an_answer_are_reported_and_not_averaged() -> None:
    report = evaluation.report(
        [
            ranking(Query("q1", "", {"a": 1}), "a"),
            ranking(Query("q2", "", {"a": 1})),
            ranking(Query("q3", "", is_unanswerable=True)),
            ranking(Query("q4", "", is_unanswerable=True), "a"),
            ranking(Query("q5", ""), "a"),
        ]
    )

    assert (report.judged, report.unjudged) == (2, 1)
    assert {mean.value for mean in report.means.values()} == {0.5}
    assert (report.silent, report.speechless) == (Share(1, 2), Share(1, 2))


def test_without_a_judged_query_there_are_no_means() -> None:
    report = evaluation.report([ranking(Query("q1", ""))])

    assert (report.judged, report.means) == (0, {})


def test_a_run_has_a_line_for_each_hit_and_none_for_a_query_without() -> None:
    rankings = [
        Ranking(Query("q1", ""), ("a", "b"), (2.5, 1.25)),
        ranking(Query("q2", "")),
        ranking(Query("q3", ""), "c"),
    ]

    assert list(evaluation.run(rankings)) == [
        "q1 Q0 a 1 2.500000 answerloop",
        "q1 Q0 b 2 1.250000 answerloop",
        "q3 Q0 c 1 1.000000 answerloop",
    ]


def test_the_order_of_a_run_can_be_read_from_its_scores() -> None:
    run = list(evaluation.run([ranking(Query("q", ""), *"zyxwvutsrq")]))

    scores = [float(line.split()[4]) for line in run]
    assert scores == sorted(set(scores), reverse=True)


def test_an_id_with_blanks_ends_before_the_last_three_words() -> None:
    (line,) = evaluation.run([ranking(Query("q", ""), "my file.md")])

    assert line.split(" ", 2)[2].rsplit(" ", 3)[0] == "my file.md"
