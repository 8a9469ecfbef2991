"""The manual says what the program does: settings, commands, keys, links."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from answerloop import settings
from answerloop.articles import Article
from answerloop.cli import main
from feedback import schema

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
COMMAND = re.compile(
    r"^## kb ([a-z ]+?)(?: [A-Z[{][^\n]*)?\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL
)
NOT_KEYS = {"lang", "path", "url", "category", "body", "body_line"} | {
    "has_own_id",
    "is_index",
    "other",
    "lines",
}


def commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from ((f"{name} {sub}", found) for sub, found in command.commands.items())
        else:
            yield name, command


def test_every_setting_stands_in_the_manual_with_its_sentence() -> None:
    manual = (ROOT / "docs" / "operators" / "settings.md").read_text(encoding="utf-8")

    missing = [
        name
        for name, setting in settings.documented()
        if f"| `{name}` | {setting.metadata['says']} |" not in manual
        or setting.metadata["env"] not in manual
    ]

    assert missing == []


def test_every_command_and_option_stands_in_the_manual() -> None:
    manual = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    parts = dict(COMMAND.findall(manual))

    missing = [
        f"kb {name} {option}"
        for name, command in commands()
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in (*parameter.opts, "")
        if name not in parts or option not in parts[name]
    ]

    assert missing == []


def test_every_command_has_an_example_in_its_help() -> None:
    without = [name for name, command in commands() if f"kb {name}" not in (command.help or "")]

    # A subcommand's examples stand in the help of its group.
    assert [name for name in without if " " not in name and name not in ("serve", "build")] == []


def test_every_front_matter_key_stands_in_the_manual() -> None:
    manual = (ROOT / "docs" / "editors" / "article-format.md").read_text(encoding="utf-8")

    keys = {each.name for each in fields(Article) if each.init} - NOT_KEYS

    assert {key for key in keys if f"| `{key}` |" not in manual} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_the_manual_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)", text)

    broken = [
        target
        for target in targets
        if not target.startswith(("http", "mailto:")) and not (page.parent / target).exists()
    ]

    assert broken == []


def test_every_table_and_column_stands_on_the_privacy_page() -> None:
    """A new one must be put under what tells about a person, or besides."""
    manual = (ROOT / "docs" / "operators" / "privacy.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \|([^|]*)\|([^|]*)\|", manual, re.MULTILINE)

    told = {table: set(re.findall(r"`(\w+)`", about + besides)) for table, about, besides in rows}

    there = {name: set(table.c.keys()) for name, table in schema.metadata.tables.items()}
    assert told == there
