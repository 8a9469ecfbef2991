"""What a build leaves for agents: beside the pages, harmless, its links lead somewhere."""

import re
from pathlib import Path

import pytest

from answerloop import handouts
from answerloop.handouts import Handout
from feedback.model import ArticleId, ArticleKey
from tests.answerloop.builders import loaded
from tests.answerloop.builders import with_front_matter as fm

PUBLIC = ArticleKey(ArticleId("refund"), "en")
INTERNAL = ArticleKey(ArticleId("angry"), "en")
CONTENTS = {
    "refund.md": fm("id: refund\nreply: 'See {link}.'", "Send it back.\n\nThen wait.\n"),
    "angry.md": fm("id: angry\naudience: internal", "Read on.\n"),
    "other.md": fm("id: other\naudience: internal", "More.\n"),
}


def written(root: Path, html: str) -> dict[ArticleKey, Handout]:
    catalog = loaded(root, CONTENTS)
    handouts.write(catalog, lambda: lambda _body: html, root)
    return handouts.read(root, [PUBLIC, INTERNAL, ArticleKey(ArticleId("none"), "en")])


def test_a_public_article_leaves_its_reply_and_its_lead(tmp_path: Path) -> None:
    found = written(tmp_path, "<p>Read on.</p>")

    assert found[PUBLIC] == Handout("See {link}.", "Send it back.")
    assert found[INTERNAL] == Handout(html="<p>Read on.</p>")
    assert len(found) == 2


def test_an_internal_text_runs_nothing_and_loads_nothing(tmp_path: Path) -> None:
    html = '<script>alert(1)</script><p style="x" onclick="y"><img src="a.png" alt="A plan"></p>'

    assert written(tmp_path, html)[INTERNAL].html == "<p>A plan</p>"


@pytest.mark.parametrize(
    "html",
    [
        '<a href="javascript:alert(1)">x</a>',
        '<a href="jav&#x09;ascript:alert(1)">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        '<p style="position:fixed" onclick="alert(1)" class="notice">x</p>',
        "<iframe src=//evil.example></iframe>",
        '<form action="/desk/logout" method="post"><button>x</button></form>',
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
        '<img alt="y" src="https://evil.example/pixel.png">',
    ],
)
def test_an_internal_text_cannot_pose_as_the_desk(tmp_path: Path, html: str) -> None:
    shown = written(tmp_path, html)[INTERNAL].html

    assert not re.search(
        r"<(?:script|img|iframe|form|button|svg|style|math)\b"
        r"|\s(?:on\w+|style|class|src)=|javascript:|href=\"data:",
        shown,
        re.IGNORECASE,
    )


def test_links_of_an_internal_text_lead_to_pages_and_to_the_desk(tmp_path: Path) -> None:
    html = (
        '<a href="refund.md#how">a</a> <a href="other.md">b</a> <a href="https://x.example">c</a>'
    )

    found = written(tmp_path, html)[INTERNAL].html

    assert 'href="/refund/#how"' in found
    assert 'href="/desk/find/en/other"' in found
    assert 'href="https://x.example"' in found


def test_a_version_of_an_older_release_has_none(tmp_path: Path) -> None:
    assert handouts.read(tmp_path, [PUBLIC]) == {}
