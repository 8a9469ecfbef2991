"""What goes into the index (`Document`) and what comes out of a search (`Hit`, `Results`)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A piece of an article under one heading, as plain text.

    The text before the first heading has an empty `heading` and `anchor`.
    """

    heading: str
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One article in one language.

    `url` is a path from the root of the site (`/de/orders/refund/`), empty for an article that
    has no public page. `lang` is a BCP 47 tag (`de`, `pt-BR`). `updated` is an ISO date.
    """

    id: str
    lang: str
    title: str
    url: str = ""
    asked_as: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    breadcrumbs: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    kind: str = "faq"
    updated: str | None = None
    prior: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found.

    `excerpt` is HTML in which only `<mark>` can occur; `anchor` names the section the excerpt is
    from, empty for the head of the article. A higher `score` is better; 1 would be an article
    that is the best there is for each single word of the query.
    """

    id: str
    lang: str
    title: str
    url: str
    anchor: str
    excerpt: str
    score: float
    tags: tuple[str, ...] = ()
    breadcrumbs: tuple[str, ...] = ()
    kind: str = "faq"
    updated: str | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """An article by its name alone."""

    id: str
    lang: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A title or learned phrase that a reader may be typing, and the article it belongs to."""

    text: str
    id: str
    lang: str
    url: str


@dataclass(frozen=True, slots=True)
class Results:
    """The hits of one page, best first, and how many articles matched in all.

    `corrected` is the query actually used when a spelling was mended, else None; `likelier` is
    one to offer instead, where a word is known but hardly used. `nearest` are the topics to name
    where nothing matched.
    """

    query: str
    total: int
    hits: tuple[Hit, ...] = ()
    corrected: str | None = None
    likelier: str | None = None
    nearest: tuple[Topic, ...] = ()
