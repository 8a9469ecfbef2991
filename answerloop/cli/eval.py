"""`kb eval`: how well the search finds what was judged to be right."""

import json
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from answerloop.cli import Place, pass_place
from answerloop.errors import AnswerloopError, ContentError

if TYPE_CHECKING:
    from answerloop.regressions import Answer
    from answerloop.sections import Semantic
    from search.evaluation import Ranking, Report, Share


@click.command(short_help="Measure the search.")
@click.argument("judged", metavar="DIR|QUERIES.YML", type=click.Path(path_type=Path))
@click.option(
    "--run",
    "run_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the rankings to this file, in TREC form.",
)
@click.option("--lang", help="Only the queries in this language.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option(
    "--semantic",
    type=click.Choice(["auto", "on", "off"]),
    envvar="KB_SEMANTIC",
    help="Whether meaning counts, too (default: kb.toml; for a collection, if installed).",
)
@pass_place
def command(
    place: Place,
    *,
    judged: Path,
    run_file: Path | None,
    lang: str | None,
    as_json: bool,
    semantic: "Semantic | None",
) -> None:
    """Measure the search: nDCG@10, MRR@10, recall@10 and success@1, with 95 % intervals.

    DIR is a judged collection (docs.jsonl, queries.jsonl, qrels.tsv): an index of it is built,
    asked, and thrown away. QUERIES.YML is a list of regression queries, asked of the current
    version; the exit code is 1 when one is lost.

    \b
    Examples:
      kb eval collections/stackfaq --run stackfaq.run
      kb eval queries.yml --lang de
    """
    from search import evaluation

    below = place.root / judged
    judged = below if below.exists() else judged
    lost: list[str] = []
    if judged.is_dir():
        rankings, warnings = _collection(judged, lang, semantic or "auto", quiet=as_json)
    elif judged.is_file():
        rankings, lost = _regression_queries(place, judged, lang, semantic)
        warnings = ()
    else:
        raise AnswerloopError(
            f"{judged}: no such file or folder. Name a folder with docs.jsonl, queries.jsonl and "
            "qrels.tsv, or a queries.yml."
        )
    if run_file:
        _write(run_file, evaluation.run(rankings))
    for warning in warnings:
        click.echo(warning, err=True)
    report = evaluation.report(rankings)
    click.echo(_json(report, lost) if as_json else _table(report, lost))
    if lost:
        raise SystemExit(1)


def _collection(
    folder: Path, lang: str | None, semantic: "Semantic", *, quiet: bool
) -> tuple[list["Ranking"], tuple[str, ...]]:
    from answerloop import embedding
    from answerloop.cli import progress
    from search import evaluation, index, judged
    from search.edition import Edition
    from search.semantic import Stock

    collection = judged.read(folder)
    queries = [query for query in collection.queries if lang in (None, query.lang)]
    rankings = []
    with (
        tempfile.TemporaryDirectory(prefix="kb-eval-") as place,
        progress.shown(quiet=quiet) as tell,
        embedding.started(semantic) as embedder,
        # Never published, so nobody else will ever check a signature.
        index.begin(
            Path(place),
            "judged",
            key=b"",
            stock=Stock(embedder, told=embedding.telling(tell)) if embedder else None,
        ) as draft,
    ):
        tell("Building the index", 0.0)
        draft.write_shelf("judged", collection.documents)
        searcher = Edition(draft.complete(), ("judged",), embedder)
        ranked = evaluation.rank(searcher, queries, collection.documents)
        for number, ranking in enumerate(ranked):
            tell("Asking", number / len(queries))
            rankings.append(ranking)
    return rankings, collection.warnings


def _regression_queries(
    place: Place, file: Path, lang: str | None, semantic: "Semantic | None"
) -> tuple[list["Ranking"], list[str]]:
    from answerloop import embedding, installation, published, queries_yml, regressions
    from search import opening

    settings = place.settings()
    expectations, unreadable = queries_yml.read(file)
    if unreadable:
        raise ContentError(unreadable)
    key = installation.secret(settings)
    version = opening.current(settings.builds_dir, key=key)
    entries = published.read(version.path).entries
    public = [(entry.id, entry.lang) for entry in entries if entry.url]
    asked = [each for each in expectations if lang in (None, each.lang)]
    with embedding.started(semantic or settings.search.semantic) as embedder:
        answers = tuple(regressions.ask(version, asked, public, embedder))
    lost = [str(finding) for finding in regressions.findings(answers, ())]
    return [_ranking(answer) for answer in answers], lost


def _ranking(answer: "Answer") -> "Ranking":
    """An answer as a judged query whose only relevant article is the expected one."""
    from search import measures
    from search.evaluation import Ranking
    from search.judged import Query

    expected = answer.expectation
    scores: dict[str, float] = {}
    for hit in answer.hits:
        scores.setdefault(hit.id, hit.score)
    first = tuple(scores.items())[: measures.DEPTH]
    return Ranking(
        Query(str(expected.line), expected.query, {expected.article: 1}, expected.lang),
        tuple(name for name, _ in first),
        tuple(score for _, score in first),
    )


def _write(file: Path, lines: Iterable[str]) -> None:
    try:
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as problem:
        raise AnswerloopError(f"{file}: cannot be written: {problem.strerror}.") from None


def _json(report: "Report", lost: Sequence[str]) -> str:
    return json.dumps(asdict(report) | {"lost": list(lost)}, ensure_ascii=False)


def _table(report: "Report", lost: Sequence[str]) -> str:
    lines = [f"{report.judged} queries with an answer."]
    lines += [
        f"  {name:<10} {mean.value:.3f}   95 % interval {mean.low:.3f} to {mean.high:.3f}"
        for name, mean in report.means.items()
    ]
    if report.speechless.count:
        lines.append(f"  nothing found for {_share(report.speechless)}")
    if report.silent.total:
        lines.append(f"{report.silent.total} queries without an answer.")
        lines.append(f"  nothing found for {_share(report.silent)}")
    if report.unjudged:
        lines.append(f"{report.unjudged} queries without a judgement, left out.")
    if lost:
        lines += [f"{len(lost)} lost:", *lost]
    return "\n".join(lines)


def _share(share: "Share") -> str:
    return f"{share.count} ({share.count / share.total:.1%})"
