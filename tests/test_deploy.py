"""What an operator copies from `deploy/` names commands, variables and files that there are."""

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest
import yaml

from answerloop import settings
from answerloop.cli import main

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
TEXTS = {file.name: file.read_text(encoding="utf-8") for file in DEPLOY.iterdir()}
UNITS = sorted(name for name in TEXTS if name.endswith((".service", ".timer")))


def test_each_file_is_in_the_list_of_them() -> None:
    listed = set(re.findall(r"\]\(([\w.-]+)\)", TEXTS["README.md"]))

    assert set(TEXTS) - {"README.md"} == listed


@pytest.mark.parametrize(
    "command",
    re.findall(r"^ExecStart=/opt/kb/bin/kb (.+)$", "\n".join(TEXTS.values()), re.MULTILINE),
)
def test_a_unit_starts_a_command_that_there_is(command: str) -> None:
    name, arguments = main.resolve_command(click.Context(main), command.split()[2:])[0::2]

    found = main.get_command(click.Context(main), str(name))

    assert found is not None
    assert found.make_context(str(name), list(arguments)).params is not None


def test_a_variable_that_is_named_is_a_setting() -> None:
    known = {setting.metadata["env"] for _, setting in settings.documented()}
    ours = {"KB_POSTGRES_PASSWORD"}  # of compose.yaml itself

    named = {name for text in TEXTS.values() for name in re.findall(r"\bKB_[A-Z_]+\b", text)}

    assert named <= known | ours


def test_what_goes_into_the_image_is_there() -> None:
    copied = re.findall(r"^COPY (.+) \S+$", TEXTS["Containerfile"], re.MULTILINE)

    missing = [path for line in copied for path in line.split() if not (ROOT / path).exists()]

    assert copied
    assert missing == []


def test_the_image_of_compose_is_the_one_beside_it() -> None:
    service = yaml.safe_load(TEXTS["compose.yaml"])["services"]["kb"]

    assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file()


def test_the_blocks_of_the_web_servers_are_closed() -> None:
    for name in ("nginx.conf", "Caddyfile"):
        code = re.sub(r"(?m)#.*$|\"[^\"]*\"|'[^']*'|\{\$?\w+\}", "", TEXTS[name])

        assert code.count("{") == code.count("}"), name


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_reads_the_units_without_a_complaint(tmp_path: Path) -> None:
    program = tmp_path / "kb"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    for name in UNITS:
        text = TEXTS[name].replace("/opt/kb/bin/kb", str(program))
        (tmp_path / name).write_text(text, encoding="utf-8")

    done = subprocess.run(  # noqa: S603  its own files
        ["systemd-analyze", "verify", *(tmp_path / name for name in UNITS)],  # noqa: S607  its own
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
