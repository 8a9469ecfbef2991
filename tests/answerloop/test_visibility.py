"""Who may see an article; what is not understood is never published."""

import pytest

from answerloop.errors import ArticleError, Finding
from answerloop.visibility import Audience, State
from tests.answerloop.builders import article, parsed, with_front_matter


def problem(line: str) -> Finding:
    with pytest.raises(ArticleError) as caught:
        article(with_front_matter(f"title: A\n{line}"))
    return caught.value.finding


@pytest.mark.parametrize(
    ("state", "audience", "published"),
    [
        ("validated", "public", True),
        ("not-validated", "public", True),
        ("work-in-progress", "public", False),
        ("archived", "public", False),
        ("validated", "internal", False),
        ("not-validated", "internal", False),
        ("archived", "internal", False),
    ],
)
def test_only_public_articles_that_are_finished_are_published(
    state: str, audience: str, *, published: bool
) -> None:
    found = article(with_front_matter(f"state: {state}\naudience: {audience}"))

    assert published == found.is_published


@pytest.mark.parametrize("written", ["internal", "Internal", "INTERNAL", "' internal '"])
def test_an_audience_may_be_written_in_capitals(written: str) -> None:
    assert article(with_front_matter(f"audience: {written}")).audience is Audience.INTERNAL


@pytest.mark.parametrize(
    "line",
    [
        "audience: interal",
        "audience: private",
        "audience: internal, agents",
        "audience: [internal]",
        "audience: {internal: true}",
        "audience: yes",
        "audience: [public]",
    ],
)
def test_an_audience_that_is_not_understood_is_an_error_with_its_line(line: str) -> None:
    found = problem(line)

    assert (found.line, found.level) == (3, "error")
    assert "`public` or `internal`" in found.remedy


@pytest.mark.parametrize("key", ["Audience", "AUDIENCE", "audiance", "audence", "audiences"])
def test_a_misspelt_audience_is_an_error_when_it_says_internal(key: str) -> None:
    assert problem(f"{key}: internal").line == 3


@pytest.mark.parametrize(
    "line", ["audience:", 'audience: ""', "audiences: [a]", "author: internal"]
)
def test_an_article_without_an_audience_is_public(line: str) -> None:
    found, findings = parsed(with_front_matter(line))

    assert (found.audience, findings) == (Audience.PUBLIC, [])


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("Work in progress", State.WORK_IN_PROGRESS),
        ("work_in_progress", State.WORK_IN_PROGRESS),
        ("draft", State.WORK_IN_PROGRESS),
        ("WIP", State.WORK_IN_PROGRESS),
        ("Not validated", State.NOT_VALIDATED),
        ("Archived", State.ARCHIVED),
    ],
)
def test_a_state_may_be_written_as_people_write_it(written: str, state: State) -> None:
    found, findings = parsed(with_front_matter(f"state: {written}"))

    assert (state, []) == (found.state, findings)


@pytest.mark.parametrize("written", ["archive", "archved", "work-in-progres", "in-progress"])
def test_what_is_nearly_kept_back_is_an_error_with_its_line(written: str) -> None:
    found = problem(f"state: {written}")

    assert (found.line, found.level) == (3, "error")


@pytest.mark.parametrize(
    "line",
    [
        "draft: true",
        'draft: "true"',
        "draft: yes",
        "published: false",
        "published: 'false'",
        "published: no",
        "state: validated\ndraft: true",
    ],
)
def test_the_drafts_of_other_tools_are_not_published(line: str) -> None:
    assert article(with_front_matter(line)).state is State.WORK_IN_PROGRESS


@pytest.mark.parametrize("line", ["draft: false", "published: true", "published: 2024-01-31"])
def test_what_other_tools_publish_is_published(line: str) -> None:
    assert article(with_front_matter(line)).is_published


def test_a_draft_in_toml_is_not_published() -> None:
    assert not article("+++\ndraft = true\n+++\nText\n").is_published
