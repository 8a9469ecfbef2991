"""Did the repair help? The text that was found wanting against the text since, by their readers.

All of it is pure. The thresholds were chosen by simulation: `python -m benchmarks.verdicts`, with
the figures and the reasons in docs/decisions/0009-verdicts.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from math import log

from feedback import chances, history
from feedback.baseline import sigmoid
from feedback.history import Day, History, utc_day
from feedback.model import Verdict

SURE = 0.975
"""How sure *helped* and *worse* must be. Looking after every vote finds by chance what one look
at .95 would not, so it is asked for more."""
UNREST_BELOW = 0.8
"""Readers who object as to a suspected text are believed unless the new one is so surely better."""
FEWEST_BEFORE = 3
FEWEST_AFTER = 5
"""Fewer votes on either text are an anecdote, however they fall."""
DAYS_NEEDED = 2
"""A verdict needs readers of two days, as a flag does: nobody makes one in an afternoon."""
ENOUGH_AFTER = 30
"""A repair that helps is proved by far fewer votes; who waits longer only waits."""
WATCH = timedelta(days=90)
"""How long an item is watched for its readers before it is closed as not known."""
ASKED_AT_MOST = log(9)
"""Nats that questions and searches may add: they never make a verdict alone."""


@dataclass(frozen=True, slots=True)
class Side:
    """What readers said of one text.

    Counted votes, and on how many days there were a yes or a no; `asked` questions and failed
    searches about the article in `days` days.
    """

    yes: int = 0
    no: int = 0
    yes_days: int = 0
    no_days: int = 0
    asked: int = 0
    days: float = 0.0

    @property
    def total(self) -> int:
        return self.yes + self.no

    @property
    def rate(self) -> float | None:
        """The share who said yes; None without votes."""
        return self.yes / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 90 % interval of the share."""
        return chances.interval(self.yes, self.total)


@dataclass(frozen=True)
class Proof:
    """Both texts beside one another, and what follows.

    `unrest`: where readers had brought the old text under suspicion, their evidence against the
    new one stands within one nat of the threshold, on the word of two days. `flagged`: it has
    passed the threshold.
    """

    before: Side
    after: Side
    watched: timedelta
    unrest: bool = False
    flagged: bool = False

    @cached_property
    def better(self) -> float:
        """P(the new text serves readers better), see `weigh`."""
        return weigh(self.before, self.after)

    @cached_property
    def verdict(self) -> Verdict:
        """What is known by now.

        1. Of fewer than 3 votes before or 5 since, nothing is compared; a flag on the new text
           is word enough to do without the 5.
        2. Surely not better, on the word of two days: worse.
        3. Surely better, likewise, and neither flag nor unrest: helped.
        4. Flagged again: no change; it did not work.
        5. Unrest, and not clearly better: no change. A repair that failed is far more usual (one
           in six) than a text that goes bad in a month (one in two hundred), so it takes less
           evidence to say so than a first flag takes.
        6. Thirty votes and none of these: no change.
        """
        if self._is_comparable:
            if self.better <= 1 - SURE and self.after.no_days >= DAYS_NEEDED:
                return Verdict.WORSE
            if self.better >= SURE and self.after.yes_days >= DAYS_NEEDED and not self.objected:
                return Verdict.HELPED
        if self.flagged:
            return Verdict.NO_CHANGE
        if not self._is_comparable:
            return Verdict.NOT_KNOWN
        if self.unrest:
            return Verdict.NO_CHANGE if self.better < UNREST_BELOW else Verdict.NOT_KNOWN
        return Verdict.NO_CHANGE if self.after.total >= ENOUGH_AFTER else Verdict.NOT_KNOWN

    @property
    def objected(self) -> bool:
        """Whether readers of the new text say no more than usual."""
        return self.unrest or self.flagged

    @property
    def is_over(self) -> bool:
        """Whether the watch ends: with a verdict, or because none is to be had."""
        if self.verdict is not Verdict.NOT_KNOWN or self.watched >= WATCH:
            return True
        return self.has_nothing_before and self.after.total >= ENOUGH_AFTER

    @property
    def has_nothing_before(self) -> bool:
        """Whether too few voted on the old text to compare any other with it."""
        return self.before.total < FEWEST_BEFORE

    @property
    def reopens(self) -> bool:
        """Whether the article needs its editor again."""
        is_same = self.verdict is Verdict.NO_CHANGE
        return self.verdict is Verdict.WORSE or (is_same and self.objected)

    @property
    def votes_needed(self) -> int | None:
        """How many more votes can bring a verdict at the earliest; None where none can."""
        if self.is_over or self.has_nothing_before:
            return None
        more = range(1, ENOUGH_AFTER + 1)
        return next((votes for votes in more if self._can_end_with(votes)), None)

    def _can_end_with(self, votes: int) -> bool:
        """Whether so many more votes, all alike, on days enough, bring a verdict."""
        after = replace(self.after, yes_days=DAYS_NEEDED, no_days=DAYS_NEEDED)
        said = (replace(after, yes=after.yes + votes), replace(after, no=after.no + votes))
        return any(replace(self, after=one).verdict is not Verdict.NOT_KNOWN for one in said)

    @property
    def _is_comparable(self) -> bool:
        is_enough = self.flagged or self.after.total >= FEWEST_AFTER
        return is_enough and not self.has_nothing_before


