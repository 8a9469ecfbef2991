"""The sections of kb.toml as frozen dataclasses, each field with its sentence for the manual.

`docs/operators/settings.md` is held to them by a test.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

import pydantic
from pydantic import ConfigDict

from answerloop.entrance import OpenIdSettings, SignInSettings
from answerloop.outward import MailSettings, OutgoingSettings, TrackerSettings, WebhookSettings
from answerloop.setting import (
    DATABASE,
    MAIL,
    NETWORK,
    ORIGIN,
    PERSON,
    PORT,
    WEB_ADDRESS,
    WITH_COMMIT,
    WITH_PATH,
    setting,
)

_AT_LEAST_ONE = pydantic.Field(ge=1)
_A_TIME = pydantic.Field(ge=1, le=120)
_DAYS = pydantic.Field(ge=1, le=3650)
_POSITIVE = pydantic.Field(gt=0, allow_inf_nan=False)
_NOT_EMPTY = pydantic.Field(min_length=1)  # an empty host is every address of the machine

LANGUAGE_TAG = r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$"
_LANGUAGE = pydantic.Field(pattern=LANGUAGE_TAG)

Semantic = Literal["auto", "on", "off"]


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """`[site]`: how the public site is addressed."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    url: Annotated[str, WEB_ADDRESS] = setting(
        "",
        "The public address of the site, such as `https://help.example.com/`; "
        "used for canonical links and links in replies.",
        env="KB_SITE_URL",
    )
    contact_url: Annotated[str, pydantic.Field(pattern=PERSON)] = setting(
        "", "Where a reader reaches a person: a web address or a `mailto:` link."
    )
    edit_url: Annotated[str, pydantic.Field(pattern=WITH_PATH)] = setting(
        "",
        "Where a file is edited, with `{path}` in it, such as "
        "`https://git.example.com/kb/_edit/main/kb/{path}`.",
    )
    commit_url: Annotated[str, pydantic.Field(pattern=WITH_COMMIT)] = setting(
        "",
        "Where a commit is shown with what it changed, with `{commit}` in it and, if you like, "
        "`{path}`, such as `https://git.example.com/kb/commit/{commit}`.",
    )
    trusted: bool = setting(
        False,  # noqa: FBT003  a default value, named by its field
        "Whether articles may hold any HTML, scripts too; without it what could run, or look like "
        "a part of the site, is taken out.",
    )
    foreign_hosts: tuple[Annotated[str, ORIGIN], ...] = setting(
        (),
        'Other hosts that pages may ask, such as `["https://cdn.example.com"]`; each of them '
        "learns who reads here.",
    )


@dataclass(frozen=True, slots=True)
class ContentSettings:
    """`[content]`: which languages the folder of articles holds."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    languages: tuple[Annotated[str, _LANGUAGE], ...] = setting(
        (),
        'The languages of the articles, such as `["en", "de"]`; without it they are '
        "recognised by folder (`de/…`) and file suffix (`name.de.md`).",
    )
    default_language: str = setting(
        "", "The language of articles that carry no mark; without it the theme's language."
    )
    changes: Literal["patch", "commit"] = setting(
        "patch",
        "How an editor gets what the desk has drafted: as a `patch` to download, or also as a "
        "`commit` into the checkout that the service runs in.",
    )


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """`[search]`: how articles are found."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    semantic: Literal["auto", "on", "off"] = setting(
        "auto",
        "Whether meaning counts beside words: `auto` where its extra is installed, `on` or `off`.",
        env="KB_SEMANTIC",
    )
    learn_nightly: bool = setting(
        True,  # noqa: FBT003  a default value, named by its field
        "Whether the service lets `kb learn` run after three o'clock (UTC) each night, in a "
        "process of its own, for the desk's page of learning.",
    )


