"""Every article: the list to find one in, and the page of one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from answerloop import languages
from answerloop.desk import access, paging, portrait, speech
from answerloop.desk.service import Service
from answerloop.desk.subjects import Subjects
from answerloop.published import Entry
from feedback import items
from feedback.model import ArticleId, ArticleKey, ItemState, Role

_ON_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Sought:
    """Which articles are listed; an empty field lists all."""

    words: str
    lang: str
    owner: str
    tag: str
    page: int

    @classmethod
    def read(cls) -> "Sought":
        asked = request.args
        return cls(
            words=asked.get("q", "").strip()[:200],
            lang=asked.get("lang", ""),
            owner=asked.get("owner", ""),
            tag=asked.get("tag", ""),
            page=paging.number(),
        )

    def find(self, listing: Iterable[tuple[str, Entry]]) -> Sequence[Entry]:
        """Of all articles, each with what it is found by, those that are sought."""
        words = self.words.casefold().split()
        return [
            entry
            for said, entry in listing
            if self.lang in ("", entry.lang)
            and self.owner in ("", entry.owner)
            and self.tag in ("", *entry.tags)
            and all(word in said for word in words)
        ]


@dataclass(frozen=True, slots=True)
class Translation:
    """The article in a language; `debt` says that its text is behind the one it was made from."""

    entry: Entry
    language: str
    debt: str
    is_shown: bool


def install(routes: Blueprint, service: Service) -> None:
    @routes.get("/articles", endpoint="articles")
    @access.needs(Role.AGENT)
    def show() -> str:
        sought = Sought.read()
        subjects = Subjects.now(service)
        catalog = subjects.catalog
        found = sought.find(catalog.listing)
        first = (sought.page - 1) * _ON_A_PAGE
        shown = found[first : first + _ON_A_PAGE]
        with service.database.read() as db:
            live = items.live(db, [_key(entry) for entry in shown])
        return render_template(
            "desk/articles.html",
            sought=sought,
            entries=shown,
            total=len(found),
            first=first,
            is_last=first + _ON_A_PAGE >= len(found),
            open={item.key for item in live if item.state is ItemState.OPEN},
            key=_key,
            owner=subjects.owner,
            owners=catalog.owners,
            tags=catalog.tags,
            langs={lang: languages.display_name(lang) for lang in catalog.langs},
            language=languages.display_name,
        )

    @routes.get("/articles/<article>", endpoint="article-id")
    @access.needs(Role.AGENT)
    def lead(article: str) -> Response:
        """To the article in the language of whoever works here, else of most readers."""
        subjects = Subjects.now(service)
        known = subjects.by_id.get(article) or abort(404)
        wanted = (speech.lang(), subjects.catalog.default_lang)
        lang = next((each for each in wanted if each in known), min(known))
        return redirect(url_for("desk.article", lang=lang, article=article), 303)

    @routes.get("/articles/<lang>/<article>", endpoint="article")
    @access.needs(Role.AGENT)
    def read(lang: str, article: str) -> str:
        return _page(service, ArticleKey(ArticleId(article), lang))


def _page(service: Service, key: ArticleKey) -> str:
    now = service.clock()
    budget = service.settings.feedback.false_flags_per_month
    with service.database.read() as db:
        page = paging.number("remarks")
        found = portrait.of(db, key, now, false_flags=budget, page=page)
    subjects = Subjects.now(service)
    langs = subjects.by_id.get(key.article, {})
    entry = langs.get(key.lang)
    handout = service.live.version().handouts([key]).get(key) if entry else None
    return render_template(
        "desk/article.html",
        portrait=found,
        subject=subjects.of(key),
        entry=entry,
        body=Markup(handout.html if handout else ""),  # noqa: S704  cleaned by the build (`handouts`)
        translations=_translations(langs, key.lang),
        owner=subjects.owner(found.article.owner),
        commit_url=subjects.commit_url,
        now=now,
    )


def _translations(langs: Mapping[str, Entry], shown: str) -> list[Translation]:
    return [
        Translation(
            entry=entry,
            language=languages.display_name(lang),
            debt=debt(entry, langs),
            is_shown=lang == shown,
        )
        for lang, entry in sorted(langs.items())
    ]


def debt(entry: Entry, langs: Mapping[str, Entry]) -> str:
    """What a translation owes to its source, in words; empty for one that is up to date."""
    if entry.source is None:
        return ""
    lang, revision = entry.source
    name = languages.display_name(lang)
    source = langs.get(lang)
    if source is None:
        return speech.say("Its source in %(language)s is no longer on the site.", language=name)
    if source.revision == revision:
        return ""
    return speech.say(
        "Behind: made from revision %(old)s in %(language)s, which is now %(new)s.",
        language=name,
        old=revision,
        new=source.revision,
    )


def _key(entry: Entry) -> ArticleKey:
    return ArticleKey(entry.id, entry.lang)
