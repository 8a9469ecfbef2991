"""The routes and the field that letters brought answer as their description says."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.generation import GenerationMode

from tests.journeys.shop import BROWSER
from tests.letters.house import House


@pytest.mark.parametrize(
    ("method", "path", "mode"),
    [
        ("POST", "/api/v1/votes", GenerationMode.POSITIVE),
        ("GET", "/f/{token}", GenerationMode.POSITIVE),
        ("POST", "/f/{token}", GenerationMode.POSITIVE),
        ("POST", "/f/{token}", GenerationMode.NEGATIVE),
    ],
)
def test_every_answer_is_one_that_the_description_names(
    letters: House, method: str, path: str, mode: GenerationMode
) -> None:
    described: Any = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", letters.app)
    operations = [found.ok() for found in described.get_all_operations()]
    operation = next(one for one in operations if (one.method.upper(), one.path) == (method, path))

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def attempt(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(headers=BROWSER)

    attempt()


def test_the_description_names_the_contact_and_the_private_page(letters: House) -> None:
    described = letters.browser().get("/api/v1/openapi.json").json or {}

    vote = described["components"]["schemas"]["VoteRequest"]["properties"]
    assert "deleted" in vote["contact"]["description"]
    assert set(described["paths"]["/f/{token}"]) == {"get", "post"}
    assert set(described["paths"]["/f/{token}"]["post"]["responses"]) >= {
        "200",
        "303",
        "404",
        "422",
        "503",
    }
