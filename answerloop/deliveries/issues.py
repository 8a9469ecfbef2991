"""Items of the queue as issues of a tracker: opened once, and opened again where it is flagged so.

An issue is found again by the marker at its end, so an answer that was lost on the way does not
lead to a second one. What people do with the issue changes nothing in the queue.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from answerloop.deliveries import clients, secrets
from answerloop.deliveries.errors import Missing, TryLater
from answerloop.deliveries.outgoing import Limits
from answerloop.deliveries.subjects import Subject, Subjects
from answerloop.deliveries.trackers import DIALECTS, Tracker
from answerloop.errors import SettingsError
from answerloop.settings import Settings
from feedback import events, issues, items, remarks
from feedback.events import ItemMoved
from feedback.flags import Store
from feedback.issues import Issue
from feedback.outbox import Message

KIND = "issue"
EVENTS = frozenset(events.STEPS.values())
_OPENING = ("item.opened", "item.reopened")
_MOST_REMARKS = 5
_SKEW = timedelta(days=1)
"""By so much the tracker's clock may be behind ours."""
_LIMITS = Limits(seconds=10, bytes=10_000_000)
"""A page of a hundred issues is long, and a large tracker slow."""
_HOMES = {"github": "https://api.github.com", "gitlab": "https://gitlab.com", "gitea": ""}
_PROJECT = re.compile(r"[\w.-]+(/[\w.-]+)*", re.ASCII)
_SAID = {
    "item.watching": "A new revision was published. Its readers decide whether it helped.",
    "item.dismissed": "Dismissed: there is nothing to mend.",
    "item.correct": "Reviewed: the article is correct as it is.",
    "item.closed": "Closed: later readers were content.",
}


@dataclass(frozen=True, slots=True)
class Keeper:
    """Delivers the messages about items to a tracker."""

    tracker: Tracker
    store: Store
    subjects: Subjects

    def deliver(self, message: Message) -> None:
        """Let the issue say what the item says. Raises TryLater, GiveUp."""
        event = events.parse(message.payload)
        if not isinstance(event, ItemMoved):
            return
        try:
            if event.type in _OPENING:
                self._open(event, message)
            else:
                self._tell(event, message)
        except Missing as problem:
            raise TryLater(str(problem)) from None

    def _open(self, event: ItemMoved, message: Message) -> None:
        """The item's own issue, else the last one about this article, else a new one."""
        known = self._known(event) or self._marked(event)
        if known is not None and self._open_again(known, event, message):
            self._keep(event, known)
            return
        with self.store.read() as db:
            said = [one.text for one in remarks.of(db, [event.key]).get(event.key, ())
                    if not one.helpful]  # fmt: skip
        subject = self.subjects.of(event.key)
        text = body(event, subject, said[:_MOST_REMARKS], self._desk(event))
        found = self.tracker.create(_title(subject), f"{text}\n\n{marker(event.item)}")
        self._keep(event, Issue(found.number, found.url))

    def _marked(self, event: ItemMoved) -> Issue | None:
        """The issue that an earlier attempt has made, of which we never heard."""
        with self.store.read() as db:
            opened = items.find(db, event.item).opened
        found = self.tracker.marked(marker(event.item), opened - _SKEW)
        return None if found is None else Issue(found.number, found.url)

    def _open_again(self, known: Issue, event: ItemMoved, message: Message) -> bool:
        """Open an issue again and say why; False if the tracker has it no more."""
        try:
            found = self.tracker.find(known.number)
        except Missing:
            self.store.apply(lambda db: issues.forget(db, self.tracker.name, known.number))
            return False
        is_own = (found.body or "").rstrip().endswith(marker(event.item))
        if event.type == "item.opened" and is_own and found.is_open:
            return True  # it says so already
        self.tracker.move(found, is_open=True)
        self._say(known, f"Opened again:\n\n{quoted(event.because)}", message)
        return True

    def _tell(self, event: ItemMoved, message: Message) -> None:
        """Say below the issue what happened to the item, and close it where the item is settled."""
        with self.store.read() as db:
            known = issues.of_item(db, event.item, self.tracker.name)
        if known is None:
            return  # from before there was a tracker
        try:
            self._say(known, f"{_SAID[event.type]}\n\n{quoted(event.because)}", message)
            if event.type != "item.watching":
                self.tracker.move(self.tracker.find(known.number), is_open=False)
        except Missing:
            self.store.apply(lambda db: issues.forget(db, self.tracker.name, known.number))

    def _say(self, known: Issue, words: str, message: Message) -> None:
        self.tracker.comment(
            known.number,
            words,
            marker=f"<!-- kb:message:{message.id} -->",
            since=message.written - _SKEW,
        )

    def _known(self, event: ItemMoved) -> Issue | None:
        name = self.tracker.name
        with self.store.read() as db:
            own = issues.of_item(db, event.item, name)
            return own or issues.of_article(db, event.key, event.lane, name)

    def _keep(self, event: ItemMoved, issue: Issue) -> None:
        self.store.apply(lambda db: issues.keep(db, event.item, self.tracker.name, issue))

    def _desk(self, event: ItemMoved) -> str:
        return self.subjects.link(f"/desk/items/{event.item}")


