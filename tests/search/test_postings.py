"""What is handed to the engine is what it holds afterwards."""

from contextlib import closing
from pathlib import Path

import pytest

from search import index, postings
from search.documents import Document, Section

DOCUMENTS = [
    Document(id="a", lang="en", title="Money back", sections=(Section("", "", "Back, back."),)),
    Document(id="b", lang="en", title="Label", asked_as=("return label",), tags=("money",)),
    Document(id="c", lang="de", title="Geld zurück"),
]

MANY = [Document(id=f"{n:04}", lang="en", title="Word " * (1 + n % 3)) for n in range(1_100)]
"""More than one block of postings holds."""


@pytest.mark.parametrize("documents", [DOCUMENTS, MANY])
def test_the_postings_gathered_are_those_of_the_index(
    tmp_path: Path, documents: list[Document]
) -> None:
    english = [number for number, each in enumerate(documents) if each.lang == "en"]
    numbers = [dict(zip(english, reversed(english), strict=True))]
    with index.begin(tmp_path, "one", key=b"k" * 32) as draft:
        draft.write_shelf("public", documents)

        found = postings.gathered([draft._written["public"].found], "en", numbers)  # noqa: SLF001  what is compiled

        with closing(index.open_shelves(draft.complete(), ["public"])) as reader:
            expected = postings.read([reader], "en", numbers)
    assert expected.words == found.words
    assert expected.documents == found.documents
    for name, part in expected.parts.items():
        there = found.parts[name]
        assert [*zip(part.word, part.document, part.count, strict=True)] == [
            *zip(there.word, there.document, there.count, strict=True)
        ]
