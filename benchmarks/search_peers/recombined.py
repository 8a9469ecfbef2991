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
    """The real articles in a random order, then new ones without end, no two alike.

    A new one has the first half of one title and the second half of another, and as many
    sections as the first, each of them joined in the same way: a heading and the first half of
    its paragraphs from one article, the second half of a section from another. No two have an
    equal title or an equal text.
    """
    chance = random.Random(seed)  # noqa: S311  # repeatable, not secret
    pool = [section for article in real for section in article.sections]
    seen: set[object] = set()
    number = 0
    for article in chance.sample(real, len(real)):
        seen |= {article.title.lower(), article.sections}
        yield _numbered(article, number)
        number += 1
    while True:
        article = _new(chance, real, pool, seen)
        seen |= {article.title.lower(), article.sections}
        yield _numbered(article, number)
        number += 1


def _numbered(article: Document, number: int) -> Document:
    return replace(article, id=f"article-{number}", lang=analysis.base(article.lang))


def _new(
    chance: random.Random, real: Sequence[Document], pool: Sequence[Section], seen: set[object]
) -> Document:
    for _ in range(_TRIES):
        one, other = chance.choice(real), chance.choice(real)
        title = " ".join(_joined(one.title.split(), other.title.split()))
        sections = tuple(_mixed(chance.choice(pool), chance.choice(pool)) for _ in one.sections)
        if title.lower() not in seen and sections not in seen:
            return replace(one, title=title, sections=sections)
    raise SystemExit(f"{len(real)} articles are too few to make so many different ones of them.")


def _mixed(one: Section, other: Section) -> Section:
    paragraphs = _joined(one.text.split("\n\n"), other.text.split("\n\n"))
    return replace(one, text="\n\n".join(paragraphs))


def _joined(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """The first half of the one and the second half of the other."""
    return [*one[: (len(one) + 1) // 2], *other[len(other) // 2 :]]


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
