"""The policy of the pages: their own scripts by hash, nothing else."""

import base64
import hashlib
from pathlib import Path

import pytest

from answerloop.errors import BuildError
from answerloop.inspection import policy
from answerloop.inspection.policy import Format, Inline, Policy
from tests.answerloop.builders import repository, site_of


def sha(code: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


def of(*pages: str, hosts: tuple[str, ...] = ()) -> Policy:
    inline = Inline()
    for page in pages:
        inline |= Inline.of(page)
    return inline.policy(hosts)


def test_each_script_that_a_page_holds_is_allowed_by_its_hash_once() -> None:
    found = of("<script>a()</script><p><script>b()\r\n</script>", "<script >a()</script>")

    assert {"'self'", sha("a()"), sha("b()\n")} == set(found.directives["script-src"])
    assert len(found.directives["script-src"]) == 3


@pytest.mark.parametrize(
    "page",
    [
        '<script src="a.js"></script>',
        '<script type="application/json">{}</script>',
        '<script type="application/ld+json">{}</script>',
        "<script></script>",
        "<p>style</p>",
    ],
)
def test_what_is_no_script_of_the_page_needs_no_hash(page: str) -> None:
    assert of() == of(page)


def test_styles_of_trusted_authors_and_of_tables_are_allowed_by_their_hash() -> None:
    found = of('<style>p{}</style><td style="text-align: right;">1</td>')

    expected = ("'self'", sha("p{}"), "'unsafe-hashes'", sha("text-align: right;"))
    assert expected == found.directives["style-src"]


def test_nothing_is_allowed_that_is_not_named() -> None:
    header = of(hosts=("https://cdn.example.com",)).header

    assert header.startswith("default-src 'none'; script-src 'self' https://cdn.example.com; ")
    assert "unsafe-inline" not in header
    assert header.endswith("base-uri 'none'; frame-ancestors 'none'")


def test_pages_may_be_framed_by_those_who_are_named_alone() -> None:
    framed = Inline().policy((), ("https://app.example.com", "https://shop.example.com"))

    assert framed.header.endswith(
        "frame-ancestors https://app.example.com https://shop.example.com"
    )
    assert (framed.is_framed, policy.STRICTEST.is_framed) == (True, False)


def test_every_form_carries_the_whole_policy() -> None:
    strict = of()

    assert all(strict.header in strict.said(form) for form in Format)


def test_a_policy_is_read_as_it_was_written(tmp_path: Path) -> None:
    found = of("<script>a()</script>")

    policy.write(found, tmp_path)

    assert found == policy.read(tmp_path)


def test_a_version_without_a_policy_has_the_strictest(tmp_path: Path) -> None:
    assert of() == policy.read(tmp_path)


def test_a_damaged_policy_is_said(tmp_path: Path) -> None:
    (tmp_path / policy.FILE_NAME).write_text("[", encoding="utf-8")

    with pytest.raises(BuildError, match=r"policy\.json: cannot be read"):
        policy.read(tmp_path)


def test_pages_at_any_depth_hold_the_same_few_scripts(tmp_path: Path) -> None:
    contents = {"a.md": "# A\n", "x/b.md": "# B\n", "x/y/z/c.md": "| a |\n|--:|\n| 1 |\n"}
    site = site_of(repository(tmp_path, contents))

    found = policy.read(site.parent)

    assert len(found.directives["script-src"]) <= 5
    assert sha("text-align: right;") in found.directives["style-src"]
