"""An article taken apart: all of its words count, and what is shown of it has a bound."""

from search import analysed
from search.analysed import STORED_CHARACTERS, Analysed
from search.documents import Document, Section


def words(article: Analysed) -> dict[str, int]:
    """How often each word stands in the text."""
    return {
        article.texts[word]: count for word, count in zip(article.body, article.counts, strict=True)
    }


def test_a_word_counts_as_often_as_it_is_written_however_it_is_written() -> None:
    text = Section("", "", "Reset, reset RESET: resetPassword of Windows11.")

    found = analysed.analyse(Document(id="a", lang="en", title="", sections=(text,)))

    expected = {"reset": 4, "resetpassword": 1, "password": 1, "of": 1, "windows11": 1}
    assert {**expected, "windows": 1, "11": 1} == words(found)


def test_the_words_of_a_long_article_count_beyond_what_is_kept_for_excerpts() -> None:
    long = Section("", "", "first " * 7_000 + "second resetPassword")
    last = Section("Last heading", "", "third")

    found = analysed.analyse(Document(id="a", lang="en", title="", sections=(long, last)))

    assert words(found)["first"] == 7_000
    assert {"second", "third", "resetpassword"} < words(found).keys()
    kept = [found.texts[piece] for piece in found.pieces if piece < len(found.texts)]
    assert kept == ["first"] * (STORED_CHARACTERS // 6) + ["last", "heading"]
