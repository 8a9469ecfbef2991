"""The shipped knowledge base, really served: `kb serve` in a process of its own."""

import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests import programs

CANARY = "The walnut drawer key is kept by the shift lead."
KB = (sys.executable, "-u", "-m", "answerloop.cli")
BROWSER = {"Sec-Fetch-Site": "same-origin"}
_NOTHING_IS_ENCRYPTED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Without it each client reads the certificates of all the world, which takes 40 ms."""


@dataclass(frozen=True, slots=True)
class Shop:
    """A running service: content repository, address, the desk's first password, process."""

    root: Path
    address: str
    password: str
    process: int

    def build(self) -> str:
        """The build that is served now."""
        with self.client() as client:
            return str(client.get("/readyz").json()["build"])

    def client(self) -> httpx.Client:
        return client(self.address)


def client(address: str, **headers: str) -> httpx.Client:
    """A browser on a page of the service at this address."""
    return httpx.Client(
        base_url=address, headers=BROWSER | headers, timeout=30, verify=_NOTHING_IS_ENCRYPTED
    )


def copy(checkout: Path, place: Path) -> Path:
    """The shipped articles and settings, as a content repository of its own."""
    shutil.copytree(checkout / "kb", place / "kb")
    for name in ("mkdocs.yml", "kb.toml"):
        shutil.copy(checkout / name, place / name)
    return place


def copy_built(built: Path, place: Path) -> Path:
    """The same with a build that readers can be served."""
    return Path(shutil.copytree(built, place, symlinks=True, dirs_exist_ok=True))


def copy_prepared(built: Path, place: Path) -> Path:
    """The same before its first build, for which all is ready that does not hang on the time."""
    copy_built(built, place)
    shutil.rmtree(place / "var" / "builds")
    for file in (place / "site", *(place / "var").glob("kb.db*")):
        file.unlink()
    return place


def kb(
    root: Path,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    seconds: float = 120,
) -> subprocess.CompletedProcess[str]:
    """Run one command in a process of its own, as a user does."""
    return programs.run(
        programs.KB, "-C", str(root), *arguments, environment=environment, seconds=seconds
    )


@contextmanager
def served(root: Path, *arguments: str) -> Iterator[Shop]:
    """`kb serve` on a free port, until the block ends."""
    process = programs.start(programs.KB, "-C", str(root), "serve", "--port", "0", *arguments)
    try:
        assert process.stdout is not None
        said = ""
        while "shown once" not in said:
            line = process.stdout.readline()
            assert line, f"the service stopped after: {said}"
            said += line
        address = re.search(r"on (http://\S+?)/?\n", said)
        password = re.search(r"password\s+(\S+)", said)
        assert address is not None
        assert password is not None
        yield Shop(root, address[1], password[1], process.pid)
    finally:
        process.terminate()
        process.communicate(timeout=30)
