"""The application around a service, for tests that each have one of their own.

Jinja keeps what it compiles with an application, so each test would compile its templates anew.
"""

from typing import TYPE_CHECKING

from flask_openapi3.openapi import OpenAPI
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from answerloop.web import create_app
from answerloop.web.service import Service

if TYPE_CHECKING:
    from types import CodeType


class _Compiled(BytecodeCache):
    """Templates that were compiled in this process, by their place and their text."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._kept[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


def around(service: Service) -> OpenAPI:
    """`create_app`, with the templates that this process has compiled already."""
    app = create_app(service)
    app.jinja_env.bytecode_cache = _COMPILED
    return app
