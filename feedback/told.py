"""What searches, clicks and questions look like on the wire; knows no framework."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from feedback.columns import ID_LENGTH
from feedback.errors import (
    FeedbackError,
    OutcomeUnknown,
    RemarkTooLong,
    TooMany,
    UnknownHit,
    UnknownSearch,
)
from feedback.questions import Received
from feedback.remarks import MOST_SENT
from feedback.wire import Problem

MOST_EVENTS = 20
LONGEST_QUERY = 300
OLDEST = 600
"""Seconds after which something is too old to be told."""
_PLAIN = r"^[^\x00-\x1f\x7f]*$"
_TOKEN = r"^[0-9a-f]{32}$"  # noqa: S105 -- the form of a search's id, no password

_Token = Annotated[str, Field(pattern=_TOKEN)]
_Lang = Annotated[str, Field(min_length=1, max_length=35, pattern=_PLAIN)]
_Ago = Annotated[float, Field(ge=0, le=OLDEST, description="Seconds since then.")]


class SearchEvent(BaseModel):
    """A search whose reader has stopped typing."""

    model_config = ConfigDict(extra="forbid", title="SearchEvent")

    event: Literal["search"]
    search_id: _Token = Field(description="The one that the search's answer had.")
    query: str = Field(min_length=1, max_length=LONGEST_QUERY)
    lang: _Lang
    hits: int = Field(ge=0, le=1_000_000, description="How many articles matched.")
    refines: _Token | None = Field(
        None, description="The search before, if the reader opened nothing and asked again."
    )
    ago: _Ago = 0


class ClickEvent(BaseModel):
    """An article opened from the hits of a search, told after the search itself."""

    model_config = ConfigDict(extra="forbid", title="ClickEvent")

    event: Literal["click"]
    search_id: _Token
    article: str = Field(min_length=1, max_length=ID_LENGTH, pattern=_PLAIN)
    rank: int = Field(ge=1, le=1_000, description="Its place among the hits, from 1.")
    ago: _Ago = 0


Event = Annotated[SearchEvent | ClickEvent, Field(discriminator="event")]


class EventsRequest(BaseModel):
    """What happened, in its order. All of it is stored, or nothing."""

    model_config = ConfigDict(extra="forbid", title="EventsRequest")

    events: list[Event] = Field(min_length=1, max_length=MOST_EVENTS)


class QuestionRequest(BaseModel):
    """A question that the knowledge base does not answer."""

    model_config = ConfigDict(extra="forbid", title="QuestionRequest")

    question: str = Field(
        min_length=1,
        max_length=MOST_SENT,
        description="Plain text of at most 1,000 characters, line ends and accents counted as "
        "one character each; personal data is masked.",
    )
    lang: _Lang
    search_id: _Token | None = Field(None, description="The search that found nothing.")
    website: str | None = Field(
        None, max_length=200, description="Leave it out: only programs fill it in."
    )
    seconds: float | None = Field(
        None, ge=0, le=1e9, description="How long the form was shown before it was sent."
    )


class QuestionAnswer(BaseModel):
    """What became of it. `held`: kept, but it does not count as a reader's question."""

    model_config = ConfigDict(title="QuestionAnswer")

    outcome: Received


_EXPECTED: dict[type[FeedbackError], tuple[str, int, str]] = {
    UnknownSearch: ("unknown-search", 404, "Nobody told of this search."),
    UnknownHit: ("unknown-article", 404, "There is no such article."),
    RemarkTooLong: ("question-too-long", 422, "The question is too long."),
}


def problem_of(error: FeedbackError) -> Problem:
    """What an expected failure is to whoever sent it; never where the database lies."""
    if type(error) in _EXPECTED:
        name, status, title = _EXPECTED[type(error)]
        return _problem(name, status, title, str(error))
    if isinstance(error, TooMany):
        said = f"Come again in {error.seconds} s."
        return _problem("too-many-requests", 429, "Too much comes from this address.", said)
    if isinstance(error, OutcomeUnknown):
        said = "The database did not answer in time. Sent again, it counts once."
        title = "It is not known whether this was stored."
        return _problem("outcome-unknown", 503, title, said)
    title = "This cannot be stored at the moment."
    return _problem("unavailable", 503, title, "Nothing was stored; try again.")


def unknown_language(lang: str) -> Problem:
    said = f"There are no articles in {lang!r}. Send the language that the page has."
    problem = _problem("unknown-language", 404, "There is no such language.", said)
    return problem.model_copy(update={"field": "lang"})


def _problem(name: str, status: int, title: str, detail: str) -> Problem:
    return Problem(type=f"/problems/{name}", title=title, status=status, detail=detail)
