"""`kb check`: what an editor should mend."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

import click

from answerloop import catalog, crosslinks, lint
from answerloop.articles import Article
from answerloop.catalog import Catalog
from answerloop.cli import Place, counted, pass_place
from answerloop.errors import Finding, Level
from answerloop.settings import Settings

if TYPE_CHECKING:
    from answerloop.foreign_links import Answered
    from answerloop.foreign_links import Place as Place_
    from answerloop.rendering import Renderer


@click.command(short_help="Say what an editor should mend.")
@click.option("--fix", is_flag=True, help="Write the derived id into articles that have none.")
@click.option(
    "--external", is_flag=True, help="Also ask other sites whether the links to them live."
)
@click.option(
    "--allow-private",
    is_flag=True,
    help="With --external: also ask hosts in `outgoing.private_networks`.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@pass_place
def command(place: Place, *, fix: bool, external: bool, allow_private: bool, as_json: bool) -> None:
    """Check every article, all links, the regression queries, the synonyms and your own words.

    Exits with 1 when there is an error; warnings are only said.

    \b
    Examples:
      kb check
      kb check --fix
      kb check --external
    """
    if allow_private and not external:
        raise click.UsageError("--allow-private is for --external.")
    settings = place.settings()
    articles = catalog.load(settings)
    if fix:
        for path in lint.write_ids(articles, settings.content_dir):
            click.echo(f"{path}: id written", err=True)
        articles = catalog.load(settings)
    findings = [*lint.check(articles, settings), *_anchors(articles, settings)]
    asked = None
    if external:
        asked = _ask(articles, settings, allow_private=allow_private, quiet=as_json)
        findings += asked.findings()
    findings.sort()
    if as_json:
        click.echo(json.dumps([_row(finding) for finding in findings], ensure_ascii=False))
    else:
        _tell(findings, len(articles.articles))
    if asked:
        _keep(asked, articles, settings)
    if any(finding.level is Level.ERROR for finding in findings):
        raise SystemExit(1)


def _tell(findings: Sequence[Finding], total: int) -> None:
    for finding in findings:
        click.echo(str(finding))
    errors = sum(finding.level is Level.ERROR for finding in findings)
    warnings = counted(len(findings) - errors, "warning")
    click.echo(f"{counted(total, 'article')}, {counted(errors, 'error')}, {warnings}.")


def _row(finding: Finding) -> dict[str, object]:
    return {
        "path": str(finding.path),
        "line": finding.line,
        "level": finding.level.value,
        "message": finding.message,
        "remedy": finding.remedy,
    }


def _anchors(articles: Catalog, settings: Settings) -> Iterator[Finding]:
    """Links to headings; only the articles that they name are rendered."""

    @cache
    def renderer() -> "Renderer":
        from answerloop.site import builder

        return builder.renderer(settings)

    def page_of(article: Article) -> str:
        return renderer().html(article.body)

    return crosslinks.check_anchors(articles, page_of, settings.site.url)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The links to other sites with where they stand, and what became of them."""

    places: "Mapping[str, Sequence[Place_]]"
    answers: "Mapping[str, Answered]"

    def findings(self) -> Iterator[Finding]:
        from answerloop import foreign_links

        return foreign_links.findings(self.places, self.answers)


def _ask(articles: Catalog, settings: Settings, *, allow_private: bool, quiet: bool) -> _Asked:
    from answerloop import foreign_links
    from answerloop.cli import progress
    from answerloop.deliveries import clients
    from answerloop.deliveries.outgoing import Client

    allowed = tuple(clients.networks(settings)) if allow_private else ()
    asker = foreign_links.Asker(Client(allowed), time.sleep, settings.site.url)
    places = foreign_links.gather(articles, settings.site.url)
    memory, now = settings.state_dir / foreign_links.FILE_NAME, datetime.now(UTC)
    known = foreign_links.recall(memory, now)
    with progress.shown(quiet=quiet) as tell:
        learned = foreign_links.ask_all([url for url in places if url not in known], asker, tell)
    foreign_links.remember(memory, learned, now)
    return _Asked(places, {**known, **learned})


def _keep(asked: _Asked, articles: Catalog, settings: Settings) -> None:
    """Tell the desk which links are broken; last, for what was found is told without it, too."""
    from answerloop import foreign_links, store
    from feedback import broken_links

    with closing(store.open(settings)) as database, database.write() as db:
        before = broken_links.answers(db)
        found = foreign_links.broken(articles, asked.places, asked.answers, before)
        broken_links.keep(db, found, datetime.now(UTC))
