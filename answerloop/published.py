"""What a build tells the service: the articles of one version, without their text.

The service needs no Markdown: a replica runs from a copy of a version and the database.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from answerloop.articles import Article
from answerloop.catalog import Catalog
from answerloop.errors import BuildError
from answerloop.history import Change
from feedback.model import ArticleId, Revision

FILE_NAME = "catalog.json"
_FORMAT = 1
_COMMON = ("lang", "kind", "audience", "state", "owner", "severity", "updated")
"""What many articles have in common: it is held once, and not by each of thousands."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One article of a version. `url` is empty when it has no public page.

    `source` is the language and revision that a translation was made from.
    """

    id: ArticleId
    lang: str
    title: str
    url: str
    path: str
    revision: Revision
    kind: str
    audience: str
    state: str
    owner: str
    severity: str
    updated: str = ""
    tags: tuple[str, ...] = ()
    source: tuple[str, str] | None = None


@dataclass(frozen=True)
class PublishedCatalog:
    """The articles of one version, and the addresses that lead to them.

    `shells` are the pages that the service fills, by language; `homes` the homes of the languages.
    `former` remembers where pages were before, by id and language, for the builds to come.
    `gone` are the addresses at which archived articles have left a notice, by id and language.
    `fingerprint` names the sources that the version was made from.
    """

    fingerprint: str
    default_lang: str
    entries: tuple[Entry, ...]
    redirects: Mapping[str, str]
    homes: Mapping[str, str]
    shells: Mapping[str, str]
    former: Mapping[str, tuple[ArticleId, str]] = field(default_factory=dict)
    gone: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @cached_property
    def notices(self) -> frozenset[str]:
        """The addresses of all notices."""
        return frozenset(url for urls in self.gone.values() for url in urls.values())

    @cached_property
    def by_id(self) -> Mapping[str, Mapping[str, Entry]]:
        found: dict[str, dict[str, Entry]] = defaultdict(dict)
        for entry in self.entries:
            found[entry.id][entry.lang] = entry
        return dict(found)

    @cached_property
    def by_path(self) -> Mapping[str, Entry]:
        """The articles by their files."""
        return {entry.path: entry for entry in self.entries}

    @cached_property
    def by_title(self) -> Mapping[str, tuple[Entry, ...]]:
        """The public articles by their titles, of which the case does not count."""
        found: dict[str, tuple[Entry, ...]] = {}
        for entry in self.entries:
            if entry.url:
                title = " ".join(entry.title.casefold().split())
                found[title] = (*found.get(title, ()), entry)
        return found

    @cached_property
    def listing(self) -> tuple[tuple[str, Entry], ...]:
        """All articles by title, each with the words of its title, its id and its tags."""
        ordered = sorted(self.entries, key=lambda one: (one.title.casefold(), one.id, one.lang))
        return tuple(
            (f"{one.title} {one.id} {' '.join(one.tags)}".casefold(), one) for one in ordered
        )

    @cached_property
    def owners(self) -> tuple[str, ...]:
        """Whoever owns an article."""
        return tuple(sorted({entry.owner for entry in self.entries} - {""}))

    @cached_property
    def tags(self) -> tuple[str, ...]:
        return tuple(sorted({tag for entry in self.entries for tag in entry.tags}))

    @cached_property
    def langs(self) -> tuple[str, ...]:
        """The languages that articles are written in."""
        return tuple(sorted({entry.lang for entry in self.entries}))

    @cached_property
    def urls(self) -> frozenset[str]:
        """The addresses of the public articles."""
        return frozenset(entry.url for entry in self.entries if entry.url)

    @cached_property
    def public_by_lang(self) -> Mapping[str, int]:
        """How many articles readers can find in each language."""
        return Counter(entry.lang for entry in self.entries if entry.url)


def of(
    catalog: Catalog,
    fingerprint: str,
    shells: Mapping[str, str],
    changes: Mapping[PurePosixPath, Change],
    *,
    gone: Iterable[Article] = (),
) -> PublishedCatalog:
    """What is told of `catalog`: published and internal articles, none in progress."""
    entries = []
    for article in (*catalog.published, *catalog.internal):
        change = changes.get(article.path)
        entries.append(
            Entry(
                id=article.id,
                lang=article.lang,
                title=article.title,
                url=article.url if article.is_published else "",
                path=str(article.path),
                revision=article.revision,
                kind=article.kind,
                audience=article.audience,
                state=article.state,
                owner=article.owner,
                severity=article.severity,
                updated=change.at.date().isoformat() if change else "",
                tags=article.tags,
                source=(origin.lang, origin.hash) if (origin := article.translated_from) else None,
            )
        )
    return PublishedCatalog(
        fingerprint=fingerprint,
        default_lang=catalog.languages.default,
        entries=tuple(entries),
        redirects={old: article.url for old, article in catalog.redirects.items()},
        homes={lang: catalog.home(lang).url for lang in catalog.langs},
        shells=dict(shells),
        former=dict(catalog.former),
        gone=_notices(gone),
    )


def _notices(gone: Iterable[Article]) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for article in gone:
        found[article.id][article.lang] = article.url
    return dict(found)


def write(published: PublishedCatalog, version_dir: Path) -> None:
    entries = [
        {name: getattr(each, name) for name in Entry.__slots__} for each in published.entries
    ]
    data = {"format": _FORMAT, **asdict(replace(published, entries=())), "entries": entries}
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    (version_dir / FILE_NAME).write_text(text + "\n", encoding="utf-8")


def read(version_dir: Path) -> PublishedCatalog:
    """The catalog of a version.

    Raises BuildError when it is missing or was written by a release of another format.
    """
    file = version_dir / FILE_NAME
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        if data.pop("format") != _FORMAT:
            raise BuildError(f"{file}: written by another release. Run `kb build`.")
        entries = tuple(_entry(row) for row in data.pop("entries"))
        former = {at: (ArticleId(row[0]), row[1]) for at, row in data.pop("former", {}).items()}
        return PublishedCatalog(entries=entries, former=former, **data)
    except (OSError, ValueError, LookupError, AttributeError, TypeError) as problem:
        raise BuildError(f"{file}: cannot be read ({problem}). Run `kb build`.") from None


def _entry(row: dict[str, Any]) -> Entry:
    """What JSON keeps as lists is a tuple again."""
    source = row.pop("source", None)
    common = {name: sys.intern(row[name]) for name in _COMMON if name in row}
    tags = tuple(map(sys.intern, row.get("tags", ())))
    return Entry(**row | common | {"tags": tags}, source=tuple(source) if source else None)
