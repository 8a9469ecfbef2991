"""The help centre of these tests: its articles, its readers, and what the time does to them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from answerloop import builds
from answerloop.web import correspondence
from answerloop.web.service import Service
from feedback import outbox
from tests.letters.post_office import PostOffice, text

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
BUILT = NOW - timedelta(days=200)
SITE = "https://help.example.com"
ALICE = "alice@example.org"
LINK = re.compile(re.escape(SITE) + r"(/f/[\w-]{22})\b")

_MKDOCS = """\
site_name: Alder & Finch Help
docs_dir: kb
theme:
  name: material
plugins:
  - answerloop
"""
_KB = f"""\
[site]
url = "{SITE}/"
[mail]
host = "127.0.0.1"
tls = "none"
sender = "help@example.com"
[owners.billing]
name = "Billing"
mail = "billing@example.com"
"""
_ARTICLES = {
    "en/refund.md": (
        "How do I get a refund?",
        "Send the parcel back within thirty days; we refund the price to your card.",
    ),
    "de/refund.md": (
        "Wie bekomme ich mein Geld zurück?",
        "Schicken Sie das Paket innerhalb von dreißig Tagen zurück; wir erstatten den Preis.",
    ),
    "sv/refund.md": (
        "Hur får jag pengarna tillbaka?",
        "Skicka tillbaka paketet inom trettio dagar; vi betalar tillbaka priset.",
    ),
    "ar/refund.md": ("كيف أسترد نقودي؟", "أعد الطرد خلال ثلاثين يوما وسنرد الثمن إلى بطاقتك."),
}
MENDED = (
    "Print the label from your order, stick it on the parcel and hand it in at any post office. "
    "The money is on your card three working days after the parcel has come back to us."
)


@dataclass(slots=True)
class Clock:
    """Shows what the test says it shows."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True)
class House:
    app: Flask
    service: Service
    clock: Clock
    office: PostOffice

    def browser(self) -> FlaskClient:
        """A browser on a page of ours."""
        client = self.app.test_client()
        client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
        return client

    def say(self, *, lang: str = "en", **said: object) -> str:
        """Let a reader say no; the path of their private page, empty without one."""
        answer = self.browser().post("/api/v1/votes", json=self.vote(lang=lang) | said)
        assert answer.status_code == 200, answer.text
        assert answer.json is not None
        return answer.json["receipt"] or ""

    def vote(self, *, lang: str = "en") -> dict[str, object]:
        revision = self.service.live.version().catalog.by_id["refund"][lang].revision
        return {"article": "refund", "lang": lang, "revision": revision, "helpful": False}

    def press(self, link: str, do: str) -> TestResponse:
        return self.browser().post(link, data={"do": do})

    def see(self, link: str) -> TestResponse:
        return self.browser().get(link)

    def deliver(self) -> None:
        """Let a minute pass, and the courier go."""
        self.clock.now += timedelta(minutes=1)
        correspondence.keep_up(self.service, self.clock.now)
        self.service.courier.deliver()

    def mend(self, lang: str = "en", days: float = 1) -> None:
        """Let Charlie edit the article and build, so many days later."""
        self.clock.now += timedelta(days=days)
        write(self.service.settings.root, {f"{lang}/refund.md": (_title(lang), MENDED)})
        builds.build(self.service.settings, self.clock.now, lambda _what, _share: None)

    def link(self, letter: EmailMessage | None = None) -> str:
        """The path of the link in a letter, the newest if none is named."""
        found = LINK.search(text(letter or self.office.letters[-1]))
        assert found is not None
        return found[1]

    def waiting(self) -> tuple[int, int]:
        """How many messages wait, and how many are dead."""
        with self.service.database.read() as db:
            return len(outbox.waiting(db)), len(outbox.dead(db))


def write(root: Path, articles: dict[str, tuple[str, str]] | None = None) -> None:
    """The repository, or some of its articles."""
    if articles is None:
        (root / "mkdocs.yml").write_text(_MKDOCS, encoding="utf-8")
        (root / "kb.toml").write_text(_KB, encoding="utf-8")
    for path, (title, body) in (articles or _ARTICLES).items():
        file = root / "kb" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(
            f"---\nid: refund\ntitle: {title}\nowner: billing\n---\n{body}\n", encoding="utf-8"
        )


def _title(lang: str) -> str:
    return _ARTICLES[f"{lang}/refund.md"][0]
