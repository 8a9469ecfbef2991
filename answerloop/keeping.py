"""How long this installation keeps what: the rules that its settings ask for, and their work."""

from datetime import datetime, timedelta

from answerloop.settings import Settings
from feedback import (
    audit,
    forgetting,
    handshakes,
    receipts,
    remarks,
    retention,
    searchers,
    searches,
    sessions,
    tokens,
    traces,
)
from feedback.flags import Store
from feedback.retention import MONTH, Rule
from feedback.visitors import Salts


def rules(settings: Settings) -> tuple[Rule, ...]:
    """What is kept for how long; keys of visitors have a rule of their own."""
    privacy = settings.privacy
    return (
        Rule("searches", timedelta(days=privacy.searches_days), searches.forget_before),
        Rule("remarks", privacy.remarks_months * MONTH, remarks.forget_before),
        Rule("links to remarks", privacy.remarks_months * MONTH, receipts.forget_before),
        Rule("names and words of staff", privacy.staff_months * MONTH, traces.forget_before),
        Rule("audit log", privacy.audit_months * MONTH, audit.forget_before),
        Rule("tokens that have ended", privacy.audit_months * MONTH, tokens.forget_before),
        Rule("sessions that have ended", timedelta(0), sessions.sweep),
        Rule("sign-ins that were left", timedelta(0), handshakes.sweep),
    )


def enforce(store: Store, settings: Settings, salts: Salts | None, now: datetime) -> dict[str, int]:
    """Forget all that is due; how much of what it was. Call it as often as you like.

    Without `salts` those that are over stay; that is for a rehearsal.
    """
    if salts is not None:
        salts.renew(now)  # first: what they lead to is not forgotten while they live
    keys = forgetting.forget(store, now)
    keys += searchers.forget(store, now)
    return {"visitors' keys": keys} | retention.enforce(store, rules(settings), now)
