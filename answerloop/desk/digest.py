"""The weekly letter to an owner, in words: plain text, with links to the desk.

It holds no reader's words, no name of staff and no ticket: those are read at the desk.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from answerloop.deliveries.letters import Words
from answerloop.desk import figures, measures
from answerloop.wording import Wording
from feedback import words
from feedback.digests import Digest
from feedback.evidence import Share
from feedback.measures.repairs import Times
from feedback.model import ArticleKey, Lane
from feedback.queue import Entry


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What a letter needs beside its figures. `desk` is the address of the desk, without a /."""

    site: str
    desk: str
    title: Callable[[ArticleKey], str]
    say: Wording
    lang: str


def compose(digest: Digest, head: Letterhead) -> Words:
    """The letter to an owner who has something to be told."""
    say = head.say
    paragraphs = [
        say("Hello,"),
        say("this is what %(site)s has for you this week.", site=head.site),
        "\n".join(_numbers(digest, head)),
        *_parts(digest, head),
        f"{say('All of it:')} {head.desk}/queue?owner={quote(digest.owner, safe='')}",
        say("You get this letter once a week, and none where there is nothing to say."),
    ]
    subject = say.many(
        "%(site)s: %(count)s open item", "%(site)s: %(count)s open items",
        count=digest.open, site=head.site,
    )  # fmt: skip
    return Words(subject, "\n\n".join(paragraphs) + "\n")


def _numbers(digest: Digest, head: Letterhead) -> Iterator[str]:
    say = head.say
    yield "- " + say.many("%(count)s open item", "%(count)s open items", count=digest.open)
    yield "- " + say.many(
        "%(count)s reader a week of articles in doubt",
        "%(count)s readers a week of articles in doubt",
        count=digest.readers,
    )
    yield "- " + _mended(digest.mend, say)


def _mended(mend: Times, say: Wording) -> str:
    if mend.median is None:
        return say("nothing mended in four weeks")
    length = figures.length(mend.median, say)
    return say("mended in four weeks: %(count)s, median %(time)s", count=mend.count, time=length)


def _parts(digest: Digest, head: Letterhead) -> Iterator[str]:
    """Each list that holds something, under its name."""
    say = head.say
    verdicts = measures.verdicts(say)
    lists = {
        say("To mend first"): [_entry(one, head) for one in digest.first],
        say("Links to mend"): [_entry(one, head) for one in digest.broken],
        say("Not read through for too long"): [_entry(one, head) for one in digest.overdue],
        say("Did the repairs of the last week help?"): [
            f"{head.title(key)}: {verdicts[verdict]}" for key, verdict in digest.verdicts
        ],
        say("What readers asked in vain"): [
            f"{gap.face.label} ({_readers(gap.face.askers, say)})\n  {head.desk}/gaps/{gap.id}"
            for gap in digest.gaps
        ],
    }
    for name, lines in lists.items():
        if lines:
            yield "\n".join([name, *(f"- {line}" for line in lines)])


def _entry(entry: Entry, head: Letterhead) -> str:
    key = entry.key
    place = f"reviews/{quote(key.lang)}/{quote(key.article, safe='')}"
    if entry.item is not None:
        place = f"items/{entry.item.id}"
    return f"{head.title(key)}: {_why(entry, head.say)}\n  {head.desk}/{place}"


def _why(entry: Entry, say: Wording) -> str:
    """What readers said in numbers, else how it came here."""
    shares = (one for one in entry.assessment.contributions if isinstance(one, Share))
    if entry.lane is Lane.SUSPECTED and (share := next(shares, None)):
        return say("%(no)s of %(total)s readers said no", no=share.no, total=share.total)
    if entry.item is None and entry.unread is None:
        return "; ".join(words.broken(len(entry.broken), say))
    return {
        Lane.REPORTED: say("reported by an agent"),
        Lane.SUSPECTED: say("suspected"),
        Lane.CLARITY: say("hard to understand"),
        Lane.STALE: say("nobody has found it correct since %(day)s", day=f"{entry.since:%Y-%m-%d}"),
    }[entry.lane]


def _readers(count: int, say: Wording) -> str:
    return say.many("%(count)s reader", "%(count)s readers", count=count)
