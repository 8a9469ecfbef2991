"""`kb new`: a new article with the front matter it needs."""

import json
from importlib import resources
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import click

from answerloop import fields
from answerloop.articles import Kind
from answerloop.cli import Place, pass_place
from answerloop.errors import AnswerloopError

if TYPE_CHECKING:
    from answerloop.settings import Settings


_PRIVACY = "privacy"


@click.command(short_help="Write the frame of a new article.")
@click.argument("kind", type=click.Choice([*(kind.value for kind in Kind), _PRIVACY]))
@click.argument("slug")
@click.option("--title", help="The article's title (default: from the slug).")
@click.option("--internal", is_flag=True, help="For agents only.")
@pass_place
def command(place: Place, *, kind: str, slug: str, title: str | None, internal: bool) -> None:
    """Write the frame of a new article; SLUG is its path below the content folder.

    The article starts as work in progress: it is published when its state says so. A `privacy`
    article is a notice for readers to adapt, in English, German or Swedish by its path, with what
    is true of these settings.

    \b
    Examples:
      kb new faq en/returns/return-a-gift
      kb new procedure en/handbook/late-parcel --internal
      kb new privacy de/hilfe/datenschutz --title Datenschutz
    """
    settings = place.settings()
    path = PurePosixPath(slug.removesuffix(".md") + ".md")
    if path.is_absolute() or ".." in path.parts:
        raise click.UsageError(f"SLUG is a path below {settings.content_dir}, not `{slug}`.")
    if not fields.slug(path.stem) or any(part.startswith(".") for part in path.parts):
        raise click.UsageError(f"SLUG ends with a name such as `return-a-gift`, not `{slug}`.")
    file = settings.content_dir / path
    words = title or path.stem.replace("-", " ").capitalize()
    text = _frame(settings, kind, path).replace("@id@", fields.slug(path.stem))
    text = text.replace("@audience@", "internal" if internal else "public")
    # JSON's quotes are YAML's: any title stays what it is.
    text = text.replace('"@title@"', json.dumps(words, ensure_ascii=False))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as problem:
        if isinstance(problem, FileExistsError) and file.parent.is_dir():
            raise AnswerloopError(f"{file}: exists already. Choose another slug.") from None
        raise AnswerloopError(f"{file}: cannot be written: {problem.strerror}.") from None
    click.echo(str(file))


def _frame(settings: "Settings", kind: str, path: PurePosixPath) -> str:
    if kind != _PRIVACY:
        template = resources.files("answerloop") / "starter" / "articles" / f"{kind}.md"
        return template.read_text(encoding="utf-8")
    from answerloop import languages, notice

    configured = settings.content.languages
    default = settings.content.default_language or settings.theme_language
    known = languages.recognise([path], configured=configured, default=default)
    return notice.text(settings, known.place(path).lang)
