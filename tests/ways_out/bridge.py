"""An MkDocs hook that writes what our plugin tells the templates as a source for Zensical.

Zensical runs no plugins. So each page carries in its front matter what the plugin would tell its
template, and a template of one screen (`FRAME`) hands it over. Ours stay as they are.
"""

import json
import shutil
from importlib import resources
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.pages import Page

OURS = Path(str(resources.files("answerloop")))
NAMES = (
    "kb",
    "kb_category",
    "kb_close",
    "kb_contents",
    "kb_homes",
    "kb_machines",
    "kb_nav",
    "kb_news",
    "kb_news_are_mended",
    "kb_popular",
    "kb_related",
)
TOLD = "\n".join(f"{{% set {name} = page.meta.told.{name} %}}" for name in NAMES)
FRAME = f"""{{% extends "@" %}}
{TOLD}
{{% macro t(sentence) %}}{{{{ config.extra.words[kb.lang][sentence] or sentence }}}}{{% endmacro %}}
"""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Begin the source: our theme, a frame for each of its templates, and the settings."""
    source = _source(config)
    theme = source / "theme"
    shutil.copytree(OURS / "theme", theme)
    (theme / "framed").mkdir()
    for name in ("article", "category", "entrance", "home", "service"):
        (theme / "framed" / f"{name}.html").write_text(FRAME.replace("@", f"{name}.html"))
    (theme / "404.html").unlink()  # no page of ours for what is no page: nothing is told of it
    settings = Path(config.config_file_path).read_text(encoding="utf-8")
    told: dict[str, Any] = {
        "extra_css": ["assets/answerloop/answerloop.css"],
        "extra": {
            "words": {"en": {}, **{f.stem: _words(f) for f in OURS.glob("translations/*.po")}}
        },
    }
    theme_settings = {
        "custom_dir": "theme",
        "variant": "classic",  # Material's own look
        "font": False,
        "favicon": "assets/answerloop/favicon.svg",
        "palette": config.theme["palette"],
    }
    own = "".join(f"  {key}: {json.dumps(value)}\n" for key, value in theme_settings.items())
    (source / "mkdocs.yml").write_text(
        settings.partition("hooks:")[0].replace("  name: material\n", f"  name: material\n{own}")
        + "\n".join(f"{key}: {json.dumps(value)}" for key, value in told.items()),
        encoding="utf-8",
    )
    return config


@event_priority(-100)  # after our plugin
def on_page_context(context: Any, page: Page, config: MkDocsConfig, nav: Any) -> Any:
    file = _source(config) / "kb" / page.file.src_uri
    file.parent.mkdir(parents=True, exist_ok=True)
    kinds = {key: page.meta.get(key) for key in ("title", "description")}
    told = {name: context.get(name) for name in NAMES}
    head = kinds | {"template": f"framed/{page.meta['template']}", "told": told}
    file.write_text(f"---\n{json.dumps(head)}\n---\n{page.markdown}", encoding="utf-8")
    return context


def _source(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent / "zensical"


def _words(file: Path) -> dict[str, str]:
    with file.open("rb") as stream:
        return {
            message.id: message.string
            for message in read_po(stream)
            if isinstance(message.id, str) and isinstance(message.string, str) and message.id
        }
