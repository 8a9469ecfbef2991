"""A line of the access log tells no query, no whole address, no secret; nor does an error."""

import logging
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from answerloop.sections import ServerSettings
from answerloop.web.service import Service
from tests import applications
from tests.answerloop.builders import NOW, built, repository

TOKEN = "Zx81_kd92-JmQ4w7Ls0pTg"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    known = repository(tmp_path, {"en/a.md": "# A\n"})
    built(known)
    server = ServerSettings(access_log=True, trusted_proxies=("127.0.0.1/32",))
    with closing(Service.open(replace(known, server=server), lambda: NOW)) as service:
        yield applications.around(service)


def asked(
    app: Flask, caplog: pytest.LogCaptureFixture, path: str, address: str = "203.0.113.77"
) -> str:
    """What the log says of this request."""
    with caplog.at_level(logging.INFO, "answerloop.access"):
        app.test_client().get(path, headers={"X-Forwarded-For": address})
    return "\n".join(caplog.messages)


def test_a_line_is_in_the_common_log_format(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    line = asked(app, caplog, "/livez?who=me")

    assert line == ('203.0.113.0 - - [03/Nov/2026:09:30:00 +0000] "GET /livez HTTP/1.1" 200 16')


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("2001:db8:77:1::beef", "2001:db8:77::"),
        ("::ffff:203.0.113.77", "203.0.113.0"),
    ],
)
def test_of_an_address_the_network_is_left(
    app: Flask, caplog: pytest.LogCaptureFixture, address: str, shown: str
) -> None:
    line = asked(app, caplog, "/livez", address)

    assert line.startswith(f"{shown} - - ")


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (f"/f/{TOKEN}", "/f/-"),
        (f"/f/{TOKEN}/more", "/f/-"),
        ("/en/me@example.com/", "/en/[e-mail]/"),
        ("/en/%0a127.0.0.1%20-%20-/", "/en/%0A"),
        ("/en/%22%20200/", "/en/%22%20200/"),
        ("/en/%ff/", "/en/"),
    ],
)
def test_of_a_path_no_secret_and_no_personal_data_is_left(
    app: Flask, caplog: pytest.LogCaptureFixture, path: str, shown: str
) -> None:
    line = asked(app, caplog, path)

    assert f'"GET {shown}' in line
    assert TOKEN not in line
    assert len(line.splitlines()) == 1


def test_an_argument_named_token_is_not_in_the_line_of_an_error(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    @app.get("/somewhere/<token>")
    def fail(token: str) -> str:
        raise ValueError(len(token))

    said = asked(app, caplog, f"/somewhere/{TOKEN}?q=1")

    assert "Exception on /somewhere/- [GET]" in said
    assert '"GET /somewhere/- HTTP/1.1" 500 ' in said
    assert TOKEN not in caplog.text


def test_without_the_setting_nothing_is_noted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    known = repository(tmp_path, {"en/a.md": "# A\n"})
    built(known)
    with closing(Service.open(known, lambda: NOW)) as service:
        said = asked(applications.around(service), caplog, "/livez")

    assert said == ""
