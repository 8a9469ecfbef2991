"""What GitHub, GitLab and Gitea call the few things that we ask of a tracker of issues.

https://docs.github.com/rest/issues, https://docs.gitlab.com/api/issues/,
https://docs.gitea.com/api (Forgejo's is the same).
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import quote, urlencode

from pydantic import AliasChoices, BaseModel, Field, JsonValue, TypeAdapter, ValidationError

from answerloop import __version__
from answerloop.deliveries.errors import GiveUp, Missing, TryLater
from answerloop.deliveries.outgoing import LONGEST_WAIT, Answer, Client, Request

_MOST_PAGES = 10
"""Of the newest issues first, so that one that was just made is among them."""
_UNSAID = timedelta(minutes=1)
"""How long to wait where a tracker says that it is too much, and not for how long."""
_REFUSED = (HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS)
_WRONG = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)
_MISSING = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


class Found(BaseModel):
    """An issue as each of the three describes it. GitHub lists pull requests among them."""

    number: int = Field(validation_alias=AliasChoices("iid", "number"))
    body: str | None = Field(None, validation_alias=AliasChoices("description", "body"))
    url: str = Field(validation_alias=AliasChoices("web_url", "html_url"))
    state: str
    pull_request: JsonValue = None

    @property
    def is_open(self) -> bool:
        return self.state in ("open", "opened")


class Comment(BaseModel):
    body: str | None = None


T = TypeVar("T")
_FOUND = TypeAdapter(Found)
_LISTED = TypeAdapter(list[Found])
_COMMENTS = TypeAdapter(list[Comment])


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a kind of tracker is spoken to; `{p}` stands for the project.

    `body` and `comments` are its words for the text of an issue and what is said below it. `since`
    and `size` are the parameters for how far back to list, and how much at once.
    """

    api: str
    issues: str
    headers: Callable[[str], Mapping[str, str]]
    body: str
    comments: str
    update: str
    states: tuple[Mapping[str, str], Mapping[str, str]]
    since: str
    size: Mapping[str, str]
    is_encoded: bool = False


_STATES = ({"state": "open"}, {"state": "closed"})
GITHUB = Dialect(
    api="",
    issues="/repos/{p}/issues",
    headers=lambda token: {
        "Authorization": f"Bearer {token}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
    },
    body="body",
    comments="comments",
    update="PATCH",
    states=_STATES,
    since="since",
    size={"state": "all", "per_page": "100"},
)
GITLAB = Dialect(
    api="/api/v4",
    issues="/projects/{p}/issues",
    headers=lambda token: {"PRIVATE-TOKEN": token},
    body="description",
    comments="notes",
    update="PUT",
    states=({"state_event": "reopen"}, {"state_event": "close"}),
    since="created_after",
    size={"scope": "all", "per_page": "100"},
    is_encoded=True,
)
GITEA = Dialect(
    api="/api/v1",
    issues="/repos/{p}/issues",
    headers=lambda token: {"Authorization": f"token {token}"},
    body="body",
    comments="comments",
    update="PATCH",
    states=_STATES,
    since="since",
    size={"state": "all", "type": "issues", "limit": "50"},
)
DIALECTS = {"github": GITHUB, "gitlab": GITLAB, "gitea": GITEA}


@dataclass(frozen=True, slots=True)
class Tracker:
    """The issues of one project. `name` tells it from any other.

    All functions raise TryLater and GiveUp; those about one issue also Missing.
    """

    name: str
    dialect: Dialect
    url: str
    project: str
    client: Client
    clock: Callable[[], datetime]
    token: str = field(repr=False)

    def marked(self, marker: str, since: datetime) -> Found | None:
        """The issue whose text ends with `marker`, of those made `since` then."""
        for found in self._pages(since):
            is_issue = found.pull_request is None
            if is_issue and (found.body or "").rstrip().endswith(marker):
                return found
        return None

    def create(self, title: str, body: str) -> Found:
        answer = self._ask("POST", "", {"title": title, self.dialect.body: body})
        return _read(_FOUND, answer)

    def find(self, number: int) -> Found:
        return _read(_FOUND, self._ask("GET", f"/{number}"))

    def move(self, found: Found, *, is_open: bool) -> None:
        """Open or close an issue that is not so yet."""
        opened, closed = self.dialect.states
        if found.is_open != is_open:
            self._ask(self.dialect.update, f"/{found.number}", opened if is_open else closed)

    def comment(self, number: int, body: str, *, marker: str, since: datetime) -> None:
        """Say something below an issue, unless it is there already: it ends with `marker`."""
        path = f"/{number}/{self.dialect.comments}"
        query = urlencode({"since": _moment(since), **self.dialect.size})
        said = _read(_COMMENTS, self._ask("GET", f"{path}?{query}"))
        if not any((one.body or "").rstrip().endswith(marker) for one in said):
            self._ask("POST", path, {"body": f"{body}\n\n{marker}"})

    def _pages(self, since: datetime) -> Iterator[Found]:
        for page in range(1, _MOST_PAGES + 1):
            query = {**self.dialect.size, self.dialect.since: _moment(since), "page": str(page)}
            answer = self._ask("GET", f"?{urlencode(query)}")
            yield from _read(_LISTED, answer)
            if 'rel="next"' not in answer.headers.get("link", ""):
                return

    def _ask(self, method: str, path: str, data: Mapping[str, str] | None = None) -> Answer:
        dialect = self.dialect
        project = quote(self.project, safe="" if dialect.is_encoded else "/")
        headers = {
            "User-Agent": f"answerloop/{__version__}",
            "Accept": "application/json",
            **dialect.headers(self.token),
        }
        body = b""
        if data is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(data).encode()
        url = f"{self.url}{dialect.api}{dialect.issues.replace('{p}', project)}{path}"
        answer = self.client.send(Request(method, url, headers, body))
        _check(answer, self.clock())
        return answer


def _check(answer: Answer, now: datetime) -> None:
    """Raises TryLater, GiveUp or Missing unless the tracker did as it was asked."""
    status = answer.status
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    said = f"The tracker answered {status}."
    if status == HTTPStatus.UNAUTHORIZED:
        raise TryLater(f"{said} It does not accept the token.")
    if status in _REFUSED:
        raise TryLater(
            f"{said} It is too much for it, or the token may not do this.",
            not_before=_until(answer, now),
        )
    if status in _MISSING:
        raise Missing(f"{said} There is no such project or issue, or the token may not see it.")
    if status in _WRONG:
        raise GiveUp(said)
    raise TryLater(said, not_before=answer.wait(now))


def _until(answer: Answer, now: datetime) -> timedelta:
    """Retry-After, else the moment at which GitHub and GitLab give room again."""
    if "retry-after" in answer.headers:
        return answer.wait(now)
    for name in ("x-ratelimit-reset", "ratelimit-reset"):
        said = answer.headers.get(name, "")
        if answer.headers.get(name.replace("reset", "remaining")) == "0" and said.isdigit():
            left = timedelta(seconds=int(said[:12]) - int(now.timestamp()))
            return min(max(left, _UNSAID), LONGEST_WAIT)
    return _UNSAID


def _read(kind: TypeAdapter[T], answer: Answer) -> T:
    """What an answer holds. Its text is not repeated: it is the tracker's own business."""
    try:
        return kind.validate_json(answer.body)
    except ValidationError:
        raise TryLater("The tracker's answer is not what its interface promises.") from None


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
