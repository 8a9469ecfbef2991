"""All that is known about one article of the queue, for the person who decides about it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup
from sqlalchemy import Connection

from answerloop.desk import editions, phrases, speech, timeline
from answerloop.desk.editions import Edition
from feedback import (
    articles,
    broken_links,
    dossiers,
    fixes,
    items,
    leads,
    remarks,
    revisions,
    verdicts,
    words,
    yardsticks,
)
from feedback.articles import Article
from feedback.broken_links import Links
from feedback.errors import UnknownArticle
from feedback.evidence import AgentSaid, Assessment
from feedback.fixes import Fix
from feedback.history import AgentFlag
from feedback.items import Act, Item, Taken
from feedback.leads import Leads
from feedback.model import ArticleKey, ItemState, Lane, Step
from feedback.remarks import Page

_BROUGHT = frozenset({Step.OPENED, Step.REOPENED, Step.REPORTED_AGAIN, Step.NOT_HELPED})


@dataclass(frozen=True, slots=True)
class Case:
    """`item` is None for an article that is reviewed without one. Editions: the newest first.

    `brought` are the words of people, or of the loop, that brought an item here; `reasons` are
    what the rule finds beside them in the votes and reports of now, none once it is settled.
    `fix` is the last edit that answered the item; `proof` says in words whether it helped: as far
    as is known while that is watched, then as the verdict did.
    """

    article: Article
    lane: Lane
    item: Item | None
    assessment: Assessment
    brought: tuple[Act, ...]
    reasons: tuple[str, ...]
    remarks: Page
    editions: tuple[Edition, ...]
    timeline: Markup
    leads: Leads
    reports: tuple[AgentFlag, ...]
    steps: tuple[Taken, ...]
    broken: Links = ()
    fix: Fix | None = None
    proof: str = ""

    @property
    def key(self) -> ArticleKey:
        return self.article.key


def of_item(db: Connection, item: int, now: datetime, *, false_flags: float, page: int = 1) -> Case:
    """The case of an item, open or settled, with one page of its remarks. Raises UnknownItem."""
    found = items.find(db, item)
    return _of(db, found.key, found, now, false_flags=false_flags, page=page)


def of_article(
    db: Connection, key: ArticleKey, now: datetime, *, false_flags: float, page: int = 1
) -> Case:
    """The case of an article without an item. Raises UnknownArticle."""
    return _of(db, key, None, now, false_flags=false_flags, page=page)


def _of(
    db: Connection,
    key: ArticleKey,
    item: Item | None,
    now: datetime,
    *,
    false_flags: float,
    page: int,
) -> Case:
    article = articles.find(db, [key]).get(key)
    if article is None:
        raise UnknownArticle(key)
    yardstick = yardsticks.current(db, now, false_flags=false_flags)
    dossier = dossiers.read(db, [key], yardstick, now)[key]
    log, assessment = dossier.log, dossier.assessment
    steps = _steps(db, item)
    fix = fixes.latest(db, [item.id]).get(item.id) if item else None
    texts = editions.of(log, article.revision, revisions.of(db, key))
    broken = broken_links.of(db, [key]).get(key, ())
    proof = ""
    if item and fix:
        is_watched = item.state is ItemState.WATCHING
        watched = verdicts.prove((item, fix), log, assessment, now) if is_watched else None
        proof = words.prove(watched.proof, speech.say) if watched else _verdict(db, fix, steps)
    return Case(
        article=article,
        lane=item.lane if item else Lane.STALE,
        item=item,
        assessment=assessment,
        brought=_brought(item, steps),
        reasons=_reasons(item, assessment, broken),
        remarks=remarks.page(db, key, page),
        editions=texts,
        timeline=timeline.draw(texts, log.tallies, now),
        leads=leads.of(db, key, now - leads.LATELY),
        reports=tuple(sorted(log.agent_flags, key=lambda flag: flag.at, reverse=True)),
        steps=steps,
        broken=broken,
        fix=fix,
        proof=proof,
    )


def _steps(db: Connection, item: Item | None) -> tuple[Taken, ...]:
    """What happened to an item, in the language of this request."""
    found = items.steps(db, [item.id]).get(item.id, ()) if item else ()
    return tuple(replace(one, act=phrases.told(one.step, one.act)) for one in found)


def _verdict(db: Connection, fix: Fix, steps: Iterable[Taken]) -> str:
    """The words with which a fix was judged; empty where a person or a flag was faster."""
    judged = {given.at for given in verdicts.given(db, [fix.item]) if given.fix == fix.version}
    said = (taken for taken in steps if taken.step in {Step.CLOSED, Step.NOT_HELPED})
    return next((taken.act.words for taken in said if taken.act.at in judged), "")


def _brought(item: Item | None, steps: Iterable[Taken]) -> tuple[Act, ...]:
    """What the loop said of a suspicion is left out while the rule says it anew."""
    if item is None:
        return ()
    is_said_anew = item.lane is Lane.SUSPECTED and item.state is ItemState.OPEN
    return tuple(
        taken.act
        for taken in steps
        if taken.step in _BROUGHT
        and (taken.act.actor or not is_said_anew or taken.step is Step.NOT_HELPED)
    )


def _reasons(item: Item | None, assessment: Assessment, broken: Links) -> tuple[str, ...]:
    """The rule's contributions, one by one; a report that brought the item here said it better.

    Last the links that lead nowhere.
    """
    if item is not None and item.state not in items.LIVE:
        return ()
    is_reported = item is not None and item.lane is Lane.REPORTED
    told = (
        one for one in assessment.contributions if not (is_reported and isinstance(one, AgentSaid))
    )
    said = words.phrases(told, assessment.day, speech.say)
    return *said, *words.broken(len(broken), speech.say)
