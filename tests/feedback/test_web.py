import itertools
import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Request, Response
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from sqlalchemy import select
from werkzeug.test import TestResponse

from feedback import schema, web
from feedback.database import Database
from feedback.express import Express
from feedback.model import ArticleKey, Outcome, Reason
from feedback.sealing import Seals, written
from feedback.visitors import Salts
from feedback.voting import Voter, Voting
from feedback.web import Edge, FormAnswer
from feedback.writer import Writer
from tests.feedback.builders import FIRST, KEY, NOW, count, publish
from tests.feedback.short_way import ahead_of

URL = "/api/v1/votes"
VOTE = {"article": KEY.article, "lang": KEY.lang, "revision": FIRST, "helpful": False}
LINK = "/f/" + written(bytes([1] * 16))
"""The first private link that a house gives away."""


@dataclass
class House:
    """An application around the routes, and what it heard from them."""

    client: FlaskClient
    app: OpenAPI
    db: Database
    judged: list[ArticleKey] = field(default_factory=list)
    shown: list[FormAnswer] = field(default_factory=list)
    fails_after_vote: bool = False
    wait: float = 0.0
    woken: int = 0

    def after_vote(self, key: ArticleKey) -> None:
        self.judged.append(key)
        if self.fails_after_vote:
            raise RuntimeError("the rule has a bug")

    def after_contact(self) -> None:
        self.woken += 1

    def show(self, answer: FormAnswer) -> Response:
        self.shown.append(answer)
        return Response(status=303)

    def post(self, body: object = None, **changes: object) -> TestResponse:
        """The vote with these changes as a browser sends it; None leaves a field out."""
        vote = {name: value for name, value in (VOTE | changes).items() if value is not None}
        return self.client.post(URL, json=body if body is not None else vote)

    def votes(self) -> int:
        with self.db.read() as connection:
            return count(connection, schema.votes)


@contextmanager
def house_of(
    db: Database, salts: Path, seals: Seals | None = None, *, short: bool = True
) -> Iterator[House]:
    """A house to which browsers write, by the short way where they can."""
    app = OpenAPI("tests", validation_error_callback=web.refuse, doc_ui=False)
    house = House(app.test_client(), app, db)
    house.client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    writer = Writer(db)
    draws = itertools.count(1)
    rules = Voting(
        writer=writer,
        salts=Salts(salts),
        clock=lambda: NOW,
        site="https://help.example.com",
        after_vote=house.after_vote,
        wait=lambda _address, said: 0.0 if not said else house.wait,
        seals=seals,
        after_contact=house.after_contact,
        randomness=lambda size: bytes([next(draws)]) * size,
    )
    app.register_api(web.blueprint(rules, Edge(voter=voter, show=house.show)))
    if short and writer.is_queue:
        app.wsgi_app = ahead_of(app.wsgi_app, Express(rules, address))  # type: ignore[assignment, method-assign]  # as Flask's manual says
    with closing(writer):
        yield house


def address(environ: Mapping[str, Any]) -> str:
    return str(environ.get("HTTP_X_TEST_ADDRESS", "192.0.2.7"))


def voter(request: Request) -> Voter:
    trusted = request.headers.get("Sec-Fetch-Site") == "same-origin"
    return Voter.of(request.environ, address(request.environ), trusted=trusted)


