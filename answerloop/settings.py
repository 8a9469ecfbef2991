"""The settings: kb.toml, mkdocs.yml and KB_* variables, read once into frozen dataclasses.

Each field carries its sentence for the manual; `docs/operators/settings.md` is held to them.
"""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, cast

import pydantic
from pydantic import ConfigDict, TypeAdapter, ValidationError

from answerloop import mkdocs_yml
from answerloop.errors import SettingsError

_PORT = pydantic.Field(ge=0, le=65535)
_AT_LEAST_ONE = pydantic.Field(ge=1)
_POSITIVE = pydantic.Field(gt=0, allow_inf_nan=False)
_NOT_EMPTY = pydantic.Field(min_length=1)  # an empty host is every address of the machine
_WEB_ADDRESS = pydantic.Field(pattern=r"^(https?://[^\s/]+.*)?$")
_EXPECTED = {
    "tuple_type": 'expected a list such as `["en", "de"]`',
    "dataclass_type": "expected a section with keys of its own",
    "string_pattern_mismatch": "expected an address such as `https://help.example.com/`",
}


def _setting(default: Any, says: str, *, env: str = "") -> Any:
    """A field with the sentence that the manual prints and the variable that overrides it."""
    metadata = {"says": says, "env": env}
    if callable(default):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """`[site]`: how the public site is addressed."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    url: Annotated[str, _WEB_ADDRESS] = _setting(
        "",
        "The public address of the site, such as `https://help.example.com/`; "
        "used for canonical links and links in replies.",
        env="KB_SITE_URL",
    )
    contact_url: str = _setting(
        "", "Where a reader reaches a person: a web address or a `mailto:` link."
    )
    edit_url: str = _setting(
        "",
        "Where a file is edited, with `{path}` in it, such as "
        "`https://git.example.com/kb/_edit/main/kb/{path}`.",
    )


@dataclass(frozen=True, slots=True)
class ContentSettings:
    """`[content]`: which languages the folder of articles holds."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    languages: tuple[str, ...] = _setting(
        (),
        'The languages of the articles, such as `["en", "de"]`; without it they are '
        "recognised by folder (`de/…`) and file suffix (`name.de.md`).",
    )
    default_language: str = _setting(
        "", "The language of articles that carry no mark; without it the theme's language."
    )


@dataclass(frozen=True, slots=True)
class FeedbackSettings:
    """`[feedback]`: how votes become flags."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    false_flags_per_month: Annotated[float, _POSITIVE] = _setting(
        2.0,
        "How many false flags a month the team accepts; the threshold of the rule follows from it.",
    )
    reviews_per_week: Annotated[int, _AT_LEAST_ONE] = _setting(
        2, "How many articles the team can review in a week; limits the lane of stale articles."
    )
    device_id: bool = _setting(
        True,  # noqa: FBT003  a default value, named by its field
        "Whether a random id is kept in the browser of a person who votes, so that colleagues "
        "behind one address count apart.",
    )


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """`[server]`: the service."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    host: Annotated[str, _NOT_EMPTY] = _setting(
        "127.0.0.1", "The address the service listens on.", env="KB_HOST"
    )
    port: Annotated[int, _PORT] = _setting(8000, "The port the service listens on.", env="KB_PORT")
    threads: Annotated[int, _AT_LEAST_ONE] = _setting(
        16, "How many requests are served at once.", env="KB_THREADS"
    )
    database_url: str = _setting(
        "",
        "Where votes are kept: empty for SQLite in `var/`, or "
        "`postgresql+psycopg://user:password@host/name`.",
        env="KB_DATABASE_URL",
    )
    trusted_proxies: tuple[str, ...] = _setting(
        (),
        'Networks whose `X-Forwarded-For` is believed, such as `["127.0.0.1/32"]`.',
        env="KB_TRUSTED_PROXIES",
    )
    network_disk: bool = _setting(
        False,  # noqa: FBT003  a default value, named by its field
        "Whether SQLite may keep votes on a network disk all the same, where its locks may not "
        "hold; better use PostgreSQL.",
    )


