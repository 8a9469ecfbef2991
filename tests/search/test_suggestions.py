"""What a reader may be typing: titles and learned phrases by the beginning of any word."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from search.documents import Document
from search.reader import Reader
from tests.search.building import KEY, article, publish

ARTICLES = (
    article("refund", "How do I get a refund?"),
    article("address", "Change the delivery address"),
    article("password", "I forgot my password"),
    Document(id="broken", lang="en", title="Damaged parcel", asked_as=("it came broken",)),
    article("pass", "Passwort vergessen", lang="de"),
    article("größe", "Größe ändern", lang="de-AT"),
)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    root = tmp_path_factory.mktemp("builds")
    publish(root, *ARTICLES, internal=[article("secret", "Passkey of the safe")])
    with Reader(root, key=KEY) as reader:
        yield reader


def texts(reader: Reader, words: str, **narrowed: str) -> list[str]:
    return [found.text for found in reader.suggest(words, lang=narrowed.get("lang"))]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("pas", "I forgot my password"),
        ("forgot pa", "I forgot my password"),
        ("delivery", "Change the delivery address"),
        ("chage deliv", "Change the delivery address"),
        ("pssword", "I forgot my password"),
        ("broke", "it came broken"),
    ],
)
def test_the_beginning_of_any_word_suggests_a_phrase(
    reader: Reader, words: str, expected: str
) -> None:
    assert [expected] == texts(reader, words, lang="en")


def test_accents_and_case_do_not_matter(reader: Reader) -> None:
    assert texts(reader, "GROSS", lang="de") == ["Größe ändern"]


def test_every_language_is_suggested_unless_one_is_asked_for(reader: Reader) -> None:
    assert {"Passwort vergessen", "I forgot my password"} == set(texts(reader, "pass"))
    assert texts(reader, "pass", lang="de") == ["Passwort vergessen"]


@pytest.mark.parametrize("words", ["", "  ", "((", "zzzzqq", "\0"])
def test_what_nobody_wrote_suggests_nothing(reader: Reader, words: str) -> None:
    assert texts(reader, words) == []


def test_a_phrase_leads_to_its_article(reader: Reader) -> None:
    found = reader.suggest("broken")[0]

    assert (found.text, found.id, found.lang, found.url) == ("it came broken", "broken", "en", "")


def test_internal_titles_are_not_suggested_to_the_public(reader: Reader) -> None:
    assert texts(reader, "passkey", lang="en") != ["Passkey of the safe"]


def test_no_more_than_asked_for(tmp_path: Path) -> None:
    publish(tmp_path, *(article(f"a{number}", f"Order {number}") for number in range(20)))

    with Reader(tmp_path, key=KEY) as reader:
        assert len(reader.suggest("ord", limit=5)) == 5
