"""One run from Markdown to a published version: site, index and catalog, switched together.

Steps: read the articles; check them; build the site; build the index from the same articles and
the same HTML; ask it the regression queries; write the catalog; publish all of it with one rename;
tell the loop.
"""

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
    collecting,
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
    regressions,
    sharing,
    shelving,
    synonyms_toml,
)
from answerloop.cache import Cache
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
    with (
        _explained(settings),
        installation.building(settings, partial(_wait, progress)),
        collecting.seldom(),
    ):
        return _build(settings, now, progress, keep_going=keep_going)


def _wait(progress: Progress, process: str) -> None:
    progress(f"{WAITING} (process {process})", 0.0)


@dataclass(frozen=True, slots=True)
class _Run:
    """What the steps of a build work with; `current` is the version that is published now."""

    settings: Settings
    content: Content
    draft: index.Draft
    embedder: Embedder | None
    cache: Cache
    current: Version | None

    @property
    def catalog(self) -> Catalog:
        return self.content.catalog

    @property
    def folder(self) -> Path:
        """The site that is made."""
        return self.draft.path / "site"

    @property
    def before(self) -> Path | None:
        """The site that is published now."""
        return self.current.path / "site" if self.current else None


def _build(settings: Settings, now: datetime, progress: Progress, *, keep_going: bool) -> Built:
    progress("Reading articles", 0.0)
    content = _read(settings)
    found = lint.Remarks(content.catalog, keep_going=keep_going)
    found.check(lint.check(content.catalog, settings))
    content = content.weighed(settings).heard(settings)
    shown = highlights.signature(content.highlights)
    name = priors.named(content.fingerprint, content.priors, shown)
    with (
        caches.opened(settings) as cache,
        _draft(settings, progress, name, content.synonyms) as (draft, embedder),
    ):
        current = installation.current_version(settings)
        run = _Run(settings, content, draft, embedder, cache, current)
        progress("Building the site", 0.1)
        site, canary = _make_site(run)
        collecting.now()
        found.check(crosslinks.check_anchors(run.catalog, site.page_of, settings.site.url))
        progress("Building the index", 0.6)
        _make_index(run, site)
        progress("Looking for leaks", 0.75)
        _inspect(run, canary)
        if run.before:
            sharing.share(run.folder, run.before)
        progress("Asking the regression queries", 0.8)
        lost = regressions.lost(draft.complete(), settings, run.catalog, embedder)
        found.check(lost, level=Level.WARNING)
        _write_catalog(run)
        handouts.write(run.catalog, lambda: builder.renderer(settings).html, draft.path)
        progress("Publishing", 0.9)
        # Told first: a vote on a page that is new this second finds its revision known.
        told = publish.tell(run.catalog, settings, content.git, now)
        version = draft.publish()
        cache.keep()
    installation.link_site(settings, version)
    progress("Done", 1.0)
    return Built(version, run.catalog, tuple(found.all), site.warnings, told)


def _make_site(run: _Run) -> tuple[builder.Site, Canary]:
    """The pages and what programs read of them, made with a canary in all that is kept back."""
    content = run.content
    canary = Canary(f"kb{secrets.token_hex(12)}")
    planted = leaks.planted(run.catalog, canary)
    born = content.lineage.born
    past = Past(content.changes, born, content.highlights)
    kept = builder.Kept(run.cache, run.before, installation.secret(run.settings))
    site = builder.build(planted, run.settings, run.folder, past, kept=kept)
    shells = pages.shells(planted)
    public = Public(
        planted,
        site.name,
        site.url,
        site.html,
        content.changes,
        born,
        shells,
        run.settings.embed.origins,
    )
    unnamed = written.write(public, run.folder, run.before)
    return replace(site, warnings=site.warnings + unnamed), canary


def _make_index(run: _Run, site: builder.Site) -> None:
    kept = run.cache, run.current
    titles = shelving.write(run.draft, run.settings, run.content, site.html, kept=kept)
    titles.write(run.folder, pages.shells(run.catalog))


def _write_catalog(run: _Run) -> None:
    listed = published.of(
        run.catalog,
        run.content.fingerprint,
        pages.shells(run.catalog),
        run.content.changes,
        gone=pages.gone(run.catalog),
    )
    published.write(listed, run.draft.path)


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
    with _draft(settings, progress, name, content.synonyms) as (draft, embedder):
        shutil.copytree(current.path / "site", draft.path / "site", copy_function=sharing.link)
        for name in (published.FILE_NAME, policy.FILE_NAME, handouts.FILE_NAME):
            if (current.path / name).exists():  # a version of an older release has no policy
                shutil.copyfile(current.path / name, draft.path / name)
        progress("Building the index", 0.2)
        shelving.write(draft, settings, content, {}, kept=(caches.NONE, None))
        progress("Asking the regression queries", 0.8)
        if lost := regressions.lost(draft.complete(), settings, content.catalog, embedder):
            raise ContentError(lost)
        version = draft.publish()
    installation.link_site(settings, version)
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
    settings: Settings, progress: Progress, name: str, synonyms: Iterable[Synonym]
) -> Iterator[tuple[index.Draft, Embedder | None]]:
    """A draft, and the model of its vectors, if any."""
    key = installation.secret(settings)
    with embedding.stock(settings, key, embedding.telling(progress)) as stock:
        try:
            begun = index.begin(settings.builds_dir, name, key=key, synonyms=synonyms, stock=stock)
        except search_errors.SearchError as problem:
            raise BuildError(str(problem)) from None
        with begun as draft:
            yield draft, stock.embedder if stock else None


def _inspect(run: _Run, canary: Canary) -> None:
    """Write the policy of the pages. Raises ContentError when they must not be published.

    Not even with `keep_going`: what was once public cannot be taken back.
    """
    indexed = index.listed(run.draft.complete(), (installation.PUBLIC,))
    seen = inspection.inspect(
        run.folder, run.catalog, run.settings, canary, indexed=indexed, cache=run.cache
    )
    if seen.findings:
        raise ContentError(seen.findings)
    policy.write(seen.policy, run.draft.path)
