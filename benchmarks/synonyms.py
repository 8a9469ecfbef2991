"""What synonyms recover, on judged collections whose articles use two words for one thing.

    python -m benchmarks.synonyms DIR…

Half of the words that queries and articles share get a second name that nobody else uses. Each
article is then written with the one or the other, by the toss of a seeded coin. Prints nDCG@10 of
the queries that hold such a word: of the articles as they were, of those with two names, and of
these again with the names as synonyms; then the same with a phrase of two words as second name,
and with that phrase asked for. Last, the articles as they were with a wrong synonym for each word.
"""

import argparse
import random
import re
import statistics
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.relevance import gain, judged_queries, lang_of
from search import analysis, index, judged, languages
from search.documents import Document
from search.edition import Edition
from search.judged import Collection
from search.synonyms import Synonym

COLUMNS = ("as it was", "two names", "synonyms", "phrases", "asked so", "wrong")

_WORD = re.compile(r"[^\W\d_]{4,}")
_COMMON = 0.4
_KEY = b"only for this run"


class Renamed:
    """A collection in which chosen words have a second name."""

    def __init__(self, collection: Collection, *, phrases: bool) -> None:
        self._collection = collection
        self._language = languages.language(lang_of(collection))
        self._coin = random.Random(1)  # noqa: S311  # repeatable, not secret
        said = [set(self._stems(_text(document))) for document in collection.documents]
        self._known = Counter(stem for stems in said for stem in stems)
        self._names = {stem: _name(stem, phrases=phrases) for stem in self._chosen()}

    def _chosen(self) -> list[str]:
        asked = {stem for each in self._collection.queries for stem in self._stems(each.text)}
        most = _COMMON * len(self._collection.documents)
        return [
            stem
            for stem in sorted(asked)
            if 2 <= self._known[stem] <= most and self._coin.random() < 1 / 2
        ]

    def _stems(self, text: str) -> Iterator[str]:
        for word in _WORD.findall(text):
            if not self._language.is_stop_word(analysis.surface(word)):
                yield self._language.stem(analysis.surface(word))

    def renamed(self, text: str, stems: Iterable[str]) -> str:
        wanted = set(stems)

        def name(match: re.Match[str]) -> str:
            stem = self._language.stem(analysis.surface(match[0]))
            return self._names[stem] if stem in wanted else match[0]

        return _WORD.sub(name, text)

    def documents(self) -> Iterator[Document]:
        for document in self._collection.documents:
            stems = [stem for stem in self._names if self._coin.random() < 1 / 2]
            yield replace(
                document,
                title=self.renamed(document.title, stems),
                sections=tuple(
                    replace(section, text=self.renamed(section.text, stems))
                    for section in document.sections
                ),
            )

    def right(self) -> list[Synonym]:
        forms = self._forms()
        pairs = [(forms[stem], name) for stem, name in self._names.items()]
        return [Synonym(pair, pair) for pair in pairs]

    def wrong(self) -> list[Synonym]:
        forms = self._forms()
        known = sorted(self._known)
        return [Synonym((forms[stem],), (self._coin.choice(known),)) for stem in self._names]

    def _forms(self) -> dict[str, str]:
        """A word as queries have it, for each stem that has a second name."""
        words = (word for each in self._collection.queries for word in _WORD.findall(each.text))
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for word in words:
            found[self._language.stem(analysis.surface(word))][word] += 1
        return {stem: found[stem].most_common(1)[0][0] for stem in self._names}

    def gain(
        self,
        documents: Iterable[Document],
        listed: Sequence[Synonym] = (),
        *,
        by_second_name: bool = False,
    ) -> float:
        """The mean nDCG@10 of the queries that hold a word with a second name."""
        gains = []
        with (
            tempfile.TemporaryDirectory() as root,
            index.begin(Path(root), "judged", key=_KEY, synonyms=listed) as draft,
        ):
            draft.write_shelf("public", documents)
            search = Edition(draft.complete(), ("public",)).search
            for each in judged_queries(self._collection):
                if self._names.keys() & set(self._stems(each.text)):
                    words = self.renamed(each.text, self._names) if by_second_name else each.text
                    hits = search(words, limit=30).hits
                    gains.append(gain([hit.id for hit in hits], each))
        return statistics.mean(gains)


def _text(document: Document) -> str:
    return " ".join([document.title, *(section.text for section in document.sections)])


def _name(stem: str, *, phrases: bool) -> str:
    """A word, or two, in which no part of the stem can be seen."""
    letters = "".join(chr(ord("a") + (7 * ord(letter) + 3) % 26) for letter in reversed(stem))
    return f"zq{letters[:4]}vx kj{letters[2:]}wz" if phrases else f"zq{letters}vx"


def row(collection: Collection) -> list[float]:
    words, phrases = (Renamed(collection, phrases=each) for each in (False, True))
    as_words, as_phrases = (list(each.documents()) for each in (words, phrases))
    return [
        words.gain(collection.documents),
        words.gain(as_words),
        words.gain(as_words, words.right()),
        phrases.gain(as_phrases, phrases.right()),
        phrases.gain(as_phrases, phrases.right(), by_second_name=True),
        words.gain(collection.documents, words.wrong()),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    rows = []
    print(f"{'collection':28} {' '.join(f'{name:>9}' for name in COLUMNS)}")
    for folder in parser.parse_args().folders:
        rows.append(row(judged.read(folder)))
        print(f"{folder.name:28} {' '.join(f'{each:9.3f}' for each in rows[-1])}", flush=True)
    means = map(statistics.mean, zip(*rows, strict=True))
    print(f"{'mean':28} {' '.join(f'{each:9.3f}' for each in means)}")


if __name__ == "__main__":
    main()
