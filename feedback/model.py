"""The nouns of the loop: votes, reasons, flags, items, as frozen values and enums."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

ArticleId = NewType("ArticleId", str)
Revision = NewType("Revision", str)


@dataclass(frozen=True, slots=True, order=True)
class ArticleKey:
    """An article in one language: what a flag, a baseline and a queue item belong to."""

    article: ArticleId
    lang: str

    def __str__(self) -> str:
        return f"{self.article} ({self.lang})"


class Reason(StrEnum):
    """Why a reader said no. Which of them blame the article: `feedback.evidence`."""

    OUTDATED = "outdated"
    WRONG = "wrong"
    BROKEN = "broken"
    STEP_MISSING = "step-missing"
    HARD_TO_UNDERSTAND = "hard-to-understand"
    DISAGREE = "disagree"
    NOT_WHAT_I_LOOKED_FOR = "not-what-i-looked-for"
    OTHER = "other"


class Outcome(StrEnum):
    """What became of a vote; said to the reader in these words, never more than is true."""

    COUNTED = "counted"
    CHANGED = "changed"
    ALREADY_COUNTED = "already_counted"
    HELD = "held"


class Purpose(StrEnum):
    """What a private link is for.

    To see what became of a remark, to confirm an address, to say whether an edit has helped.
    """

    SEE = "see"
    CONFIRM = "confirm"
    ANSWER = "answer"


class Severity(StrEnum):
    """What a wrong article costs its reader; front matter `severity`."""

    MONEY = "money"
    SAFETY = "safety"
    LEGAL = "legal"
    SECURITY = "security"
    LOCKED_OUT = "locked-out"
    DEFAULT = "default"
    WORDING = "wording"


class Lane(StrEnum):
    """The four lanes of the queue, in the order in which they are shown; never merged."""

    REPORTED = "reported"
    SUSPECTED = "suspected"
    STALE = "stale"
    CLARITY = "clarity"


class ItemState(StrEnum):
    """Where an item of the queue stands.

    open -> watching (a new revision was published) -> closed, or open again (`feedback.proof`);
    open -> dismissed (not a defect) or correct (reviewed, correct as it is).
    """

    OPEN = "open"
    WATCHING = "watching"
    DISMISSED = "dismissed"
    CORRECT = "correct"
    CLOSED = "closed"


class Step(StrEnum):
    """What happened to an item of the queue; each step is kept with its actor and its words."""

    OPENED = "opened"
    REPORTED_AGAIN = "reported-again"
    REOPENED = "reopened"
    ASSIGNED = "assigned"
    NOTED = "noted"
    SNOOZED = "snoozed"
    WATCHING = "watching"
    NOT_HELPED = "not-helped"
    DISMISSED = "dismissed"
    CORRECT = "correct"
    CLOSED = "closed"


class RemarkState(StrEnum):
    """What became of a reader's words: nobody dealt with them, somebody did, or they are none."""

    OPEN = "open"
    DONE = "done"
    SPAM = "spam"


class GapState(StrEnum):
    """Where a gap stands.

    open -> assigned -> written (an article answers it) -> closed (readers open what they find);
    open again where they do not, or ask again; ignored until somebody opens it; joined to another.
    """

    OPEN = "open"
    ASSIGNED = "assigned"
    WRITTEN = "written"
    IGNORED = "ignored"
    CLOSED = "closed"
    JOINED = "joined"


class GapStep(StrEnum):
    """What happened to a gap; each step is kept with its actor and its words."""

    OPENED = "opened"
    REOPENED = "reopened"
    ASSIGNED = "assigned"
    IGNORED = "ignored"
    WRITTEN = "written"
    SPLIT = "split"
    MERGED = "merged"
    CLOSED = "closed"


class GapKind(StrEnum):
    """What a gap asks for: an article, or that an article is found by these words."""

    WRITE = "write"
    FINDABILITY = "findability"
    SPELLING = "spelling"


class Verdict(StrEnum):
    """Whether a repair helped its readers."""

    HELPED = "helped"
    NO_CHANGE = "no-change"
    WORSE = "worse"
    NOT_KNOWN = "not-known"


class Use(StrEnum):
    """What an agent took of an article for a reply, or that it has solved the customer's case."""

    LINK = "link"
    REPLY = "reply"
    SNIPPET = "snippet"
    SOLVED = "solved"


class Role(StrEnum):
    """What a staff account may do; each role may do what the one before it may."""

    AGENT = "agent"
    EDITOR = "editor"
    ADMIN = "admin"


class Scope(StrEnum):
    """What an API token may do of what its role may: look, or change things, too."""

    READ = "read"
    WRITE = "write"


class Way(StrEnum):
    """How somebody came in to do something."""

    PASSWORD = "password"  # noqa: S105 -- the word, not the thing
    OPENID = "openid"
    SESSION = "session"
    TOKEN = "token"  # noqa: S105 -- the same
    PROXY = "proxy"
    COMMAND = "command line"


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote as it arrives at `votes.cast`: checked in form, not yet in substance.

    `visitor` and `network` are keyed hashes (`feedback.visitors`), never addresses.
    `previous_visitor` is the same visitor under yesterday's salt. `remark` is the reader's raw
    text; `votes.cast` redacts it before anything is written. `search` is the id of the search that
    led to the article. `trusted` is False when the request came without the headers that every
    browser sends: it is stored with weight 0.
    """

    article: ArticleId
    lang: str
    revision: Revision
    helpful: bool
    visitor: str
    network: str
    previous_visitor: str | None = None
    reason: Reason | None = None
    remark: str = ""
    via: str = ""
    search: str = ""
    trusted: bool = True


@dataclass(frozen=True, slots=True)
class PublishedArticle:
    """What a build tells the loop about one article.

    `text` is the normalised text that decides whether a change is substantive; `minor` is the
    author's word that it is not. Where it is the word of the last commit, `minor_after` are the
    earlier commits since which all have said so. `reviewed` is the day of the last valid review,
    `evidence` its line, `review_every` after how many days it asks for the next. `commit` and its
    `author`, a name, are empty where Git knows neither.
    """

    key: ArticleKey
    revision: Revision
    text: str
    severity: Severity = Severity.DEFAULT
    owner: str = ""
    minor: bool = False
    reviewed: datetime | None = None
    review_every: int | None = None
    commit: str = ""
    author: str = ""
    minor_after: frozenset[str] | None = None
    evidence: str = ""
    public: bool = True


@dataclass(frozen=True, slots=True)
class FixingCommit:
    """A commit that says which items of the queue it mends; `named` are their numbers as written.

    `author` is a name.
    """

    commit: str
    author: str
    named: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Opened:
    """An article that a reader opened from the hits, with its rank among them, from 1.

    `helpful` is the reader's vote after it, None without one.
    """

    article: ArticleId
    rank: int
    helpful: bool | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """A settled search: what a reader asked, and what became of it.

    `reader` is an opaque name that is the same for two searches of one reader. `opened` is in the
    order of opening. `refined_to` is the reader's next query, None where nobody noted it.
    """

    at: datetime
    lang: str
    query: str
    reader: str
    opened: tuple[Opened, ...] = ()
    refined_to: str | None = None
