"""The HTTP interface answers as its own OpenAPI description says, whatever is sent."""

from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

from tests.journeys.shop import BROWSER, Shop

STAFF_PATHS = (
    "/api/v1/desk/search",
    "/api/v1/articles/{lang}/{article}/reply",
    "/api/v1/reports",
    "/api/v1/gaps",
    "/api/v1/reuse",
)
PATHS = (
    "/api/v1/search",
    "/api/v1/suggest",
    "/api/v1/votes",
    "/api/v1/events",
    "/api/v1/questions",
)


# By itself it takes 413, which says that a body is too large, for an acceptance.
TOO_LARGE_IS_REFUSED = {
    "checks": {"negative_data_rejection": {"expected-statuses": ["4xx", "503"]}}
}


@pytest.fixture(scope="session")
def described(served_shop: Shop) -> Any:
    return schemathesis.openapi.from_url(
        f"{served_shop.address}/api/v1/openapi.json",
        config=SchemathesisConfig.from_dict(TOO_LARGE_IS_REFUSED),
    )


@pytest.fixture(scope="session")
def staff(served_shop: Shop) -> dict[str, str]:
    """The headers of somebody who is signed in."""
    with served_shop.client() as client:
        form = {"name": "admin", "password": served_shop.password}
        assert client.post("/desk/login", data=form).status_code == 303
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return {**BROWSER, "Cookie": cookie}


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_one_that_the_description_names(
    described: Any, path: str, mode: GenerationMode
) -> None:
    for operation in operations(described, path):
        check(operation, mode, BROWSER, examples=60)


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("path", STAFF_PATHS)
def test_staff_are_answered_as_the_description_says(
    described: Any, staff: dict[str, str], path: str, mode: GenerationMode
) -> None:
    for operation in operations(described, path):
        check(operation, mode, staff, examples=25)


def operations(described: Any, path: str) -> list[Any]:
    found = [each.ok() for each in described.get_all_operations()]
    return [operation for operation in found if operation.path == path]


def check(operation: Any, mode: GenerationMode, headers: dict[str, str], *, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def attempt(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(headers=headers)

    attempt()


def test_a_method_that_is_not_offered_is_refused_as_a_problem(served_shop: Shop) -> None:
    answer = httpx.get(f"{served_shop.address}/api/v1/votes")

    assert answer.status_code == 405
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_description_is_openapi_and_names_every_public_route(served_shop: Shop) -> None:
    description = httpx.get(f"{served_shop.address}/api/v1/openapi.json").json()

    assert description["openapi"].startswith("3.1")
    assert set(description["paths"]) == {*PATHS, *STAFF_PATHS, "/f/{token}"}
