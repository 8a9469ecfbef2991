"""Real articles, and as many more as are wanted, put together from their titles and sections.

Word frequencies, lengths and the look of the text stay real; what recombination cannot give is
new words, so the vocabulary stops growing where the originals end.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks import typing_errors
from benchmarks.search_peers.engines import LANGUAGES
from search import analysis, judged
from search.documents import Document, Section

_TRIES = 1_000
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


def originals(folders: Sequence[Path], lang: str | None = None) -> list[Document]:
    """The articles with a title in folders of Markdown and in judged collections, cut at headings.

    All in one language, `lang` or the commonest: a stemmer is made for one. Of two with the
    same title the first is kept. Raises SystemExit for too few, and for a language that not all
    engines stem.
    """
    found = [article for folder in folders for article in _read(folder) if article.title.strip()]
    counted = Counter(analysis.base(article.lang) for article in found)
    wanted = lang or (counted.most_common(1)[0][0] if counted else "en")
    if wanted not in LANGUAGES:
        raise SystemExit(f"{wanted}: not all engines stem it. Expected {', '.join(LANGUAGES)}.")
    by_title = {
        article.title.lower(): _cut(article)
        for article in reversed(found)
        if analysis.base(article.lang) == wanted
    }
    kept = list(reversed(by_title.values()))
    if len(kept) < 2:
        raise SystemExit(f"{', '.join(map(str, folders))}: no two articles in {wanted}.")
    return kept


def articles(real: Sequence[Document], seed: int = 1) -> Iterator[Document]:
    """The real articles in a random order, then new ones without end, no two titles equal.

    A new one has the first half of one title and the second half of another, and as many
    sections as the first, each from any article at all; one in two keeps its opening.
    """
    chance = random.Random(seed)  # noqa: S311  # repeatable, not secret
    shuffled = chance.sample(real, len(real))
    pool = [section for article in real for section in article.sections]
    seen: set[str] = set()
    while True:
        first = len(seen) < len(shuffled)
        article = shuffled[len(seen)] if first else _new(chance, real, pool, seen)
        article = replace(article, id=f"article-{len(seen)}", lang=analysis.base(article.lang))
        seen.add(article.title.lower())
        yield article


def _new(
    chance: random.Random, real: Sequence[Document], pool: Sequence[Section], seen: set[str]
) -> Document:
    for _ in range(_TRIES):
        one, other = chance.choice(real), chance.choice(real)
        start, end = one.title.split(), other.title.split()
        title = " ".join(start[: (len(start) + 1) // 2] + end[len(end) // 2 :])
        if title.lower() not in seen:
            sections = [chance.choice(pool) for _ in one.sections]
            if chance.random() < 0.5:
                sections[0] = one.sections[0]
            return replace(one, title=title, sections=tuple(sections))
    raise SystemExit(f"{len(real)} articles are too few to make {len(seen) + 1} of them.")


def _read(folder: Path) -> Sequence[Document]:
    if (folder / "docs.jsonl").exists():
        return judged.read(folder).documents
    return list(typing_errors.documents(folder))


def _cut(article: Document) -> Document:
    """The article with a section for each heading."""
    text = "\n".join(section.text for section in article.sections)
    opening, *rest = _HEADING.split(text)
    sections = [Section("", "", opening.strip())]
    for number, (heading, body) in enumerate(zip(rest[::2], rest[1::2], strict=True), start=1):
        sections.append(Section(heading, f"section-{number}", body.strip()))
    spoken = [section for section in sections if section.text or section.heading]
    return replace(article, sections=tuple(spoken or sections[:1]))
