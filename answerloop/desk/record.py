"""Whatever somebody changes through the desk is put on record, in the transaction of the change.

No view has to think of it: the desk writes with a pen that adds the line. The act is named after
the route (`dismiss`), and what it was done to after the address (`item 12`).
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from flask import g, has_request_context, request
from sqlalchemy import Connection

from answerloop.desk import access
from answerloop.desk.service import Pen, Service
from feedback import audit
from feedback.audit import Who

T = TypeVar("T")
ServiceT = TypeVar("ServiceT", bound=Service)


def keeping(service: ServiceT) -> ServiceT:
    """The same service, whose writer keeps the audit log; one that does already is left alone."""
    if isinstance(service.writer, Recorder):
        return service
    recorder = Recorder(service.writer, service)
    return cast("ServiceT", replace(cast("Any", service), writer=recorder))


def about(subject: str) -> None:
    """Say what the act of this request is done to, where the address does not."""
    g.audit_subject = subject


def by_hand() -> None:
    """Leave the record of this request to its view: who acts is not who sent it."""
    g.audit_done = True


@dataclass(frozen=True, slots=True)
class Recorder:
    """A pen that adds one line for each request that changes something, if it is somebody's."""

    _pen: Pen
    _service: Service

    def read(self) -> AbstractContextManager[Connection]:
        return self._pen.read()

    def apply(
        self, work: Callable[[Connection], T], /, then: Callable[[T], None] | None = None
    ) -> T:
        """As the pen it has. The line is written once, with the first work that succeeds."""
        who = _who()
        if who is None:
            return self._pen.apply(work, then)
        act, subject, now = _act(), _subject(), self._service.clock()

        def work_on_record(db: Connection) -> T:
            value = work(db)
            audit.record(db, who, act, subject, now=now)
            return value

        value = self._pen.apply(work_on_record, then)
        g.audit_done = True
        return value

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pen, name)


def _who() -> Who | None:
    """Who must be put on record with what is written now; None outside such a request."""
    if not has_request_context() or request.method in ("GET", "HEAD", "OPTIONS"):
        return None
    caller = access.session()
    return None if caller is None or g.get("audit_done") else caller.who


def _act() -> str:
    return (request.endpoint or "").rpartition(".")[2]


def _subject() -> str:
    given: str = g.get("audit_subject", "")
    named = dict(request.view_args or {})
    if {"article", "lang"} <= named.keys():
        named["article"] = f"{named['article']} ({named.pop('lang')})"
    return given or ", ".join(f"{name} {value}" for name, value in named.items())
