"""Files and answers go out in fewer bytes, and only once."""

import gzip
import os
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, jsonify
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from answerloop.web import packing
from answerloop.web.packing import Shelf

WORDS = "Send the parcel back within thirty days. " * 100
GZIP = {"Accept-Encoding": "gzip, br"}


class _Closing(FlaskClient):
    """Reads each answer whole, so that no file stays open."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        return super().open(*args, **options | {"buffered": True})


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "page.html"
    file.write_text(WORDS, encoding="utf-8")
    return file


@pytest.fixture
def client(page: Path) -> FlaskClient:
    app = Flask(__name__, static_folder=None)
    packing.install(app)

    @app.get("/<name>")
    def send(name: str) -> Response:
        return packing.send(page.parent / name)

    @app.get("/api/search")
    def search() -> Response:
        answer = jsonify(text=WORDS)
        answer.set_etag("made")
        return answer

    @app.get("/desk/queue")
    def queue() -> str:
        return WORDS

    return _Closing(app)


def test_a_page_is_packed_for_who_takes_it_and_plain_for_others(client: FlaskClient) -> None:
    packed = client.get("/page.html", headers=GZIP)
    plain = client.get("/page.html", headers={"Accept-Encoding": "gzip;q=0"})

    assert gzip.decompress(packed.data).decode() == WORDS == plain.text
    assert (packed.headers["Content-Encoding"], packed.headers["Content-Type"]) == (
        "gzip",
        "text/html; charset=utf-8",
    )
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(WORDS)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert packed.headers["ETag"] != plain.headers["ETag"]


@pytest.mark.parametrize("accept", [GZIP, {}])
def test_what_a_browser_has_already_is_not_sent_again(
    client: FlaskClient, accept: dict[str, str]
) -> None:
    first = client.get("/page.html", headers=accept)

    again = client.get("/page.html", headers=accept | {"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert (again.headers["Vary"], again.headers["ETag"]) == (
        "Accept-Encoding",
        first.headers["ETag"],
    )


def test_the_same_content_has_the_same_mark_in_the_next_build_and_other_content_another(
    client: FlaskClient, page: Path
) -> None:
    first = client.get("/page.html", headers=GZIP)

    os.utime(page, (1, 1))
    rebuilt = client.get("/page.html", headers=GZIP)
    page.write_text(WORDS + "Or sixty.", encoding="utf-8")
    edited = client.get("/page.html", headers=GZIP)

    assert first.headers["ETag"] == rebuilt.headers["ETag"] != edited.headers["ETag"]
    assert gzip.decompress(edited.data).decode().endswith("Or sixty.")


def test_a_part_is_a_part_of_the_plain_file(client: FlaskClient) -> None:
    part = client.get("/page.html", headers=GZIP | {"Range": "bytes=0-3"})

    assert (part.status_code, part.data) == (206, b"Send")
    assert "Content-Encoding" not in part.headers


def test_a_head_says_what_a_get_would_send(client: FlaskClient) -> None:
    get, head = (method("/page.html", headers=GZIP) for method in (client.get, client.head))

    assert head.data == b""
    assert [head.headers[name] for name in ("Content-Length", "ETag", "Content-Encoding")] == [
        get.headers[name] for name in ("Content-Length", "ETag", "Content-Encoding")
    ]


def test_what_is_packed_already_or_too_short_goes_out_as_it_is(
    client: FlaskClient, page: Path
) -> None:
    (page.parent / "picture.png").write_bytes(bytes(5_000))
    (page.parent / "short.css").write_text("a{}", encoding="utf-8")
    (page.parent / "old.html.gz").write_bytes(gzip.compress(WORDS.encode()))

    answers = [
        client.get(path, headers=GZIP) for path in ("/picture.png", "/short.css", "/old.html.gz")
    ]

    assert [answer.data for answer in answers] == [
        bytes(5_000),
        b"a{}",
        (page.parent / "old.html.gz").read_bytes(),
    ]


def test_an_address_that_names_its_content_is_kept_for_good_and_no_other(
    client: FlaskClient,
) -> None:
    mark = client.get("/page.html").headers["ETag"].strip('"')[: packing.MARK_LENGTH]

    kept = client.get(f"/page.html?v={mark}")
    others = [client.get(f"/page.html{query}") for query in ("?v=00000000", "?v=", "")]

    assert kept.headers["Cache-Control"] == packing.FOR_GOOD
    assert all("immutable" not in other.headers.get("Cache-Control", "") for other in others)


def test_an_answer_to_a_program_is_packed_with_a_weak_mark(client: FlaskClient) -> None:
    packed = client.get("/api/search", headers=GZIP)

    assert WORDS in gzip.decompress(packed.data).decode()
    assert packed.headers["ETag"] == 'W/"made"'
    assert packed.headers["Vary"] == "Accept-Encoding"


def test_what_is_staffs_or_one_readers_is_never_packed(client: FlaskClient) -> None:
    queue = client.get("/desk/queue", headers=GZIP)
    signed_in = client.get("/api/search", headers=GZIP | {"Authorization": "Bearer key"})

    assert "Content-Encoding" not in queue.headers
    assert "Content-Encoding" not in signed_in.headers


def test_the_shelf_lets_go_of_what_was_asked_for_least_lately(tmp_path: Path) -> None:
    app = Flask(__name__)
    shelf = Shelf(room=3_000)
    for number in range(50):
        (tmp_path / f"{number}.html").write_text(f"{number} {WORDS}", encoding="utf-8")

    with app.test_request_context(headers=GZIP):
        sent = [shelf.send(tmp_path / f"{number % 50}.html") for number in range(200)]
        for response in sent:
            response.close()

    assert shelf.weight <= 3_000
