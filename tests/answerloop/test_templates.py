"""Compiled templates are taken over only from this installation."""

from importlib import resources
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment
from jinja2.bccache import Bucket

from answerloop import cache
from answerloop.site.templates import Compiled, Unindented
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


def test_ours_are_printed_without_indentation_and_an_authors_as_they_are(tmp_path: Path) -> None:
    ours = Path(str(resources.files("answerloop") / "theme" / "404.html"))
    printer = Environment(extensions=[Unindented], autoescape=True)

    printed = [
        printer.preprocess("<p>\n  <b>a  b</b>\n</p>", "404.html", str(file))
        for file in (ours, tmp_path / "404.html")
    ]

    assert printed == ["<p>\n<b>a  b</b>\n</p>", "<p>\n  <b>a  b</b>\n</p>"]
