"""The page of one article for an agent: its texts with their places filled, and what to say of it.

All of it works without a script; what is filled in travels in the body of a request, so that no
log holds a customer's name or a ticket.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from answerloop import replies
from answerloop.desk import access, agent_says, explanations, offers
from answerloop.desk.offers import Offer, Piece
from answerloop.desk.service import Service
from answerloop.desk.speech import say
from answerloop.errors import Unfilled
from answerloop.replies import Format
from feedback.errors import FeedbackError, RemarkTooLong, TicketMalformed
from feedback.model import ArticleId, ArticleKey, Reason, Role, Use

Word = TypeVar("Word", Format, Piece, Reason)

_FOUND = "/find/<lang>/<article>"
_VALUE, _LEFT_OUT = "value:", "without:"


@dataclass(frozen=True, slots=True)
class Typed:
    """What the agent has typed on the page."""

    values: Mapping[str, str] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    form: Format = Format.MARKDOWN
    piece: Piece = Piece.REPLY
    ticket: str = ""
    words: str = ""

    @classmethod
    def read(cls) -> "Typed":
        form = request.form
        return cls(
            values={name[len(_VALUE) :]: form[name] for name in form if name.startswith(_VALUE)},
            left_out=frozenset(
                name[len(_LEFT_OUT) :] for name in form if name.startswith(_LEFT_OUT)
            ),
            form=_chosen(Format, form.get("format", ""), Format.MARKDOWN),
            piece=_chosen(Piece, form.get("piece", ""), Piece.REPLY),
            ticket=form.get("ticket", "").strip(),
            words=form.get("words", ""),
        )


def install(routes: Blueprint, service: Service) -> None:
    @routes.get(_FOUND, endpoint="found")
    @access.needs(Role.AGENT)
    def show(lang: str, article: str) -> Response:
        offer = offers.find(service, _key(lang, article))
        return _page(offer, Typed(), done=_done().get(request.args.get("done", ""), ""))

    @routes.post(f"{_FOUND}/text", endpoint="fill")
    @access.needs(Role.AGENT)
    def fill(lang: str, article: str) -> Response:
        return _fill(service, _key(lang, article), Typed.read())

    @routes.post(f"{_FOUND}/flag", endpoint="flag")
    @access.needs(Role.AGENT)
    def flag(lang: str, article: str) -> Response:
        key, typed = _key(lang, article), Typed.read()
        reason = _chosen(Reason, request.form.get("reason", ""), Reason.OTHER)
        try:
            agent_says.flag(service, key, reason, words=typed.words, ticket=typed.ticket)
        except (TicketMalformed, RemarkTooLong) as problem:
            return _page(offers.find(service, key), typed, refused=problem)
        return redirect(url_for("desk.found", lang=lang, article=article, done="flag"), 303)

    @routes.post(f"{_FOUND}/solved", endpoint="solved")
    @access.needs(Role.AGENT)
    def solve(lang: str, article: str) -> Response:
        key, typed = _key(lang, article), Typed.read()
        try:
            agent_says.use(service, key, Use.SOLVED, ticket=typed.ticket)
        except TicketMalformed as problem:
            return _page(offers.find(service, key), typed, refused=problem)
        return redirect(url_for("desk.found", lang=lang, article=article, done="solved"), 303)


def _key(lang: str, article: str) -> ArticleKey:
    return ArticleKey(ArticleId(article), lang)


def _done() -> dict[str, str]:
    return {
        "flag": say("Flagged. It is in the queue, with your name."),
        "solved": say("Noted: it has solved the case."),
    }


def _fill(service: Service, key: ArticleKey, typed: Typed) -> Response:
    """The text ready to be copied, and kept as a use; or the places that are missing."""
    offer = offers.find(service, key)
    template = offer.parts(typed.piece, typed.form)
    try:
        text = replies.fill(template, typed.form, typed.values, typed.left_out)
        if text:
            agent_says.use(service, key, Use(typed.piece.value), ticket=typed.ticket)
    except Unfilled as problem:
        return _page(offer, typed, missing=problem.places)
    except TicketMalformed as problem:
        return _page(offer, typed, refused=problem)
    return _page(offer, typed, text=text)


def _page(
    offer: Offer,
    typed: Typed,
    *,
    text: str = "",
    missing: tuple[str, ...] = (),
    refused: FeedbackError | None = None,
    done: str = "",
) -> Response:
    pieces = [piece for piece in (Piece.REPLY, Piece.SNIPPET) if offer.source(piece)]
    sources = {piece: offer.source(piece) for piece in pieces}
    page = render_template(
        "desk/found.html",
        offer=offer,
        typed=typed,
        text=text,
        missing=missing,
        refused=explanations.of(refused) if refused else "",
        done=done,
        pieces=pieces,
        places=list(dict.fromkeys(p for each in sources.values() for p in replies.places(each))),
        shown={piece: offer.parts(piece, Format.TEXT) for piece in pieces},
        article_html=Markup(offer.handout.html),  # noqa: S704  cleaned by the build (`handouts`)
    )
    return make_response(page, 422 if missing or refused else 200)


def _chosen(words: type[Word], said: str, default: Word) -> Word:
    return words(said) if said in set(words) else default
