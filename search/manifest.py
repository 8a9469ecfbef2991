"""The signed list of an index version's files: what is in it, and that nobody changed it.

Whoosh's files hold pickles, so whoever could slip a file into a version could run code in the
service. Hence the signature with a secret of this installation, and hence no file may lie there
that the list does not name.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from search.errors import DamagedIndex

NAME = "MANIFEST.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files` are SHA-256 by path; `shelves` hold the number of documents by language tag.

    `sequence` grows with each publication in a directory; `written_by` names the format and the
    engine that can read the files, `model` what made the vectors beside them, if there are any.
    """

    build: str
    sequence: int
    written_by: str
    shelves: Mapping[str, Mapping[str, int]]
    files: Mapping[str, str]
    model: str = ""


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder, by path in it, the manifest left out."""
    return {
        str(path.relative_to(folder)): _sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / NAME
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _signature(body: Mapping[str, object], key: bytes) -> str:
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hmac.new(key, canonical.encode(), hashlib.sha256).hexdigest()


def write(manifest: Manifest, folder: Path, *, key: bytes) -> None:
    body = asdict(manifest)
    text = json.dumps(body | {"signature": _signature(body, key)}, indent=1, sort_keys=True)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")


def read(folder: Path, *, key: bytes) -> Manifest:
    """The manifest of a folder, its signature checked; what it lists is checked by `verify`.

    Raises `DamagedIndex` when it is missing, unreadable, or not signed with `key`.
    """
    path = folder / NAME
    try:
        body = json.loads(path.read_bytes())
        signature = body.pop("signature")
        signed = hmac.compare_digest(signature, _signature(body, key))
    except (OSError, ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
        raise DamagedIndex(f"{path}: no readable manifest ({error}). Build again.") from error
    if not signed:
        raise DamagedIndex(
            f"{path}: not signed with this installation's key. An index may hold code, so one "
            "from elsewhere is never opened. Build it here."
        )
    return Manifest(**body)


def verify(manifest: Manifest, folder: Path) -> None:
    """Compare every file with the list; raise `DamagedIndex` naming the first that differs."""
    try:
        found = hashes(folder)
    except OSError as error:
        raise DamagedIndex(f"{folder}: not readable ({error}). Build again.") from error
    for name in sorted(manifest.files.keys() | found.keys()):
        if manifest.files.get(name) != found.get(name):
            raise DamagedIndex(
                f"{folder / name}: missing, altered or not in the manifest. Build again."
            )
