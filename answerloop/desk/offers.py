"""What the desk offers an agent of the articles: found by words, ready to be sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import quote

from flask import request, url_for

from answerloop import replies
from answerloop.desk import arrival
from answerloop.desk.service import Service, Version
from answerloop.desk.subjects import Subject, Subjects
from answerloop.handouts import Handout
from answerloop.published import Entry
from answerloop.replies import Format, Link, Parts
from feedback import reuse
from feedback.errors import UnknownArticle
from feedback.model import ArticleId, ArticleKey
from search.documents import Hit

SHOWN = 10
_LOOKED_AT = 30
_SENT_MOST = 5
_NO_HANDOUT = Handout()


class Piece(StrEnum):
    """What can be copied of an article."""

    LINK = "link"
    REPLY = "reply"
    SNIPPET = "snippet"


@dataclass(frozen=True, slots=True)
class Offer:
    """An article with what can be sent of it. `link` is None where customers have no page.

    `excerpt` is HTML in which only `<mark>` can occur, in the language `excerpt_lang`: words of
    another language than the customer's may have found the article.
    """

    entry: Entry
    subject: Subject
    link: Link | None
    handout: Handout
    excerpt: str = ""
    excerpt_lang: str = ""
    breadcrumbs: tuple[str, ...] = ()

    @property
    def key(self) -> ArticleKey:
        return self.subject.key

    @property
    def is_internal(self) -> bool:
        return not self.entry.url

    @property
    def url(self) -> str:
        """Where it is read: its public page, or its page of the desk."""
        return self.entry.url or url_for("desk.found", lang=self.key.lang, article=self.key.article)

    def source(self, piece: Piece) -> str:
        """The Markdown of a piece; empty where there is none.

        An internal article's own words are not for customers; its reply is written for them.
        """
        if piece is Piece.REPLY:
            return self.handout.reply
        if self.link is None or (piece is Piece.SNIPPET and not self.handout.lead):
            return ""
        return "{link}" if piece is Piece.LINK else f"{self.handout.lead}\n\n{{link}}"

    def parts(self, piece: Piece, form: Format) -> Parts:
        """A piece in one format, cut at its places; nothing where there is none."""
        source = self.source(piece)
        if piece is Piece.LINK and self.link is not None:
            return (replies.Part(self.link.of(form)),)
        return replies.parts(source, form, self.link) if source else ()


@dataclass(frozen=True, slots=True)
class Found:
    """The best offers for a customer's words. `total` counts the articles that match."""

    query: str
    offers: tuple[Offer, ...]
    total: int
    corrected: str | None


def search(service: Service, words: str, lang: str = "", limit: int = SHOWN) -> Found:
    """All languages, those in the customer's first. Raises NoIndex or AnswerloopError.

    An article that was found in another language is offered in the customer's, if it is there.
    """
    reader = service.staff_reader
    every = reader.search(words, limit=_LOOKED_AT)
    own = reader.search(words, lang=lang, limit=SHOWN).hits if lang else ()
    version = service.live.version()
    ranked = _ranked((*own, *every.hits), lang, version.catalog.by_id)[:limit]
    offers = _offers(service, version, ranked)
    return Found(every.query, offers, every.total, every.corrected)


def sent_most(service: Service, lang: str = "") -> Found:
    """What agents send most, in the customer's language where it is there.

    Raises AnswerloopError when nothing was ever built.
    """
    version = service.live.version()
    with service.database.read() as db:
        keys = reuse.most_sent(db, service.clock(), 2 * _SENT_MOST)
    entries = [version.catalog.by_id.get(key.article, {}) for key in keys]
    langs = [(lang, key.lang) for key in keys]
    found = [
        texts.get(wanted) or texts[kept]
        for texts, (wanted, kept) in zip(entries, langs, strict=True)
        if kept in texts
    ]
    unique = {(entry.id, entry.lang): entry for entry in found}
    offers = _offers(service, version, [(entry, None) for entry in unique.values()][:_SENT_MOST])
    return Found("", offers, 0, None)


def find(service: Service, key: ArticleKey) -> Offer:
    """One article. Raises UnknownArticle, or AnswerloopError when nothing was ever built."""
    version = service.live.version()
    entry = version.catalog.by_id.get(key.article, {}).get(key.lang)
    if entry is None:
        raise UnknownArticle(key)
    (offer,) = _offers(service, version, [(entry, None)])
    return offer


def _ranked(
    hits: Iterable[Hit], lang: str, by_id: Mapping[str, Mapping[str, Entry]]
) -> list[tuple[Entry, Hit]]:
    """Each article once; those in the customer's language before all others.

    Among them, what the words found in their own language (that of the best hit) goes before what
    they found by chance in another.
    """
    ranked = sorted(hits, key=lambda hit: -hit.score)
    spoken = ranked[0].lang if ranked else ""
    ranked.sort(key=lambda hit: hit.lang != spoken)
    best: dict[ArticleKey, tuple[Entry, Hit]] = {}
    for hit in ranked:
        entries = by_id.get(hit.id, {})
        entry = entries.get(lang) or entries.get(hit.lang)
        if entry is not None:
            best.setdefault(ArticleKey(ArticleId(entry.id), entry.lang), (entry, hit))
    return sorted(best.values(), key=lambda pair: pair[0].lang != lang)


def _offers(
    service: Service, version: Version, found: Iterable[tuple[Entry, Hit | None]]
) -> tuple[Offer, ...]:
    pairs = [(entry, ArticleKey(entry.id, entry.lang), hit) for entry, hit in found]
    handouts = version.handouts(key for _, key, _ in pairs)
    subjects = Subjects.now(service)
    origin = base(service)
    offers = []
    for entry, key, hit in pairs:
        permalink = f"{origin}/a/{quote(entry.id)}?via=reply"
        offer = Offer(
            entry=entry,
            subject=subjects.of(key),
            link=Link(entry.title, permalink) if entry.url else None,
            handout=handouts.get(key, _NO_HANDOUT),
        )
        if hit is not None:
            crumbs = hit.breadcrumbs if hit.lang == entry.lang else ()
            offer = replace(offer, excerpt=hit.excerpt, excerpt_lang=hit.lang, breadcrumbs=crumbs)
        offers.append(offer)
    return tuple(offers)


def base(service: Service) -> str:
    """Where readers find the site: as the settings say, else as this request came."""
    if service.settings.site.url:
        return service.settings.site.url.rstrip("/")
    scheme = "https" if arrival.is_secure(request, service.trusted_proxies) else request.scheme
    return f"{scheme}://{request.host}"
