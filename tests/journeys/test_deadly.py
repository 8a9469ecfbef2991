"""No query kills the search: each of the thirty is answered, and says what is wrong if it is."""

import json
from random import Random

import pytest

from tests.journeys import deadly
from tests.journeys.shop import Shop


def test_there_are_thirty_of_them() -> None:
    assert len(deadly.QUERIES) == 30


@pytest.mark.parametrize("door", deadly.DOORS)
@pytest.mark.parametrize("name", deadly.QUERIES)
def test_a_query_of_death_is_answered(served_shop: Shop, name: str, door: str) -> None:
    query = deadly.QUERIES[name](Random(name))  # noqa: S311 -- the same attack each time

    status, body = deadly.ask(served_shop.address, f"{door}?{query}")

    if door.startswith("/api/"):
        assert_valid(status, json.loads(body))
    elif status == 302:
        assert "offset" in query
    else:
        assert (status, body.count(b"<!doctype html>")) == (200, 1)


def assert_valid(status: int, answer: dict[str, object]) -> None:
    """The answer to a search, or a problem with the parameter at fault and the remedy."""
    if status == 200:
        assert "results" in answer or "suggestions" in answer
        assert len(str(answer["query"])) <= 200
    else:
        assert (status, answer["status"]) == (422, 422)
        assert answer["field"] in {"limit", "offset"}
        assert answer["remedy"]
