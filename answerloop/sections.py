"""The sections of kb.toml as frozen dataclasses, each field with its sentence for the manual.

`docs/operators/settings.md` is held to them by a test.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import pydantic
from pydantic import ConfigDict

_PORT = pydantic.Field(ge=0, le=65535)
_AT_LEAST_ONE = pydantic.Field(ge=1)
_POSITIVE = pydantic.Field(gt=0, allow_inf_nan=False)
_NOT_EMPTY = pydantic.Field(min_length=1)  # an empty host is every address of the machine
_WEB_ADDRESS = pydantic.Field(pattern=r"^(https?://[^\s/]+.*)?$")

LANGUAGE_TAG = r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$"
_LANGUAGE = pydantic.Field(pattern=LANGUAGE_TAG)

Semantic = Literal["auto", "on", "off"]


def _setting(default: Any, says: str, *, env: str = "", is_secret: bool = False) -> Any:
    """A field with the sentence that the manual prints and the variable that overrides it.

    The value of a secret is in no message and in no `repr`.
    """
    metadata = {"says": says, "env": env, "is_secret": is_secret}
    if callable(default):
        return field(default_factory=default, metadata=metadata, repr=not is_secret)
    return field(default=default, metadata=metadata, repr=not is_secret)


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

    languages: tuple[Annotated[str, _LANGUAGE], ...] = _setting(
        (),
        'The languages of the articles, such as `["en", "de"]`; without it they are '
        "recognised by folder (`de/…`) and file suffix (`name.de.md`).",
    )
    default_language: str = _setting(
        "", "The language of articles that carry no mark; without it the theme's language."
    )


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """`[search]`: how articles are found."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    semantic: Literal["auto", "on", "off"] = _setting(
        "auto",
        "Whether meaning counts beside words: `auto` where its extra is installed, `on` or `off`.",
        env="KB_SEMANTIC",
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
class LimitSettings:
    """`[limits]`: how much one reader may ask for."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    enabled: bool = _setting(
        True,  # noqa: FBT003  a default value, named by its field
        "Whether there are limits; switch them off for load tests, or where your web server has "
        "its own.",
        env="KB_LIMITS_ENABLED",
    )
    votes_per_minute: Annotated[int, _AT_LEAST_ONE] = _setting(
        10, "How many votes are taken from one address in a minute."
    )
    remarks_per_minute: Annotated[int, _AT_LEAST_ONE] = _setting(
        3, "How many of them may carry a remark."
    )
    searches_per_minute: Annotated[int, _AT_LEAST_ONE] = _setting(
        600,
        "How many searches are answered for one address in a minute; results come as one types, "
        "and an office shares its address.",
    )


@dataclass(frozen=True, slots=True)
class OutgoingSettings:
    """`[outgoing]`: which machines this one may ask."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    private_networks: tuple[str, ...] = _setting(
        (),
        "Networks beside the Internet that webhooks and the tracker may lie in, such as "
        '`["10.1.2.0/24"]`; only those with `allow_private` reach them.',
    )


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """`[webhooks.<name>]`: a program that is told what happens."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    url: Annotated[str, _WEB_ADDRESS] = _setting(
        "", "Where events are posted, such as `https://shop.example.com/hooks/help`."
    )
    secrets: tuple[str, ...] = _setting(
        (),
        "What events are signed with, `whsec_` and 24 to 64 random bytes in base64; two while "
        "you change from one to the next.",
        env="KB_WEBHOOK_<NAME>_SECRETS",
        is_secret=True,
    )
    secrets_file: str = _setting("", "A file that holds the secrets, one a line.")
    events: tuple[str, ...] = _setting(
        (), 'Which events are posted, such as `["item.opened"]`; without it, all of them.'
    )
    allow_private: bool = _setting(
        False,  # noqa: FBT003  a default value, named by its field
        "Whether it may lie in one of `outgoing.private_networks`, and be asked without TLS.",
    )


@dataclass(frozen=True, slots=True)
class TrackerSettings:
    """`[tracker]`: where items of the queue become issues."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    kind: Literal["", "github", "gitlab", "gitea"] = _setting(
        "", "What the tracker is: `github`, `gitlab` or `gitea` (Forgejo, too); empty for none."
    )
    url: Annotated[str, _WEB_ADDRESS] = _setting(
        "",
        "Where its interface is: without it `https://api.github.com` or `https://gitlab.com`; a "
        "Gitea is always named.",
    )
    project: str = _setting("", "The project that issues are opened in, such as `shop/help`.")
    token: str = _setting(
        "", "A token that may read and write issues there.", env="KB_TRACKER_TOKEN", is_secret=True
    )
    token_file: str = _setting("", "A file that holds the token.")
    allow_private: bool = _setting(
        False,  # noqa: FBT003  a default value, named by its field
        "Whether it may lie in one of `outgoing.private_networks`, and be asked without TLS.",
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
    search: SearchSettings = field(default_factory=SearchSettings)
    feedback: FeedbackSettings = field(default_factory=FeedbackSettings)
    server: ServerSettings = field(default_factory=ServerSettings)
    limits: LimitSettings = field(default_factory=LimitSettings)
    outgoing: OutgoingSettings = field(default_factory=OutgoingSettings)
    webhooks: Mapping[str, WebhookSettings] = field(default_factory=dict)
    tracker: TrackerSettings = field(default_factory=TrackerSettings)
    owners: Mapping[str, Owner] = field(default_factory=dict)
