"""A change of the articles that an editor looks at, takes as a patch, or lets the desk commit."""

from dataclasses import dataclass, replace

from flask import Response, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from answerloop import commits, patches
from answerloop.desk import access, explanations
from answerloop.desk.service import Service
from answerloop.desk.speech import say
from answerloop.edits import Edits
from answerloop.errors import PatchError

_KEPT_BACK = ("as",)
_NONE = Edits((), ())


@dataclass(frozen=True, slots=True)
class Proposal:
    """Edits, a `title` for people and a `message` for the commit; `back` is where they came from.

    `problem` says why there are no edits.
    """

    title: str
    message: str
    back: str
    edits: Edits = _NONE
    problem: str = ""


def show(service: Service, proposal: Proposal) -> AnyResponse:
    """The page of a change, or with `as=patch` the patch itself."""
    patch = patches.diff(proposal.edits.changes)
    if request.args.get("as") == "patch" and patch:
        response = Response(patch, mimetype="text/x-patch")
        response.headers["Content-Disposition"] = 'attachment; filename="change.patch"'
        return response
    sent = [
        (name, value)
        for name, values in request.values.lists()
        for value in values
        if name not in _KEPT_BACK
    ]
    page = render_template(
        "desk/change.html",
        proposal=proposal,
        patch=patch.decode("utf-8", "replace"),
        sent=sent,
        commits=service.settings.content.changes == "commit",
    )
    return make_response(page, 422 if proposal.problem else 200)


def make(service: Service, proposal: Proposal) -> AnyResponse:
    """Commit the change where the settings let the desk do so; the page again where Git refuses."""
    if service.settings.content.changes != "commit":
        abort(409, say("This desk hands out patches; it does not write into the articles."))
    if proposal.problem or not proposal.edits.changes:
        return show(service, proposal)
    try:
        commits.make(
            proposal.edits.changes,
            service.settings.root,
            message=proposal.message,
            author=access.user().user,
        )
    except PatchError as problem:
        return show(service, replace(proposal, problem=explanations.of(problem)))
    mark = "&" if "?" in proposal.back else "?"
    return redirect(f"{proposal.back}{mark}done=committed", 303)
