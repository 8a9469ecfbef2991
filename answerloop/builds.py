"""One run from Markdown to a published version: site, index and catalog, switched together.

Steps: read the articles; check them; build the site; build the index from the same articles and
the same HTML; ask it the regression queries; write the catalog; publish all of it with one rename;
tell the loop.
"""

import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from answerloop import cache as caches
from answerloop import catalog as catalogs
from answerloop import (
    crosslinks,
    embedding,
    handouts,
    highlights,
    history,
    inspection,
    installation,
    lineage,
    lint,
    moves,
    priors,
    publish,
    published,
    queries_yml,
    regressions,
    sharing,
    shelving,
    synonyms_toml,
)
from answerloop.catalog import Catalog
from answerloop.errors import BuildError, ContentError, Finding, Level
from answerloop.inspection import leaks, policy
from answerloop.inspection.leaks import Canary
from answerloop.machines import written
from answerloop.machines.public import Public
from answerloop.publish import Known
from answerloop.settings import Settings
from answerloop.shelving import Content
from answerloop.site import builder, pages
from answerloop.site.past import Past
from feedback import revisions
from search import errors as search_errors
from search import index
from search.semantic import Embedder
from search.synonyms import Synonym
from search.versions import Version

WAITING = "Waiting for another build"
"""How what is told begins while another build works."""

# Told what is done now and how far it is, as a share of one.
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Built:
    """A published version and what there is to say of it."""

    version: Version
    catalog: Catalog
    findings: tuple[Finding, ...]
    warnings: tuple[str, ...]
    told: revisions.Published


def _read(settings: Settings) -> Content:
    entries, findings = synonyms_toml.read(settings.root / synonyms_toml.FILE_NAME)
    came = lineage.read(settings.content_dir)
    return Content(
        moves.followed(catalogs.load(settings), came, installation.current_catalog(settings)),
        Known(
            history.last_changes(settings.content_dir),
            history.fixing_commits(settings.content_dir),
        ),
        tuple(entry.synonym for entry in entries),
        findings,
        installation.fingerprint(settings),
        came,
    )


def build(
    settings: Settings, now: datetime, progress: Progress, *, keep_going: bool = False
) -> Built:
    """Build and publish the site and the index.

    Raises ContentError when articles have errors or a regression query is lost, and `keep_going`
    is not set; nothing is published then. With it, bad articles are left out and the rest is
    published, and a lost query is a warning.
    """
    with _explained(settings), installation.building(settings, partial(_wait, progress)):
        return _build(settings, now, progress, keep_going=keep_going)


def _wait(progress: Progress, process: str) -> None:
    progress(f"{WAITING} (process {process})", 0.0)


def _build(settings: Settings, now: datetime, progress: Progress, *, keep_going: bool) -> Built:
    progress("Reading articles", 0.0)
    content = _read(settings)
    catalog = content.catalog
    findings = lint.check(catalog, settings)
    errors = [finding for finding in findings if finding.level is Level.ERROR]
    if errors and not keep_going:
        raise ContentError(errors)
    findings = lint.lenient(findings, catalog)
    content = content.weighed(settings).heard(settings)
    shown = highlights.signature(content.highlights)
    name = priors.named(content.fingerprint, content.priors, shown)
    with (
        caches.opened(settings) as cache,
        _draft(settings, name, content.synonyms) as (draft, embedder),
    ):
        progress("Building the site", 0.1)
        current = installation.current_version(settings)
        before = current.path / "site" if current else None
        folder = draft.path / "site"
        site, canary = _make_site(content, settings, folder, builder.Kept(cache, before))
        broken = tuple(crosslinks.check_anchors(catalog, site.page_of, settings.site.url))
        if broken and not keep_going:
            raise ContentError(broken)
        findings += lint.lenient(broken, catalog)
        progress("Building the index", 0.6)
        titles = shelving.write(draft, settings, content, site.html, kept=(cache, current))
        shells = pages.shells(catalog)
        titles.write(folder, shells)
        progress("Looking for leaks", 0.75)
        _inspect(draft, settings, catalog, canary)
        if before:
            sharing.share(folder, before)
        progress("Asking the regression queries", 0.8)
        lost = _lost_queries(draft, settings, catalog, embedder)
        if lost and not keep_going:
            raise ContentError(lost)
        findings += tuple(replace(each, level=Level.WARNING) for each in lost)
        gone = pages.gone(catalog)
        listed = published.of(catalog, content.fingerprint, shells, content.changes, gone=gone)
        published.write(listed, draft.path)
        handouts.write(catalog, lambda: builder.renderer(settings).html, draft.path)
        progress("Publishing", 0.9)
        # Told first: a vote on a page that is new this second finds its revision known.
        told = publish.tell(catalog, settings, content.git, now)
        version = draft.publish()
        cache.keep()
    _link_site(settings, version.path / "site")
    progress("Done", 1.0)
    return Built(version, catalog, findings, site.warnings, told)


