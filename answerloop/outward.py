"""The sections of kb.toml about other machines: whom this one tells what happens."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import ConfigDict

from answerloop.setting import NETWORK, PORT, SECONDS, WEB_ADDRESS, setting

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class OutgoingSettings:
    """`[outgoing]`: which machines this one may ask."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    private_networks: tuple[Annotated[str, NETWORK], ...] = setting(
        (),
        "Networks beside the Internet that webhooks and the tracker may lie in, such as "
        '`["10.1.2.0/24"]`; only those with `allow_private` reach them, and '
        "`kb check --external --allow-private`.",
    )


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """`[webhooks.<name>]`: a program that is told what happens."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    url: Annotated[str, WEB_ADDRESS] = setting(
        "", "Where events are posted, such as `https://shop.example.com/hooks/help`."
    )
    secrets: tuple[str, ...] = setting(
        (),
        "What events are signed with, `whsec_` and 24 to 64 random bytes in base64; two while "
        "you change from one to the next.",
        env="KB_WEBHOOK_<NAME>_SECRETS",
        is_secret=True,
    )
    secrets_file: str = setting("", "A file that holds the secrets, one a line.")
    events: tuple[str, ...] = setting(
        (), 'Which events are posted, such as `["item.opened"]`; without it, all of them.'
    )
    allow_private: bool = setting(
        False,  # noqa: FBT003  a default value, named by its field
        "Whether it may lie in one of `outgoing.private_networks`, and be asked without TLS.",
    )


@dataclass(frozen=True, slots=True)
class TrackerSettings:
    """`[tracker]`: where items of the queue become issues."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    kind: Literal["", "github", "gitlab", "gitea"] = setting(
        "", "What the tracker is: `github`, `gitlab` or `gitea` (Forgejo, too); empty for none."
    )
    url: Annotated[str, WEB_ADDRESS] = setting(
        "",
        "Where its interface is: without it `https://api.github.com` or `https://gitlab.com`; a "
        "Gitea is always named.",
    )
    project: str = setting("", "The project that issues are opened in, such as `shop/help`.")
    token: str = setting(
        "", "A token that may read and write issues there.", env="KB_TRACKER_TOKEN", is_secret=True
    )
    token_file: str = setting("", "A file that holds the token.")
    allow_private: bool = setting(
        False,  # noqa: FBT003  a default value, named by its field
        "Whether it may lie in one of `outgoing.private_networks`, and be asked without TLS.",
    )


@dataclass(frozen=True, slots=True)
class MailSettings:
    """`[mail]`: letters to readers who ask for one."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    host: str = setting(
        "",
        "The mail server that takes our letters; without it no reader is asked for an address. "
        "Needs `site.url` and `mail.sender`.",
        env="KB_MAIL_HOST",
    )
    port: Annotated[int, PORT] = setting(587, "The port of the mail server.", env="KB_MAIL_PORT")
    tls: Literal["starttls", "tls", "none"] = setting(
        "starttls",
        "How the connection is encrypted: `starttls` (port 587), `tls` from the first byte (port "
        "465), or `none`, for a mail server on this machine.",
    )
    user: str = setting("", "The name to sign in with, if any.", env="KB_MAIL_USER")
    password: str = setting(
        "",
        "The password to it; better in the variable or in a file than in `kb.toml`.",
        env="KB_MAIL_PASSWORD",
        is_secret=True,
    )
    password_file: str = setting(
        "", "A file that holds the password, such as a container's secret; goes before `password`."
    )
    sender: str = setting(
        "",
        "The address that letters come from, such as `help@example.com`; their name is that of "
        "the site.",
        env="KB_MAIL_SENDER",
    )
    timeout: Annotated[float, SECONDS] = setting(
        20.0, "For how many seconds the mail server may keep us waiting, 1 to 60."
    )
    digest_day: Literal[
        "", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
    ] = setting(
        "monday",
        "On which day of the week, at 6 o'clock UTC, owners with an address are told what waits "
        "for them; empty for never.",
    )
    digest_language: Literal["en", "de", "sv"] = setting(
        "en", "The language of these letters: `en`, `de` or `sv`."
    )
