"""`kb search`: the search, from the command line."""

import json
import re
from dataclasses import asdict

import click

from answerloop.cli import Place, counted, pass_place


@click.command(short_help="Search the articles as readers do.")
@click.argument("words", nargs=-1, required=True)
@click.option("--lang", help="Only articles in this language.")
@click.option("--tag", help="Only articles with this tag.")
@click.option(
    "--limit",
    type=click.IntRange(1, 50),
    default=10,
    show_default=True,
    help="How many hits at most.",
)
@click.option("--internal", is_flag=True, help="Search the agents' articles, too.")
@click.option("--json", "as_json", is_flag=True, help="Print the hits as JSON.")
@pass_place
def command(
    place: Place,
    *,
    words: tuple[str, ...],
    lang: str | None,
    tag: str | None,
    limit: int,
    internal: bool,
    as_json: bool,
) -> None:
    """Search the published articles as readers do.

    \b
    Examples:
      kb search money back after delivery
      kb search --internal --lang de wütender Kunde
    """
    from answerloop import embedding, installation
    from search.reader import Reader

    settings = place.settings()
    known = installation.current_catalog(settings)
    if lang and known is not None and lang not in known.homes:
        there = ", ".join(sorted(known.homes))
        raise click.BadParameter(
            f"no article is in `{lang}`. There are: {there}.", param_hint="--lang"
        )
    shelves = (installation.PUBLIC, installation.INTERNAL) if internal else (installation.PUBLIC,)
    key = installation.secret(settings)
    with (
        embedding.started(settings.search.semantic) as embedder,
        Reader(settings.builds_dir, key=key, shelves=shelves, embedder=embedder) as reader,
    ):
        results = reader.search(" ".join(words), lang=lang, tag=tag, limit=limit)
    if as_json:
        click.echo(json.dumps(asdict(results), ensure_ascii=False))
        return
    if results.corrected:
        click.echo(f"Searched for: {results.corrected}")
    for hit in results.hits:
        click.secho(hit.title, bold=True, nl=False)
        click.echo(f"  {hit.url or 'internal'}  [{hit.lang}]")
        click.echo(f"  {re.sub('</?mark>', '', hit.excerpt)}")
    click.echo(f"{counted(results.total, 'article')} found.")
    if results.likelier:
        click.echo(f"Did you mean: {results.likelier}")
    if results.nearest:
        click.echo("Nearest: " + "; ".join(topic.title for topic in results.nearest))
