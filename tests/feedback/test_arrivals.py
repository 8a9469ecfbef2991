"""Where a reader's searches led."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from feedback import arrivals
from feedback.arrivals import How
from feedback.model import ArticleId, Opened, Search

START = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)


def search(
    query: str,
    *opened: tuple[str, bool | None],
    at: int = 0,
    reader: str = "alice",
    refined_to: str | None = None,
    lang: str = "en",
) -> Search:
    return Search(
        at=START + timedelta(seconds=at),
        lang=lang,
        query=query,
        reader=reader,
        opened=tuple(
            Opened(ArticleId(name), rank, vote) for rank, (name, vote) in enumerate(opened, 1)
        ),
        refined_to=refined_to,
    )


def ends(searches: Sequence[Search]) -> dict[str, tuple[str | None, How | None]]:
    return {each.query: (each.article, each.how) for each in arrivals.of(searches)}


def test_a_search_ends_at_the_article_opened_last() -> None:
    asked = [search("parcel", ("a", None), ("b", None))]

    assert ends(asked) == {"parcel": ("b", How.OPENED)}


def test_an_article_that_helped_is_where_it_ended_whatever_was_opened_after() -> None:
    asked = [search("parcel", ("a", True), ("b", None))]

    assert ends(asked) == {"parcel": ("a", How.HELPED)}


def test_an_article_that_did_not_help_is_no_end() -> None:
    asked = [search("parcel", ("a", None), ("b", False)), search("lamp", ("a", False), at=300)]

    assert ends(asked) == {"parcel": ("a", How.OPENED), "lamp": (None, None)}


def test_a_search_without_a_click_ends_where_the_next_ones_within_two_minutes_do() -> None:
    asked = [search("pw"), search("pass wrd", at=90), search("password", ("a", None), at=200)]

    assert ends(asked) == {
        "pw": ("a", How.REFINED),
        "pass wrd": ("a", How.REFINED),
        "password": ("a", How.OPENED),
    }


def test_what_is_asked_later_has_nothing_to_do_with_it() -> None:
    asked = [search("pw"), search("password", ("a", None), at=121)]

    assert ends(asked)["pw"] == (None, None)


def test_another_reader_or_another_language_refines_nothing() -> None:
    asked = [
        search("pw"),
        search("password", ("a", None), at=10, reader="bob"),
        search("Passwort", ("a", None), at=20, lang="de"),
    ]

    assert ends(asked)["pw"] == (None, None)


def test_the_query_that_the_log_names_as_the_next_one_decides() -> None:
    asked = [search("pw", refined_to="my pin"), search("password", ("a", None), at=10)]

    assert ends(asked)["pw"] == (None, None)


def test_a_search_that_opened_something_is_not_refined() -> None:
    asked = [search("pw", ("b", False)), search("password", ("a", None), at=10)]

    assert arrivals.refinements(asked) == ()


def test_only_the_very_next_search_is_a_refinement() -> None:
    asked = [search("pw"), search("pass wrd", at=10), search("password", ("a", None), at=20)]

    found = arrivals.refinements(asked)

    assert [(each.failed.query, each.found.query) for each in found] == [("pass wrd", "password")]


SEARCHES = st.lists(
    st.builds(
        search,
        st.sampled_from(["pw", "password", "lamp"]),
        at=st.integers(0, 300),
        reader=st.sampled_from(["alice", "mallory"]),
    )
    | st.builds(search, st.just("lamp"), st.tuples(st.sampled_from("ab"), st.none())),
    max_size=12,
)


@given(SEARCHES, st.randoms())
def test_neither_order_nor_repetition_of_the_records_matters(
    asked: list[Search], dice: Random
) -> None:
    mixed = [*asked, *asked]
    dice.shuffle(mixed)

    assert sorted(arrivals.of(mixed), key=str) == sorted(arrivals.of(asked), key=str)
