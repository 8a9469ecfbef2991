"""The Markdown twin of an article: what the page shows, and nothing that it does not."""

from pathlib import Path, PurePosixPath

from answerloop.machines import twins
from answerloop.machines.public import Public
from tests.answerloop.machines.world import public


def twin(known: Public, path: str) -> str:
    return twins.text(known, known.catalog.by_path[PurePosixPath(path)])


def test_a_twin_has_the_public_keys_a_heading_and_links_that_work_from_its_place(
    tmp_path: Path,
) -> None:
    assert twin(public(tmp_path), "en/orders/refund.md") == (
        "---\n"
        "id: refund\n"
        "title: How do I get a refund?\n"
        "lang: en\n"
        "kind: faq\n"
        "tags:\n- money\n"
        "url: https://help.example.com/en/orders/refund/\n"
        "updated: 2026-02-05\n"
        "---\n\n"
        "# How do I get a refund?\n\n"
        "Within **30 days**, see [the label](../label/index.md#print) & [the form](../form.pdf).\n"
        "\n\n\n"
        "```\n[x](label.md) <!-- kept -->\n```\n"
    )


def test_a_heading_that_is_there_is_not_written_twice(tmp_path: Path) -> None:
    known = public(tmp_path, {"a.md": "# One\n\nText.\n"})

    assert twin(known, "a.md").endswith("---\n\n# One\n\nText.\n")


def test_old_and_foreign_addresses_lead_where_the_page_leads(tmp_path: Path) -> None:
    source = "[1](/x/) [2](https://example.com/a) [3](#part) [4](../c/) [7](<b.md>)\n\n[6]: b.md\n"
    known = public(tmp_path, {"a.md": source, "b.md": "---\nredirect_from: [/x/]\n---\n"})

    assert (
        "[1](../b/index.md) [2](https://example.com/a) [3](#part) [4](../c/) [7](../b/index.md)"
        in twin(known, "a.md")
    )
    assert "[6]: ../b/index.md" in twin(known, "a.md")
