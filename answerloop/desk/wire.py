"""What the desk's interface for programs takes and answers."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from answerloop import replies
from answerloop.desk.offers import Found, Offer, Piece
from answerloop.replies import Format
from feedback.columns import ID_LENGTH
from feedback.model import Reason, Use
from feedback.questions import Received
from feedback.remarks import MOST_SENT

_PLAIN = r"^[^\x00-\x1f\x7f]*$"
_LONGEST_VALUE = 500

_Id = Annotated[str, Field(min_length=1, max_length=ID_LENGTH, pattern=_PLAIN)]
_Lang = Annotated[str, Field(min_length=1, max_length=35, pattern=_PLAIN)]
_Ticket = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9_#-]{0,40}$",
        description="The helpdesk's reference: kept here and in no link. No number of a card or an "
        "account.",
    ),
]


class SearchQuery(BaseModel):
    q: str = Field(
        description="The customer's words; beyond 200 characters they are not read. Without words "
        "the answer holds what agents sent most in the last 28 days."
    )
    lang: str = Field("", description="The customer's language: its articles come first.")
    limit: int = Field(10, ge=1, le=20, description="How many articles at most.")


class ArticlePath(BaseModel):
    lang: str = Field(description="The article's language, as `de`.")
    article: str = Field(description="The article's id.")


class ReplyQuery(BaseModel):
    format: Format = Field(Format.MARKDOWN, description="How it is written.")
    piece: Piece = Field(Piece.REPLY, description="What is copied.")


class Part(BaseModel):
    """A stretch of text as it is sent, or a place to fill by its name."""

    model_config = ConfigDict(title="Part", from_attributes=True)

    text: str = ""
    place: str = ""


class Copy(BaseModel):
    """One piece in each format, cut at its places."""

    model_config = ConfigDict(title="Copy")

    markdown: list[Part]
    html: list[Part]
    text: list[Part]

    @classmethod
    def of(cls, offer: Offer, piece: Piece) -> Self | None:
        if not offer.source(piece):
            return None
        return cls.model_validate({form: parts(offer, piece, form) for form in Format})


class OfferAnswer(BaseModel):
    model_config = ConfigDict(title="Offer")

    id: str
    lang: str
    title: str
    audience: str = Field(description="`public`, or `internal`: for agents alone.")
    kind: str
    updated: str = Field(description="ISO date, empty if unknown.")
    breadcrumbs: list[str]
    excerpt: str = Field(description="HTML in which only `<mark>` can occur.")
    excerpt_lang: str
    url: str = Field(description="Where it is read, as a path from the root of the site.")
    edit_url: str = Field(description="Where its file is edited; empty where nobody said.")
    link: Copy | None = Field(description="None for an internal article: customers have no page.")
    reply: Copy | None
    snippet: Copy | None

    @classmethod
    def of(cls, offer: Offer) -> Self:
        return cls(
            id=offer.entry.id,
            lang=offer.entry.lang,
            title=offer.entry.title,
            audience=offer.entry.audience,
            kind=offer.entry.kind,
            updated=offer.entry.updated,
            breadcrumbs=list(offer.breadcrumbs),
            excerpt=offer.excerpt,
            excerpt_lang=offer.excerpt_lang,
            url=offer.url,
            edit_url=offer.subject.edit_url,
            link=Copy.of(offer, Piece.LINK),
            reply=Copy.of(offer, Piece.REPLY),
            snippet=Copy.of(offer, Piece.SNIPPET),
        )


class SearchAnswer(BaseModel):
    model_config = ConfigDict(title="DeskSearchAnswer")

    query: str
    lang: str
    total: int = Field(description="How many articles match in all languages.")
    corrected: str | None = Field(description="The words searched for instead, when mended.")
    results: list[OfferAnswer]

    @classmethod
    def of(cls, found: Found, lang: str) -> Self:
        return cls(
            query=found.query,
            lang=lang,
            total=found.total,
            corrected=found.corrected,
            results=[OfferAnswer.of(offer) for offer in found.offers],
        )


class TemplateAnswer(BaseModel):
    model_config = ConfigDict(title="Template")

    format: Format
    piece: Piece
    places: list[str] = Field(description="What must be filled or left out.")
    parts: list[Part]


class FillRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", title="FillRequest")

    format: Format = Format.MARKDOWN
    piece: Piece = Piece.REPLY
    values: dict[str, Annotated[str, Field(max_length=_LONGEST_VALUE)]] = Field(
        default_factory=dict, max_length=50, description="Each place's text."
    )
    left_out: list[str] = Field(
        default_factory=list, max_length=50, description="Places to leave out on purpose."
    )


class FilledAnswer(BaseModel):
    model_config = ConfigDict(title="Filled")

    format: Format
    piece: Piece
    text: str = Field(description="Ready to be sent: no place is left in it.")


class ReportRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", title="ReportRequest")

    article: _Id
    lang: _Lang
    reason: Reason
    words: str = Field(
        "", max_length=MOST_SENT, description="Plain text, masked before it is kept."
    )
    ticket: _Ticket = ""


class ReportAnswer(BaseModel):
    model_config = ConfigDict(title="ReportAnswer")

    item: int = Field(description="The item of the queue that it opened or joined.")
    url: str


class GapRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", title="GapRequest")

    text: str = Field(
        min_length=1, max_length=MOST_SENT, description="What nothing answers, in plain words."
    )
    lang: _Lang
    ticket: _Ticket = ""


class GapAnswer(BaseModel):
    model_config = ConfigDict(title="GapAnswer")

    outcome: Received


class ReuseRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", title="ReuseRequest")

    article: _Id
    lang: _Lang
    use: Use
    ticket: _Ticket = ""


class Problem(BaseModel):
    """Problem details of RFC 9457; `places` are those that are not filled."""

    model_config = ConfigDict(title="DeskProblem")

    type: str
    title: str
    status: int
    detail: str = ""
    field: str | None = None
    remedy: str | None = None
    places: list[str] | None = None


def parts(offer: Offer, piece: Piece, form: Format) -> list[Part]:
    return [Part.model_validate(part) for part in offer.parts(piece, form)]


def places(offer: Offer, piece: Piece) -> list[str]:
    return list(replies.places(offer.source(piece)))
