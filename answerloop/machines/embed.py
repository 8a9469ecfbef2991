"""`embed.js`: the script by which pages of other sites open the help in a frame.

It says what it needs to know of the site, so that it asks nobody before somebody opens it.
"""

import json
from importlib import resources
from typing import Any

from answerloop import languages
from answerloop.machines.public import Public
from answerloop.wording import wording

FILE_NAME = "embed.js"
_PLACE = '"kb:site"'


def text(public: Public) -> str:
    """The script; empty where no other site may frame the pages, or there is nothing to show."""
    if not (public.framers and public.shells):
        return ""
    told = {"first": _first(public), "langs": {lang: _of(public, lang) for lang in public.shells}}
    source = resources.files("answerloop.machines").joinpath(FILE_NAME).read_text(encoding="utf-8")
    return source.replace(_PLACE, json.dumps(told, ensure_ascii=False), 1)


def _first(public: Public) -> str:
    """The language of who asks for none that there is."""
    default = public.catalog.languages.default
    return default if default in public.shells else min(public.shells)


def _of(public: Public, lang: str) -> dict[str, Any]:
    """The way to the pages of a language, from the root of the site, and what the frame says."""
    say = wording(lang)
    home = public.catalog.home(lang).url if lang in public.langs else "/"
    return {
        "home": home.lstrip("/"),
        "search": public.shells[lang].lstrip("/"),
        "dir": languages.direction(lang),
        "words": {
            "help": say("Help"),
            "close": say("Close"),
            "tab": say("Open in a new tab"),
            "away": say("The help does not answer at the moment."),
        },
    }
