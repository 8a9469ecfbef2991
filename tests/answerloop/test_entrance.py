"""The settings of who comes in: what must be there, and what must not be believed."""

from pathlib import Path

import pytest

from answerloop import entrance
from answerloop.desk.provider import Provider
from answerloop.errors import SettingsError
from answerloop.settings import Settings, load
from tests.feedback.builders import NOW

OPENID = """
[site]
url = "https://help.example.com/"
[openid]
issuer = "https://id.example.com/realms/shop"
client_id = "answerloop"
roles = {kb-editors = "editor"}
"""


def loaded(root: Path, toml: str = "", environ: dict[str, str] | None = None) -> Settings:
    (root / "kb").mkdir(exist_ok=True)
    (root / "mkdocs.yml").write_text("site_name: Help\ndocs_dir: kb\n", encoding="utf-8")
    (root / "kb.toml").write_text(toml, encoding="utf-8")
    return load(root, environ or {})


def test_nobody_else_signs_people_in_until_it_is_said(tmp_path: Path) -> None:
    settings = loaded(tmp_path)

    assert settings.openid == entrance.OpenIdSettings()
    assert settings.signin == entrance.SignInSettings()
    assert Provider.of(settings, lambda: NOW) is None


def test_the_secret_comes_from_the_variable_or_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from a file\n", encoding="utf-8")

    by_variable = loaded(tmp_path, OPENID, {"KB_OPENID_CLIENT_SECRET": "from outside"})
    by_file = loaded(tmp_path, OPENID + 'client_secret_file = "secret"')

    secrets = (by_variable.openid.client_secret, by_file.openid.client_secret)
    assert secrets == ("from outside", "from a file")
    assert "from" not in repr(by_variable.openid)


def test_the_address_to_come_back_to_is_below_that_of_the_site(tmp_path: Path) -> None:
    provider = Provider.of(loaded(tmp_path, OPENID), lambda: NOW)

    assert provider is not None
    assert provider.redirect_uri == "https://help.example.com/desk/login/openid"
    assert provider.name == "id.example.com"


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        (OPENID.replace('url = "https://help.example.com/"', ""), "`site.url` must be, too"),
        (OPENID.replace('client_id = "answerloop"', ""), "`openid.client_id` must be, too"),
        (OPENID.replace("{kb-editors", "{} # {kb-editors"), "`openid.roles` must say"),
        (OPENID.replace('"editor"', '"owner"'), "openid.roles"),
        (OPENID.replace("realms/shop", "?realm=shop"), "no `?` and no `#`"),
        (OPENID.replace("https://id", "ftp://id"), "openid.issuer"),
        (OPENID + 'scopes = ["email"]', "must hold `openid`"),
        (OPENID + 'client_secret_file = "nowhere"', "nowhere cannot be read"),
        ('[signin]\nproxy_header = "X-Remote-User"', "server.trusted_proxies"),
        ('[signin]\nproxy_header = "X_Remote_User"', "expected the name of a header"),
    ],
)
def test_what_cannot_work_or_must_not_is_told_at_once(tmp_path: Path, toml: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, toml)

    assert said in str(caught.value)


def test_a_provider_is_asked_over_tls_unless_it_is_next_door(tmp_path: Path) -> None:
    toml = OPENID.replace("https://id.example.com", "http://10.1.2.3")
    next_door = f'{toml}\nallow_private = true\n[outgoing]\nprivate_networks = ["10.1.2.0/24"]\n'

    with pytest.raises(SettingsError, match=r"openid\.issuer: expected an address with https"):
        Provider.of(loaded(tmp_path, toml), lambda: NOW)
    assert Provider.of(loaded(tmp_path, next_door), lambda: NOW) is not None
