"""A small help centre whose service dies and comes back; its pages can stand without it."""

import functools
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests import programs
from tests.journeys.shop import kb
from tests.programs import Process

_MKDOCS = """\
site_name: Alder & Finch Help
docs_dir: kb
theme:
  name: material
plugins:
  - answerloop
"""
_ARTICLES = {
    "en/returns/refund.md": ("How do I get a refund?", "Send the parcel back within thirty days."),
    "en/returns/label.md": ("Where is the return label?", "It lies in the parcel."),
    "en/returns/exchange.md": ("Can I exchange a lamp?", "Yes, within thirty days."),
    "en/returns/late.md": ("My refund is late", "Banks take five working days."),
    "en/returns/costs.md": ("What does a return cost?", "Nothing."),
    "en/returns/bulky.md": ("How do I return a table?", "We collect it."),
    "en/returns/gift.md": ("Can I return a gift?", "Yes; the giver gets the money."),
    "en/returns/opened.md": ("May the box be open?", "Yes, if nothing is missing."),
    "en/returns/again.md": ("May I return twice?", "Yes."),
    "en/returns/abroad.md": ("How do I return from abroad?", "With the label of your country."),
    "en/returns/sale.md": ("Can I return what was on sale?", "Yes, as anything else."),
    "de/returns/refund.md": (
        "Wie bekomme ich mein Geld zurück?",
        "Schicken Sie das Paket innerhalb von dreißig Tagen zurück.",
    ),
    "sv/returns/refund.md": (
        "Hur får jag pengarna tillbaka?",
        "Skicka tillbaka paketet inom trettio dagar.",
    ),
    "ar/returns/refund.md": ("كيف أسترد نقودي؟", "أعد الطرد خلال ثلاثين يوما."),
}


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing: the browser's requests are no news."""


@dataclass(slots=True)
class HelpCentre:
    """Its repository, its address, and what runs there."""

    root: Path
    port: int = 0
    process: Process | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Let the service run, at the same address as before."""
        if self.process is not None:
            return
        self.process = programs.start(
            *(programs.KB, "-C", str(self.root), "serve", "--port", str(self.port)),
            environment={"KB_LIMITS_ENABLED": "false"},
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(r"on http://\S+?:(\d+)", line):
                self.port = int(found[1])
                return
        raise AssertionError("the service did not start")

    def kill(self) -> None:
        """As a machine loses power: nothing is said, nothing is finished."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    @contextmanager
    def pages_alone(self) -> Iterator[None]:
        """A plain web server with the built pages, at the address of the service."""
        self.kill()
        handler = functools.partial(_Quiet, directory=self.root / "site")
        server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        yield
        server.shutdown()
        thread.join()
        server.server_close()

    def votes(self, article: str, lang: str = "en") -> list[bool]:
        """What stands in the database of one article: yes or no, a row for each reader."""
        with closing(sqlite3.connect(self.root / "var" / "kb.db")) as db:
            rows = db.execute(
                "SELECT helpful FROM votes WHERE article = ? AND lang = ?", (article, lang)
            )
            return [bool(helpful) for (helpful,) in rows]


def build(root: Path) -> HelpCentre:
    """Written and built at `root`, not running yet."""
    (root / "mkdocs.yml").write_text(_MKDOCS, encoding="utf-8")
    (root / "kb.toml").write_text(
        '[site]\ncontact_url = "mailto:help@example.com"\n', encoding="utf-8"
    )
    for path, (title, body) in _ARTICLES.items():
        file = root / "kb" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        front = f"---\nid: {file.stem}\ntitle: {title}\n---\n"
        file.write_text(f"{front}{body}\n", encoding="utf-8")
    built = kb(root, "build")
    assert built.returncode == 0, built.stderr
    return HelpCentre(root)