def _make_site(
    content: Content, settings: Settings, folder: Path, kept: builder.Kept
) -> tuple[builder.Site, Canary]:
    """The pages and what programs read of them, made with a canary in all that is kept back."""
    canary = Canary(f"kb{secrets.token_hex(12)}")
    planted = leaks.planted(content.catalog, canary)
    born = content.lineage.born
    past = Past(content.changes, born, content.highlights)
    site = builder.build(planted, settings, folder, past, kept=kept)
    shells = pages.shells(planted)
    public = Public(planted, site.name, site.url, site.html, content.changes, born, shells)
    unnamed = written.write(public, folder)
    return replace(site, warnings=site.warnings + unnamed), canary


def build_index(settings: Settings, progress: Progress) -> Version:
    """Build the index alone and publish it with the site of the current version.

    Raises BuildError when there is no site yet, ContentError when articles or synonyms cannot be
    read, since left out of the index they would be missed by nobody but their readers, and when a
    regression query is lost.
    """
    with _explained(settings), installation.building(settings, partial(_wait, progress)):
        return _build_index(settings, progress)


def _build_index(settings: Settings, progress: Progress) -> Version:
    progress("Reading articles", 0.0)
    content = _read(settings)
    findings = (*content.catalog.findings, *content.unread)
    errors = [found for found in findings if found.level is Level.ERROR]
    if errors:
        raise ContentError(errors)
    current = installation.current_version(settings)
    if current is None:
        raise BuildError("There is no site yet. Run `kb build` first.")
    content = content.weighed(settings)
    name = f"{content.fingerprint[:20]}-{secrets.token_hex(4)}"
    with _draft(settings, name, content.synonyms) as (draft, embedder):
        shutil.copytree(current.path / "site", draft.path / "site", copy_function=sharing.link)
        for name in (published.FILE_NAME, policy.FILE_NAME, handouts.FILE_NAME):
            if (current.path / name).exists():  # a version of an older release has no policy
                shutil.copyfile(current.path / name, draft.path / name)
        progress("Building the index", 0.2)
        shelving.write(draft, settings, content, {}, kept=(caches.NONE, None))
        progress("Asking the regression queries", 0.8)
        if lost := _lost_queries(draft, settings, content.catalog, embedder):
            raise ContentError(lost)
        version = draft.publish()
    _link_site(settings, version.path / "site")
    progress("Done", 1.0)
    return version


@contextmanager
def _explained(settings: Settings) -> Iterator[None]:
    """Say what an operator can do where the system only says what it refused."""
    try:
        yield
    except OSError as problem:
        where = problem.filename2 or problem.filename or settings.builds_dir
        raise BuildError(
            f"{where}: {problem.strerror or problem}. Nothing was published. {settings.builds_dir} "
            "must be a folder that the user who runs `kb` may write, with room left."
        ) from problem


@contextmanager
def _draft(
    settings: Settings, name: str, synonyms: Iterable[Synonym]
) -> Iterator[tuple[index.Draft, Embedder | None]]:
    """A draft, and the model of its vectors, if any."""
    key = installation.secret(settings)
    with embedding.stock(settings, key) as stock:
        try:
            begun = index.begin(settings.builds_dir, name, key=key, synonyms=synonyms, stock=stock)
        except search_errors.SearchError as problem:
            raise BuildError(str(problem)) from None
        with begun as draft:
            yield draft, stock.embedder if stock else None


def _inspect(draft: index.Draft, settings: Settings, catalog: Catalog, canary: Canary) -> None:
    """Write the policy of the pages. Raises ContentError when they must not be published.

    Not even with `keep_going`: what was once public cannot be taken back.
    """
    indexed = index.listed(draft.complete(), (installation.PUBLIC,))
    seen = inspection.inspect(draft.path / "site", catalog, settings, canary, indexed=indexed)
    if seen.findings:
        raise ContentError(seen.findings)
    policy.write(seen.policy, draft.path)


def _lost_queries(
    draft: index.Draft, settings: Settings, catalog: Catalog, embedder: Embedder | None
) -> tuple[Finding, ...]:
    """An error for each regression query that the new index would lose."""
    # What cannot be read, or names no article, `lint` has told already.
    expectations, _ = queries_yml.read(settings.root / queries_yml.FILE_NAME)
    expectations = tuple(each for each in expectations if each.article in catalog.by_id)
    if not expectations:
        return ()
    public = [(article.id, article.lang) for article in catalog.published]
    answers = tuple(regressions.ask(draft.complete(), expectations, public, embedder))
    lost = [answer.expectation for answer in answers if answer.is_lost]
    current = installation.current_version(settings) if lost else None
    before = tuple(regressions.ask(current, lost, public, embedder)) if current else ()
    return regressions.findings(answers, before)


def _link_site(settings: Settings, site: Path) -> None:
    """Let `site/` name the published site, for web servers and uploads."""
    name = settings.root / "site"
    if name.exists() and not name.is_symlink():
        return  # a folder made by somebody else
    beside = settings.root / f".site-{os.getpid()}"
    try:
        beside.symlink_to(os.path.relpath(site, settings.root), target_is_directory=True)
        beside.replace(name)
    except OSError:
        beside.unlink(missing_ok=True)  # no symbolic links here: the service does not need it