def weigh(before: Side, after: Side) -> float:
    """P(the new text serves readers better than the old one); one half without any word.

    Votes: P(share of yes after > before) under uniform priors (`chances.larger_share`).
    Questions and failed searches: P(rate after < before) (`chances.lower_rate`). Each is one half
    where nothing is known, so its odds are a Bayes factor, and the factors of independent
    witnesses multiply (Good 1950):

        logit P = logit P_votes + clip(logit P_asked, -ln 9, ln 9)

    Who asks has seldom voted, so independence is near enough. But days are no views: a quiet
    month has fewer questions about everything, hence the bound, with which they speed up a verdict
    that the votes lean to, and never make one.
    """
    votes = chances.larger_share((before.yes, before.total), (after.yes, after.total))
    asked = chances.lower_rate((before.asked, before.days), (after.asked, after.days))
    nats = min(max(_logit(asked), -ASKED_AT_MOST), ASKED_AT_MOST)
    return sigmoid(_logit(votes) + nats) if nats else votes


def sides(
    past: History, *, fixed: datetime, onset: date | None, now: datetime
) -> tuple[Side, Side]:
    """The votes on the text before the fix and on the revisions since.

    Before: since the onset of the trouble, or all on the last text where that is not known. A vote
    belongs to a text by its revision; where a fix left the revision as it was, by its day, and the
    day of the fix to the text before.
    """
    new = {one.revision for one in past.publications if one.at >= fixed}
    before = replace(
        past,
        publications=tuple(one for one in past.publications if one.at < fixed),
        reviews=tuple(one for one in past.reviews if one.at < fixed),
    )
    old = {one.revision for one in before.publications}
    last_day = utc_day(fixed)
    since = [
        one
        for one in past.counted()
        if one.revision in new and (one.revision not in old or one.day > last_day)
    ]
    earlier = [one for one in past.counted() if one.revision not in new or one.day <= last_day]
    days = [
        day
        for day in history.days_since_reset(before, earlier)
        if onset is None or day.date >= onset
    ]
    begun = onset or max((utc_day(one.at) for one in before.publications), default=last_day)
    return (
        _side(days, float((last_day - begun).days)),
        _side(history.days(since), (now - fixed) / timedelta(days=1)),
    )


def asked(of: tuple[Side, Side], misses: Mapping[date, int], fixed: datetime) -> tuple[Side, Side]:
    """The same sides with the readers who asked in vain, by day.

    Those of the day of the fix count for neither: nobody knows which text they had before them.
    """
    before, after = of
    last_day = utc_day(fixed)
    begun = last_day - timedelta(days=before.days)
    return (
        replace(before, asked=sum(n for day, n in misses.items() if begun <= day < last_day)),
        replace(after, asked=sum(n for day, n in misses.items() if day > last_day)),
    )


def _side(days: Sequence[Day], length: float) -> Side:
    return Side(
        yes=sum(day.yes for day in days),
        no=sum(day.no for day in days),
        yes_days=sum(1 for day in days if day.yes),
        no_days=sum(1 for day in days if day.no),
        days=max(0.0, length),
    )


def _logit(p: float) -> float:
    """Finite for certainty, too, which only rounding gives."""
    p = min(max(p, 1e-15), 1 - 1e-15)
    return log(p / (1 - p))
