"""A look at the whole output of a build, before it is published.

One pass reads each file once: does it hold what readers must not see (`leaks`), does it ask other
hosts (`hosts`), and which scripts and styles does it hold itself (`policy`)?
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from answerloop.catalog import Catalog
from answerloop.errors import Finding
from answerloop.inspection import hosts, policy
from answerloop.inspection.leaks import Canary, Search
from answerloop.inspection.policy import Policy
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
) -> Inspected:
    """Read every file below `site`; `indexed` are id and language of what public searches find.

    A finding names the article, where one is known, and the file of the output.
    """
    search = Search(catalog, settings, canary)
    inline = policy.Inline()
    allowed = hosts.Allowed.of(settings)
    findings = [*search.in_index(indexed)]
    for file in sorted(site.rglob("*")):
        if not file.is_file():
            continue
        name, content = file.relative_to(site).as_posix(), file.read_bytes()
        findings.extend(search.in_file(name, content))
        if file.suffix in (".html", ".css"):
            text = content.decode("utf-8", "replace")
            findings.extend(hosts.foreign(name, text, allowed, catalog))
            if file.suffix == ".html":
                inline.note(text)
    return Inspected(
        tuple(findings[:_MOST_FINDINGS]), inline.policy(allowed.hosts, settings.embed.origins)
    )
