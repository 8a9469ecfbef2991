"""What no template, script or style sheet of ours may hold."""

import re
from importlib import resources
from pathlib import Path

import pytest

APPLICATION = Path(str(resources.files("answerloop")))
TEMPLATES = [*APPLICATION.glob("theme/**/*.html"), *APPLICATION.glob("templates/**/*.html")]
ASSETS = APPLICATION / "theme" / "assets" / "answerloop"
SCRIPTS = [*sorted(ASSETS.glob("*.js")), APPLICATION / "machines" / "embed.js"]
INLINE = re.compile(
    r"<script(?![^>]*(?:\ssrc=|ld\+json))|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE
)
FOREIGN = re.compile(
    r"<(?:script|img|iframe|source|link)\b[^>]*(?:src|href)=\"(?:https?:)?//", re.IGNORECASE
)
SIDED = re.compile(
    r"^\s*(?:(?:margin|padding|border)-(?:left|right)|left|right|float|text-align)"
    r"\s*:(?!\s*(?:inline-|none|start|end|center))",
    re.MULTILINE,
)


def name(path: Path) -> str:
    return str(path.relative_to(APPLICATION))


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_a_template_holds_no_inline_script_or_style(template: Path) -> None:
    assert not INLINE.findall(template.read_text(encoding="utf-8"))


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_a_template_asks_no_other_host(template: Path) -> None:
    assert not FOREIGN.findall(template.read_text(encoding="utf-8"))


@pytest.mark.parametrize("asset", sorted(ASSETS.iterdir()), ids=name)
def test_an_asset_asks_no_other_host(asset: Path) -> None:
    text = asset.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")

    assert not re.findall(r"https?://|@import|url\(", text)


def test_no_rule_of_the_style_sheet_swallows_the_next() -> None:
    text = (ASSETS / "answerloop.css").read_text(encoding="utf-8")
    sections = re.split(r"^/\* .* -+ \*/$", text, flags=re.MULTILINE)

    assert [each.count("{") - each.count("}") for each in sections] == [0] * len(sections)


def test_the_style_sheet_knows_neither_left_nor_right() -> None:
    text = (ASSETS / "answerloop.css").read_text(encoding="utf-8")

    assert not SIDED.findall(text)


@pytest.mark.parametrize("asset", SCRIPTS, ids=name)
def test_a_script_writes_no_markup_and_no_cookie(asset: Path) -> None:
    text = asset.read_text(encoding="utf-8")

    assert not re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\.cookie", text)
