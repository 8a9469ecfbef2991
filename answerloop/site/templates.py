"""The theme's templates: printed without their indentation, and kept from build to build compiled.

To compile them takes as long as many pages; their indentation is a twelfth of a page.
"""

import hmac
import os
import re
import sys
from base64 import b64decode, b64encode
from pathlib import Path

import material
from jinja2 import BytecodeCache, Environment, FileSystemLoader
from jinja2.bccache import Bucket
from jinja2.ext import Extension
from mkdocs.theme import Theme

from answerloop.cache import Cache, digest, program

_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)
_UNINDENTED = tuple(
    f"{folder}/" for folder in (Path(__file__).parent.parent / "theme", Path(*material.__path__))
)
"""Where templates lie that hold no text whose spaces count: ours and Material's."""


class Unindented(Extension):
    """Takes the spaces before each line out of our templates and Material's, not out of others."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002  Jinja names them
        return _INDENTATION.sub("", source) if (filename or "").startswith(_UNINDENTED) else source


class Loader(FileSystemLoader):
    """Finds the templates of a theme without a look into its hidden folders: 14,000 icons.

    MkDocs lists all files to leave out those; a template names its icons by itself.
    """

    def list_templates(self) -> list[str]:
        found: set[str] = set()
        for place in self.searchpath:
            for at, folders, names in os.walk(place):
                folders[:] = [name for name in folders if not name.startswith(".")]
                way = os.path.relpath(at, place).replace(os.sep, "/")
                found.update(name if way == "." else f"{way}/{name}" for name in names)
        return sorted(found)


def environment(theme: Theme) -> Environment:
    """What `Theme.get_env` gives, with our loader and our way of printing."""
    env = Theme.get_env(theme)
    env.loader = Loader(theme.dirs)
    env.add_extension(Unindented)
    return env


class Compiled(BytecodeCache):
    """By the template's text, this program and its libraries, and the Python that runs it.

    What is kept is code that a build will run, so it is signed with the key of the installation, as
    the index is.
    """

    def __init__(self, cache: Cache, key: bytes) -> None:
        self._cache = cache
        self._key = key

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self._cache.get("template", _named(bucket))
        if kept is None:
            return
        code, signature = map(b64decode, kept)
        if hmac.compare_digest(signature, hmac.digest(self._key, code, "sha256")):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        code = bucket.bytecode_to_string()
        signed = code, hmac.digest(self._key, code, "sha256")
        self._cache.put("template", _named(bucket), [b64encode(each).decode() for each in signed])


def _named(bucket: Bucket) -> bytes:
    return digest(program(), sys.version, bucket.key, bucket.checksum)
