"""mkdocs.yml as far as this program asks it: read without MkDocs and without running its tags."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from answerloop.errors import SettingsError


class _TolerantLoader(yaml.SafeLoader):
    """Reads mkdocs.yml although it may hold tags that only MkDocs understands."""


def _ignore_tag(_loader: yaml.SafeLoader, _tag: str, _node: yaml.Node) -> None:
    return None


_TolerantLoader.add_multi_constructor("", _ignore_tag)


def read(path: Path, heirs: tuple[Path, ...] = ()) -> dict[str, Any]:
    """The keys of mkdocs.yml and, where it says nothing, of the file that it inherits.

    `heirs` are the files that inherit this one. Raises SettingsError when it is missing, cannot
    be read or inherits itself.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if heirs:
            raise SettingsError(
                f"{heirs[-1]}: INHERIT names {path}, which is not there. Correct or remove it."
            ) from None
        raise SettingsError(
            f"{path.parent}: no mkdocs.yml here. Go to your content repository, name it with "
            "`kb -C DIR …`, or make one with `kb init DIR`."
        ) from None
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise SettingsError(f"{path}: cannot be read: {reason}.") from None
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
    if not inherited:
        return site
    if path.resolve() in heirs:
        raise SettingsError(f"{path}: INHERIT leads back to this file. Remove it.")
    return {**read(path.parent / str(inherited), (*heirs, path.resolve())), **site}


def edit_url(site: Mapping[str, Any]) -> str:
    """Where a file is edited, with `{path}` in it, as `repo_url` and `edit_uri` say; else empty."""
    repository, path = str(site.get("repo_url") or ""), str(site.get("edit_uri") or "")
    template = str(site.get("edit_uri_template") or "")
    if "{path}" not in template or "|" in template or "!" in template:
        template = f"{path.rstrip('/')}/{{path}}" if path else ""
    if not template or template.startswith(("http://", "https://")) or not repository:
        return template if "://" in template else ""
    return f"{repository.rstrip('/')}/{template.lstrip('/')}"


def words(value: Any) -> Iterator[str]:
    """Every text in a value read from it, keys too: what it names is among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from words(key)
            yield from words(item)
    elif isinstance(value, list):
        for item in value:
            yield from words(item)
