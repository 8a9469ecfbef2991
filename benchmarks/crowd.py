"""A knowledge base of any size, made of one folder of Markdown.

Each made article has the words of two real titles and some real paragraphs of its language (the
first folder of its path), so that words are as frequent as people write them.
"""

import json
import random
import re
import shutil
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_TITLE = re.compile(r"^title: *(.+)$", re.MULTILINE)
_PARAGRAPHS = 6


@dataclass(slots=True)
class _Pool:
    titles: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)


def grow(directory: Path, root: Path, articles: int) -> Path:
    """A content repository at `root`: a copy of `directory` and made articles beside it.

    There are `articles` in all, if `directory` has not got more by itself.
    """
    content = root / "kb"
    shutil.copytree(directory, content)
    (root / "mkdocs.yml").write_text(
        "site_name: Crowd\ndocs_dir: kb\nexclude_docs: /README.md\n", encoding="utf-8"
    )
    files = sorted(content.rglob("*.md"))
    pools: dict[str, _Pool] = defaultdict(_Pool)
    for file in files:
        pool = pools[_first_folder(file, content)]
        text = file.read_text(encoding="utf-8")
        title = _TITLE.search(text)
        pool.titles.append(title[1].strip("\"'") if title else file.stem.replace("-", " "))
        pool.paragraphs += _paragraphs(_FRONT.sub("", text))
    chance = random.Random(articles)  # noqa: S311  # the same articles each time, no secret
    folders = sorted(name for name, pool in pools.items() if pool.paragraphs)
    for number in range(articles - len(files)):
        folder = folders[number % len(folders)]
        made = content / folder / f"made-{number % 50}" / f"made-{number}.md"
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_text(_article(pools[folder], chance), encoding="utf-8")
    return root


def catalog(root: Path) -> dict[str, Any]:
    """What the current version of a built repository says of itself."""
    builds = root / "var" / "builds"
    current = (builds / "CURRENT").read_text(encoding="utf-8").strip()
    listed: dict[str, Any] = json.loads((builds / current / "catalog.json").read_bytes())
    return listed


def titles(root: Path) -> list[str]:
    """The titles of all public articles of a built repository: what its readers ask."""
    listed = catalog(root)
    unsearched = {"", *listed["homes"].values()}  # a home page answers nothing
    return [entry["title"] for entry in listed["entries"] if entry["url"] not in unsearched]


def _first_folder(file: Path, content: Path) -> str:
    parts = file.relative_to(content).parts
    return parts[0] if len(parts) > 1 else "."


def _paragraphs(body: str) -> list[str]:
    """Those that are plain prose, without links, which lead nowhere from another folder."""
    return [piece for piece in body.split("\n\n") if piece[:1].isalpha() and "](" not in piece]


def _article(pool: _Pool, chance: random.Random) -> str:
    words = " ".join(chance.choices(pool.titles, k=2)).split()
    title = re.sub(r"[^\w -]", "", " ".join(chance.sample(words, min(len(words), 8))))
    body = "\n\n".join(chance.choices(pool.paragraphs, k=_PARAGRAPHS))
    return f'---\ntitle: "{title.strip()}"\n---\n{body}\n'