@dataclass(frozen=True, slots=True)
class Owner:
    """`[owners.<name>]`: a person or team that articles name as their owner."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: str = _setting("", "The name shown in the desk.")
    mail: str = _setting("", "Where the owner is written to.")


@dataclass(frozen=True, slots=True)
class KbToml:
    """The whole of kb.toml."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    site: SiteSettings = field(default_factory=SiteSettings)
    content: ContentSettings = field(default_factory=ContentSettings)
    feedback: FeedbackSettings = field(default_factory=FeedbackSettings)
    server: ServerSettings = field(default_factory=ServerSettings)
    owners: Mapping[str, Owner] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the application is told, with every path absolute.

    `content_dir` is the folder of articles (`docs_dir` of mkdocs.yml).
    """

    root: Path
    content_dir: Path
    site_name: str
    theme_language: str
    exclude_docs: str
    site: SiteSettings
    content: ContentSettings
    feedback: FeedbackSettings
    server: ServerSettings
    owners: Mapping[str, Owner]

    @property
    def mkdocs_yml(self) -> Path:
        return self.root / "mkdocs.yml"

    @property
    def state_dir(self) -> Path:
        return self.root / "var"

    @property
    def builds_dir(self) -> Path:
        return self.state_dir / "builds"

    @property
    def database_url(self) -> str:
        return self.server.database_url or f"sqlite:///{self.state_dir / 'kb.db'}"


def load(root: Path, environ: Mapping[str, str]) -> Settings:
    """The settings of the content repository at `root`.

    Raises SettingsError for a missing mkdocs.yml, an unknown key or a value of the wrong kind.
    """
    root = root.resolve()
    site = mkdocs_yml.read(root / "mkdocs.yml")
    toml = _read_kb_toml(root / "kb.toml", environ)
    content_dir = root / str(site.get("docs_dir") or "docs")
    if not content_dir.is_dir():
        raise SettingsError(
            f"{root / 'mkdocs.yml'}: docs_dir names {content_dir}, which is not a folder. "
            "Create it, or name the folder that holds the articles."
        )
    theme = site.get("theme")
    language = theme.get("language") if isinstance(theme, dict) else None
    return Settings(
        root=root,
        content_dir=content_dir.resolve(),
        site_name=str(site.get("site_name") or "Help"),
        theme_language=str(language or "en"),
        # MkDocs leaves drafts out of what it builds, too.
        exclude_docs=f"{site.get('exclude_docs') or ''}\n{site.get('draft_docs') or ''}",
        site=toml.site,
        content=toml.content,
        feedback=toml.feedback,
        server=toml.server,
        owners=toml.owners,
    )


def documented() -> Iterator[tuple[str, Field[Any]]]:
    """Each setting with its dotted name, in the order in which the manual lists them."""
    for section in fields(KbToml):
        kind = Owner if section.name == "owners" else section.type
        prefix = "owners.<name>" if section.name == "owners" else section.name
        for setting in fields(cast("type[SiteSettings]", kind)):
            yield f"{prefix}.{setting.name}", setting


@cache
def _adapter() -> TypeAdapter[KbToml]:
    return TypeAdapter(KbToml)


def _read_kb_toml(path: Path, environ: Mapping[str, str]) -> KbToml:
    data: dict[str, Any] = {}
    if path.exists():
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except OSError as problem:
            raise SettingsError(f"{path}: cannot be read: {problem.strerror}.") from None
        except ValueError as problem:
            raise SettingsError(f"{path}: not valid TOML: {problem}.") from None
    variables = _apply_environment(data, environ)
    try:
        return _adapter().validate_python(data)
    except ValidationError as problem:
        raise SettingsError(_explain(path, problem, variables)) from None


def _apply_environment(data: dict[str, Any], environ: Mapping[str, str]) -> dict[str, str]:
    """Lay KB_* variables over the file; return which setting came from which variable."""
    variables: dict[str, str] = {}
    for name, setting in documented():
        variable = setting.metadata.get("env")
        if not variable or variable not in environ:
            continue
        section, key = name.split(".")
        value: Any = environ[variable]
        if "tuple" in str(setting.type):
            value = [part.strip() for part in value.split(",") if part.strip()]
        table = data.setdefault(section, {})
        if isinstance(table, dict):  # else it is refused with the rest of the file
            table[key] = value
        variables[name] = variable
    return variables


def _explain(path: Path, problem: ValidationError, variables: Mapping[str, str]) -> str:
    """One line for each problem, with the nearest known name for an unknown key."""
    lines = []
    for error in problem.errors():
        name = ".".join(str(part) for part in error["loc"])
        where = variables.get(name, f"{path}: {name}")
        if error["type"] == "unexpected_keyword_argument":
            lines.append(f"{where}: unknown key.{_nearest(error['loc'])}")
        else:
            expected = _EXPECTED.get(error["type"], error["msg"])
            lines.append(f"{where}: {expected}, but it is {error['input']!r}.")
    return "\n".join(lines)


def _nearest(location: tuple[int | str, ...]) -> str:
    known: list[str] = [section.name for section in fields(KbToml)]
    if len(location) > 1:
        section = {item.name: item.type for item in fields(KbToml)}.get(str(location[0]))
        kind = Owner if location[0] == "owners" else section
        known = [item.name for item in fields(kind)] if is_dataclass(kind) else []
    match = difflib.get_close_matches(str(location[-1]), known, n=1, cutoff=0.5)
    return f" Did you mean `{match[0]}`?" if match else f" Known here: {', '.join(known)}."
