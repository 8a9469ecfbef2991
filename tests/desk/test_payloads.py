"""Whatever people write stays text on every page."""

import html
from html.parser import HTMLParser

import pytest

from feedback.model import Reason
from tests.desk.desk import Desk, act, page_of

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "'><iframe srcdoc='<script>alert(1)</script>'>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<a href='javascript:alert(1)'>click</a>",
    "{{ 7 * 7 }} {% raw %}",
    "<!--<script>alert(1)//-->",
    "\u202e<b>reversed</b>",
    "[click](javascript:alert(1))",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
)


class Elements(HTMLParser):
    """What a browser makes of a page: its elements and their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_ours = (dict(attrs).get("src") or "").startswith("/desk/static/")
        if tag != "script" or not is_ours:
            self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name in ("href", "action")]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_whatever_people_write_is_shown_as_text(desk: Desk, payload: str) -> None:
    desk.vote("mallory", remark=payload)
    item = desk.report(words=payload)
    charlie = desk.signed_in("charlie")
    act(charlie, item, "note", payload)

    pages = (
        charlie.get(f"/desk/items/{item.id}"),
        charlie.get("/desk/queue"),
        act(charlie, item, "dismiss", payload),
        charlie.post("/desk/login", data={"name": payload, "password": payload}),
        desk.browser().post(f"/desk/items/{item.id}/note", data={"text": payload}),
    )

    for page in pages:
        found = Elements(page.text)
        assert not found.tags & {"script", "img", "iframe", "b", "style"}
        assert not [name for name in found.attributes if name.startswith("on")]
        assert not [address for address in found.addresses if "javascript" in address]
        assert payload in html.unescape(page.text)


def test_a_readers_own_words_are_no_markdown_and_no_link(desk: Desk) -> None:
    desk.vote("mallory", reason=Reason.OTHER, remark="See https://evil.example **now**")
    item = desk.report()

    page = page_of(desk, item)

    assert "See https://evil.example **now**" in page
    assert 'href="https://evil.example' not in page
