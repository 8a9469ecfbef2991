"""The rules of the house, each as a test that names the offender."""

import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import click
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from answerloop.cli import main
from benchmarks import size

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = size.PACKAGES
VERBS = main.list_commands(click.Context(main))
LOCKS = ("runtime.txt", "development.txt")
LONGEST_FUNCTION = 60
LONGEST_MODULE = 300
HEAVY = {"whoosh", "mkdocs", "flask", "sqlalchemy"}
# A path in backticks, without a placeholder; what `make` and `kb` leave behind is not in Git.
PATH = re.compile(r"`(?!var/|site/|\.venv/|/)((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:py|md|toml|txt))`")
# What is before the first slash keeps web addresses and relative paths out.
HOME = re.compile(rb"(?<![\w.:/-])/(?:home|Users|root|work)/[\w.-]+")


def tracked() -> tuple[Path, ...]:
    """The files of this checkout that Git tracks or would track."""
    return tuple(path for path in listed() if path.is_file())


@cache
def listed() -> tuple[Path, ...]:
    """The same as Git lists them: deleted files and links that lead nowhere among them."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 -- git as found on the PATH
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return tuple(sorted(ROOT / name for name in listing.stdout.split("\0") if name))


def modules() -> list[Path]:
    """The modules of the three packages but their released migrations."""
    return [path for package in PACKAGES for path in size.modules(ROOT / package)]


def locked(name: str) -> dict[str, Version]:
    """What a lock file pins, by canonical name."""
    pins = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)", lock(name), flags=re.MULTILINE)
    return {canonicalize_name(package): Version(version) for package, version in pins}


def lock(name: str) -> str:
    return (ROOT / "requirements" / name).read_text(encoding="utf-8")


def run(program: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A program of this environment, run from the root of the checkout."""
    path = Path(sys.executable).with_name(program)
    return subprocess.run(  # noqa: S603 -- our own programs
        [path, *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_import_rules_hold() -> None:
    finished = run("lint-imports", "--no-cache", "--no-logo")

    assert finished.returncode == 0, finished.stdout + finished.stderr


@pytest.mark.parametrize("package", PACKAGES)
def test_no_foreign_distribution_provides_our_packages(package: str) -> None:
    providers = set(packages_distributions().get(package, ()))
    spec = find_spec(package)

    assert providers <= {"answerloop"}
    assert spec is not None
    assert str(ROOT / package / "__init__.py") == spec.origin


@pytest.mark.parametrize(
    "arguments", [("--help",), ("--version",), *((verb, "--help") for verb in VERBS)]
)
def test_help_imports_no_heavy_library(arguments: tuple[str, ...]) -> None:
    finished = run("kb", *arguments, PYTHONPROFILEIMPORTTIME="1")
    imported = set(re.findall(r"^import time:.*\|\s+(\w+)$", finished.stderr, flags=re.MULTILINE))

    assert finished.returncode == 0, finished.stderr[-2000:]
    assert "answerloop" in imported
    assert not imported & HEAVY


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_version_has_its_hashes(name: str) -> None:
    bare = [
        entry.split()[0]
        for entry in re.split(r"\n(?=\S)", lock(name))
        if not entry.startswith("#") and "--hash=sha256:" not in entry
    ]

    assert not bare


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_no_address(name: str) -> None:
    addresses = re.findall(
        r"\S+://\S+|^--(?:index|extra|find|trusted)\S*", lock(name), re.MULTILINE
    )

    assert not addresses


def test_the_locks_hold_what_pyproject_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {
        "runtime.txt": project["project"]["dependencies"] + project["dependency-groups"]["build"],
        "development.txt": [
            *project["project"]["dependencies"],
            *(entry for entry in project["dependency-groups"]["dev"] if isinstance(entry, str)),
        ],
    }

    unmet = [
        f"{name}: {line}"
        for name, lines in asked.items()
        for line in lines
        if not satisfied(Requirement(line), locked(name))
    ]

    assert not unmet, "run `make lock`"


def satisfied(requirement: Requirement, pins: dict[str, Version]) -> bool:
    version = pins.get(canonicalize_name(requirement.name))
    return version is not None and version in requirement.specifier


def test_both_locks_pin_the_same_versions() -> None:
    runtime, development = locked("runtime.txt"), locked("development.txt")

    assert runtime == {name: development[name] for name in runtime}


def test_no_function_is_longer_than_the_wall() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{function.line} {function.name}: {function.length} lines"
        for path in modules()
        for function in size.functions(path)
        if function.length > LONGEST_FUNCTION
    ]

    assert not long


def test_no_module_is_longer_than_the_wall() -> None:
    lengths = {path: len(path.read_bytes().splitlines()) for path in modules()}
    long = [
        f"{path.relative_to(ROOT)}: {length} lines"
        for path, length in lengths.items()
        if length > LONGEST_MODULE
    ]

    assert not long


def test_git_ignores_no_source() -> None:
    sources = (path for name in PACKAGES for path in (ROOT / name).rglob("*") if path.is_file())
    ignored = [
        str(path.relative_to(ROOT))
        for path in sources
        if "__pycache__" not in path.parts and path not in tracked()
    ]

    assert not ignored


def test_git_tracks_no_link() -> None:
    assert not [path for path in listed() if path.is_symlink()]


def test_no_file_names_a_home_folder() -> None:
    named = [
        f"{path.relative_to(ROOT)}: {found.group().decode()}"
        for path in tracked()
        for found in HOME.finditer(path.read_bytes())
    ]

    assert not named


def test_every_top_folder_says_what_it_is_for() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in tracked() if path.parent != ROOT}
    silent = [
        name
        for name in sorted(folders)
        if not name.startswith(".") and not (ROOT / name / "README.md").is_file()
    ]

    assert not silent


def test_every_path_that_a_recipe_or_a_readme_names_exists() -> None:
    readmes = (path for path in ROOT.glob("*/README.md") if path.parent.name != "kb")
    pages = (ROOT / "CONTRIBUTING.md", *readmes)
    missing = [
        f"{page.relative_to(ROOT)}: {name}"
        for page in pages
        for name in PATH.findall(page.read_text(encoding="utf-8"))
        if not any((folder / name).exists() for folder in (ROOT, page.parent))
    ]

    assert not missing


def test_every_test_folder_is_a_package() -> None:
    folders = {
        path.parent
        for path in tracked()
        if path.is_relative_to(ROOT / "tests") and path.match("test_*.py")
    }
    bare = [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").is_file()]

    assert not bare
