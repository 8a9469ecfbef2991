"""`GET /api/v1/search`: the answer that the manual describes, or a problem with its remedy."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI

from search import web
from search.reader import Reader
from tests.search.building import KEY, article, publish

Client = Callable[[], FlaskClient]


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with Reader(tmp_path, key=KEY) as reader:
        yield reader


@pytest.fixture
def client(reader: Reader) -> FlaskClient:
    seconds = count()
    numbers = count(1)
    app = OpenAPI(__name__, validation_error_callback=web.refuse)
    app.register_api(
        web.blueprint(
            reader,
            new_id=lambda: f"{next(numbers):032x}",
            clock=lambda: next(seconds) * 0.0025,
        )
    )
    return app.test_client()


def test_the_answer_has_every_field(tmp_path: Path, client: FlaskClient) -> None:
    publish(tmp_path, article("refund", "Refund", "Ask <us>.", tags=("money",)))

    answer = client.get("/api/v1/search?q=refund%20us&lang=en")

    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    body = answer.get_json()
    assert body["results"][0].pop("score") > 0
    assert {
        "query": "refund us",
        "lang": "en",
        "total": 1,
        "took_ms": 2.5,
        "corrected": None,
        "likelier": None,
        "nearest": [],
        "search_id": f"{1:032x}",
        "results": [
            {
                "id": "refund",
                "lang": "en",
                "title": "Refund",
                "url": "/en/refund/",
                "anchor": "",
                "excerpt": "Ask &lt;<mark>us</mark>&gt;.",
                "tags": ["money"],
                "breadcrumbs": [],
                "kind": "faq",
                "updated": None,
            }
        ],
    } == body


def test_pages_and_tags_are_passed_on(tmp_path: Path, client: FlaskClient) -> None:
    publish(
        tmp_path, *(article(name, "Order", tags=("t",)) for name in "abc"), article("d", "Order")
    )

    answer = client.get("/api/v1/search?q=order&tag=T&limit=1&offset=1").get_json()

    assert answer["total"] == 3
    assert [hit["id"] for hit in answer["results"]] == ["b"]


@pytest.mark.parametrize("rest", ["q=", "q=%28%28%28%28", "q=order&lang=tlh", "q=%00"])
def test_what_finds_nothing_is_an_empty_answer(
    tmp_path: Path, client: FlaskClient, rest: str
) -> None:
    publish(tmp_path, article("a", "Order"))

    answer = client.get(f"/api/v1/search?{rest}")

    assert (
        answer.status_code,
        answer.get_json()["total"],
        answer.get_json()["results"],
    ) == (200, 0, [])


def test_five_thousand_words_are_answered_as_far_as_they_are_read(
    tmp_path: Path, client: FlaskClient
) -> None:
    publish(tmp_path, article("a", "Order"))

    answer = client.get("/api/v1/search", query_string={"q": "order " * 5_000}).get_json()

    assert answer["total"] == 1
    assert len(answer["query"]) <= 200


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ("", "q"),
        ("q=a&limit=0", "limit"),
        ("q=a&limit=51", "limit"),
        ("q=a&limit=ten", "limit"),
        ("q=a&offset=-1", "offset"),
        ("q=a&offset=1001", "offset"),
    ],
)
def test_a_parameter_out_of_its_limits_is_named(
    client: FlaskClient, parameters: str, field: str
) -> None:
    answer = client.get(f"/api/v1/search?{parameters}")

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert field == answer.get_json(force=True)["field"]
    assert {"type", "title", "status", "detail", "field", "remedy"} == set(
        answer.get_json(force=True)
    )


def test_without_an_index_the_problem_says_so(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=order")

    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.get_json(force=True)["type"] == "/problems/no-index"
    assert "kb build" in answer.get_json(force=True)["remedy"]


def test_an_equal_question_to_the_same_build_is_not_answered_twice(
    tmp_path: Path, client: FlaskClient
) -> None:
    publish(tmp_path, article("a", "Order"), build="one")
    first = client.get("/api/v1/search?q=order")
    tag = {"If-None-Match": first.headers["ETag"]}

    again = client.get("/api/v1/search?q=order", headers=tag)
    other = client.get("/api/v1/search?q=orders", headers=tag)
    publish(tmp_path, article("a", "Order"), build="two")
    rebuilt = client.get("/api/v1/search?q=order", headers=tag)

    assert first.headers["Cache-Control"] == "private, max-age=30"
    assert (again.status_code, again.data) == (304, b"")
    assert (other.status_code, rebuilt.status_code) == (200, 200)


def test_what_is_typed_is_suggested(tmp_path: Path, client: FlaskClient) -> None:
    publish(tmp_path, article("refund", "How do I get a refund?"))

    answer = client.get("/api/v1/suggest?q=refu&lang=en&limit=3")

    assert answer.get_json() == {
        "query": "refu",
        "lang": "en",
        "suggestions": [
            {
                "text": "How do I get a refund?",
                "id": "refund",
                "lang": "en",
                "url": "/en/refund/",
            }
        ],
    }
    assert answer.headers["Cache-Control"] == "private, max-age=300"


def test_suggestions_without_an_index_are_a_problem(client: FlaskClient) -> None:
    assert client.get("/api/v1/suggest?q=a").status_code == 503


def test_the_interface_describes_itself(client: FlaskClient) -> None:
    described = client.get("/openapi/openapi.json").get_json()["paths"]["/api/v1/search"]["get"]

    assert [parameter["name"] for parameter in described["parameters"]] == [
        "q",
        "lang",
        "tag",
        "limit",
        "offset",
    ]
    assert list(described["responses"]["503"]["content"]) == ["application/problem+json"]
    assert {"200", "304", "422", "429", "503"} == set(described["responses"])
