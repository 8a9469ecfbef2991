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


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found.

    `excerpt` is HTML in which only `<mark>` can occur; `anchor` names the section the excerpt is
    from, empty for the head of the article. A higher `score` is better; scores of two queries
    cannot be compared.
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
class Results:
    """The hits of one page, best first, and how many articles matched in all.

    `corrected` is the query actually used when a spelling was mended, else None.
    """

    query: str
    total: int
    hits: tuple[Hit, ...] = ()
    corrected: str | None = None
