"""A crowd that votes over HTTP, and a `kb serve` that can be killed under it."""

import http.client
import json
import re
import secrets
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests import programs
from tests.programs import Process

ARTICLE = "nothing-found"
_START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Served:
    """A running `kb serve`; `seconds` is how long it took to be ready."""

    process: Process
    port: int
    seconds: float

    def kill(self) -> None:
        """As the machine would: no chance to say anything."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)


@dataclass(slots=True)
class Crowd:
    """Readers who each vote once, and the marks of those who were told that theirs is stored."""

    port: int
    revision: str
    acknowledged: set[str] = field(default_factory=set)
    refused: int = 0
    _stopped: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self, clients: int) -> None:
        self._threads = [threading.Thread(target=self._vote_on) for _ in range(clients)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join(30)

    def vote(self, connection: http.client.HTTPConnection) -> int:
        """One vote of a new reader; the status of its answer."""
        mark = secrets.token_hex(16)
        body = {
            "article": ARTICLE, "lang": "en", "revision": self.revision, "helpful": False,
            "search_id": mark,
        }  # fmt: skip
        network = f"10.{secrets.randbelow(250)}.{secrets.randbelow(250)}.7"
        headers = {
            "Content-Type": "application/json",
            "Sec-Fetch-Site": "same-origin",
            "User-Agent": mark,
            "X-Forwarded-For": network,
        }
        connection.request("POST", "/api/v1/votes", json.dumps(body), headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status == http.client.OK:
            self.acknowledged.add(mark)
        else:
            self.refused += 1
        return answer.status

    def _vote_on(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            while not self._stopped.is_set():
                self.vote(connection)
        except (OSError, http.client.HTTPException):
            return  # the service was killed
        finally:
            connection.close()


def build(place: Path, environment: dict[str, str]) -> str:
    """Make a content repository and build it; the revision of its article."""
    for arguments in (["init", str(place)], ["-C", str(place), "build"]):
        done = programs.run(programs.KB, *arguments, environment=environment)
        assert done.returncode == 0, done.stderr
    page = next(place.glob(f"site/en/**/{ARTICLE}/index.html")).read_text(encoding="utf-8")
    revision = re.search(r'kb:revision" content="([^"]+)"', page)
    assert revision is not None
    return revision[1]


@contextmanager
def serve(place: Path, environment: dict[str, str]) -> Iterator[Served]:
    """`kb serve` on a free port, once it says that a vote could be stored."""
    began = time.monotonic()
    trusting = {"KB_TRUSTED_PROXIES": "127.0.0.1/32"} | environment
    process = programs.start(
        programs.KB, "-C", str(place), "serve", "--port", "0", environment=trusting
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, "the service did not start"
        port = int(line.strip().rstrip("/").rpartition(":")[2])
        while _status(port) != http.client.OK:
            assert time.monotonic() < began + _START_SECONDS
            time.sleep(0.02)
        yield Served(process, port, time.monotonic() - began)
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _status(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()
