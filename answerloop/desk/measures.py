"""What each measure means, in words; the manual has the same definitions."""

from collections.abc import Mapping
from dataclasses import dataclass

from answerloop.wording import Wording
from feedback.measures.kcs import Name
from feedback.measures.shares import Change
from feedback.model import Verdict


@dataclass(frozen=True, slots=True)
class Meaning:
    """A measure's name and what is divided by what; or why it cannot be known here."""

    name: str
    definition: str


def meanings(say: Wording) -> Mapping[Name, Meaning]:
    """All of them, in their order."""
    return {
        Name.HELPFUL: Meaning(
            say("Helpful rate"), say("Votes that say yes, of all votes that count.")
        ),
        Name.SELF_SERVICE: Meaning(
            say("Self-service success"),
            say("Searches that led to an article, of all of which that would be known."),
        ),
        Name.NOTHING_FOUND: Meaning(
            say("Zero-result rate"), say("Searches that found nothing, of all searches.")
        ),
        Name.NOT_OPENED: Meaning(
            say("No-click rate"),
            say("Searches with results of which none was opened in a minute, of those watched."),
        ),
        Name.REFINED: Meaning(
            say("Asked again"),
            say("Searches asked again in other words, nothing opened, of all searches."),
        ),
        Name.REUSED: Meaning(
            say("Articles reused"),
            say("Articles whose permalink was followed, of all articles of the site."),
        ),
        Name.REVIEWED: Meaning(
            say("Content health"),
            say("Articles found correct within a year of the last day, of all of the site."),
        ),
        Name.FLAGS_RIGHT: Meaning(
            say("Flags that were right"),
            say("Suspicions that an edit answered, of all that people have answered."),
        ),
        Name.REPAIRS_HELPED: Meaning(
            say("Repairs that helped"),
            say("Repairs that helped readers, of those with votes enough to decide."),
        ),
        Name.LINK_RATE: Meaning(
            say("Link rate"),
            say("Closed cases with an article linked: needs the number of closed cases."),
        ),
        Name.LINK_ACCURACY: Meaning(
            say("Link accuracy"),
            say("Linked articles that fit their case: needs somebody who reads some cases."),
        ),
        Name.NEW_VS_KNOWN: Meaning(
            say("New vs known"),
            say("Cases with a question answered before: needs the cases of your helpdesk."),
        ),
        Name.DEFLECTION: Meaning(
            say("Deflection"),
            say("Readers who did not write to you: nobody is followed to your helpdesk."),
        ),
    }


def verdicts(say: Wording) -> Mapping[Verdict, str]:
    return {
        Verdict.HELPED: say("helped"),
        Verdict.NO_CHANGE: say("no change"),
        Verdict.WORSE: say("worse"),
        Verdict.NOT_KNOWN: say("not known"),
    }


def changes(say: Wording) -> Mapping[Change, str]:
    return {
        Change.MORE: say("more than before"),
        Change.FEWER: say("fewer than before"),
        Change.NOT_CLEAR: say("no clear change"),
    }
