"""The content repository that the desk's tests build: a few articles in two languages."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from feedback.model import ArticleId, ArticleKey

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
BUILT = NOW - timedelta(days=200)

REFUND = ArticleKey(ArticleId("refund"), "en")
REFUND_DE = ArticleKey(ArticleId("refund"), "de")
PARCEL = ArticleKey(ArticleId("parcel-late"), "en")
GIFT_CARD = ArticleKey(ArticleId("gift-card"), "en")
ANGRY = ArticleKey(ArticleId("angry-customer"), "en")

_MKDOCS = """\
site_name: Alder & Finch Help
docs_dir: kb
theme:
  name: material
plugins:
  - answerloop
"""

_KB = """\
[site]
edit_url = "https://git.example.com/kb/_edit/main/kb/{path}"
commit_url = "https://git.example.com/kb/commit/{commit}#{path}"

[owners.billing]
name = "Billing team"
[owners.delivery]
name = "Delivery team"
"""

_ARTICLES = {
    "en/returns/refund.md": """\
---
id: refund
title: How do I get a refund after delivery?
owner: billing
severity: money
reply: |
  Hello {customer_name},

  you can send **order {order_number}** back within thirty days: {link}

  Kind regards
  {agent_name}
---
Send the parcel back within thirty days; we refund the price to the card that you have paid with.
""",
    "de/returns/refund.md": """\
---
id: refund
title: Wie bekomme ich nach der Lieferung mein Geld zurück?
owner: billing
reply: |
  Guten Tag {customer_name}, so geht es: {article_link}
---
Schicken Sie das Paket innerhalb von dreißig Tagen zurück; wir erstatten den Preis.
""",
    "en/delivery/parcel-late.md": """\
---
id: parcel-late
title: My parcel is late. What now?
owner: delivery
---
Look at the tracking page first. After five working days, write to us and we look for it.
""",
    "en/payment/gift-card.md": """\
---
id: gift-card
title: Can I pay with two gift cards?
---
Yes. Enter the first code, press Apply, then enter the second one.
""",
    "en/handbook/angry-customer.md": """\
---
id: angry-customer
title: The angry customer
audience: internal
owner: delivery
reply: |
  Hello {customer_name}, I understand that this is annoying.
---
Listen first, name the *feeling*, then name the next step and its day, as with
[a late parcel](../delivery/parcel-late.md).
""",
}


def write(root: Path) -> None:
    """Make the repository in an empty folder."""
    (root / "mkdocs.yml").write_text(_MKDOCS, encoding="utf-8")
    (root / "kb.toml").write_text(_KB, encoding="utf-8")
    for name, text in _ARTICLES.items():
        file = root / "kb" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def rewrite(root: Path, key: ArticleKey, body: str) -> None:
    """Give an article another text."""
    name = next(
        name
        for name, text in _ARTICLES.items()
        if f"id: {key.article}\n" in text and name.startswith(f"{key.lang}/")
    )
    file = root / "kb" / name
    head, _, _ = file.read_text(encoding="utf-8").rpartition("---\n")
    file.unlink()  # the file is shared with other tests
    file.write_text(f"{head}---\n{body}\n", encoding="utf-8")
