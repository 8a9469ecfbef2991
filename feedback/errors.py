"""What can go wrong for reasons a person can mend.

FeedbackError
├── UnknownArticle          no article of that id and language, or none the public sees
├── UnknownRevision         the article never had that revision
├── TooMany                 more than one reader may say in a minute
├── RemarkTooLong           more than votes.REMARK_LIMIT characters
├── ContactRefused
│   ├── ContactNotTaken     this service sends no mail
│   ├── AddressMalformed    not one plain mail address
│   └── TooManyLetters      the address was given often today
├── SealBroken              an address that the present key does not open
├── UnknownSearch           a click on a search of which nobody told
├── UnknownHit              a click on an article that readers cannot see
├── UnknownItem             no such item in the queue
├── UnknownRemark           a remark that its reader took back, or that is too old
├── BadSnooze               an item put off until a day that is over, or for ever
├── UnknownGap              no such gap
├── BadSplit                a split that takes all wordings of a gap, or none
├── BadMerge                a gap joined to itself, to one of another language, or to a joined one
├── StaleItem               somebody else acted on the item in the meantime
├── UnknownMessage          no such message waits to be delivered
├── WordsMissing            a dismissal without a reason, a review without its evidence
├── TicketMalformed         a ticket reference that is not one
├── AccountError            a staff account that exists already, is unknown or malformed
├── LogUnreadable           a log of searches that is not there or may not be read
└── DatabaseError
    ├── DatabaseMisnamed    an address that names no database we can use
    ├── DatabaseMisplaced   a file on a network disk, where SQLite's locks do not hold
    ├── DatabaseDamaged     the file is no database, or no longer
    ├── DatabaseTooNew      the schema was made by a newer program
    ├── BackupUnusable      no copy can be made there, or the file is no copy to restore
    ├── OutcomeUnknown      nobody can say whether it was stored; asked again, it counts once
    └── DatabaseUnavailable locked, full, away: the same request may succeed later
        ├── DatabaseBusy        more waits to be written than can be soon
        └── DatabaseUnwritable  the file or its folder cannot be written at all
"""

# ruff: noqa: N818 -- an error is named after what happened; its base says that it is one

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil

from feedback.model import ArticleKey, Revision


class FeedbackError(Exception):
    """An expected failure; the message says where, what, and how to mend it."""


class UnknownArticle(FeedbackError):
    def __init__(self, key: ArticleKey) -> None:
        self.key = key
        super().__init__(
            f"There is no article {key.article!r} in language {key.lang!r}. Send the id and the "
            "language that the page carries."
        )


class UnknownRevision(FeedbackError):
    def __init__(self, key: ArticleKey, revision: Revision) -> None:
        self.key = key
        self.revision = revision
        super().__init__(
            f"Article {key} was never published in revision {revision!r}. Reload the page and "
            "vote on what it says then."
        )


class TooMany(FeedbackError):
    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, ceil(seconds))
        super().__init__(
            f"Too many votes come from this address. Send it again in {self.seconds} s."
        )


class RemarkTooLong(FeedbackError):
    def __init__(self, length: int, limit: int) -> None:
        self.length = length
        self.limit = limit
        super().__init__(
            f"The remark has {length:,} characters; at most {limit:,} are taken. Shorten it."
        )


class ContactRefused(FeedbackError):
    """A mail address that is not kept; nor is what came with it."""


class ContactNotTaken(ContactRefused):
    def __init__(self) -> None:
        super().__init__("This service sends no mail. Send it without `contact`.")


class AddressMalformed(ContactRefused):
    def __init__(self) -> None:
        super().__init__(
            "This is not a mail address that can be written to. Expected one such as "
            "alice@example.org, without a name or brackets, or nothing."
        )


class TooManyLetters(ContactRefused):
    def __init__(self) -> None:
        super().__init__(
            "We have written to this address several times today. Use the link in one of those "
            "letters, or send it without the address."
        )


class SealBroken(FeedbackError):
    def __init__(self) -> None:
        super().__init__(
            "An address of a reader cannot be opened: `var/contacts.key` is not the key that it "
            "was sealed with. Put the old key back; without it, no letter can be sent."
        )


class UnknownSearch(FeedbackError):
    def __init__(self) -> None:
        super().__init__("Nobody told of this search. Send the search before its clicks.")


class UnknownHit(FeedbackError):
    def __init__(self) -> None:
        super().__init__("There is no such article. Send the id that the search's answer had.")


class UnknownGap(FeedbackError):
    def __init__(self, gap: int) -> None:
        super().__init__(f"There is no gap {gap}. Load the list of gaps again.")


class BadSplit(FeedbackError):
    pass


class BadMerge(FeedbackError):
    pass


class UnknownItem(FeedbackError):
    def __init__(self, item: int) -> None:
        self.item = item
        super().__init__(f"There is no item {item} in the queue. Load the queue again.")


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that somebody took; `actor` is empty for the loop itself."""

    step: str
    actor: str
    words: str
    at: datetime


class StaleItem(FeedbackError):
    """Somebody acted on the item after the caller read it; `happened` says who did what.

    Where that is one sentence, `sentence` and `values` are its parts; else `taken` are the steps.
    """

    def __init__(
        self,
        what: str,
        sentence: str,
        *,
        taken: Sequence[Taken] = (),
        **values: str,
    ) -> None:
        self.sentence, self.taken, self.values = sentence, taken, values
        self.happened = sentence % values if values else sentence
        super().__init__(
            f"{what} has changed since you loaded it: {self.happened} Nothing was overwritten; "
            "load the queue again and decide anew."
        )


class UnknownRemark(FeedbackError):
    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(
            f"There is no remark {number}. Its reader has taken it back, or it is old."
        )


class BadSnooze(FeedbackError):
    def __init__(self, until: date | str) -> None:
        super().__init__(
            f"An item cannot be put off until {until}. Name a day after today, within a year."
        )


class UnknownMessage(FeedbackError):
    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(
            f"There is no undelivered message {number}. It was delivered or discarded in the "
            "meantime; load the list again."
        )


class WordsMissing(FeedbackError):
    pass


class TicketMalformed(FeedbackError):
    def __init__(self, ticket: str) -> None:
        super().__init__(
            f"{ticket!r} is no ticket reference: expected 1 to 40 letters, digits, '_', '#' or "
            "'-', such as 4711 or SUP-4711, and no number of a card or an account."
        )


class AccountError(FeedbackError):
    pass


class LogUnreadable(FeedbackError):
    pass


class DatabaseError(FeedbackError):
    pass


class DatabaseMisnamed(DatabaseError):
    pass


class DatabaseMisplaced(DatabaseError):
    pass


class DatabaseDamaged(DatabaseError):
    pass


class DatabaseTooNew(DatabaseError):
    pass


class DatabaseUnavailable(DatabaseError):
    pass


class BackupUnusable(DatabaseError):
    pass


class OutcomeUnknown(DatabaseError):
    pass


class DatabaseBusy(DatabaseUnavailable):
    pass


class DatabaseUnwritable(DatabaseUnavailable):
    pass