@pytest.fixture
def house(db: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    publish(db)
    with house_of(db, tmp_path_factory.mktemp("salts")) as house:
        yield house


@pytest.fixture
def writing_house(db: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that writes letters."""
    publish(db)
    with house_of(db, tmp_path_factory.mktemp("salts"), Seals(b"k" * 32)) as house:
        yield house


def problem(response: TestResponse) -> dict[str, object]:
    """The problem details of an answer, after a look at what all of them have."""
    assert response.content_type == "application/problem+json"
    details: dict[str, object] = json.loads(response.data)
    assert details["status"] == response.status_code
    assert {"type", "title", "detail", "remedy"} <= details.keys()
    return details


def test_a_vote_without_words_is_answered_with_its_outcome_and_no_receipt(house: House) -> None:
    response = house.post()

    assert (response.status_code, response.json) == (200, {"outcome": "counted", "receipt": None})
    assert house.votes() == 1


def test_a_remark_is_answered_with_a_private_link(house: House) -> None:
    answer = house.post(comment="Step three.").json or {}

    assert answer == {"outcome": "counted", "receipt": LINK}


def test_an_address_alone_is_answered_with_a_private_link_too(writing_house: House) -> None:
    answer = writing_house.post(contact="alice@example.org").json or {}

    assert (answer["outcome"], answer["receipt"][:3]) == ("counted", "/f/")
    assert writing_house.woken == 1


@pytest.mark.parametrize("contact", [None, "", "  "])
def test_who_leaves_no_address_is_not_written_to(writing_house: House, contact: str | None) -> None:
    answer = writing_house.post(contact=contact).json or {}

    assert (answer["receipt"], writing_house.woken) == (None, 0)


def test_an_address_is_refused_with_all_that_came_with_it_where_no_mail_is_sent(
    house: House,
) -> None:
    details = problem(house.post(contact="alice@example.org", comment="Step three."))

    assert (details["status"], details["type"]) == (409, "/problems/contact-not-taken")
    assert not house.votes()


def test_what_is_no_address_is_refused_with_all_that_came_with_it(writing_house: House) -> None:
    details = problem(writing_house.post(contact="alice@example.org\nBcc: bob@example.org"))

    assert (details["type"], details["field"]) == ("/problems/contact-malformed", "contact")
    assert not writing_house.votes()


def test_one_address_is_asked_three_times_a_day_by_whomever(writing_house: House) -> None:
    said = [
        writing_house.post(contact="Alice@example.org", device=f"device {number}")
        for number in range(4)
    ]

    assert [response.status_code for response in said] == [200, 200, 200, 422]
    assert problem(said[-1])["type"] == "/problems/too-many-letters"
    assert writing_house.votes() == 3


def test_everything_a_reader_says_is_stored(house: House) -> None:
    house.post(reason="wrong", comment="Step three.", search_id="f00d" * 8, via="search")

    votes, remarks = schema.votes.c, schema.remarks.c
    with house.db.read() as connection:
        assert [
            tuple(row)
            for row in connection.execute(select(votes.reason, votes.search, votes.via, votes.cast))
        ] == [(Reason.WRONG, "f00d" * 8, "search", NOW)]
        assert connection.execute(select(remarks.text)).scalar_one() == "Step three."


def test_nulls_mean_nothing_said(house: House) -> None:
    nothing = dict.fromkeys(("reason", "comment", "search_id", "via", "device"))

    assert house.post(VOTE | nothing).status_code == 200


def test_outcomes_are_honest(house: House) -> None:
    first = house.post()
    again = house.post()
    changed = house.post(helpful=True)
    held = house.client.post(URL, json=VOTE, headers={"Sec-Fetch-Site": "", "User-Agent": "curl"})

    assert [(response.json or {})["outcome"] for response in (first, again, changed, held)] == [
        "counted",
        "already_counted",
        "changed",
        "held",
    ]


def test_a_vote_sent_again_from_another_network_is_one_vote(house: House) -> None:
    house.post(device="c0ffee")

    again = house.client.post(
        URL,
        json=VOTE | {"device": "c0ffee"},
        headers={"X-Test-Address": "198.51.100.23", "User-Agent": "Firefox 2"},
    )

    assert (again.json or {})["outcome"] == "already_counted"
    assert house.votes() == 1


def test_colleagues_behind_one_address_count_apart_by_their_devices(house: House) -> None:
    answers = [house.post(device=name).json or {} for name in ("one", "two", "one")]

    assert [one["outcome"] for one in answers] == ["counted", "counted", "already_counted"]


def test_neither_address_nor_browser_is_stored(house: House) -> None:
    headers = {"X-Test-Address": "198.51.100.23", "User-Agent": "Planted/1.0"}
    house.client.post(URL, json=VOTE, headers=headers)

    with house.db.read() as connection:
        (row,) = connection.execute(select(schema.votes))
    assert "198.51.100" not in str(row)
    assert "Planted" not in str(row)


def test_the_application_judges_the_article_after_the_vote(house: House) -> None:
    house.post()

    assert house.judged == [KEY]


def test_a_vote_counts_though_what_follows_it_fails(house: House) -> None:
    house.fails_after_vote = True

    assert house.post().status_code == 200
    assert house.votes() == 1


def test_who_says_too_much_is_told_when_to_come_again(house: House) -> None:
    house.wait = 19.2

    response = house.post(comment="Once more.")

    details = problem(response)
    assert (details["status"], details["type"]) == (429, "/problems/too-many-requests")
    assert response.headers["Retry-After"] == "20"
    assert not house.votes()


def test_an_unknown_article_is_a_404_that_names_the_field(house: House) -> None:
    details = problem(house.post(article="shipping"))

    assert (
        details["status"],
        details["type"],
        details["field"],
    ) == (404, "/problems/unknown-article", "article")


def test_an_unknown_revision_is_a_409_that_says_to_reload(house: House) -> None:
    details = problem(house.post(revision="ffffffffffff"))

    assert (
        details["status"],
        details["type"],
        details["field"],
    ) == (409, "/problems/unknown-revision", "revision")
    assert "Reload the page" in str(details["remedy"])


def test_a_comment_that_is_too_long_is_a_422_that_says_the_limit(house: House) -> None:
    details = problem(house.post(comment="x" * 1_001))

    assert (
        details["status"],
        details["type"],
        details["field"],
    ) == (422, "/problems/remark-too-long", "comment")
    assert "at most 1,000" in str(details["detail"])


@pytest.mark.parametrize(
    ("field_name", "value"),
    [
        ("article", ""),
        ("article", "a\0b"),
        ("article", "\ud800"),
        ("article", 7),
        ("lang", "x" * 36),
        ("revision", "x" * 65),
        ("helpful", "yes"),
        ("helpful", 1),
        ("reason", "because"),
        ("search_id", "4111 1111 1111 1111"),
        ("via", "alice@example.org"),
        ("device", "x" * 65),
        ("contact", "x" * 255),
        ("visitor", "somebody else"),
    ],
)
def test_a_malformed_field_is_a_422_that_names_it(
    house: House, field_name: str, value: object
) -> None:
    details = problem(house.post(**{field_name: value}))

    assert (422, field_name) == (details["status"], details["field"])
    assert not house.votes()


@pytest.mark.parametrize("name", ["article", "lang", "revision", "helpful"])
def test_a_missing_field_is_a_422_that_names_it(house: House, name: str) -> None:
    details = problem(house.post(**{name: None}))

    assert (422, name) == (details["status"], details["field"])


@pytest.mark.parametrize("body", [[], "vote", 7, [VOTE]])
def test_json_that_is_no_object_is_a_422(house: House, body: object) -> None:
    assert problem(house.post(body))["status"] == 422


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"{'article': 1}", b"[" * 8_000, b"9" * 8_000, b"null,"]
)
def test_what_is_not_json_is_a_400(house: House, body: bytes) -> None:
    response = house.client.post(URL, data=body, content_type="application/json")

    assert problem(response)["status"] in {400, 422}
    assert not house.votes()


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"],
)
def test_another_type_than_json_is_a_415(house: House, content_type: str) -> None:
    response = house.client.post(URL, data=json.dumps(VOTE), content_type=content_type)

    assert problem(response)["status"] == 415
    assert not house.votes()


def test_a_body_over_eight_kilobytes_is_a_413(house: House) -> None:
    assert problem(house.post(comment="x" * 100_000))["status"] == 413
    assert not house.votes()


def test_a_comment_of_the_longest_letters_fits_into_the_body(house: House) -> None:
    body = json.dumps(VOTE | {"comment": "\N{PARTY POPPER}" * 1_000}, ensure_ascii=False)

    response = house.client.post(URL, data=body.encode(), content_type="application/json")

    assert response.status_code == 200


def test_a_vote_is_never_cast_by_looking(house: House) -> None:
    assert house.client.get(URL, query_string=VOTE).status_code == 405
    assert house.client.get("/feedback", query_string=VOTE).status_code == 405
    assert not house.votes()


@pytest.fixture
def refusing(sqlite_db: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose database takes nothing more."""
    publish(sqlite_db)
    with sqlite_db.write() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    with house_of(sqlite_db, tmp_path_factory.mktemp("salts")) as house:
        yield house


def test_a_database_that_refuses_is_a_503_and_never_a_success(refusing: House) -> None:
    response = refusing.post()

    details = problem(response)
    assert (details["status"], details["type"]) == (503, "/problems/unavailable")
    assert response.headers["Retry-After"] == "5"
    assert "kb.db" not in response.text
    assert not refusing.votes()


FORM = {"article": KEY.article, "lang": KEY.lang, "revision": FIRST, "helpful": "no"}


def send(house: House, **changes: str) -> FormAnswer:
    """A plain form with these changes, and what its sender is shown."""
    response = house.client.post("/feedback", data=FORM | changes)
    assert response.status_code == 303
    return house.shown[-1]


def test_a_form_without_javascript_votes_the_same_way(house: House) -> None:
    answer = send(house, reason="outdated", comment="It moved.", submit="Send")

    assert answer == FormAnswer(
        KEY.article,
        KEY.lang,
        helpful=False,
        said=True,
        outcome=Outcome.COUNTED,
        receipt=LINK,
    )
    assert house.votes() == 1


def test_a_form_with_empty_fields_says_nothing_by_them(house: House) -> None:
    answer = send(house, helpful="yes", reason="", comment="", via="")

    assert FormAnswer(KEY.article, KEY.lang, helpful=True, outcome=Outcome.COUNTED) == answer


def test_form_and_widget_are_one_vote(house: House) -> None:
    house.post()

    assert Outcome.ALREADY_COUNTED is send(house).outcome


def test_a_comment_in_a_form_may_look_like_a_number(house: House) -> None:
    assert Outcome.COUNTED is send(house, comment="123").outcome


def test_a_form_takes_a_comment_of_the_longest_letters(house: House) -> None:
    assert Outcome.COUNTED is send(house, comment="\N{PARTY POPPER}" * 1_000).outcome


@pytest.mark.parametrize(
    ("changes", "name", "status"),
    [
        ({"article": "shipping"}, "unknown-article", 404),
        ({"revision": "ffff"}, "unknown-revision", 409),
        ({"comment": "x" * 1_001}, "remark-too-long", 422),
        ({"comment": "x" * 20_000}, "content-too-large", 413),
        ({"helpful": "perhaps"}, "invalid-request", 422),
        ({"helpful": ""}, "invalid-request", 422),
        ({"reason": "because"}, "invalid-request", 422),
    ],
)
def test_a_form_is_checked_like_the_widget(
    house: House, changes: dict[str, str], name: str, status: int
) -> None:
    shown = send(house, **changes).problem

    assert shown
    assert (name, status) == (shown.name, shown.status)
    assert not house.votes()


def test_a_form_of_another_type_is_refused(house: House) -> None:
    house.client.post("/feedback", json=VOTE)

    shown = house.shown[-1].problem
    assert shown
    assert shown.status == 415
    assert not house.votes()


def test_a_form_is_told_when_the_database_refuses(refusing: House) -> None:
    shown = send(refusing).problem

    assert shown
    assert (shown.name, shown.status) == ("unavailable", 503)


def test_the_description_names_every_answer(house: House) -> None:
    operation = house.app.api_doc["paths"][URL]["post"]

    assert {"200", "400", "404", "409", "413", "415", "422", "503"} <= operation["responses"].keys()
    assert "/feedback" not in house.app.api_doc["paths"]
