"""mkdocs.yml as far as this program asks it: read without MkDocs and without running its tags."""

from pathlib import Path
from typing import Any

import yaml

from answerloop.errors import SettingsError


class _TolerantLoader(yaml.SafeLoader):
    """Reads mkdocs.yml although it may hold tags that only MkDocs understands."""


def _ignore_tag(_loader: yaml.SafeLoader, _tag: str, _node: yaml.Node) -> None:
    return None


_TolerantLoader.add_multi_constructor("", _ignore_tag)


def read(path: Path) -> dict[str, Any]:
    """The keys of mkdocs.yml and, where it says nothing, of the file that it inherits.

    Raises SettingsError when it is missing or cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SettingsError(
            f"{path.parent}: no mkdocs.yml here. Go to your content repository, name it with "
            "`kb -C DIR …`, or make one with `kb init DIR`."
        ) from None
    except (OSError, UnicodeDecodeError) as problem:
        raise SettingsError(f"{path}: cannot be read: {problem}.") from None
    try:
        site = yaml.load(text, _TolerantLoader)  # noqa: S506  a SafeLoader that drops tags
    except (yaml.YAMLError, ValueError, TypeError) as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        reason = getattr(problem, "problem", None) or problem
        raise SettingsError(f"{where}: not valid YAML: {reason}.") from None
    if not isinstance(site, dict):
        raise SettingsError(f"{path}: expected keys such as `site_name:` and `docs_dir:`.")
    inherited = site.get("INHERIT")
    return {**read(path.parent / str(inherited)), **site} if inherited else site
