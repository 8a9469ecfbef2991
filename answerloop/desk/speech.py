"""What the desk says, in the language of whoever works at it.

Sentences stand in English where they are said, `_("Sign out")` in templates and `say("…")` here;
`translations/<lang>.po` beside this file has them in other languages. Adding one is adding a file.
"""

from pathlib import Path

from flask import g, has_request_context

from answerloop import wording
from answerloop.wording import Wording

_FOLDER = Path(__file__).parent / wording.FOLDER

LANGS = ("en", *sorted(file.stem for file in _FOLDER.glob("*.po")))
"""Languages of the desk, by their tags."""


def lang() -> str:
    """The language of this request; English outside of one."""
    found: str = g.get("desk_lang", "en") if has_request_context() else "en"
    return found


def say(sentence: str, **values: object) -> str:
    """A sentence in the language of this request, its `%(name)s` places filled."""
    return wording.of(_FOLDER, lang())(sentence, **values)


def many(one: str, other: str, *, count: int, **values: object) -> str:
    """One of two sentences by a number, which is in them as `%(count)s`."""
    return wording.of(_FOLDER, lang()).many(one, other, count=count, **values)


def voice(lang: str) -> Wording:
    """The words of a language, for what is said outside of a request."""
    return wording.of(_FOLDER, lang)
