"""`kb build`: the site and the index in one run."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from answerloop import collecting
from answerloop.cli import Place, counted, pass_place
from answerloop.errors import Level

if TYPE_CHECKING:
    from answerloop.builds import Built


@click.command(short_help="Build and publish site and search index.")
@click.option(
    "--keep-going",
    is_flag=True,
    help="Leave bad articles out and publish the rest; a broken link, a lost query are warnings.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 when there are warnings.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@pass_place
def command(place: Place, *, keep_going: bool, strict: bool, as_json: bool) -> None:
    """Build the site and the search index, publish both together, and close mended flags.

    \b
    Examples:
      kb build
      kb -C my-help build --keep-going
    """
    collecting.not_at_the_end()
    with collecting.seldom():
        from answerloop import builds
        from answerloop.cli import progress

        settings = place.settings()
        with progress.shown(quiet=as_json) as tell:
            built = builds.build(settings, datetime.now(UTC), tell, keep_going=keep_going)
    left_out = [finding for finding in built.findings if finding.level is Level.ERROR]
    warnings = [*(str(finding) for finding in built.findings if finding not in left_out)]
    warnings += [f"mkdocs: {warning}" for warning in built.warnings]
    warnings += [f"queue: {problem}" for problem in built.told.problems]
    if as_json:
        click.echo(
            json.dumps(
                {
                    "build": built.version.build,
                    "site": str(built.version.path / "site"),
                    "published": len(built.catalog.published),
                    "internal": len(built.catalog.internal),
                    "left_out": [str(finding) for finding in left_out],
                    "warnings": warnings,
                    "closed": len(built.told.watching),
                }
            )
        )
    else:
        progress.tell_findings(built.findings)
        for warning in built.warnings:
            click.echo(f"mkdocs: {warning}", err=True)
        for problem in built.told.problems:
            click.echo(f"queue: {problem}", err=True)
        click.echo(_summary(built, len(left_out), len(warnings)))
    if left_out or (strict and warnings):
        raise SystemExit(1)


def _summary(built: "Built", left_out: int, warnings: int) -> str:
    catalog = built.catalog
    langs = ", ".join(catalog.langs) or "no language"
    public = counted(len(catalog.published), "article")
    inside = counted(len(catalog.internal), "internal article")
    parts = [f"Published {public} in {langs} and {inside}."]
    if not catalog.articles:
        parts.append("Write the first with `kb new faq my-question`.")
    if built.told.watching:
        watched = counted(len(built.told.watching), "item")
        parts.append(f"Watched for effect from now on: {watched} of the queue.")
    if left_out:
        parts.append(f"{counted(left_out, 'error')}: what cannot be read is left out.")
    if warnings:
        parts.append(f"{counted(warnings, 'warning')}.")
    return " ".join(parts)
