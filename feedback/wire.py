"""What votes look like on the wire: requests, answers, and problem details of RFC 9457.

Knows no framework. Each problem has a stable type, the field at fault and the way out.
"""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError

from feedback import addresses
from feedback.columns import ID_LENGTH
from feedback.errors import (
    AddressMalformed,
    ContactNotTaken,
    FeedbackError,
    OutcomeUnknown,
    RemarkTooLong,
    TooMany,
    TooManyLetters,
    UnknownArticle,
    UnknownRevision,
)
from feedback.model import Outcome, Reason
from feedback.remarks import MOST_SENT

UNAVAILABLE = 503
RETRY_SECONDS = 5
"""When to come again, where nothing else is known."""
_TOO_MANY = 429
_PROBLEM = "application/problem+json"
_PLAIN = r"^[^\x00-\x1f\x7f]*$"


class VoteRequest(BaseModel):
    """What a reader says about the revision of an article that they have read."""

    model_config = ConfigDict(extra="forbid", title="VoteRequest")

    article: str = Field(min_length=1, max_length=ID_LENGTH, pattern=_PLAIN)
    lang: str = Field(min_length=1, max_length=35, pattern=_PLAIN)
    revision: str = Field(min_length=1, max_length=64, pattern=_PLAIN)
    helpful: StrictBool
    reason: Reason | None = Field(None, description="Why not; never required.")
    comment: str | None = Field(
        None,
        max_length=MOST_SENT,
        description="Plain text of at most 1,000 characters, line ends and accents counted as "
        "one character each; personal data is masked.",
    )
    contact: str | None = Field(
        None,
        max_length=addresses.LONGEST,
        description="A mail address, only where the service offers to write: one letter to "
        "confirm it, one when the article has been edited; then it is deleted.",
        json_schema_extra={"format": "email"},
    )
    search_id: str | None = Field(
        None, pattern=r"^[0-9a-f]{32}$", description="The search that led to the article."
    )
    via: str | None = Field(
        None, pattern=r"^[a-z]{1,20}$", description="How the reader came to the article, as a word."
    )
    device: str | None = Field(
        None,
        max_length=64,
        pattern=_PLAIN,
        description="A random id kept in the browser of a person who voted, so that colleagues "
        "behind one address count apart.",
    )


class VoteAnswer(BaseModel):
    """What became of the vote. `held`: kept for staff to see, not counted."""

    model_config = ConfigDict(title="VoteAnswer")

    outcome: Outcome
    receipt: str | None = Field(
        None,
        description="The path of the reader's private page, `/f/…`, after a comment or a contact.",
    )


class Problem(BaseModel):
    """Problem details, with the field at fault and the way out."""

    model_config = ConfigDict(title="Problem")

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    remedy: str | None = None

    @property
    def name(self) -> str:
        """The last part of the type, such as `unknown-revision`."""
        return self.type.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, the type of the body, the body, and for whom it helps when to come again."""

    status: int
    type: str
    body: str
    retry: int | None = None


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is always said about one kind of failure."""

    name: str
    status: int
    title: str
    remedy: str
    field: str | None = None

    def because(self, detail: str) -> Problem:
        return Problem(
            type=f"/problems/{self.name}",
            title=self.title,
            status=self.status,
            detail=detail,
            field=self.field,
            remedy=self.remedy,
        )


_EXPECTED: dict[type[FeedbackError], _Kind] = {
    UnknownArticle: _Kind(
        "unknown-article",
        404,
        "There is no such article.",
        "Send the id and the language that the page carries.",
        "article",
    ),
    UnknownRevision: _Kind(
        "unknown-revision",
        409,
        "The article never had this revision.",
        "Reload the page and vote on what it says then.",
        "revision",
    ),
    TooMany: _Kind(
        "too-many-requests",
        429,
        "Too many votes come from this address.",
        "Wait for as long as Retry-After says, then send it again.",
    ),
    RemarkTooLong: _Kind(
        "remark-too-long", 422, "The comment is too long.", "Shorten the comment.", "comment"
    ),
    ContactNotTaken: _Kind(
        "contact-not-taken",
        409,
        "This service sends no mail.",
        "Send it without the contact.",
        "contact",
    ),
    AddressMalformed: _Kind(
        "contact-malformed",
        422,
        "The mail address cannot be written to.",
        "Mend the address, or leave it out.",
        "contact",
    ),
    TooManyLetters: _Kind(
        "too-many-letters",
        422,
        "We have written to this address several times today.",
        "Leave the address out, or come again tomorrow.",
        "contact",
    ),
}
_UNAVAILABLE = _Kind(
    "unavailable",
    UNAVAILABLE,
    "The vote cannot be stored at the moment.",
    "Try again in a few seconds.",
)
_NOT_KNOWN = _Kind(
    "outcome-unknown",
    UNAVAILABLE,
    "It is not known whether the vote was stored.",
    "Send it again in a few seconds: it counts once.",
).because("The database did not answer in time.")
BROKEN = _Kind(
    "internal-server-error",
    500,
    "The vote could not be stored.",
    "Tell whoever runs this service: the log says more.",
).because("Something is wrong in the service. Nothing was stored.")
_MALFORMED = _Kind(
    "invalid-request",
    422,
    "The vote is malformed.",
    "Compare it with /api/v1/openapi.json.",
)
NO_JSON = _Kind("malformed-json", 400, "The body is not JSON.", "Send one JSON object.").because(
    "The body cannot be read as JSON."
)


def problem_of(error: FeedbackError) -> Problem:
    """What an expected failure is to whoever sent the vote; never where the database lies."""
    if isinstance(error, OutcomeUnknown):
        return _NOT_KNOWN
    kind = _EXPECTED.get(type(error))
    return kind.because(str(error)) if kind else _UNAVAILABLE.because("Nothing was stored.")


def refusal(problem: Problem, retry: int = RETRY_SECONDS) -> Answer:
    """The problem as an answer; `retry` is when to come again, if that helps."""
    helps = problem.status in {_TOO_MANY, UNAVAILABLE}
    body = problem.model_dump_json(exclude_none=True)
    return Answer(problem.status, _PROBLEM, body, retry if helps else None)


def malformed(error: ValidationError) -> Problem:
    """The first field at fault."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    problem = _MALFORMED.because(f"{name}: {first['msg']}" if name else str(first["msg"]))
    return problem.model_copy(update={"field": name or None})


def wrong_type(expected: str) -> Problem:
    return _Kind(
        "unsupported-media-type",
        415,
        "The body is of another type than is taken.",
        f"Send it with `Content-Type: {expected}`.",
    ).because(f"Only {expected} is taken here.")


def too_large(limit: int) -> Problem:
    return _Kind(
        "content-too-large", 413, "The body is too large.", "Shorten the comment."
    ).because(f"At most {limit:,} bytes are taken.")
