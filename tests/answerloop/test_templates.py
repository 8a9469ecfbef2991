"""Compiled templates are taken over only from this installation."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment
from jinja2.bccache import Bucket

from answerloop import cache
from answerloop.site.templates import Compiled
from tests.answerloop.builders import repository


@pytest.mark.parametrize(("key", "is_taken_over"), [(b"ours", True), (b"theirs", False)])
def test_a_template_is_taken_over_if_this_installation_compiled_it(
    tmp_path: Path, key: bytes, *, is_taken_over: bool
) -> None:
    with cache.opened(repository(tmp_path, {})) as kept:
        compiled = Compiled(kept, b"ours")
        templates = Environment(
            loader=DictLoader({"page.html": "{{ title }}"}),
            bytecode_cache=compiled,
            autoescape=True,
        )
        templates.get_template("page.html")
        again = compiled.get_bucket(templates, "page.html", None, "{{ title }}")

        taken = Bucket(templates, again.key, again.checksum)
        Compiled(kept, key).load_bytecode(taken)

    assert is_taken_over == (taken.code is not None)
