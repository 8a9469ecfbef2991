"""What is answered at an address at which nothing stands, or nothing any more."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from flask.testing import FlaskClient

from answerloop.web.service import Service
from tests import applications
from tests.answerloop.builders import NOW, built, repository
from tests.answerloop.builders import with_front_matter as fm

CONTENTS = {
    "en/a.md": fm("id: a\ntitle: A", "Text.\n"),
    "de/a.md": fm("id: a\ntitle: A", "Text.\n"),
    "de/alt.md": fm("id: old\ntitle: Alt\nstate: archived", "Fax.\n"),
    "de/umgezogen.md": fm("id: moved\ntitle: Alt\nstate: archived", "Fax.\n"),
    "de/neu.md": fm("id: new\ntitle: Neu\nredirect_from: [/de/umgezogen/]", "Text.\n"),
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    known = repository(tmp_path_factory.mktemp("addresses"), CONTENTS)
    built(known)
    with closing(Service.open(known, lambda: NOW)) as service:
        yield applications.around(service).test_client()


@pytest.mark.parametrize(
    ("path", "lang"), [("/de/nichts/", "de"), ("/en/nothing", "en"), ("/nothing/", "en")]
)
def test_what_is_not_there_is_said_in_the_language_of_the_address(
    client: FlaskClient, path: str, lang: str
) -> None:
    answer = client.get(path, headers={"Accept": "text/html", "Accept-Language": "fr"})

    assert answer.status_code == 404
    assert f'<html lang="{lang}"' in answer.text


def test_an_archived_article_is_gone_and_says_so(client: FlaskClient) -> None:
    answer = client.get("/de/alt/", headers={"Accept": "text/html"})

    assert answer.status_code == 410
    assert "Diesen Artikel gibt es hier nicht mehr" in answer.text
    assert "Fax" not in answer.text


def test_the_permalink_of_an_archived_article_leads_to_its_notice(client: FlaskClient) -> None:
    answer = client.get("/a/old")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/de/alt/")


def test_the_successor_of_an_archived_article_takes_its_address(client: FlaskClient) -> None:
    answer = client.get("/de/umgezogen/")

    assert (answer.status_code, answer.headers["Location"]) == (301, "/de/neu/")
