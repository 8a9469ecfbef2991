"""`kb check`: what an editor should mend."""

import json

import click

from answerloop import catalog, lint
from answerloop.cli import Place, counted, pass_place
from answerloop.errors import Level


@click.command(short_help="Say what an editor should mend.")
@click.option("--fix", is_flag=True, help="Write the derived id into articles that have none.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@pass_place
def command(place: Place, *, fix: bool, as_json: bool) -> None:
    """Check every article, the regression queries, the synonyms and your own words for pages.

    Exits with 1 when there is an error; warnings are only said.

    \b
    Examples:
      kb check
      kb check --fix
    """
    settings = place.settings()
    articles = catalog.load(settings)
    if fix:
        for path in lint.write_ids(articles, settings.content_dir):
            click.echo(f"{path}: id written", err=True)
        articles = catalog.load(settings)
    findings = lint.check(articles, settings)
    errors = sum(finding.level is Level.ERROR for finding in findings)
    if as_json:
        rows = [
            {
                "path": str(finding.path),
                "line": finding.line,
                "level": finding.level.value,
                "message": finding.message,
                "remedy": finding.remedy,
            }
            for finding in findings
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(str(finding))
        total = counted(len(articles.articles), "article")
        warnings = counted(len(findings) - errors, "warning")
        click.echo(f"{total}, {counted(errors, 'error')}, {warnings}.")
    if errors:
        raise SystemExit(1)
