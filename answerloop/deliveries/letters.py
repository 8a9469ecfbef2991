"""What readers are written, in their language: plain text of a few short paragraphs."""

from dataclasses import dataclass
from datetime import date

from answerloop import languages
from answerloop.wording import wording


@dataclass(frozen=True, slots=True)
class About:
    """The article that a letter is about. `url` and the links are whole addresses."""

    site: str
    lang: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Words:
    """A subject and a text."""

    subject: str
    text: str


def confirm(about: About, link: str) -> Words:
    """Asks whether it was you, in no word that somebody else could have chosen."""
    say = wording(about.lang)
    return _letter(
        say("Please confirm your address"),
        say("Hello,"),
        say("somebody, probably you, left this address with %(site)s.", site=about.site)
        + " "
        + say("They want to hear when this article is changed:"),
        f"{about.title}\n{about.url}",
        say("If it was you, open this page and press the button:"),
        link,
        say("If it was not, do nothing: in two days the address is deleted."),
    )


def changed(about: About, on: date, link: str) -> Words:
    """The article was changed; the link asks whether it answers now."""
    say = wording(about.lang)
    day = languages.long_date(on, about.lang)
    return _letter(
        say("Changed: %(title)s", title=about.title),
        say("Hello,"),
        say("you wanted to hear when this article is changed. It was, on %(date)s:", date=day),
        f"{about.title}\n{about.url}",
        say("Does it answer your question now? Say yes or no here:"),
        link,
        say("This is the only letter about it. Your address is deleted now that it is sent."),
    )


def _letter(subject: str, *paragraphs: str) -> Words:
    return Words(subject, "\n\n".join(paragraphs) + "\n")
