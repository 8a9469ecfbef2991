"""Whether the right article is found in spite of a typing error.

    python -m benchmarks.typing_errors DIR…

DIR is a folder of Markdown; an article's language is its folder's (`kb/de/…`) or its file's
(`…_de.md`). Every word of at least five letters of every title gets one error of each kind: a
letter dropped, doubled, swapped with the next, replaced, or replaced by its neighbour on the
keyboard, at each place but the first. Two questions are asked with it:

- the word alone; right is any article with that word, in any of its forms, in its title, for
  nobody can tell which of them was meant;
- the whole title with that word in it; right is that article, or one of the very same title.

Prints how often a right one is among the first three.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from search import analysis, index, languages
from search.documents import Document, Section
from search.reader import Reader

SHORTEST = 5
AMONG = 3
_KEY = b"only for this run"
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def documents(folder: Path) -> Iterator[Document]:
    for path in sorted(folder.rglob("*.md")):
        content = path.read_text(encoding="utf-8")
        _, front, body = (
            content.split("---\n", 2) if content.startswith("---\n") else ("", "", content)
        )
        values = yaml.safe_load(front) or {}
        name = str(path.relative_to(folder))
        lang = (
            path.stem.rsplit("_", 1)[1] if "_" in path.stem else path.relative_to(folder).parts[0]
        )
        if isinstance(values.get("title"), str):
            yield Document(
                id=name,
                lang=lang,
                title=values["title"],
                asked_as=tuple(values.get("asked_as") or ()),
                sections=(Section("", "", body),),
            )


def errors(word: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Each kind of error at each place, by the name of its kind."""
    for place in range(1, len(word)):
        letter = word[place]
        yield "drop", word[:place] + word[place + 1 :]
        yield "double", word[:place] + letter + word[place:]
        if place + 1 < len(word) and letter != word[place + 1]:
            yield "swap", word[:place] + word[place + 1] + letter + word[place + 2 :]
        other = chance.choice([each for each in "abcdefghijklmnopqrstuvwxyz" if each != letter])
        yield "replace", word[:place] + other + word[place + 1 :]
        for row in _ROWS:
            if letter.lower() in row:
                at = row.index(letter.lower())
                beside = row[at + 1] if at + 1 < len(row) else row[at - 1]
                yield "neighbour", word[:place] + beside + word[place + 1 :]


def measure(folder: Path) -> None:
    """Raises SystemExit for a folder of which nothing can be asked."""
    found = list(documents(folder))
    words = list(_words(found))
    if not words:
        raise SystemExit(
            f"{folder}: no word of {SHORTEST} letters in any title. Expected a folder of Markdown "
            "files with a `title` in their front matter."
        )
    chance = random.Random(1)  # noqa: S311  # repeatable, not secret
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as root:
        with index.begin(Path(root), "errors", key=_KEY) as draft:
            draft.write_shelf("public", found)
            draft.publish()
        with Reader(Path(root), key=_KEY) as reader:
            for lang, title, word, targets in words:
                twins = {each.id for each in found if (each.lang, each.title) == (lang, title)}
                for kind, typed in dict.fromkeys(errors(word, chance)):
                    whole = title.replace(word, typed, 1)
                    for question, wanted in ((typed, targets), (whole, twins)):
                        hits = reader.search(question, lang=lang, limit=AMONG).hits
                        key = f"{kind}, {'word alone' if question is typed else 'whole title'}"
                        asked[key] += 1
                        right[key] += bool(wanted & {hit.id for hit in hits})
    print(f"{folder}: {len(found)} articles")
    for key in sorted(asked):
        print(f"  {key:24} {right[key] / asked[key]:7.2%} of {asked[key]}")
    for ask in ("word alone", "whole title"):
        kinds = [key for key in asked if key.endswith(ask)]
        share = sum(right[key] for key in kinds) / sum(asked[key] for key in kinds)
        print(f"  {'all, ' + ask:24} {share:7.2%}")


def _words(found: list[Document]) -> Iterator[tuple[str, str, str, set[str]]]:
    """Language, title and word of each long title word, with all articles it could stand for."""
    by_stem: dict[tuple[str, str], set[str]] = {}
    rows = []
    for document in found:
        stem = languages.language(analysis.base(document.lang)).stem
        for token in analysis.tokens(document.title):
            if token.text.isalpha() and len(token.text) >= SHORTEST:
                key = document.lang, stem(analysis.surface(token.text))
                by_stem.setdefault(key, set()).add(document.id)
                rows.append((document.lang, document.title, token.text, key))
    for lang, title, word, key in dict.fromkeys(rows):
        yield lang, title, word, by_stem[key]


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", metavar="DIR", type=_folder, nargs="+")
    for folder in parser.parse_args(arguments).folders:
        measure(folder)


def _folder(named: str) -> Path:
    if not Path(named).is_dir():
        raise argparse.ArgumentTypeError(f"{named} is no folder")
    return Path(named)


if __name__ == "__main__":
    main(sys.argv[1:])
