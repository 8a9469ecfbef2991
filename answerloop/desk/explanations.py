"""Why something was not done, in the language of whoever works at the desk.

The packages say it in English, for programs and the command line.
"""

from collections.abc import Callable, Mapping

from answerloop.desk import phrases
from answerloop.desk.speech import say
from answerloop.errors import PatchError
from feedback.errors import (
    BadMerge,
    BadSnooze,
    BadSplit,
    RemarkTooLong,
    StaleItem,
    Taken,
    TicketMalformed,
    UnknownArticle,
    UnknownGap,
    UnknownItem,
    UnknownMessage,
    UnknownRemark,
    WordsMissing,
)
from feedback.items import Act

_SAID: Mapping[type[Exception], Callable[[], str]] = {
    UnknownArticle: lambda: say("There is no such article. Its id or language may be new."),
    UnknownItem: lambda: say("There is no such item in the queue. Load the queue again."),
    UnknownGap: lambda: say("There is no such gap. Load the list of gaps again."),
    UnknownRemark: lambda: say("This remark is gone: its reader took it back, or it is old."),
    UnknownMessage: lambda: say(
        "There is no such message. It was delivered or discarded in the meantime; "
        "load the list again."
    ),
    BadSnooze: lambda: say("Name a day after today, within a year."),
    BadSplit: lambda: say("Choose at least one wording, and leave at least one behind."),
    BadMerge: lambda: say("These two cannot be joined. Choose another gap of the same language."),
    RemarkTooLong: lambda: say("At most 1,000 characters are taken."),
    TicketMalformed: lambda: say(
        "A ticket is 1 to 40 letters, digits, - _ or #, and no number of a card or an account."
    ),
}
_STEPS = {str(step): words for step, words in (*phrases.STEPS.items(), *phrases.GAP_STEPS.items())}


def of(problem: Exception) -> str:
    """A sentence for a person; what nobody foresaw is said as it comes."""
    if isinstance(problem, PatchError):
        return say(problem.sentence, **problem.values)
    if isinstance(problem, WordsMissing):
        return say(str(problem))
    said = _SAID.get(type(problem))
    return said() if said else str(problem)


def happened(problem: StaleItem) -> str:
    """What somebody else did in the meantime."""
    if not problem.taken:
        values = {name: say(value) for name, value in problem.values.items()}
        return say(problem.sentence, **values)
    return "; ".join(map(_told, problem.taken)).rstrip(".") + "."


def _told(taken: Taken) -> str:
    done = f"{taken.actor or say('The loop')} {say(_STEPS[taken.step])}, {phrases.moment(taken.at)}"
    words = phrases.told(taken.step, Act(taken.actor or None, taken.words, taken.at)).words
    return f"{done}: {words}" if words else done
