"""What a reader typed, as plain words: there is no query language to fall into."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from search import analysis
from search.analysis import Token

MAX_CHARACTERS = 200
MAX_WORDS = 40
"""More than 200 characters hold of any language; cutting at 16 lost one long question in ten."""

MAX_TOKENS = 48
"""Scripts without spaces make many tokens of one word."""


@dataclass(frozen=True, slots=True)
class Query:
    """A reader's question: `text` as far as it was read, `words` as they stand in it.

    `tokens` are the words and their parts, as surfaces, by where they stand in `text`.
    """

    text: str
    words: tuple[str, ...]
    tokens: tuple[Token, ...] = ()

    def rewritten(self, mended: Mapping[int, str]) -> str:
        """The text with tokens, by their place in `tokens`, replaced."""
        pieces, before = [], 0
        for place, word in sorted(mended.items()):
            token = self.tokens[place]
            if token.start >= before:
                pieces += [self.text[before : token.start], word]
                before = token.end
        return "".join([*pieces, self.text[before:]])


def parse(text: str) -> Query:
    """Cut a reader's text to what a search can answer quickly, and find its words.

    Never fails: quotes, brackets, stars and colons mean nothing, and what is over the limit is
    not read. Half surrogates, which no answer could carry, become question marks.
    """
    read = text[: 4 * MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
    read = " ".join(read.split())[:MAX_CHARACTERS].rstrip()
    words = tuple(islice(analysis.words(read), MAX_WORDS))
    end = words[-1].end if words else 0
    tokens = (
        Token(analysis.surface(token.text), token.start, token.end)
        for token in islice(analysis.tokens(read[:end], singles=False), MAX_TOKENS)
    )
    return Query(text=read, words=tuple(word.text for word in words), tokens=tuple(tokens))
