"""This search down to the numbers of the best articles: no records, no excerpts.

The one place of the benchmark that reaches below `search.reader`. When the ranking gets another
entrance, change `load` here.
"""

from pathlib import Path

from benchmarks.search_peers.engines import TOP, Ask
from benchmarks.search_peers.ours import KEY, SHELF
from search import arrays, languages, opening, query
from search.tongue import Tongue


def load(folder: Path, lang: str) -> Ask:
    """Answers with the articles' numbers in place of their titles."""
    files = opening.edition_files(opening.current(folder, key=KEY), (SHELF,))
    tongue = Tongue(arrays.load(files[lang]), languages.language(lang))

    def ask(text: str) -> list[str]:
        found = tongue.rank(query.parse(text).tokens, allowed=None, page=slice(0, TOP))
        return [str(number) for number in found.documents] if found else []

    return ask
