"""The short way of the ordinary vote: ahead of the framework, which takes longer than the vote.

Only what the widget of a page of this site sends goes this way, and only if nothing is wrong with
it. All else is for the application, which checks and answers it. Nobody waits here: the answer is
told once the vote is stored.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from feedback import voting
from feedback.errors import FeedbackError
from feedback.voting import Voter, Voting
from feedback.wire import Answer, VoteRequest

Request = Mapping[str, Any]
"""A request's method, path and headers, by the names of WSGI."""


@dataclass(frozen=True, slots=True)
class Express:
    """Takes ordinary votes; `address` says from where a request came."""

    rules: Voting
    address: Callable[[Request], str]

    def read(self, request: Request, body: Callable[[], bytes]) -> VoteRequest | None:
        """The vote of this request if it goes the short way; only then its body is read.

        Words and addresses do not: to redact and to seal them takes a while.
        """
        if not _is_ordinary(request):
            return None
        try:
            vote = VoteRequest.model_validate_json(body())
        except ValidationError:
            return None
        return None if vote.comment or vote.contact else vote

    def cast(self, vote: VoteRequest, request: Request, tell: Callable[[Answer], None]) -> bool:
        """Whether the vote stands in line, so that `tell` will be called with the answer, once.

        Else nothing was done, and the application finds the same reason to refuse it.
        """
        voter = Voter.of(request, self.address(request), trusted=True)
        try:
            voting.post(self.rules, vote, voter, tell)
        except FeedbackError:
            return False
        return True


def _is_ordinary(request: Request) -> bool:
    """Whether a browser says that a page of this site sends a vote as JSON, of no great length."""
    length = request.get("CONTENT_LENGTH", "")
    return (
        request["REQUEST_METHOD"] == "POST"
        and request.get("PATH_INFO") == voting.PATH
        and request.get("HTTP_SEC_FETCH_SITE") == "same-origin"
        and request.get("CONTENT_TYPE") == voting.JSON
        and length.isdecimal()
        and int(length) <= voting.JSON_LIMIT
    )
