"""The acts and the ways of the audit log in words; one without words here goes by its name."""

from collections.abc import Callable, Mapping

from answerloop.desk.speech import say
from feedback.model import Way

_ACTS: Mapping[str, Callable[[], str]] = {
    "sign-in": lambda: say("signed in"),
    "sign-in-failed": lambda: say("could not sign in"),
    "logout": lambda: say("signed out"),
    "note": lambda: say("noted something"),
    "mark": lambda: say("marked a remark"),
    "flag": lambda: say("flagged it"),
    "report": lambda: say("flagged it"),
    "fill": lambda: say("copied it for a customer"),
    "reuse": lambda: say("copied it for a customer"),
    "solved": lambda: say("solved a case with it"),
    "missing": lambda: say("said what is missing"),
    "gap": lambda: say("said what is missing"),
    "take": lambda: say("took it"),
    "give-back": lambda: say("gave it back"),
    "dismiss": lambda: say("dismissed it"),
    "snooze": lambda: say("put it off"),
    "correct": lambda: say("found it correct"),
    "reviewed": lambda: say("reviewed it as correct"),
    "retry": lambda: say("had it delivered again"),
    "discard": lambda: say("discarded it"),
    "enable": lambda: say("switched it on again"),
    "gap-assign": lambda: say("said who writes it"),
    "gap-ignore": lambda: say("ignored it"),
    "gap-reopen": lambda: say("opened it again"),
    "gap-written": lambda: say("named the article for it"),
    "gap-merge": lambda: say("joined it to another"),
    "gap-split": lambda: say("took it apart"),
    "gap-commit": lambda: say("committed a change for it"),
    "learn-commit": lambda: say("committed words of readers"),
    "user-add": lambda: say("made the account"),
    "user-remove": lambda: say("removed the account"),
    "user-passwd": lambda: say("changed the password"),
    "user-role": lambda: say("changed the role"),
    "user-deactivate": lambda: say("switched the account off"),
    "user-activate": lambda: say("switched the account on"),
    "user-link": lambda: say("joined it with the account that the provider made"),
    "token-create": lambda: say("made the API token"),
    "token-revoke": lambda: say("revoked the API token"),
    "privacy-erase": lambda: say("erased what is kept of a person"),
}

_WAYS: Mapping[Way, Callable[[], str]] = {
    Way.PASSWORD: lambda: say("password"),
    Way.OPENID: lambda: say("provider"),
    Way.SESSION: lambda: say("signed in at the desk"),
    Way.TOKEN: lambda: say("API token"),
    Way.PROXY: lambda: say("proxy"),
    Way.COMMAND: lambda: say("command line"),
}


def act(name: str) -> str:
    return _ACTS[name]() if name in _ACTS else name


def way(name: Way) -> str:
    return _WAYS[name]()
