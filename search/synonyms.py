"""What is told to the search of words that readers use for one another."""

from dataclasses import dataclass

from search import analysis


@dataclass(frozen=True, slots=True)
class Synonym:
    """Who asks for any of `asked` finds what any of `found` finds, too.

    Words and phrases, as somebody would type them. Both ways when the two are the same. Without
    `lang`, a language tag, it holds in every language; a region does not count (`de-AT` is `de`).
    """

    asked: tuple[str, ...]
    found: tuple[str, ...]
    lang: str | None = None

    def holds_in(self, base: str) -> bool:
        return self.lang is None or analysis.base(self.lang) == base
