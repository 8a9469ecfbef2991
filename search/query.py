"""What a reader typed, as plain words: there is no query language to fall into."""

from dataclasses import dataclass
from itertools import islice

from search import analysis

MAX_CHARACTERS = 200
MAX_WORDS = 16


@dataclass(frozen=True, slots=True)
class Query:
    """A reader's question: `text` as far as it was read, `words` as they stand in it."""

    text: str
    words: tuple[str, ...]


def parse(text: str) -> Query:
    """Cut a reader's text to what a search can answer quickly, and find its words.

    Never fails: quotes, brackets, stars and colons mean nothing, and what is over the limit is
    not read. Half surrogates, which no answer could carry, become question marks.
    """
    read = text[: 4 * MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
    read = " ".join(read.split())[:MAX_CHARACTERS].rstrip()
    return Query(text=read, words=tuple(islice(analysis.words(read), MAX_WORDS)))
