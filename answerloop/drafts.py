"""What an editor makes of a question that nothing answers: files as they would be."""

import json
import re
from collections.abc import Sequence
from importlib import resources
from pathlib import PurePosixPath

import yaml

from answerloop import articles, asked_as, edits, fields
from answerloop.articles import Article, Kind
from answerloop.asked_as import NotEditable
from answerloop.edits import ByHand, Edits
from answerloop.errors import ArticleError, PatchError
from answerloop.languages import Languages
from answerloop.patches import Change
from answerloop.settings import Settings

_EXAMPLE = re.compile(r"(?m)^asked_as:\n  - [^\n]*\n")


def new(settings: Settings, path: PurePosixPath, title: str, asked: Sequence[str]) -> Edits:
    """The frame of a new article, work in progress, with readers' own words as its `asked_as`.

    Raises PatchError for a path that leads out of the content folder, has no name or is taken.
    """
    if path.is_absolute() or ".." in path.parts or any(part.startswith(".") for part in path.parts):
        raise PatchError("%(path)s: is no path below the folder of articles.", path=path)
    name = fields.slug(path.stem)
    if not name or path.suffix != ".md":
        raise PatchError("%(path)s: expected a name such as `returns/return-a-gift.md`.", path=path)
    if (settings.content_dir / path).exists():
        raise PatchError("%(path)s: exists already. Choose another name.", path=path)
    folder = (settings.content_dir / path.parent).resolve()
    if not folder.is_dir() or not folder.is_relative_to(settings.content_dir):
        raise PatchError(
            "%(path)s: there is no such folder. Choose one that there is.", path=path.parent
        )
    frame = resources.files("answerloop") / "starter" / "articles" / f"{Kind.FAQ}.md"
    # JSON's quotes are YAML's: any title stays what it is.
    text = (
        frame.read_text(encoding="utf-8")
        .replace("@id@", name)
        .replace("@audience@", "public")
        .replace('"@title@"', json.dumps(title, ensure_ascii=False))
    )
    text = _EXAMPLE.sub(lambda _: asked_as.pasted(asked) if asked else "asked_as: []\n", text)
    return Edits((Change(edits.place(settings, path), None, text.encode()),), ())


def taught(settings: Settings, path: PurePosixPath, asked: Sequence[str], lang: str) -> Edits:
    """Readers' words added to the `asked_as` of an article; those that it has are left out.

    Raises PatchError when the file is not there, or none of the words is new.
    """
    languages = Languages(lang, frozenset(), frozenset())
    shown = edits.place(settings, path)
    try:
        source = (settings.content_dir / path).read_bytes()
        article, _ = articles.parse(source, path, languages)
    except OSError as problem:
        raise PatchError(
            "%(path)s: cannot be read: %(why)s.", path=path, why=problem.strerror
        ) from None
    except ArticleError as problem:
        raise PatchError(str(problem.finding)) from None
    phrases = [each for each in asked if each.casefold() not in _said(article)]
    if not phrases:
        raise PatchError("%(path)s: has all of these words already, or none was chosen.", path=path)
    try:
        after = asked_as.added(source, path, phrases, languages)
    except (NotEditable, yaml.YAMLError) as problem:
        lines = asked_as.pasted(phrases)
        return Edits((), (ByHand(shown, asked_as.line(article), str(problem), lines),))
    return Edits((Change(shown, source, after),), ())


def _said(article: Article) -> set[str]:
    return {text.casefold() for text in (article.title, *article.asked_as)}
