"""A small site as programs are told of it, without building one."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from answerloop.history import Change
from answerloop.machines.public import Public
from answerloop.rendering import Renderer
from answerloop.site import pages
from tests.answerloop.builders import Contents, loaded
from tests.answerloop.builders import with_front_matter as fm

BASE = "https://help.example.com/"
FIRST = datetime(2026, 1, 5, 12, tzinfo=UTC)
LATER = datetime(2026, 2, 5, 12, tzinfo=UTC)
SECRET = "planted sentence"

CONTENTS: Contents = {
    "en/index.md": fm("title: How can we help?", "Welcome.\n"),
    "en/orders/index.md": fm("title: Orders & co"),
    "en/orders/refund.md": fm(
        "id: refund\ntitle: How do I get a refund?\ntags: [money]\nowner: billing\n"
        "reply: 'Dear {customer_name}'\nasked_as: [cash please]",
        "Within **30 days**, see [the label](label.md#print) & [the form](form.pdf).\n\n"
        "<!-- a note to ourselves -->\n\n```\n[x](label.md) <!-- kept -->\n```\n",
    ),
    "en/orders/label.md": fm(
        "id: label\ntitle: 'Print </script> a label'\nkind: procedure",
        "Short.\n\n1. Open *Orders*.\n2. Press Print.\n    - on paper\n\nThen:\n\n1. Other.\n\n"
        "## Print\n",
    ),
    "en/orders/form.pdf": b"%PDF",
    "de/index.md": fm("title: Hallo"),
    "de/bestellungen/geld.md": fm("id: refund\ntitle: Wie bekomme ich Geld zurück?", "Bald.\n"),
    "en/secret.md": fm("id: secret\naudience: internal", SECRET),
    "en/old.md": fm("id: old\nstate: archived", SECRET),
    "en/draft.md": fm("id: draft\nstate: work-in-progress", SECRET),
}
CHANGES = {
    PurePosixPath("en/orders/refund.md"): Change("1", LATER, is_minor=False),
    PurePosixPath("en/orders/label.md"): Change("2", FIRST, is_minor=False),
    PurePosixPath("en/secret.md"): Change("3", LATER, is_minor=False),
}
BORN = {PurePosixPath(f"en/orders/{name}.md"): FIRST for name in ("refund", "label")}


def public(
    root: Path,
    contents: Contents = CONTENTS,
    *,
    base: str = BASE,
    changes: Mapping[PurePosixPath, Change] = CHANGES,
) -> Public:
    catalog = loaded(root, contents)
    renderer = Renderer(["fenced_code", "toc"], {})
    html = {article.path: renderer.html(article.body) for article in catalog.published}
    shells = pages.shells(catalog)
    return Public(catalog, "Our <Help>", base, html, changes, BORN, shells)