def marker(item: int) -> str:
    """By this an issue is found again."""
    return f"<!-- kb:item:{item} -->"


def body(event: ItemMoved, subject: Subject, said: list[str], desk: str) -> str:
    """The text of an issue: what speaks against the article, where it is, what readers wrote."""
    lines = [quoted(event.because), ""]
    lines += [f"- {name}: {value}" for name, value in _facts(event, subject, desk)]
    if said:
        lines += ["", "What readers wrote, with personal data masked:"]
        lines += [f"\n{quoted(text)}" for text in said]
    return "\n".join(lines)


def quoted(words: str) -> str:
    """Words that a tracker shows as they are: no link, no image, no mention, no marker of ours."""
    longest = max((len(run) for run in re.findall("`+", words)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{words.replace('<!--', '<! --')}\n{fence}"


def of(settings: Settings, clock: Callable[[], datetime]) -> Tracker | None:
    """The tracker of the settings, None without one. Raises SettingsError."""
    section = settings.tracker
    if not section.kind:
        return None
    url = (section.url or _HOMES[section.kind]).rstrip("/")
    if not _PROJECT.fullmatch(section.project) or ".." in section.project:
        raise SettingsError("tracker.project: expected a project such as `shop/help`.")
    given = [section.token] if section.token else []
    tokens = secrets.read(given, section.token_file, settings.root, "tracker.token_file")
    if len(tokens) != 1 or not tokens[0].isascii() or not tokens[0].isprintable():
        raise SettingsError(
            "tracker.token: expected one token, in `KB_TRACKER_TOKEN` or in `tracker.token_file`."
        )
    client = clients.of(settings, url, "tracker", allow_private=section.allow_private)
    return Tracker(
        name=f"{section.kind} {url} {section.project}",
        dialect=DIALECTS[section.kind],
        url=url,
        project=section.project,
        client=replace(client, limits=_LIMITS),
        clock=clock,
        token=tokens[0],
    )


def _title(subject: Subject) -> str:
    return " ".join(f"Mend: {subject.title}".split())[:200]


def _facts(event: ItemMoved, subject: Subject, desk: str) -> Iterator[tuple[str, str]]:
    yield "Lane", event.lane
    yield "Article", f"`{event.article}`, `{event.lang}`"
    if subject.permalink:
        yield "Page", f"<{subject.permalink}>"
    if subject.path:
        yield "File", f"`{subject.path}`"
    if subject.edit_url:
        yield "Edit", f"<{subject.edit_url}>"
    if desk:
        yield "Desk", f"<{desk}>"
