"""A look at the whole output of a build, before it is published.

One pass reads each file once: does it hold what readers must not see (`leaks`), does it ask other
hosts (`hosts`), and which scripts and styles does it hold itself (`policy`)? The first depends on
all articles and is asked of every file in every build; the others follow from the file alone
(`sights`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from answerloop import cache as caches
from answerloop import sharing
from answerloop.cache import Cache
from answerloop.catalog import Catalog
from answerloop.errors import Finding
from answerloop.inspection import hosts
from answerloop.inspection.leaks import Canary, Search
from answerloop.inspection.policy import Inline, Policy
from answerloop.inspection.sights import Sights
from answerloop.settings import Settings

_MOST_FINDINGS = 20


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was found wrong with the output, and the policy that its pages can live under."""

    findings: tuple[Finding, ...]
    policy: Policy


def inspect(
    site: Path,
    catalog: Catalog,
    settings: Settings,
    canary: Canary,
    *,
    indexed: Collection[tuple[str, str]] = (),
    cache: Cache = caches.NONE,
) -> Inspected:
    """Read every file below `site`; `indexed` are id and language of what public searches find.

    A finding names the article, where one is known, and the file of the output.
    """
    search = Search(catalog, settings, canary)
    allowed = hosts.Allowed.of(settings)
    sights = Sights(cache, allowed)
    found = [*search.in_index(indexed)]
    inline = Inline()
    names = [file.path.removeprefix(f"{site}/") for file in sharing.files(site)]
    for name in sorted(names, key=_in_order):
        with open(f"{site}/{name}", "rb") as file:  # noqa: PTH123  a path object for each takes longer
            content = file.read()
        found += search.in_file(name, content)
        if not name.endswith((".html", ".css")):
            continue
        seen = sights.known(name, content)
        if seen is None:
            text = content.decode("utf-8", "replace")
            asked = [*hosts.foreign(name, text, allowed, catalog)]
            seen = Inline.of(text) if name.endswith(".html") else Inline()
            found += asked
            if not asked:
                sights.note(name, content, seen)
        inline |= seen
    sights.keep()
    wanted = inline.policy(allowed.hosts, settings.embed.origins)
    return Inspected(tuple(found[:_MOST_FINDINGS]), wanted)


def _in_order(name: str) -> list[str]:
    return name.split("/")
