"""What the tests need and pip cannot install: a browser, a library, a database server.

`python -m tests.machine` installs what is missing where it may (root on Debian), else says how.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APT = "/usr/bin/apt-get"
CHROME_ON_MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
SERVER_FOLDERS = (
    "usr/lib/postgresql/*/bin",  # Debian
    "usr/pgsql-*/bin",  # PostgreSQL's own packages for Fedora and its kin
    "opt/homebrew/opt/postgresql*/bin",
    "usr/local/opt/postgresql*/bin",
)

MEMORY = Path("/dev/shm")  # noqa: S108 -- Linux mounts it for this, and nothing secret goes there
ROOM = 6 << 30
"""Bytes: several times of what the tests have written at any time."""

MANUAL = """\
The tests need {missing}, not found here. As an administrator:
  Debian, Ubuntu   apt-get update && apt-get install --no-install-recommends {packages}
  Fedora           dnf install chromium liberation-fonts libatomic postgresql-server
  macOS            brew install --cask chromium && brew install postgresql@17
Already installed elsewhere? Set KB_TEST_CHROMIUM to the browser's program, or put the folder of
PostgreSQL's `initdb` on the PATH. Then run the tests again."""


def chromium() -> Path | None:
    """The browser to test with; `KB_TEST_CHROMIUM` decides if it is set."""
    if chosen := os.environ.get("KB_TEST_CHROMIUM"):
        found = shutil.which(chosen)
        return Path(found) if found else None
    on_path = (shutil.which(name) for name in CHROMIUM_NAMES)
    candidates = [*(Path(path) for path in on_path if path), CHROME_ON_MACOS]
    return next((path for path in candidates if path.exists()), None)


def postgresql() -> Path | None:
    """The folder that holds PostgreSQL's server programs; a client alone does not count."""
    on_path = (Path(folder) for folder in os.get_exec_path())
    known = (path for pattern in SERVER_FOLDERS for path in sorted(Path("/").glob(pattern))[::-1])
    holds_server = (path for path in (*on_path, *known) if _holds_server(path))
    return next(holds_server, None)


def temporary_files() -> Path:
    """Where the tests write: into memory if there is room; `TMPDIR` decides if it is set.

    A database waits for its disk at each commit. No test here loses its power but those of
    `tests.faults`, which bring a disk of their own.
    """
    usual = Path(tempfile.gettempdir())
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return usual
    return MEMORY if shutil.disk_usage(MEMORY).free >= ROOM else usual


def _holds_server(folder: Path) -> bool:
    return (folder / "initdb").exists() and (folder / "postgres").exists()


def driver() -> Path | None:
    """Playwright's own driver, if it starts: its wheel leaves one system library out."""
    tried = subprocess.run(
        [sys.executable, "-m", "playwright", "--version"], check=False, capture_output=True
    )
    return Path(sys.executable) if tried.returncode == 0 else None


# What each program is called, how it is found, and the Debian packages that bring it. Chromium
# without any font draws empty boxes, so a font comes with it.
NEEDED: tuple[tuple[str, Callable[[], Path | None], tuple[str, ...]], ...] = (
    ("Chromium", chromium, ("chromium", "fonts-liberation")),
    ("libatomic", driver, ("libatomic1",)),
    ("a PostgreSQL server", postgresql, ("postgresql",)),
)


def missing() -> list[tuple[str, tuple[str, ...]]]:
    """Name and Debian packages of each program that is not here."""
    return [(name, packages) for name, find, packages in NEEDED if find() is None]


def install(packages: list[str]) -> str:
    """Install Debian's packages without questions; what apt complained of, empty if nothing."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        finished = subprocess.run(  # noqa: S603 -- apt-get and package names from the table above
            [APT, "-qq", *arguments],
            check=False,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if finished.returncode:
            return finished.stdout + finished.stderr
    return ""


def main() -> None:
    absent = missing()
    packages = [package for _, needed in absent for package in needed]
    complaint = ""
    if absent and os.geteuid() == 0 and Path(APT).exists():
        names = ", ".join(name for name, _ in absent)
        print(f"Installing {names} for the tests (once) …", flush=True)  # noqa: T201 -- a command
        complaint = install(packages)
    still = ", ".join(name for name, _ in missing())
    if still:
        sys.exit(complaint + MANUAL.format(missing=still, packages=" ".join(packages)))


if __name__ == "__main__":
    main()
