"""Votes that no thread waits for: in order with other requests, and in nobody's way."""

import json
import re
import socket
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from answerloop.web import guards, server
from feedback import database, schema
from feedback.database import Database
from feedback.express import Express
from feedback.visitors import Salts
from feedback.voting import PATH, Voting
from feedback.writer import Writer
from tests.feedback.builders import FIRST, KEY, NOW, count, publish

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

VOTE = {"article": KEY.article, "lang": KEY.lang, "revision": FIRST, "helpful": True}


def application(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
    """Says what it was asked, so that it can be told who answered; at `/long` at great length."""
    said = f"the application: {environ['PATH_INFO']}".encode() + environ["wsgi.input"].read()
    if environ["PATH_INFO"] == "/long":
        said *= 500_000  # more than waits to be sent in a system's buffers
    start("200 OK", [("Content-Length", str(len(said)))])
    return [said]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with closing(database.open(f"sqlite:///{tmp_path_factory.mktemp('db')}/kb.db")) as opened:
        opened.upgrade()
        publish(opened)
        yield opened


@pytest.fixture(scope="module")
def address(db: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Where a server with one thread takes votes."""
    listener = server.listen("127.0.0.1", 0)
    with closing(Writer(db)) as writer:
        rules = Voting(
            writer=writer,
            salts=Salts(tmp_path_factory.mktemp("salts")),
            clock=lambda: NOW,
            site="https://help.example.com",
            after_vote=lambda _: None,
            wait=lambda _address, _said: 0.0,
        )
        votes = Express(rules, lambda request: str(request["REMOTE_ADDR"]))
        serving = server.around(application, listener, threads=1, votes=votes)
        thread = threading.Thread(target=serving.run, daemon=True)
        thread.start()
        yield listener.getsockname()
        serving.close()
        thread.join(10)


@pytest.fixture
def client(address: Any) -> Iterator[socket.socket]:
    with socket.create_connection(address, timeout=30) as client:
        yield client


def vote(device: str, version: str = "1.1", **headers: str) -> bytes:
    body = json.dumps(VOTE | {"device": device})
    given = {
        "Host": "localhost",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Sec-Fetch-Site": "same-origin",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"POST {PATH} HTTP/{version}", *(f"{name}: {said}" for name, said in given.items())]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def read(client: socket.socket) -> tuple[str, str]:
    """Head and body of the next answer."""
    with client.makefile("rb", buffering=0) as stream:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += stream.read(1) or b""
        length = int(re.findall(rb"Content-Length: (\d+)", head)[0])
        body = b""
        while len(body) < length:
            body += stream.read(length - len(body)) or b""
    return head.decode(), body.decode()


def votes(db: Database) -> int:
    with db.read() as connection:
        return count(connection, schema.votes)


def test_a_vote_is_answered_with_the_headers_of_every_answer(
    client: socket.socket, db: Database
) -> None:
    before = votes(db)
    client.sendall(vote("headers"))

    head, body = read(client)

    assert head.startswith("HTTP/1.1 200 OK\r\n")
    assert json.loads(body) == {"outcome": "counted", "receipt": None}
    assert all(f"{name}: {value}" in head for name, value in guards.HARDENING)
    assert votes(db) == before + 1


def test_votes_and_other_requests_in_one_packet_are_answered_in_their_order(
    client: socket.socket,
) -> None:
    page = b"GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n"
    foreign = vote("order", Sec_Fetch_Site="cross-site")
    client.sendall(page + vote("order") + vote("order") + page + foreign + vote("order"))

    said = [read(client)[1] for _ in range(6)]

    again = {"outcome": "already_counted", "receipt": None}
    assert [said[0], said[3]] == ["the application: /page"] * 2
    assert [json.loads(said[place]) for place in (2, 5)] == [again] * 2
    assert json.loads(said[1])["outcome"] == "counted"
    assert said[4].startswith(f"the application: {PATH}{{")


@pytest.mark.parametrize("end", [{"version": "1.0"}, {"Connection": "close"}])
def test_who_wants_no_second_answer_is_hung_up_on(
    client: socket.socket, end: dict[str, str]
) -> None:
    client.sendall(vote("last", **end))

    head, _ = read(client)

    assert "Connection: close" in head
    assert client.recv(1) == b""


def test_a_vote_that_came_in_pieces_is_read_whole(client: socket.socket) -> None:
    request = vote("pieces")
    for place in range(0, len(request), 40):
        client.sendall(request[place : place + 40])

    assert json.loads(read(client)[1])["outcome"] in {"counted", "held"}


def test_votes_that_wait_for_the_database_keep_nobody_else_waiting(
    address: Any, client: socket.socket, db: Database
) -> None:
    other = sqlite3.connect(db.place, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    voters = [socket.create_connection(address, timeout=30) for _ in range(5)]
    for number, voter in enumerate(voters):
        voter.sendall(vote(f"waiting {number}"))
    client.sendall(b"GET /meanwhile HTTP/1.1\r\nHost: localhost\r\n\r\n")

    meanwhile = read(client)[1]
    other.close()
    outcomes = [json.loads(read(voter)[1])["outcome"] for voter in voters]
    for voter in voters:
        voter.close()

    assert meanwhile == "the application: /meanwhile"
    assert set(outcomes) <= {"counted", "held"}


def test_who_hangs_up_before_the_answer_has_voted_all_the_same(address: Any, db: Database) -> None:
    before = votes(db)
    other = sqlite3.connect(db.place, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with socket.create_connection(address, timeout=30) as leaving:
        leaving.sendall(vote("leaving"))
    other.close()
    with socket.create_connection(address, timeout=30) as staying:
        staying.sendall(vote("staying"))
        read(staying)

    assert votes(db) == before + 2


def test_who_reads_no_answer_keeps_nobody_from_voting(address: Any, client: socket.socket) -> None:
    with socket.create_connection(address, timeout=30) as deaf:
        deaf.sendall(b"GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n" + vote("deaf") * 3)
        client.sendall(vote("hearing"))

        assert json.loads(read(client)[1])["outcome"] in {"counted", "held"}
