"""What the loop wrote in English, said in the language of whoever reads it.

Rows hold the sentences themselves and not codes: other machines are sent the same words, and rows
of years hold them. Each is recognised by the sentence it was made from, and said again with what
stood in its places. People's own words, and what is not recognised, are left as they are.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from feedback import sentences, words
from feedback.items import Act
from feedback.model import GapStep, Step
from feedback.words import Say

Retell = Callable[[str, Say], str]

_PLACE = re.compile(r"%\((\w+)\)s")


def said(step: str, act: Act, say: Say) -> str:
    """What was said at a Step or GapStep; of people's words only what was made of their choice."""
    if act.actor is None:
        return line(act.words, say)
    forms = _CHOSEN.get(step, ())
    told = _first(forms, act.words, say)
    return _report(act.words, say) if told is None and step in _REPORTED else told or act.words


def line(text: str, say: Say) -> str:
    """What the loop said at a step, of a review or of a link."""
    return _first(_WHOLE, text, say) or _proof(text, say) or _phrases(text, say) or text


@dataclass(frozen=True, slots=True)
class _Form:
    """A sentence with its places; `inner` retells what stands in a place and is words, too."""

    sentence: str
    inner: Mapping[str, Retell] = field(default_factory=dict)

    def retell(self, text: str, say: Say) -> str | None:
        """The same in another language; None for what was not made from this sentence."""
        found = _pattern(self.sentence).fullmatch(text)
        if found is None:
            return None
        values = found.groupdict()
        inner = {name: retell(values[name], say) for name, retell in self.inner.items()}
        return say(self.sentence, **(values | inner))


@cache
def _pattern(sentence: str) -> re.Pattern[str]:
    texts = [re.escape(part.replace("%%", "%")) for part in _PLACE.split(sentence)[::2]]
    places = [f"(?P<{name}>.+?)" for name in _PLACE.findall(sentence)]
    parts = (text + place for text, place in zip(texts, [*places, ""], strict=True))
    return re.compile("".join(parts), re.DOTALL)


def _first(forms: Iterable[_Form], text: str, say: Say) -> str | None:
    """The text by the first of these forms that it has."""
    return next((told for form in forms if (told := form.retell(text, say)) is not None), None)


def _each(forms: Iterable[_Form], text: str, say: Say) -> str | None:
    """Phrases that stand in a row; None unless each has one of these forms."""
    told = [_first(forms, phrase, say) for phrase in text.split("; ")]
    known = [each for each in told if each is not None]
    return "; ".join(known) if len(known) == len(told) else None


def _phrases(text: str, say: Say) -> str | None:
    bare = text.removesuffix(".")
    told = _each(_PHRASES, bare, say)
    return None if told is None else told + text[len(bare) :]


def _proof(text: str, say: Say) -> str | None:
    """What `words.prove` said: both sides, then what follows from them."""
    sides, _, verdict = text.rpartition(": ")
    told, both = _first(_VERDICTS, verdict, say), _each(_SIDES, sides, say)
    return f"{both}: {told}" if told and both else None


def _report(text: str, say: Say) -> str:
    """An agent's reason, words and ticket; the words are theirs."""
    first, *rest = text.split("; ")
    if rest:
        rest[-1] = _Form(sentences.TICKET).retell(rest[-1], say) or rest[-1]
    return "; ".join([_reason(first, say), *rest])


def _reason(text: str, say: Say) -> str:
    return say(text) if text in words.REASONS.values() else text


def _month(text: str, say: Say) -> str:
    return say(text) if text in words.MONTHS else text


def _day(text: str, say: Say) -> str:
    return _first(_DAYS, text, say) or text


def _iso_day(text: str, say: Say) -> str:
    try:
        return words.dated(date.fromisoformat(text), say)
    except ValueError:
        return text


def _share(text: str, say: Say) -> str:
    return _first(_SHARES, text, say) or text


def _commit(text: str, say: Say) -> str:
    return _first(_COMMITS, text, say) or text


def _rest(text: str, say: Say) -> str:
    return _phrases(text, say) or text


# In each the narrower forms stand first.
_DAYS = tuple(_Form(day, {"month": _month}) for day in (sentences.DAY_AND_YEAR, sentences.DAY))
_COMMITS = (_Form(sentences.COMMIT_BY), _Form(sentences.COMMIT))
_SHARES = (_Form(sentences.HELPFUL), _Form(sentences.SHARE), _Form(sentences.NOBODY))
_PHRASES = (
    _Form(sentences.SAID_NO, {"day": _day}),
    _Form(sentences.REASONED, {"reason": _reason}),
    _Form(sentences.AGENT_TICKET),
    _Form(sentences.AGENT_SAID, {"said": _reason}),
    *map(
        _Form,
        (
            sentences.NOTHING,
            sentences.USUAL,
            sentences.USUAL_OF_OTHERS,
            sentences.UNCLEAR,
            sentences.ASKED_IN_VAIN,
            sentences.ASKED_BY_FEW,
            sentences.ASKED_AGAIN,
            sentences.ASKED_NO_MORE,
            sentences.OPENED,
            sentences.WOULD_DO,
        ),
    ),
)
_SIDES = (
    _Form(sentences.NOBODY_AT_ALL),
    _Form(sentences.BEFORE_AND_SINCE, {"then": _share, "now": _share}),
    _Form(sentences.ASKED),
)
_VERDICTS = tuple(
    map(
        _Form,
        (
            sentences.HELPED,
            sentences.WORSE,
            sentences.BETTER_YET_USUAL,
            sentences.NO_CHANGE_USUAL,
            sentences.NO_CHANGE,
            sentences.NOTHING_BEFORE,
            sentences.TOO_FEW,
            sentences.NOTHING_BEFORE_YET,
            sentences.NOT_YET,
            sentences.ONE_MORE,
            sentences.MORE,
        ),
    )
)
_WHOLE = (
    _Form(sentences.MENDED_SAYS, {"commit": _commit}),
    _Form(sentences.PUBLISHED_BY, {"commit": _commit}),
    _Form(sentences.PUBLISHED),
    _Form(sentences.CARRIED_WITH, {"day": _iso_day}),
    _Form(sentences.CARRIED, {"day": _iso_day}),
    _Form(sentences.FADED, {"said": _rest}),
    _Form(sentences.SERVER_SAYS),
    _Form(sentences.NOT_FOUND),
    _Form(sentences.MALFORMED),
    _Form(sentences.ROUND),
)
_CHOSEN: Mapping[str, tuple[_Form, ...]] = {
    Step.ASSIGNED: (_Form(sentences.TO_NOBODY), _Form(sentences.TO)),
    Step.SNOOZED: (_Form(sentences.UNTIL, {"day": _iso_day}),),
    GapStep.MERGED: (_Form(sentences.INTO), _Form(sentences.WITH)),
    GapStep.SPLIT: (_Form(sentences.ON_ITS_OWN),),
    GapStep.OPENED: (_Form(sentences.SPLIT_OFF),),
}
_REPORTED = frozenset({Step.OPENED, Step.REOPENED, Step.REPORTED_AGAIN})
