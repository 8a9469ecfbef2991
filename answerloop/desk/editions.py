"""The texts that an article had, one after another, with what readers said of each."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from feedback import chances
from feedback.eventlog import Log
from feedback.mending import Edit
from feedback.model import Revision, Verdict

FEWEST_FOR_A_SHARE = 10
"""Below so many votes a share says less than the two numbers it is made of."""


@dataclass(frozen=True, slots=True)
class Edition:
    """The counted votes on one revision, the first one published being number 1.

    `published` is when it last became the current one, None where no build told of it. `edit`
    names who made it, as far as Git knows. `verdict` says whether it helped, where it was to.
    """

    number: int
    revision: Revision
    edit: Edit
    published: datetime | None
    yes: int
    no: int
    is_current: bool
    verdict: Verdict | None = None

    @property
    def total(self) -> int:
        return self.yes + self.no

    @property
    def share(self) -> float | None:
        """The helpful share, where there are votes enough for one."""
        return self.yes / self.total if self.total >= FEWEST_FOR_A_SHARE else None

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share lies with nine chances in ten."""
        return chances.interval(self.yes, self.total)


def of(
    log: Log,
    current: Revision,
    edits: Mapping[Revision, Edit],
    verdicts: Mapping[Revision, Verdict] | None = None,
) -> tuple[Edition, ...]:
    """One for each revision published or voted on, the current one first, then the newest."""
    published = {one.revision: one.at for one in log.publications}
    yes: Counter[Revision] = Counter()
    no: Counter[Revision] = Counter()
    for one in log.tallies:
        (yes if one.helpful else no)[one.revision] += one.count

    def age(revision: Revision) -> tuple[bool, float, str]:
        at = published.get(revision)
        return revision == current, at.timestamp() if at else 0.0, revision

    ordered = sorted(published.keys() | yes.keys() | no.keys(), key=age)
    found = [
        Edition(
            number=number,
            revision=revision,
            edit=edits.get(revision, Edit(revision)),
            published=published.get(revision),
            yes=yes[revision],
            no=no[revision],
            is_current=revision == current,
            verdict=(verdicts or {}).get(revision),
        )
        for number, revision in enumerate(ordered, start=1)
    ]
    return tuple(reversed(found))
