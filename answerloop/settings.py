"""The settings: kb.toml, mkdocs.yml and KB_* variables, read once into frozen dataclasses."""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError

from answerloop import entrance, expectations, mkdocs_yml
from answerloop.entrance import OpenIdSettings, SignInSettings
from answerloop.errors import SettingsError
from answerloop.outward import (
    MailSettings,
    OutgoingSettings,
    TrackerSettings,
    WebhookSettings,
)
from answerloop.sections import (
    ContentSettings,
    DeskSettings,
    EmbedSettings,
    FeedbackSettings,
    KbToml,
    LimitSettings,
    Owner,
    PrivacySettings,
    SearchSettings,
    ServerSettings,
    SiteSettings,
)
from answerloop.setting import secret
from feedback import addresses
from feedback.errors import AddressMalformed

_NAMED = {"owners": Owner, "webhooks": WebhookSettings}
"""Sections that hold one section for each name."""

_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


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
    search: SearchSettings
    feedback: FeedbackSettings
    server: ServerSettings
    owners: Mapping[str, Owner]
    limits: LimitSettings
    outgoing: OutgoingSettings
    webhooks: Mapping[str, WebhookSettings]
    tracker: TrackerSettings
    mail: MailSettings
    privacy: PrivacySettings
    embed: EmbedSettings
    desk: DeskSettings
    signin: SignInSettings
    openid: OpenIdSettings

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
        """A file that is named without its folder's root is one of this repository."""
        scheme, mark, path = self.server.database_url.partition(":///")
        if not scheme:
            return f"sqlite:///{self.state_dir / 'kb.db'}"
        is_file = scheme.startswith("sqlite") and mark and path and path != ":memory:"
        return f"{scheme}:///{self.root / path}" if is_file else self.server.database_url


def load(root: Path, environ: Mapping[str, str]) -> Settings:
    """The settings of the content repository at `root`.

    Raises SettingsError for a missing mkdocs.yml, an unknown key or a value of the wrong kind.
    """
    root = root.resolve()
    site = mkdocs_yml.read(root / "mkdocs.yml")
    toml = _read_kb_toml(root / "kb.toml", environ)
    entrance.check_proxy(toml.signin, toml.server.trusted_proxies)
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
        site=replace(toml.site, edit_url=toml.site.edit_url or mkdocs_yml.edit_url(site)),
        content=toml.content,
        search=toml.search,
        feedback=toml.feedback,
        server=toml.server,
        owners=toml.owners,
        limits=toml.limits,
        outgoing=toml.outgoing,
        webhooks=toml.webhooks,
        tracker=toml.tracker,
        mail=_mail(root, toml),
        privacy=toml.privacy,
        embed=toml.embed,
        desk=toml.desk,
        signin=toml.signin,
        openid=entrance.checked(root, toml.openid, site_url=toml.site.url),
    )


def _mail(root: Path, toml: KbToml) -> MailSettings:
    """The settings of mail with the password read, once they are enough to send a letter."""
    mail = toml.mail
    if not mail.host:
        return mail
    if not toml.site.url:
        raise SettingsError("mail.host is set, so `site.url` must be, too: letters hold links.")
    try:
        addresses.parse(mail.sender)
    except AddressMalformed:
        raise SettingsError(
            "mail.sender: expected the address that letters come from, such as "
            f"`help@example.com`, but it is {mail.sender!r}."
        ) from None
    if mail.user and mail.tls == "none" and mail.host not in _THIS_MACHINE:
        raise SettingsError(
            'mail.tls is "none", so mail.user and its password would cross the network in the '
            'clear. Set `tls = "starttls"`, or leave out the user.'
        )
    if not mail.password_file:
        return mail
    password = secret(root / mail.password_file, "mail.password_file").strip("\r\n")
    return replace(mail, password=password)


def documented() -> Iterator[tuple[str, Field[Any]]]:
    """Each setting with its dotted name, in the order in which the manual lists them."""
    for section in fields(KbToml):
        kind = _NAMED.get(section.name, section.type)
        prefix = f"{section.name}.<name>" if section.name in _NAMED else section.name
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
    _check_variables(environ, data)
    for setting, name, variable in _overridable(data):
        if variable not in environ:
            continue
        value: Any = environ[variable]
        if "tuple" in str(setting.type):
            value = [part.strip() for part in value.split(",") if part.strip()]
        *path, key = name.split(".")
        table: Any = data
        for part in path:
            table = table.setdefault(part, {}) if isinstance(table, dict) else table
        if isinstance(table, dict):  # else it is refused with the rest of the file
            table[key] = value
        variables[name] = variable
    return variables


def _check_variables(environ: Mapping[str, str], data: Mapping[str, Any]) -> None:
    """Refuse a variable that is nearly one of ours; others are of somebody else."""
    known = {variable for _, _, variable in _overridable(data)}
    for name in environ:
        if name in known or not name.startswith("KB_") or name.startswith("KB_WEBHOOK_"):
            continue
        if nearest := difflib.get_close_matches(name, known, n=1, cutoff=0.85):
            raise SettingsError(f"{name}: unknown variable. Did you mean `{nearest[0]}`?")


def _overridable(data: Mapping[str, Any]) -> Iterator[tuple[Field[Any], str, str]]:
    """Each setting that a variable may override, with its name here and that of the variable."""
    for name, setting in documented():
        variable = setting.metadata.get("env")
        section = data.get(name.partition(".")[0])
        if not variable:
            continue
        if "<name>" not in name:
            yield setting, name, variable
        elif isinstance(section, dict):
            for one in section:
                word = re.sub(r"[^A-Z0-9]", "_", one.upper())
                yield setting, name.replace("<name>", one), variable.replace("<NAME>", word)


def _explain(path: Path, problem: ValidationError, variables: Mapping[str, str]) -> str:
    """One line for each problem, with the nearest known name for an unknown key."""
    lines = []
    for error in problem.errors():
        name = ".".join(part for part in error["loc"] if isinstance(part, str))
        where = variables.get(name, f"{path}: {name}")
        if error["type"] == "unexpected_keyword_argument":
            lines.append(f"{where}: unknown key.{_nearest(error['loc'])}")
        else:
            given = "something else" if _is_secret(error["loc"]) else repr(error["input"])
            lines.append(f"{where}: {expectations.of(error)}, but it is {given}.")
    return "\n".join(lines)


def _is_secret(location: tuple[int | str, ...]) -> bool:
    """Whether a value must not be repeated: that of a secret, or of a section that has some."""
    path = [part for part in location if isinstance(part, str)]
    for name, setting in documented():
        named = name.split(".")
        is_here = all(
            wanted in ("<name>", given) for wanted, given in zip(named, path, strict=False)
        )
        if setting.metadata.get("is_secret") and is_here:
            return True
    return False


def _nearest(location: tuple[int | str, ...]) -> str:
    known: list[str] = [section.name for section in fields(KbToml)]
    if len(location) > 1:
        section = {item.name: item.type for item in fields(KbToml)}.get(str(location[0]))
        kind = _NAMED.get(str(location[0]), section)
        known = [item.name for item in fields(kind)] if is_dataclass(kind) else []
    match = difflib.get_close_matches(str(location[-1]), known, n=1, cutoff=0.5)
    return f" Did you mean `{match[0]}`?" if match else f" Known here: {', '.join(known)}."
