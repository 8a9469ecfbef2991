"""Who may see an article: its audience and its state, as the front matter says.

A word that is not understood must not publish what was meant to be kept back.
"""

import difflib
from enum import StrEnum
from typing import NoReturn

from answerloop import fields
from answerloop.errors import ArticleError, Finding, Level
from answerloop.fields import Reading

# How alike a misspelt key must be: two letters of `audience` may be wrong.
_ALIKE = 0.8


class State(StrEnum):
    """How far an article can be trusted (KCS article state)."""

    WORK_IN_PROGRESS = "work-in-progress"
    NOT_VALIDATED = "not-validated"
    VALIDATED = "validated"
    ARCHIVED = "archived"


class Audience(StrEnum):
    PUBLIC = "public"
    INTERNAL = "internal"


_KEPT_BACK = (State.ARCHIVED, State.WORK_IN_PROGRESS)
_OTHER_WORDS = {"draft": State.WORK_IN_PROGRESS, "wip": State.WORK_IN_PROGRESS}


def audience(reading: Reading) -> Audience:
    """Who may read it; public when nothing is said. Raises ArticleError for another word."""
    value = reading.front.text.get("audience")
    word = value.strip().lower() if isinstance(value, str) else value
    if not word:
        _refuse_misspelt_key(reading)
        return Audience.PUBLIC
    if word not in tuple(Audience):
        _refuse(
            reading,
            "audience",
            f"`audience: {value}` is not known.",
            "Write `public` or `internal`; an article that may be internal is not published.",
        )
    return Audience(word)


def _refuse_misspelt_key(reading: Reading) -> None:
    """`Audience: internal` is no key of ours, and yet its author said who may read it."""
    for key, value in reading.front.text.items():
        if str(value).strip().lower() != Audience.INTERNAL:
            continue
        if difflib.SequenceMatcher(a=key.lower(), b="audience").ratio() > _ALIKE:
            _refuse(
                reading,
                key,
                f"`{key}` is not known.",
                "Write `audience: internal`, or the article would be published.",
            )


def state(reading: Reading) -> State:
    """How far it can be trusted; `draft: true` and `published: false` are other tools' words.

    Raises ArticleError for what is nearly `archived` or `work-in-progress`.
    """
    if reading.flag("draft") or reading.flag("published") is False:
        return State.WORK_IN_PROGRESS
    word = fields.word(reading.front.text.get("state"))
    if word in _OTHER_WORDS:
        return _OTHER_WORDS[word]
    near = difflib.get_close_matches(word, list(State), n=1) if word else []
    if near and near[0] != word and near[0] in _KEPT_BACK:
        _refuse(
            reading,
            "state",
            f"`state: {word}` is not known.",
            f"Did you mean `{near[0]}`? What may be is not published.",
        )
    return reading.choice("state", State, State.NOT_VALIDATED)


def _refuse(reading: Reading, key: str, message: str, remedy: str) -> NoReturn:
    raise ArticleError(Finding(reading.path, reading.line(key), Level.ERROR, message, remedy))
