"""Links within the site: a broken one is told with file and line, whatever it leads to."""

from pathlib import Path

import pytest

from answerloop import crosslinks
from answerloop.errors import ContentError
from answerloop.rendering import Renderer
from tests.answerloop.builders import Contents, built, loaded, repository
from tests.answerloop.builders import with_front_matter as fm

CONTENTS: Contents = {
    "x/b.md": "# B\n\n## A part\n",
    "x/p.png": b"1",
    "inside/note.md": fm(
        "id: note\naudience: internal", "## Part\n\n![x](plan.png) [y](gone.png)\n"
    ),
    "inside/plan.png": b"1",
    "old.md": fm("state: archived", "[x](gone.md)"),
    "moved.md": fm("redirect_from: [/before/]", "## Part\n"),
}


def told(root: Path, body: str, *, base: str = "") -> list[str]:
    """What is said of one article, without the file's name and level, which are always the same."""
    catalog = loaded(root, {**CONTENTS, "x/a.md": fm("id: a", body)})
    renderer = Renderer(["toc"], {})
    found = [
        *crosslinks.check(catalog, base),
        *crosslinks.check_anchors(catalog, lambda article: renderer.html(article.body), base),
    ]
    rows = [str(finding) for finding in found if finding.path.name == "a.md"]
    return [row.removeprefix("x/a.md:").replace(": error: the link", "") for row in rows]


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ("[x](gone.png)", "`gone.png` leads to no page. Mend or remove it."),
        ("![x](../q.png)", "`../q.png` leads to no page. Mend or remove it."),
        ("[x](../gone/)", "`../gone/` leads to no page. Mend or remove it."),
        ("[x](/x/bb/)", "`/x/bb/` leads to no page. Did you mean x/b.md?"),
        ("[x](/a/note)", "`/a/note` leads to an article that readers cannot see (internal, "),
        ("![x](../inside/plan.png)", "`../inside/plan.png` leads to inside/plan.png, which is not"),
        ("[x](b.md#part)", "`b.md#part` names a place that x/b.md does not have. Did you mean `#"),
        ("[x](#gone)", "`#gone` names a place that x/a.md does not have."),
        ("[x](/before/#gone)", "`/before/#gone` names a place that moved.md does not have."),
        ('<img src="p.png">', "`p.png` leads to no page. Mend or remove it."),
        ("<a class='y' href='../gone/'>x</a>", "`../gone/` leads to no page."),
        ("[x](https://h.example/kb/x/gone/)", "`https://h.example/kb/x/gone/` leads to no page."),
    ],
)
def test_a_link_that_breaks_is_told_with_its_line(tmp_path: Path, link: str, message: str) -> None:
    [said] = told(tmp_path, f"Text.\n\n{link}\n", base="https://h.example/kb/")

    assert said.startswith(f"6 {message}")


@pytest.mark.parametrize(
    "link",
    [
        "[x](b.md#a-part) [x](#top) [x](#) [x](b.md#) ![x](p.png) [x](../b/#a-part)",
        '<img src="../p.png"> <a name="here"></a> [x](#here) [x](#:~:text=any)',
        "[x](/x/b/#a-part) [x](/before) [x](/before/#part) [x](/a/a) [x](/x/p.png) [x](/x/)",
        "[x](https://h.example/kb/x/b/#a-part) [x](https://h.example/elsewhere) [x](/elsewhere/)",
        "`[x](gone.png)` <!-- <img src=gone.png> --> [x]({{ gone }}/x/) [x](mailto:a@b.example)",
    ],
)
def test_what_leads_somewhere_or_elsewhere_is_not_told(tmp_path: Path, link: str) -> None:
    assert told(tmp_path, link, base="https://h.example/kb/") == []


def test_internal_articles_have_their_own_pictures_and_drafts_only_warnings(
    tmp_path: Path,
) -> None:
    found = list(crosslinks.check(loaded(tmp_path, CONTENTS)))

    assert [(str(each.path), each.level.value) for each in found] == [("old.md", "warning")]


def test_a_heading_that_is_not_there_stops_a_build_and_warns_when_it_goes_on(
    tmp_path: Path,
) -> None:
    known = repository(tmp_path, {"a.md": "[x](b.md#gone)\n", "b.md": "## There\n"})

    with pytest.raises(ContentError, match=r"^a\.md:1: error: .*`b\.md#gone`"):
        built(known)

    done = built(known, keep_going=True)
    assert "a.md:1: warning: " in "".join(
        str(finding) for finding in done.findings if "gone" in finding.message
    )
