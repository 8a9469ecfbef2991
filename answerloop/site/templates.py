"""Compiled templates, kept from build to build: to compile them takes as long as many pages."""

import hmac
import sys
from base64 import b64decode, b64encode

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from answerloop.cache import Cache, digest, program


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
