"""Which edits say something new."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback import changes

SENTENCE = "You can return the parcel within thirty days of its delivery to you. "
LONG = SENTENCE * 100  # 6,900 characters: 2 % would be 138, so 80 decide
SHORT = SENTENCE * 10  # 690 characters: 2 % are 13


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        (SHORT, SHORT),
        (SHORT, SHORT.replace(" ", "\n")),
        (SHORT, f"\n\n  {SHORT}\u00a0\t\n"),
        ("See [our form](/a.md) today", "See [our form](/b/c.md) today"),
        ("See [our form](a.md) today", 'See [our form](https://example.org/b "Form") today'),
        ("See [our form][one] today", "See [our form][two] today"),
        ("See [x].\n\n[x]: /old\n", "See [x].\n\n[x]: https://example.org/new 'New'\n"),
        ("![A map](old.png) of it", "![A map](img/new.png) of it"),
        ('<a href="/old">x</a>', '<a href="/new/place">x</a>'),
        ("Ask https://old.example.org/a/b?c now", "Ask https://new.example.org/ now"),
        ("Ask <https://old.example.org> now", "Ask <http://new.example.org> now"),
    ],
)
def test_white_space_and_link_targets_say_nothing_new(before: str, after: str) -> None:
    assert not changes.is_substantive(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "Now there is a text."),
        ("There was a text.", ""),
        ("It costs 5 euros.", "It costs 50 euros, or 60."),
        ("See [our form](/a) today", "See [another form](/a) today"),
        ("You can.[^1]\n\n[^1]: Within 30 days.", "You can.[^1]\n\n[^1]: Within 14 days, unused."),
        ("[Note]: this is not a link at all", "[Note]: nor is this one, it is some text"),
        (SHORT, SHORT + SENTENCE),
        (SHORT, SHORT.replace("thirty", "fourteen")),
        (LONG, LONG.replace("thirty", "90")),
        (
            LONG,
            SENTENCE
            + "And some more words that "
            + LONG
            + " nobody had read before this edit. " * 2,
        ),
    ],
)
def test_other_words_do(before: str, after: str) -> None:
    assert changes.is_substantive(before, after)


@pytest.mark.parametrize(("added", "expected"), [(13, False), (14, True)])
def test_in_a_short_text_two_percent_decide(added: int, *, expected: bool) -> None:
    text = "x" * 690

    assert expected == changes.is_substantive(text, text + "y" * added)


@pytest.mark.parametrize(("added", "expected"), [(80, False), (81, True)])
def test_in_a_long_text_eighty_characters_decide(added: int, *, expected: bool) -> None:
    text = "x" * 6_900

    assert expected == changes.is_substantive(text, text + "y" * added)


def test_the_changes_of_all_places_add_up() -> None:
    two_places = "A" * 7 + "x" * 676 + "B" * 7
    thirteen, fourteen = "a" * 6 + two_places[6:683] + "b" * 7, two_places.lower()

    assert not changes.is_substantive(two_places, thirteen)
    assert changes.is_substantive(two_places, fourteen)


def test_a_character_replaced_is_one_change() -> None:
    text = "x" * 6_900

    assert not changes.is_substantive(text, "y" * 80 + text[80:])
    assert changes.is_substantive(text, "y" * 81 + text[81:])


def test_a_paragraph_moved_is_a_change() -> None:
    paragraphs = [f"Paragraph {number} says {number * 7919} of its own. " for number in range(60)]

    assert changes.is_substantive("".join(paragraphs), "".join(paragraphs[30:] + paragraphs[:30]))


def distance(old: str, new: str) -> int:
    """Levenshtein's, by the table of Wagner and Fischer."""
    row = list(range(len(new) + 1))
    for i, a in enumerate(old, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(new, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]


TEXTS = st.text(alphabet="ab", max_size=12)


@settings(deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_the_answer_is_that_of_the_whole_table(start: str, old: str, new: str) -> None:
    # The edits lie between two long pieces, so that the percentage allows some of them.
    before = start + "x" * 120 + old + "z" * 40
    after = "x" * 120 + new + "z" * 40 + start[:2]

    expected = distance(before, after) > len(before) * 2 // 100

    assert expected == changes.is_substantive(before, after)


@settings(deadline=None)
@given(st.text(), st.text())
def test_any_texts_are_taken(before: str, after: str) -> None:
    assert not changes.is_substantive(before, before)
    assert changes.is_substantive(before, after) == (
        distance(changes.normalise(before), changes.normalise(after))
        > min(80, len(changes.normalise(before)) * 2 // 100)
    )


@given(st.text(alphabet=' \n[](]:<>ahtps/"=#'))
def test_normalising_leaves_no_white_space_but_single_spaces(text: str) -> None:
    normalised = changes.normalise(text)

    assert normalised == " ".join(normalised.split())


LARGE = 10_000_000


def large_text() -> str:
    words = Random(10).choices([f"word{number}" for number in range(1_000)], k=LARGE // 8)  # noqa: S311 -- the same text on every run
    return " ".join(words)


def test_a_text_of_ten_megabytes_is_compared() -> None:
    text = large_text()
    middle = len(text) // 2
    few = text[:9] + "~" * 30 + text[9:middle] + "~" * 30 + text[middle + 20 :]
    many = text[:9] + "~" * 30 + text[9:middle] + "~" * 30 + text[middle:] + "~" * 30

    assert not changes.is_substantive(text, few)
    assert changes.is_substantive(text, many)


def test_nor_do_ten_megabytes_that_repeat_themselves_take_for_ever() -> None:
    text = "ab" * (LARGE // 2)

    assert changes.is_substantive("x" * 99 + text, text + "y" * 99)


@pytest.mark.parametrize("piece", ["](", "[a]: ", "[", '](x "', 'href="', "http://", "][", "\n ["])
def test_markup_that_never_ends_is_read_in_one_go(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))

    assert not changes.is_substantive(text, text)
