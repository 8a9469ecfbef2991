"""Content repositories as small as a test needs; each builder names only what matters."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from answerloop import articles, builds, catalog, languages, settings
from answerloop.articles import Article
from answerloop.builds import Built
from answerloop.catalog import Catalog
from answerloop.errors import Finding
from answerloop.languages import Languages
from answerloop.settings import Settings

NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
MKDOCS_YML = "site_name: Help\ndocs_dir: kb\n"
WORDS_ONLY = {"KB_SEMANTIC": "off"}
"""A tenth of a second for each passage is too much for tests about something else."""

ENGLISH = Languages("en", frozenset(), frozenset())

Contents = Mapping[str, str | bytes]


def write(folder: Path, contents: Contents) -> None:
    """Write files below a folder, by their path."""
    for name, content in contents.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)


def repository(
    root: Path, contents: Contents, *, mkdocs_yml: str = MKDOCS_YML, kb_toml: str = ""
) -> Settings:
    """A content repository with these files in its `kb/`."""
    (root / "kb").mkdir(parents=True, exist_ok=True)
    write(root, {"mkdocs.yml": mkdocs_yml, "kb.toml": kb_toml})
    write(root / "kb", contents)
    return settings.load(root, WORDS_ONLY)


def loaded(root: Path, contents: Contents, *, kb_toml: str = "") -> Catalog:
    return catalog.load(repository(root, contents, kb_toml=kb_toml))


def parsed(
    source: str | bytes, path: str = "question.md", known: Languages = ENGLISH
) -> tuple[Article, list[Finding]]:
    raw = source.encode() if isinstance(source, str) else source
    return articles.parse(raw, PurePosixPath(path), known)


def article(source: str | bytes, path: str = "question.md", known: Languages = ENGLISH) -> Article:
    return parsed(source, path, known)[0]


def with_front_matter(lines: str, body: str = "Text.\n") -> str:
    return f"---\n{lines}\n---\n{body}"


def recognised(*paths: str, configured: tuple[str, ...] = (), default: str = "en") -> Languages:
    return languages.recognise(map(PurePosixPath, paths), configured=configured, default=default)


def built(known: Settings, *, keep_going: bool = False) -> Built:
    return builds.build(known, NOW, lambda _what, _share: None, keep_going=keep_going)


def site_of(known: Settings, *, keep_going: bool = False) -> Path:
    """The folder of the built site."""
    return built(known, keep_going=keep_going).version.path / "site"


def page(site: Path, url: str = "/") -> str:
    return (site / url.strip("/") / "index.html").read_text(encoding="utf-8")


def holding(folder: Path, words: str) -> list[str]:
    """The files below a folder that hold these words anywhere."""
    return sorted(
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file() and words.encode() in file.read_bytes()
    )


def at_port(known: Settings, port: int) -> Settings:
    return replace(known, server=replace(known.server, port=port))
