"""The one writer of a service: what many requests want written, in one transaction.

On SQLite each COMMIT waits for the disk, and writers that meet there sleep and starve. So requests
hand over their work and wait; one thread takes whatever has gathered, does it between one BEGIN
IMMEDIATE and one COMMIT, and only then wakes those who wait. PostgreSQL gathers commits itself:
there each request has a transaction of its own, through the same interface.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from queue import Empty, Full, Queue
from typing import Any, TypeVar

from sqlalchemy import Connection

from feedback import promises
from feedback.database import Database
from feedback.errors import DatabaseBusy, DatabaseUnavailable, OutcomeUnknown
from feedback.promises import Promises

ROOM = 2_000
"""How much may wait; a queue without end would only hide that the disk is too slow."""
PATIENCE = 8.0
"""Seconds for which a request waits, less than a browser does."""
MOST_AT_ONCE = 256
_LAST_SECONDS = 15

_log = logging.getLogger(__name__)

T = TypeVar("T")
Work = Callable[[Connection], T]


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    """Work that waits, what follows its commit, and where its answer goes.

    The answer is pending while it waits, running from then on: whoever gives up on a pending job
    takes it back, and knows that nothing was stored.
    """

    work: Work[Any]
    then: Callable[[Any], None] | None
    answer: Future[Any] = field(default_factory=Future)

    def succeed(self, value: object) -> None:
        """Say that it is stored; what follows from that comes first."""
        _follow(self.then, value)
        self.answer.set_result(value)


class Writer:
    """Writes to a database for many threads at once.

    Work is a function of a connection in a transaction. It may be called twice (the first call
    being undone), so it must do nothing but write. A job that raises undoes nothing but itself.
    """

    def __init__(self, database: Database, *, room: int = ROOM, patience: float = PATIENCE) -> None:
        self._database = database
        self._patience = patience
        self._queue: Queue[_Job | None] = Queue(room)
        self._taken: list[_Job] = []
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_closed = False
        self._is_finished = False
        self._promises = Promises(
            patience, look=self._look_after, refused=self._busy, unknown=self._unknown
        )

    @property
    def is_queue(self) -> bool:
        """Whether work stands in line here, as it does on SQLite."""
        return self._database.needs_one_writer

    @property
    def waiting(self) -> int:
        """How many writes have not had their turn."""
        return self._queue.qsize()

    def read(self) -> AbstractContextManager[Connection]:
        """One consistent view of the data; readers wait for nobody."""
        return self._database.read()

    def apply(self, work: Work[T], then: Callable[[T], None] | None = None) -> T:
        """Do this work and return its result once it is committed; `then` is called in between.

        Raises what the work raises; DatabaseUnavailable (DatabaseBusy when too much waits) if
        nothing was stored; OutcomeUnknown if it could not be waited for: the work may still be
        done, and doing it again must count once.
        """
        if not self.is_queue:
            value = self._database.apply(work)
            _follow(then, value)
            return value
        job = _Job(work, then)
        self._submit(job)
        return self._wait(job)  # type: ignore[no-any-return]  # of any work

    def post(
        self,
        work: Work[T],
        tell: Callable[[T | Exception], None],
        then: Callable[[T], None] | None = None,
    ) -> None:
        """Do this work as `apply` does, without waiting: `tell` is called once with what came.

        That is its result once it is committed, or what `apply` raises. It is called in another
        thread, and must be quick. Only where `is_queue`. Raises DatabaseUnavailable (DatabaseBusy
        when too much waits) if nothing was put in line; then nothing is told.
        """
        job = _Job(work, then)
        promise = self._promises.add(job.answer, tell)
        try:
            self._submit(job)
        except DatabaseUnavailable:
            promise.forget()
            raise

    def later(self, work: Work[object]) -> None:
        """Do this work some time soon, if it can be done; nobody waits for it or hears of it."""
        with suppress(DatabaseUnavailable):
            self._submit(_Job(work, None))

    def close(self) -> None:
        """Write what still waits, then stop; what comes later is refused."""
        with self._lock:
            self._is_closed = True
            thread = self._thread
        if thread is not None and thread.is_alive():
            self._queue.put(None)
            thread.join(_LAST_SECONDS)
        self._promises.close()

    def _submit(self, job: _Job) -> None:
        place = self._database.place
        if self._is_closed:
            raise DatabaseUnavailable(f"{place}: the service is stopping. Nothing was stored.")
        self._look_after()
        try:
            self._queue.put_nowait(job)
        except Full:
            raise DatabaseBusy(
                f"{place}: {self._queue.maxsize:,} writes are waiting already. Nothing was "
                "stored; try again in a few seconds."
            ) from None

    def _wait(self, job: _Job) -> Any:
        """The job's result; after too long, what can still be said of it."""
        until = time.monotonic() + self._patience
        while (left := until - time.monotonic()) > 0:
            with suppress(TimeoutError):
                job.answer.exception(min(left, promises.LOOK))
                return job.answer.result()
            self._look_after()
        if job.answer.cancel():
            raise self._busy()
        if job.answer.done():
            return job.answer.result()
        raise self._unknown()

    def _look_after(self) -> None:
        """Start the thread, or another one when it has died; what it held gets its answer."""
        if self._thread is not None and self._thread.is_alive():
            return
        with self._lock:
            if self._is_closed or (self._thread is not None and self._thread.is_alive()):
                return
            if self._thread is not None:
                _log.error("The writer had died and is started again.")
            for job in self._taken:
                if not job.answer.done():
                    job.answer.set_exception(self._unknown())
            self._taken = []
            self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
            self._thread.start()

    def _busy(self) -> DatabaseUnavailable:
        return DatabaseUnavailable(
            f"{self._database.place}: the database was busy for {self._patience:g} seconds. "
            "Nothing was stored; try again."
        )

    def _unknown(self) -> OutcomeUnknown:
        return OutcomeUnknown(
            f"{self._database.place}: it is not known whether this was stored. Try again: it "
            "counts once."
        )

    def _work(self) -> None:
        while not self._is_finished:
            first = self._queue.get()
            if first is None:
                return
            self._write_batch(first)

    def _write_batch(self, first: _Job) -> None:
        """One transaction for all that waits, or, when that fails, one for each.

        The jobs are taken once the transaction has begun: until then they can be taken back, and
        more gather.
        """
        done: list[tuple[_Job, object]] = []
        self._taken = []
        try:
            with self._database.write() as connection:
                self._take(first)
                for job in self._taken:
                    self._attempt(job, connection, done)
        except Exception as problem:  # noqa: BLE001 -- each job is told, whatever it was
            if not self._taken and first.answer.set_running_or_notify_cancel():
                first.answer.set_exception(problem)
            self._write_alone()
            return
        for job, value in done:
            job.succeed(value)

    def _take(self, first: _Job) -> None:
        """The first job and what has gathered behind it, without those that were taken back."""
        job: _Job | None = first
        while job is not None:
            if job.answer.set_running_or_notify_cancel():
                self._taken.append(job)
            if len(self._taken) == MOST_AT_ONCE:
                return
            try:
                job = self._queue.get_nowait()
            except Empty:
                return
        self._is_finished = True

    def _attempt(self, job: _Job, connection: Connection, done: list[tuple[_Job, object]]) -> None:
        """Do a job so that its failure undoes nothing but itself.

        Most fail before they have written anything, and there is nothing to undo. Else the error
        ends the batch, as it does when SQLite has undone the whole transaction by itself. (A
        savepoint for each job would cost all of them for the few.)
        """
        before = _changes(connection)
        try:
            with self._database.explained():
                value = job.work(connection)
        except Exception as problem:
            if before is None or _changes(connection) != before:
                raise
            job.answer.set_exception(problem)
        else:
            done.append((job, value))

    def _write_alone(self) -> None:
        """Each job of a batch that failed, for itself: what fails again is told why."""
        for job in self._taken:
            if job.answer.done():
                continue
            try:
                value = self._database.apply(job.work)
            except Exception as problem:  # noqa: BLE001 -- whoever waits for the job is told
                job.answer.set_exception(problem)
            else:
                job.succeed(value)


def _changes(connection: Connection) -> int | None:
    """How many rows were ever changed over SQLite's connection; None outside a transaction."""
    driver = connection.connection.driver_connection
    if not getattr(driver, "in_transaction", False):
        return None
    return int(driver.total_changes)  # type: ignore[union-attr]  # sqlite3's, which has both


def _follow(then: Callable[[Any], None] | None, value: object) -> None:
    """What is stored stays stored, whatever follows."""
    if then is None:
        return
    try:
        then(value)
    except Exception:  # noqa: BLE001 -- no bug after it may say that it was not stored
        _log.exception("What was written is stored, but what follows it failed.")
