"""A tracker of issues that speaks what GitHub, GitLab and Gitea document, as far as we ask."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qs, unquote, urlsplit

from tests.answerloop.deliveries.receivers import Received, Reply

TOKEN = "a-token-of-the-tracker"
PROJECT = "shop/help"
PAGE = 2
"""Few issues a page, as a tracker may decide whatever it is asked for."""
_PATHS = {
    "github": re.compile(r"/repos/shop/help/issues(?:/(\d+))?(/comments)?"),
    "gitea": re.compile(r"/api/v1/repos/shop/help/issues(?:/(\d+))?(/comments)?"),
    "gitlab": re.compile(r"/api/v4/projects/shop%2Fhelp/issues(?:/(\d+))?(/notes)?"),
}
_TOKENS = {
    "github": ("authorization", f"Bearer {TOKEN}"),
    "gitea": ("authorization", f"token {TOKEN}"),
    "gitlab": ("private-token", TOKEN),
}


@dataclass(slots=True)
class Issue:
    number: int
    title: str
    body: str
    made: datetime
    is_open: bool = True
    is_pull_request: bool = False
    comments: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Forge:
    """A project of a tracker. `before` may answer a request in its place."""

    kind: str
    now: Callable[[], datetime]
    issues: list[Issue] = field(default_factory=list)
    before: Callable[[Received], Reply | None] = lambda _: None
    after: Callable[[Received], None] = lambda _: None

    def answer(self, asked: Received) -> Reply:
        refused = self.before(asked)
        if refused is not None:
            return refused
        name, token = _TOKENS[self.kind]
        if asked.headers.get(name) != token:
            return _json(401, {"message": "Bad credentials"})
        parts = urlsplit(asked.path)
        found = _PATHS[self.kind].fullmatch(parts.path)
        if found is None:
            return _json(404, {"message": "Not Found"})
        reply = self._do(asked, found, parse_qs(parts.query))
        self.after(asked)
        return reply

    def add(self, body: str, *, made: datetime | None = None) -> Issue:
        issue = Issue(len(self.issues) + 1, "Title", body, made or self.now())
        self.issues.append(issue)
        return issue

    def _do(self, asked: Received, found: re.Match[str], query: dict[str, list[str]]) -> Reply:
        number, comments = found.groups()
        data = json.loads(asked.body) if asked.body else {}
        if number is None:
            return self._create(data) if asked.method == "POST" else self._list(query)
        issue = next((one for one in self.issues if one.number == int(number)), None)
        if issue is None:
            return _json(404, {"message": "Not Found"})
        if comments:
            if asked.method == "POST":
                issue.comments.append(data["body"])
                return _json(201, {"body": data["body"]})
            return _json(200, [{"body": body} for body in issue.comments])
        return self._update(asked.method, issue, data)

    def _create(self, data: dict[str, str]) -> Reply:
        text = "description" if self.kind == "gitlab" else "body"
        if set(data) != {"title", text}:
            return _json(422, {"message": "Validation Failed"})
        issue = self.add(data[text])
        issue.title = data["title"]
        return _json(201, self._shown(issue))

    def _update(self, method: str, issue: Issue, data: dict[str, str]) -> Reply:
        if method == "GET":
            return _json(200, self._shown(issue))
        if self.kind == "gitlab":
            if method != "PUT" or data not in ({"state_event": "reopen"}, {"state_event": "close"}):
                return _json(400, {"message": "bad request"})
            issue.is_open = data["state_event"] == "reopen"
        else:
            if method != "PATCH" or data not in ({"state": "open"}, {"state": "closed"}):
                return _json(422, {"message": "Validation Failed"})
            issue.is_open = data["state"] == "open"
        return _json(200, self._shown(issue))

    def _list(self, query: dict[str, list[str]]) -> Reply:
        since = datetime.fromisoformat(
            query["created_after" if self.kind == "gitlab" else "since"][0]
        )
        is_all = query.get("state") == ["all"] or self.kind == "gitlab"
        fitting = [
            issue
            for issue in reversed(self.issues)
            if issue.made >= since and (issue.is_open or is_all)
        ]
        page = int(query.get("page", ["1"])[0])
        shown = fitting[(page - 1) * PAGE : page * PAGE]
        more = '<https://tracker.example/next>; rel="next"' if fitting[page * PAGE :] else ""
        return _json(200, [self._shown(issue) for issue in shown], {"Link": more})

    def _shown(self, issue: Issue) -> dict[str, object]:
        address = f"https://tracker.example/{unquote(PROJECT)}/issues/{issue.number}"
        if self.kind == "gitlab":
            return {
                "id": 9000 + issue.number,
                "iid": issue.number,
                "title": issue.title,
                "description": issue.body,
                "state": "opened" if issue.is_open else "closed",
                "web_url": address,
            }
        shown: dict[str, object] = {
            "id": 9000 + issue.number,
            "number": issue.number,
            "title": issue.title,
            "body": issue.body,
            "state": "open" if issue.is_open else "closed",
            "url": "https://tracker.example/api",
            "html_url": address,
        }
        if issue.is_pull_request or self.kind == "gitea":
            shown["pull_request"] = {"url": address} if issue.is_pull_request else None
        return shown


def _json(status: int, data: object, headers: dict[str, str] | None = None) -> Reply:
    return Reply(
        status, {"Content-Type": "application/json", **(headers or {})}, json.dumps(data).encode()
    )
