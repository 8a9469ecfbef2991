"""What several readers asked in the same words, and what they exchanged for others."""

from collections.abc import Iterable, Sequence
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from feedback import arrivals, wordings
from feedback.arrivals import How
from feedback.model import Search
from feedback.wordings import Exchange, Said, Wording
from tests.feedback.test_arrivals import search


def words(query: str, _lang: str) -> Sequence[Said]:
    """Words at blanks, without `the`; `parcl` is a typing error."""
    found, at = [], 0
    for word in query.lower().split(" "):
        if word and word != "the":
            key = {"parcl": "parcel", "parcels": "parcel"}.get(word, word)
            found.append(Said(key, at, at + len(word), is_mended=word == "parcl"))
        at += len(word) + 1
    return found


def grouped(searches: Iterable[Search]) -> tuple[Wording, ...]:
    return wordings.group(arrivals.of(searches), words)


def exchanged(searches: Iterable[Search]) -> tuple[Exchange, ...]:
    return wordings.exchanges(arrivals.refinements(searches), words)


def asked(query: str, article: str | None, readers: int, *, name: str = "r") -> list[Search]:
    opened = [(article, None)] if article else []
    return [search(query, *opened, reader=f"{name}{number}") for number in range(readers)]


def refined(query: str, after: str, readers: int, *, name: str = "r") -> list[Search]:
    return [
        each
        for number in range(readers)
        for each in (
            search(query, reader=f"{name}{number}"),
            search(after, ("a", None), at=60, reader=f"{name}{number}"),
        )
    ]


def test_three_readers_make_a_wording() -> None:
    (found,) = grouped(asked("parcel late", "a", 3))

    assert (found.phrase, found.askers) == ("parcel late", 3)
    assert found.clear is not None
    assert (found.clear.article, found.clear.readers) == ("a", 3)
    assert found.clear.ways == {How.OPENED: 3}


def test_two_readers_make_none_however_often_they_ask() -> None:
    often = [
        search("parcel", ("a", None), at=at, reader=f"r{at % 2}") for at in range(0, 9000, 300)
    ]

    assert grouped(often) == ()


def test_the_same_words_in_another_order_or_form_are_one_wording() -> None:
    searches = [
        *asked("late parcels", "a", 1, name="x"),
        *asked("the parcel late", "a", 1, name="y"),
        *asked("parcel late", "a", 1, name="z"),
    ]

    assert [each.phrase for each in grouped(searches)] == ["parcel late"]


def test_the_phrase_is_one_without_a_typing_error_where_there_is_one() -> None:
    searches = [*asked("parcl late", "a", 3, name="x"), *asked("parcel late", "a", 1, name="y")]

    assert [each.phrase for each in grouped(searches)] == ["parcel late"]


def test_readers_who_found_nothing_are_told_and_do_not_count() -> None:
    (found,) = grouped([*asked("parcel", "a", 3), *asked("parcel", None, 40, name="x")])

    assert found.clear is not None
    assert (found.clear.readers, found.askers) == (3, 43)


def test_readers_who_end_at_different_articles_decide_nothing() -> None:
    (found,) = grouped([*asked("card", "a", 4), *asked("card", "b", 3, name="x")])

    assert found.clear is None
    assert [(end.article, end.readers) for end in found.ends] == [("a", 4), ("b", 3)]


def test_one_of_four_readers_who_went_elsewhere_does_not_matter() -> None:
    (found,) = grouped([*asked("card", "a", 3), *asked("card", "b", 1, name="x")])

    assert found.clear is not None
    assert found.clear.article == "a"


def test_each_reader_counts_once_by_the_best_evidence() -> None:
    searches = [
        *asked("card", "a", 3),
        search("card", ("a", True), at=500, reader="r0"),
        search("card", at=900, reader="r0"),
    ]

    (found,) = grouped(searches)

    assert found.ends[0].ways == {How.HELPED: 1, How.OPENED: 2}


def test_what_holds_personal_data_or_its_mask_is_no_wording() -> None:
    searches = [
        *asked("mail alice@example.org", "a", 3),
        *asked("mail [e-mail]", "a", 3),
        *asked("my [phone number] changed", "a", 3),
    ]

    assert grouped(searches) == ()


def test_a_query_of_nothing_but_stop_words_is_no_wording() -> None:
    assert grouped(asked("the the", "a", 5)) == ()


def test_a_word_that_three_readers_exchange_is_told() -> None:
    (found,) = exchanged(refined("reset the pw", "reset password", 3))

    assert (found.said, found.found, found.readers) == ("pw", "password", 3)
    assert (found.is_clear, found.failed, found.article) == (True, "reset the pw", "a")


def test_one_word_alone_may_be_exchanged_for_one_word() -> None:
    assert [each.said for each in exchanged(refined("pw", "password", 3))] == ["pw"]


def test_a_query_asked_anew_is_no_exchange() -> None:
    assert exchanged(refined("get money", "refund policy", 3)) == ()
    assert exchanged(refined("money", "money back", 3)) == ()
    assert exchanged(refined("parcl", "parcel", 3)) == ()
    assert exchanged(refined("a b c d x", "e f g h x", 3)) == ()


def test_two_readers_exchange_nothing() -> None:
    assert exchanged(refined("pw", "password", 2)) == ()


def test_an_exchange_that_goes_both_this_way_and_that_is_not_clear() -> None:
    found = exchanged([*refined("pw", "password", 4), *refined("pw", "pin", 3, name="x")])

    assert [(each.found, each.is_clear) for each in found] == [("password", False), ("pin", False)]


QUERIES = st.sampled_from(
    [
        *("parcel late", "late parcl", "pw reset", "password reset", "card", "mail [e-mail]"),
        *("call +46 70 123 45 67", "bob@example.org parcel"),
    ]
)
SEARCHES = st.lists(
    st.builds(
        search,
        QUERIES,
        at=st.integers(0, 200),
        reader=st.sampled_from("uvwxyz"),
    )
    | st.builds(
        search,
        QUERIES,
        st.tuples(st.sampled_from("ab"), st.sampled_from([None, True, False])),
        at=st.integers(0, 200),
        reader=st.sampled_from("uvwxyz"),
    ),
    max_size=40,
)


@given(SEARCHES)
def test_nothing_that_fewer_than_three_readers_said_leaves(searches: list[Search]) -> None:
    for each in grouped(searches):
        said = {
            one.reader
            for one in searches
            if {word.key for word in words(one.query, "en")} == each.words
        }
        assert len(said) >= wordings.READERS
        assert each.clear is None or each.clear.readers >= wordings.READERS
        assert each.askers == len(said)
    for exchange in exchanged(searches):
        readers = {one.reader for one in searches if exchange.said in one.query}
        assert len(readers) >= exchange.readers >= wordings.READERS


@given(SEARCHES)
def test_nothing_masked_or_to_be_masked_leaves(searches: list[Search]) -> None:
    texts = [each.phrase for each in grouped(searches)]
    texts += [text for each in exchanged(searches) for text in (each.said, each.found)]

    assert [text for text in texts if "[" in text or "@" in text or "46 70" in text] == []


@given(SEARCHES, st.randoms())
def test_the_order_of_the_log_does_not_matter(searches: list[Search], dice: Random) -> None:
    mixed = [*searches]
    dice.shuffle(mixed)

    assert grouped(mixed) == grouped(searches)
    assert exchanged(mixed) == exchanged(searches)
