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
    """A reader's question as far as it was read.

    `tokens` are its words and their parts, as surfaces, by where they stand in `text`.
    """

    text: str
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
    tokens: list[Token] = []
    for match in islice(analysis.compounds(read), MAX_WORDS):
        whole, (start, end) = match.group(), match.span()
        surface = analysis.plain(whole)
        if surface is not None:
            tokens.append(Token(surface, start, end))
        else:
            tokens += (
                Token(analysis.surface(word), start + first, start + last)
                for word, first, last in analysis.apart(whole, singles=False)
            )
    return Query(text=read, tokens=tuple(tokens[:MAX_TOKENS]))
