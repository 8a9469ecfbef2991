"""Which article comes first, and what narrows."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from search.documents import Document, Results, Section
from search.reader import Reader
from tests.search.building import KEY, article, ids, publish

Ask = Callable[..., Results]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Search for words in articles, published for this one question."""

    def searched(words: str, *articles: Document, **narrowed: str) -> Results:
        publish(tmp_path, *articles)
        with Reader(tmp_path, key=KEY) as reader:
            return reader.search(words, **narrowed)  # type: ignore[arg-type]  # lang and tag

    return searched


def test_a_title_weighs_more_than_a_body(ask: Ask) -> None:
    found = ask(
        "refund",
        article("a-body", "Orders", "A refund is possible, and a refund is quick."),
        article("b-title", "Refund", "Ask for your money."),
    )

    assert ids(found) == ["b-title", "a-body"]


def test_the_requestors_own_words_weigh_as_much_as_a_title(ask: Ask) -> None:
    found = ask(
        "money back",
        article("body", "Orders", "Is the money back? The money comes back."),
        Document(id="phrase", lang="en", title="Refunds", asked_as=("I want my money back",)),
    )

    assert ids(found) == ["phrase", "body"]


def test_headings_and_tags_are_found(ask: Ask) -> None:
    found = ask(
        "voucher",
        Document(id="heading", lang="en", title="A", sections=(Section("Voucher", "v", "Text."),)),
        article("tag", "B", tags=("voucher",)),
    )

    assert {"heading", "tag"} == set(ids(found))


def test_more_of_the_words_rank_higher(ask: Ask) -> None:
    found = ask(
        "change delivery address",
        article("both", "Change", "The delivery address of an order."),
        article("one", "Change", "The password of an account."),
    )

    assert ids(found) == ["both", "one"]
    assert found.hits[0].score > found.hits[1].score


def test_a_rare_word_decides(ask: Ask) -> None:
    common = [article(f"order-{number}", "Order", "An order.") for number in range(9)]

    found = ask("order klarna", *common, article("klarna", "Pay", "With Klarna."))

    assert ids(found)[0] == "klarna"


def test_a_long_text_is_no_advantage(ask: Ask) -> None:
    found = ask(
        "parcel",
        article("a-long", "X", f"parcel {'and other words ' * 200}"),
        article("b-short", "Y", "Where is my parcel?"),
    )

    assert ids(found) == ["b-short", "a-long"]


def test_equal_articles_come_in_the_order_of_their_ids(ask: Ask) -> None:
    articles = [article(name, "Same", "The same words.") for name in "abcdefgh"]
    random.Random(7).shuffle(articles)  # noqa: S311  # any order will do

    assert list("abcdefgh") == ids(ask("same words", *articles))


def test_what_nobody_wrote_finds_nothing(ask: Ask) -> None:
    assert Results(query="xqzzv blorp", total=0) == ask("xqzzv blorp", article("a", "Order"))


def test_an_index_without_articles_finds_nothing(ask: Ask) -> None:
    assert Results(query="order", total=0) == ask("order")


def test_a_tag_narrows_whatever_its_case_and_spaces(ask: Ask) -> None:
    found = ask(
        "order",
        article("tagged", "Order", tags=("Delivery, abroad",)),
        article("near", "Order", tags=("delivery",)),
        tag=" delivery,  ABROAD ",
    )

    assert ids(found) == ["tagged"]
    assert found.total == 1


def test_an_unknown_tag_finds_nothing(ask: Ask) -> None:
    assert ids(ask("order", article("a", "Order", tags=("b",)), tag="c")) == []


def test_pages_follow_each_other_without_gap_or_repeat(tmp_path: Path) -> None:
    publish(tmp_path, *(article(f"a{number:02}", "Order", "Text") for number in range(25)))

    with Reader(tmp_path, key=KEY) as reader:
        pages = [reader.search("order", limit=10, offset=start) for start in (0, 10, 20, 30)]

    assert [page.total for page in pages] == [25, 25, 25, 25]
    assert [f"a{number:02}" for number in range(25)] == [
        name for page in pages for name in ids(page)
    ]


def test_a_code_is_found_whole_and_in_part(ask: Ask) -> None:
    articles = [
        article("a-other", "Error", "Code E-2042 and 1042."),
        article("b-code", "Error", "Code E-1042."),
    ]

    assert ids(ask("e-1042", *articles)) == ["b-code", "a-other"]
    assert {"b-code", "a-other"} == set(ids(ask("1042", *articles)))


def test_a_hit_tells_all_that_was_indexed(ask: Ask) -> None:
    document = Document(
        id="refund",
        lang="en",
        title="Refund <after> delivery",
        url="/orders/refund/",
        asked_as=("money back",),
        tags=("refunds",),
        breadcrumbs=("Orders",),
        sections=(Section("", "", "Introduction."), Section("How", "how", "Ask for a refund.")),
        kind="procedure",
        updated="2026-10-01",
    )

    hit = ask("refund", document).hits[0]

    assert (hit.id, hit.lang, hit.title) == ("refund", "en", "Refund <after> delivery")
    assert (hit.url, hit.anchor) == ("/orders/refund/", "how")
    assert (hit.tags, hit.breadcrumbs) == (("refunds",), ("Orders",))
    assert (hit.kind, hit.updated) == ("procedure", "2026-10-01")
    assert hit.excerpt == "Ask for a <mark>refund</mark>."


@pytest.mark.parametrize("others", [0, 1, 254, 255, 256, 300])
def test_few_neighbours_in_many_titles_are_counted(ask: Ask, others: int) -> None:
    many = [article(f"a{number}", "Parcel", "Lost.") for number in range(others)]

    found = ask("reset password", article("one", "Reset password", "How."), *many)

    assert ids(found) == ["one"]