@dataclass(frozen=True, slots=True)
class FeedbackSettings:
    """`[feedback]`: how votes become flags."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    false_flags_per_month: Annotated[float, _POSITIVE] = setting(
        2.0,
        "How many false flags a month the team accepts; the threshold of the rule follows from it.",
    )
    reviews_per_week: Annotated[int, _AT_LEAST_ONE] = setting(
        2, "How many articles the team can review in a week; limits the lane of stale articles."
    )
    device_id: bool = setting(
        True,  # noqa: FBT003  a default value, named by its field
        "Whether a random id is kept in the browser of a person who votes, so that colleagues "
        "behind one address count apart.",
    )


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """`[server]`: the service."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    host: Annotated[str, _NOT_EMPTY] = setting(
        "127.0.0.1", "The address the service listens on.", env="KB_HOST"
    )
    port: Annotated[int, PORT] = setting(8000, "The port the service listens on.", env="KB_PORT")
    threads: Annotated[int, _AT_LEAST_ONE] = setting(
        16, "How many requests are served at once.", env="KB_THREADS"
    )
    database_url: Annotated[str, pydantic.Field(pattern=DATABASE)] = setting(
        "",
        "Where votes are kept: empty for SQLite in `var/`, or "
        "`postgresql+psycopg://user:password@host/name`.",
        env="KB_DATABASE_URL",
        is_secret=True,
    )
    trusted_proxies: tuple[Annotated[str, NETWORK], ...] = setting(
        (),
        'Networks whose `X-Forwarded-For` is believed, such as `["127.0.0.1/32"]`.',
        env="KB_TRUSTED_PROXIES",
    )
    metrics_for: tuple[Annotated[str, NETWORK], ...] = setting(
        ("127.0.0.1/32", "::1/128"),
        'Networks that may read `/metrics`, such as `["10.1.2.0/24"]`; for all others there is no '
        "such page.",
    )
    network_disk: bool = setting(
        False,  # noqa: FBT003  a default value, named by its field
        "Whether SQLite may keep votes on a network disk all the same, where its locks may not "
        "hold; better use PostgreSQL.",
    )
    access_log: bool = setting(
        False,  # noqa: FBT003  a default value, named by its field
        "Whether requests are written to standard error, without query and with the network of the "
        "address alone; switch it on where no web server in front does it.",
    )


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """`[limits]`: how much one reader may ask for."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    enabled: bool = setting(
        True,  # noqa: FBT003  a default value, named by its field
        "Whether there are limits; switch them off for load tests, or where your web server has "
        "its own.",
        env="KB_LIMITS_ENABLED",
    )
    votes_per_minute: Annotated[int, _AT_LEAST_ONE] = setting(
        10, "How many votes are taken from one address in a minute."
    )
    remarks_per_minute: Annotated[int, _AT_LEAST_ONE] = setting(
        3, "How many of them may carry a remark; and how many questions are taken."
    )
    searches_per_minute: Annotated[int, _AT_LEAST_ONE] = setting(
        600,
        "How many searches are answered for one address in a minute; results come as one types, "
        "and an office shares its address.",
    )
    events_per_minute: Annotated[int, _AT_LEAST_ONE] = setting(
        120,
        "How many times a minute pages at one address may tell what was searched and opened.",
    )


@dataclass(frozen=True, slots=True)
class PrivacySettings:
    """`[privacy]`: how long what people said is kept."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    searches_days: Annotated[int, _DAYS] = setting(
        90, "After how many days, 1 to 3650, what readers searched and asked goes; gaps stay."
    )
    remarks_months: Annotated[int, _A_TIME] = setting(
        18, "After how many months, 1 to 120, a remark goes; the vote and its reason stay."
    )
    staff_months: Annotated[int, _A_TIME] = setting(
        12,
        "After how many months, 1 to 120, names and words of staff go from reports and settled "
        "items.",
    )
    audit_months: Annotated[int, _A_TIME] = setting(
        12, "After how many months, 1 to 120, a line of the audit log goes; so do old API tokens."
    )


@dataclass(frozen=True, slots=True)
class EmbedSettings:
    """`[embed]`: the help in pages of other sites."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    origins: tuple[Annotated[str, ORIGIN], ...] = setting(
        (),
        "Other sites and products whose pages may show the help in a frame, such as "
        '`["https://app.example.com"]`; without it, nobody\'s.',
    )


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """`[desk]`: where staff pages may be shown."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    framed_by: tuple[Annotated[str, ORIGIN], ...] = setting(
        (),
        "Helpdesks whose pages may frame `/desk/sidebar`, such as "
        '`["https://helpdesk.example.com"]`; sessions then work inside of such a frame, too.',
    )


@dataclass(frozen=True, slots=True)
class Owner:
    """`[owners.<name>]`: a person or team that articles name as their owner."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: str = setting("", "The name shown in the desk.")
    mail: Annotated[str, pydantic.Field(pattern=MAIL)] = setting(
        "", "Where the owner is written to."
    )


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
    mail: MailSettings = field(default_factory=MailSettings)
    privacy: PrivacySettings = field(default_factory=PrivacySettings)
    embed: EmbedSettings = field(default_factory=EmbedSettings)
    desk: DeskSettings = field(default_factory=DeskSettings)
    signin: SignInSettings = field(default_factory=SignInSettings)
    openid: OpenIdSettings = field(default_factory=OpenIdSettings)
    owners: Mapping[str, Owner] = field(default_factory=dict)
