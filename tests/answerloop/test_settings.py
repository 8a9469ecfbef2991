"""kb.toml, mkdocs.yml and KB_* variables: read once, and every mistake named with its place."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from answerloop import outward, sections, settings
from answerloop.errors import SettingsError
from answerloop.settings import Settings
from tests.answerloop.builders import MKDOCS_YML, repository, write


def loaded(root: Path, toml: str = "", environ: Mapping[str, str] | None = None) -> Settings:
    write(root, {"mkdocs.yml": MKDOCS_YML, "kb.toml": toml, "kb/a.md": ""})
    return settings.load(root, environ or {})


def refused(root: Path, toml: str = "", environ: Mapping[str, str] | None = None) -> str:
    with pytest.raises(SettingsError) as caught:
        loaded(root, toml, environ)
    return str(caught.value)


def refused_site(root: Path, mkdocs_yml: str | bytes) -> str:
    write(root, {"mkdocs.yml": mkdocs_yml, "kb/a.md": ""})
    with pytest.raises(SettingsError) as caught:
        settings.load(root, {})
    return str(caught.value)


def test_two_lines_of_mkdocs_yml_are_enough(tmp_path: Path) -> None:
    write(tmp_path, {"mkdocs.yml": MKDOCS_YML, "kb/a.md": ""})

    known = settings.load(tmp_path, {})

    assert (tmp_path / "kb", "Help", "en") == (
        known.content_dir,
        known.site_name,
        known.theme_language,
    )
    assert f"sqlite:///{tmp_path / 'var' / 'kb.db'}" == known.database_url
    assert sections.ServerSettings() == known.server


def test_every_key_is_read(tmp_path: Path) -> None:
    known = loaded(
        tmp_path,
        """
        [site]
        url = "https://help.example.com/"
        contact_url = "mailto:help@example.com"
        edit_url = "https://git.example.com/{path}"
        [content]
        languages = ["en", "de"]
        default_language = "de"
        [feedback]
        false_flags_per_month = 0.5
        reviews_per_week = 5
        device_id = false
        [server]
        host = "0.0.0.0"
        port = 9000
        threads = 4
        database_url = "postgresql+psycopg://kb@db/kb"
        trusted_proxies = ["10.0.0.0/8"]
        [owners.alice]
        name = "Alice"
        mail = "alice@example.com"
        """,
    )

    assert (
        sections.SiteSettings(
            "https://help.example.com/", "mailto:help@example.com", "https://git.example.com/{path}"
        )
        == known.site
    )
    assert sections.ContentSettings(("en", "de"), "de") == known.content
    assert sections.FeedbackSettings(0.5, 5, device_id=False) == known.feedback
    assert (
        sections.ServerSettings(
            "0.0.0.0",  # noqa: S104  an address in a file
            9000,
            4,
            "postgresql+psycopg://kb@db/kb",
            ("10.0.0.0/8",),
        )
        == known.server
    )
    assert {"alice": sections.Owner("Alice", "alice@example.com")} == known.owners
    assert known.server.database_url == known.database_url


def test_the_file_of_settings_may_be_missing(tmp_path: Path) -> None:
    write(tmp_path, {"mkdocs.yml": MKDOCS_YML, "kb/a.md": ""})

    assert sections.ContentSettings() == settings.load(tmp_path, {}).content


def test_the_file_of_settings_may_begin_with_a_mark(tmp_path: Path) -> None:
    assert loaded(tmp_path, "\ufeff[server]\nport = 9000\n").server.port == 9000


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("[sevrer]\n", "kb.toml: sevrer: unknown key. Did you mean `server`?"),
        ("[server]\nprot = 1\n", "kb.toml: server.prot: unknown key. Did you mean `port`?"),
        ("[site]\nbase = 1\n", "unknown key. Known here: url, contact_url, edit_url, commit_url"),
        ("[owners.alice]\nmial = 'x'\n", "owners.alice.mial: unknown key. Did you mean `mail`?"),
        ("port = 1\n", "kb.toml: port: unknown key."),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_known_one(
    tmp_path: Path, toml: str, message: str
) -> None:
    assert message in refused(tmp_path, toml)


@pytest.mark.parametrize(
    ("toml", "place"),
    [
        ("[server]\nport = 'many'\n", "server.port: "),
        ("[server]\nport = 99999\n", "server.port: "),
        ("[server]\nport = -1\n", "server.port: "),
        ("[server]\nthreads = 0\n", "server.threads: "),
        ("[server]\nhost = 3\n", "server.host: "),
        ("[content]\nlanguages = 'en'\n", "content.languages: "),
        ("[content]\nlanguages = [1]\n", "content.languages: "),
        ("[feedback]\nfalse_flags_per_month = 0\n", "feedback.false_flags_per_month: "),
        ("[feedback]\nfalse_flags_per_month = nan\n", "feedback.false_flags_per_month: "),
        ("[feedback]\ndevice_id = 'perhaps'\n", "feedback.device_id: "),
        ("owners = 3\n", "owners: "),
        ("server = 3\n", "server: "),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_with_its_name(
    tmp_path: Path, toml: str, place: str
) -> None:
    assert f"{tmp_path / 'kb.toml'}: {place}" in refused(tmp_path, toml)


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    message = refused(tmp_path, "[server]\nport = 'x'\nprot = 1\n[site]\nurl = 3\n")

    assert sorted(line.split(": ")[1] for line in message.splitlines()) == [
        "server.port",
        "server.prot",
        "site.url",
    ]


def test_toml_that_cannot_be_read_is_refused_with_its_line(tmp_path: Path) -> None:
    message = refused(tmp_path, "[server]\nport = \n")

    assert message.startswith(f"{tmp_path / 'kb.toml'}: not valid TOML: ")
    assert "line 2" in message


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"mkdocs.yml": MKDOCS_YML, "kb/a.md": "", "kb.toml/x": ""})

    with pytest.raises(SettingsError, match=r"kb\.toml: cannot be read: Is a directory\."):
        settings.load(tmp_path, {})


@pytest.mark.parametrize(
    ("variable", "value", "setting", "expected"),
    [
        ("KB_SITE_URL", "https://a.example/", "site.url", "https://a.example/"),
        ("KB_HOST", "::1", "server.host", "::1"),
        ("KB_PORT", "9000", "server.port", 9000),
        ("KB_THREADS", "2", "server.threads", 2),
        ("KB_DATABASE_URL", "sqlite:////srv/kb.db", "server.database_url", "sqlite:////srv/kb.db"),
        (
            "KB_TRUSTED_PROXIES",
            "10.0.0.0/8, 127.0.0.1/32",
            "server.trusted_proxies",
            ("10.0.0.0/8", "127.0.0.1/32"),
        ),
        ("KB_TRUSTED_PROXIES", "", "server.trusted_proxies", ()),
    ],
)
def test_a_variable_overrides_the_file(
    tmp_path: Path, variable: str, value: str, *, setting: str, expected: object
) -> None:
    known = loaded(
        tmp_path,
        '[server]\nport = 1\nhost = "x"\ntrusted_proxies = ["10.9.0.0/16"]',
        {variable: value},
    )

    section, key = setting.split(".")
    assert expected == getattr(getattr(known, section), key)


def test_a_variable_of_the_wrong_kind_is_named_itself(tmp_path: Path) -> None:
    message = refused(tmp_path, "", {"KB_PORT": "many"})

    assert message.startswith("KB_PORT: ")
    assert "'many'" in message


def test_a_variable_does_not_hide_a_file_that_is_wrong(tmp_path: Path) -> None:
    assert "server: " in refused(tmp_path, "server = 3\n", {"KB_PORT": "9000"})


def test_every_setting_has_a_sentence() -> None:
    said = {name: setting.metadata["says"] for name, setting in settings.documented()}

    assert len(said) >= 15
    assert [name for name, says in said.items() if not says.endswith(".")] == []


def test_every_variable_stands_once() -> None:
    variables = [s.metadata["env"] for _, s in settings.documented() if s.metadata["env"]]

    assert sorted(set(variables)) == sorted(variables)
    assert all(variable.startswith("KB_") for variable in variables)


def test_a_folder_without_mkdocs_yml_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        settings.load(tmp_path / "nowhere", {})

    assert f"{tmp_path / 'nowhere'}: no mkdocs.yml here." in str(caught.value)
    assert "`kb init DIR`" in str(caught.value)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("site_name: a\nnav: [\n", "mkdocs.yml:3: not valid YAML: "),
        ("site_name: a\n\tnav: x\n", "mkdocs.yml:2: not valid YAML: "),
        ("site_name: 2024-02-31\n", "mkdocs.yml: not valid YAML: "),
        ("{[a]: b}: c\n", "not valid YAML: "),
        ("", "mkdocs.yml: expected keys such as `site_name:`"),
        ("- a\n", "mkdocs.yml: expected keys such as `site_name:`"),
        (b"site_name: Gr\xfc\xdfe\n", "mkdocs.yml: cannot be read: "),
        ("site_name: a\n", "docs_dir names "),
        ("site_name: a\ndocs_dir: nowhere\n", "which is not a folder. Create it"),
        ("site_name: a\ndocs_dir: kb/a.md\n", "which is not a folder. Create it"),
    ],
)
def test_a_broken_mkdocs_yml_is_refused_with_its_place(
    tmp_path: Path, source: str | bytes, message: str
) -> None:
    found = refused_site(tmp_path, source)

    assert message in found
    assert found.startswith(str(tmp_path / "mkdocs.yml"))


@pytest.mark.parametrize(
    "more",
    [
        "plugins: [search, tags]\nnav:\n  - a.md\n",
        "markdown_extensions:\n  - toc:\n      slugify: !!python/name:pymdownx.slugs.slugify\n",
        "extra: !ENV [NOT_SET, 1]\n",
        "theme: {name: material, custom_dir: overrides}\n",
    ],
)
def test_what_only_mkdocs_understands_is_not_looked_at(tmp_path: Path, more: str) -> None:
    known = repository(tmp_path, {"a.md": ""}, mkdocs_yml=MKDOCS_YML + more)

    assert known.site_name == "Help"


def test_tags_of_yaml_run_nothing(tmp_path: Path) -> None:
    trap = f"extra: !!python/object/apply:os.mkdir ['{tmp_path / 'trapped'}']\n"

    repository(tmp_path, {}, mkdocs_yml=MKDOCS_YML + trap)

    assert not (tmp_path / "trapped").exists()


def test_an_inherited_file_says_what_is_not_said(tmp_path: Path) -> None:
    write(tmp_path, {"base.yml": "docs_dir: kb\nsite_name: Base\nexclude_docs: secret/\n"})

    known = repository(tmp_path, {}, mkdocs_yml="INHERIT: base.yml\nsite_name: Own\n")

    assert ("Own", tmp_path / "kb") == (known.site_name, known.content_dir)
    assert "secret/" in known.exclude_docs


@pytest.mark.parametrize(
    ("theme", "language"),
    [
        ("theme: {name: material, language: de}\n", "de"),
        ("theme: material\n", "en"),
        ("theme: {name: material}\n", "en"),
        ("", "en"),
    ],
)
def test_the_default_language_is_that_of_the_theme(
    tmp_path: Path, theme: str, language: str
) -> None:
    assert language == repository(tmp_path, {}, mkdocs_yml=MKDOCS_YML + theme).theme_language


def test_a_database_file_without_a_root_lies_in_the_repository(tmp_path: Path) -> None:
    known = loaded(tmp_path, environ={"KB_DATABASE_URL": "sqlite:///data/votes.db"})

    assert f"sqlite:///{tmp_path / 'data' / 'votes.db'}" == known.database_url


@pytest.mark.parametrize("name", ["english", "e", "de/at", ""])
def test_a_language_is_named_by_its_tag(tmp_path: Path, name: str) -> None:
    said = refused(tmp_path, f'[content]\nlanguages = ["{name}"]')

    assert "content.languages: expected a language tag such as `en` or `pt-BR`" in said


MAIL = """
[site]
url = "https://help.example.com/"
[mail]
host = "smtp.example.com"
sender = "help@example.com"
"""


def test_mail_is_off_until_it_has_a_server(tmp_path: Path) -> None:
    assert loaded(tmp_path).mail == outward.MailSettings()


def test_a_password_comes_from_the_variable_or_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("from a file\n", encoding="utf-8")

    by_variable = loaded(tmp_path, MAIL, {"KB_MAIL_PASSWORD": "from outside"})
    by_file = loaded(tmp_path, MAIL + 'password_file = "password"')

    assert (by_variable.mail.password, by_file.mail.password) == ("from outside", "from a file")


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        (MAIL.replace('url = "https://help.example.com/"', ""), "`site.url` must be, too"),
        (MAIL.replace("help@example.com", "Help <help@example.com>"), "mail.sender: expected the"),
        (MAIL.replace('sender = "help@example.com"', ""), "mail.sender: expected the address"),
        (MAIL + 'user = "help"\ntls = "none"', "in the clear"),
        (MAIL + 'password_file = "nowhere"', "nowhere cannot be read: No such file"),
        (MAIL + 'tls = "ssl"', "mail.tls"),
        (MAIL + "timeout = 600", "mail.timeout"),
    ],
)
def test_settings_with_which_no_letter_could_be_sent_are_refused(
    tmp_path: Path, toml: str, said: str
) -> None:
    assert said in refused(tmp_path, toml)


@pytest.mark.parametrize(
    ("lines", "edit_url"),
    [
        ("repo_url: https://git.example/h\nedit_uri: edit/main/kb/", "https://git.example/h/edit/main/kb/{path}"),
        ("repo_url: https://git.example/h\nedit_uri_template: _edit/main/kb/{path}", "https://git.example/h/_edit/main/kb/{path}"),
        ("edit_uri_template: https://git.example/e/{path}", "https://git.example/e/{path}"),
        ("edit_uri: edit/main/kb/", ""),
        ("repo_url: https://git.example/h", ""),
    ],
)  # fmt: skip
def test_mkdocs_says_where_a_file_is_edited_if_kb_toml_does_not(
    tmp_path: Path, lines: str, edit_url: str
) -> None:
    yml = f"site_name: Help\ndocs_dir: kb\n{lines}\n"
    own = '[site]\nedit_url = "https://own.example/{path}"\n'

    assert repository(tmp_path / "a", {}, mkdocs_yml=yml).site.edit_url == edit_url
    assert (
        repository(tmp_path / "b", {}, mkdocs_yml=yml, kb_toml=own).site.edit_url
        == "https://own.example/{path}"
    )


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("[site]\nurl = 5\n", "site.url: expected text in quotes, but it is 5."),
        ("[server]\nport = 'x'\n", "server.port: expected a whole number, but it is 'x'."),
        ("[server]\nport = 99999\n", "server.port: expected 65535 or less, but it is 99999."),
        ("[limits]\nenabled = 'maybe'\n", "expected `true` or `false`, but it is 'maybe'."),
        ("[tracker]\nkind = 'jira'\n", "expected one of '', 'github', 'gitlab' or 'gitea'"),
        ("[feedback]\nfalse_flags_per_month = -1\n", "expected more than 0.0, but it is -1."),
        ("[site]\nedit_url = 'https://x.example/'\n", "expected an address with `{path}` in it"),
        ("[site]\ncontact_url = 'help'\n", "site.contact_url: expected a web address, a path"),
        ("[owners.alice]\nmail = 'alice'\n", "owners.alice.mail: expected a mail address such"),
        ("[server]\ntrusted_proxies = ['x']\n", "server.trusted_proxies: expected a network such"),
        ("[server]\ntrusted_proxies = ['0.0.0.0/0']\n", "of your own: this one is everybody"),
        ("[server]\ntrusted_proxies = ['10.0.0.1/8']\n", "that of this address is `10.0.0.0/8`"),
        ("[outgoing]\nprivate_networks = ['x']\n", "outgoing.private_networks: expected a network"),
    ],
)
def test_what_is_expected_is_said_in_plain_words(tmp_path: Path, toml: str, message: str) -> None:
    assert message in refused(tmp_path, toml)


def test_an_address_of_a_database_is_refused_without_its_password(tmp_path: Path) -> None:
    said = refused(tmp_path, "[server]\ndatabase_url = 'mysql://kb:hunter2@db/kb'\n")

    assert "server.database_url: expected `sqlite:///path/to/file` or" in said
    assert "hunter2" not in said


@pytest.mark.parametrize("name", ["KB_DATABSE_URL", "KB_PROT", "KB_TRUSTED_PROXY"])
def test_a_variable_that_is_nearly_one_of_ours_is_refused(tmp_path: Path, name: str) -> None:
    assert f"{name}: unknown variable. Did you mean `KB_" in refused(tmp_path, "", {name: "x"})


def test_a_variable_of_somebody_else_is_none_of_our_business(tmp_path: Path) -> None:
    other = {"KB_LAYOUT": "de", "KB_WEBHOOK_GONE_SECRETS": "x", "KBD_PORT": "1"}

    assert loaded(tmp_path, "", other).server.port == sections.ServerSettings().port


def test_a_wrong_variable_is_named_and_not_the_file(tmp_path: Path) -> None:
    assert refused(tmp_path, "", {"KB_TRUSTED_PROXIES": "x"}).startswith("KB_TRUSTED_PROXIES: ")
