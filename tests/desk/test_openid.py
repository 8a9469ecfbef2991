"""Signing in with a provider: a real one of the tests' own, which sometimes lies."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import RSAKey
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from answerloop import settings as configuration
from answerloop.desk import cookies
from answerloop.entrance import OpenIdSettings
from answerloop.settings import Settings
from answerloop.web.service import Service
from feedback import audit, identities, staff
from feedback.audit import Filter
from feedback.errors import AccountError
from feedback.model import Role, Way
from feedback.staff import User
from tests import applications
from tests.answerloop.builders import WORDS_ONLY
from tests.desk import oidc
from tests.desk.desk import DAY, Clock, Desk
from tests.desk.oidc import CLIENT, SECRET, Provider
from tests.desk.test_browser import context
from tests.desk.test_signin import is_in

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

EVE = {
    "sub": "248289761001",
    "preferred_username": "eve",
    "email": "eve@example.com",
    "email_verified": True,
    "groups": ["staff", "kb-editors"],
}
BACK = "/desk/login/openid"


@pytest.fixture(scope="session")
def key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "first"})


@pytest.fixture
def provider(clock: Clock, key: RSAKey) -> Iterator[Provider]:
    with oidc.serve(clock, key) as provider:
        provider.person = dict(EVE)
        provider.redirect_uri = f"http://localhost{BACK}"
        yield provider


def settings_for(root: Path, issuer: str, site: str) -> Settings:
    settings = configuration.load(root, WORDS_ONLY)
    openid = OpenIdSettings(
        issuer=issuer,
        name="Alder & Finch",
        client_id=CLIENT,
        client_secret=SECRET,
        roles={"kb-editors": "editor", "support": "agent"},
        allow_private=True,
    )
    return replace(
        settings,
        openid=openid,
        site=replace(settings.site, url=site),
        outgoing=replace(settings.outgoing, private_networks=("127.0.0.0/8",)),
    )


@pytest.fixture
def service(root: Path, clock: Clock, provider: Provider) -> Iterator[Service]:
    with closing(
        Service.open(settings_for(root, provider.issuer, "http://localhost/"), clock)
    ) as opened:
        yield opened


def leave(client: FlaskClient, wanted: str = "") -> str:
    """Follow the button to the provider; the address that it sends the browser back to."""
    answer = client.get("/desk/login/begin", query_string={"next": wanted} if wanted else None)
    assert answer.status_code == 303, answer.text
    away = urlsplit(answer.headers["Location"])
    with closing(HTTPConnection(away.netloc)) as connection:
        connection.request("GET", f"{away.path}?{away.query}")
        sent = connection.getresponse()
        assert sent.status == 302
        return str(sent.headers["Location"])


def come(client: FlaskClient, wanted: str = "") -> TestResponse:
    return client.get(leave(client, wanted))


def account(desk: Desk, name: str = "eve") -> User:
    with desk.service.database.read() as db:
        return staff.find(db, name)


def names(desk: Desk) -> set[str]:
    with desk.service.database.read() as db:
        return {user.name for user in staff.listed(db)}


LOCALS = {"bob", "charlie", "dora", "root"}


def test_who_comes_first_gets_an_account_of_their_role(desk: Desk, provider: Provider) -> None:
    eve = desk.browser()

    answer = come(eve, "/desk/gaps")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/gaps")
    assert is_in(eve)
    assert account(desk).role is Role.EDITOR
    assert "GET /userinfo" not in provider.requests


def test_the_page_offers_the_provider_and_passwords_stay(desk: Desk) -> None:
    page = desk.browser().get("/desk/login?next=/desk/gaps").text

    assert "Sign in with Alder &amp; Finch" in page
    assert "/desk/login/begin?next=/desk/gaps" in page
    assert 'name="password"' in page


def test_what_is_sent_can_be_used_by_nobody_else(desk: Desk) -> None:
    answers = [desk.browser().get("/desk/login/begin") for _ in range(2)]

    asked = [parse_qs(urlsplit(answer.headers["Location"]).query) for answer in answers]
    assert asked[0]["redirect_uri"] == ["http://localhost/desk/login/openid"]
    assert asked[0]["code_challenge_method"] == ["S256"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[0][name][0]) == 43
        assert asked[0][name] != asked[1][name]
    assert "code_verifier" not in asked[0]
    cookie = answers[0].headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_redirect_address_is_that_of_the_settings_whatever_host_is_asked(desk: Desk) -> None:
    answer = desk.browser().get("/desk/login/begin", base_url="http://evil.example")

    asked = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert asked["redirect_uri"] == ["http://localhost/desk/login/openid"]


def test_who_comes_again_has_the_same_account_whatever_they_are_called(
    desk: Desk, provider: Provider
) -> None:
    come(desk.browser())

    provider.person |= {"preferred_username": "root", "email": "root@example.com"}
    come(desk.browser())

    assert names(desk) == LOCALS | {"eve"}


def test_nobody_gets_an_account_by_taking_its_name(desk: Desk, provider: Provider) -> None:
    provider.person |= {"preferred_username": "root"}
    mallory = desk.browser()

    come(mallory)

    assert names(desk) == LOCALS | {"root-2"}
    assert account(desk, "root-2").role is Role.EDITOR
    assert mallory.get("/desk/audit").status_code == 403


def test_names_become_names_of_accounts(desk: Desk, provider: Provider) -> None:
    called = {
        "Eve.Österlund@example.com": "eve.osterlund",
        "../../etc": "etc",
        "<script>": "script",
        "東京": "staff",
        "x" * 300: "x" * 56,
    }

    for number, name in enumerate(called):
        provider.person |= {"sub": str(number), "preferred_username": name}
        come(desk.browser())

    assert names(desk) == LOCALS | set(called.values())


def test_the_role_follows_the_provider_and_who_has_none_stays_out(
    desk: Desk, provider: Provider
) -> None:
    come(desk.browser())
    provider.person["groups"] = ["support"]
    come(desk.browser())
    lesser = account(desk).role
    provider.person["groups"] = ["KB-Editors", "nobody"]
    refused = come(desk.browser())

    assert lesser is Role.AGENT
    assert refused.status_code == 403
    assert "You may not work at this desk." in refused.text


def test_who_is_mapped_to_no_role_gets_no_account(desk: Desk, provider: Provider) -> None:
    groups = [None, [], "", "unknown", {"kb-editors": True}, [["kb-editors"]], 1]
    answers = []

    for each in groups:
        provider.person["groups"] = each
        answers.append(come(desk.browser()).status_code)

    assert answers == [403] * len(groups)
    assert names(desk) == LOCALS


def test_who_is_switched_off_here_stays_out(desk: Desk) -> None:
    eve = desk.browser()
    come(eve)
    with desk.service.database.write() as db:
        staff.deactivate(db, "eve", now=desk.clock())

    again = come(eve)

    assert again.status_code == 403
    assert not is_in(eve)


def test_a_session_of_a_provider_ends_like_any_other(desk: Desk) -> None:
    eve = desk.browser()
    come(eve)
    old = eve.get_cookie(cookies.PLAIN_NAME)
    come(eve)
    new = eve.get_cookie(cookies.PLAIN_NAME)
    eve.post("/desk/logout")

    assert old is not None
    assert new is not None
    assert old.value != new.value
    assert not is_in(eve)


def test_the_log_says_who_came_and_that_somebody_did_not(desk: Desk, provider: Provider) -> None:
    come(desk.browser())
    provider.person["groups"] = []
    come(desk.browser())

    with desk.service.database.read() as db:
        lines = [(one.who, one.way, one.act) for one in audit.listed(db, Filter())]
    assert lines == [("", Way.OPENID, "sign-in-failed"), ("eve", Way.OPENID, "sign-in")]


# Attacks ------------------------------------------------------------------------------------------


def test_a_wrong_or_missing_state_signs_nobody_in(desk: Desk) -> None:
    client = desk.browser()
    back = leave(client)
    code = parse_qs(urlsplit(back).query)["code"][0]
    tries = [
        f"{BACK}?code={code}",
        f"{BACK}?code={code}&state=",
        f"{BACK}?code={code}&state=guessed",
        f"{BACK}?code={code}&state=%C3%A9",
    ]

    answers = []
    for each in tries:
        mallory = desk.browser()
        leave(mallory)
        answers.append(mallory.get(each))

    assert {400} == {answer.status_code for answer in answers}
    assert names(desk) == LOCALS


def test_nobody_is_signed_in_with_the_answer_to_another_browser(desk: Desk) -> None:
    mallorys_answer = leave(desk.browser())
    victim = desk.browser()
    leave(victim)

    answer = victim.get(mallorys_answer)

    assert answer.status_code == 400
    assert not is_in(victim)


def test_an_answer_is_taken_once(desk: Desk) -> None:
    client = desk.browser()
    back = leave(client)
    state = parse_qs(urlsplit(back).query)["state"][0]
    client.get(back)
    client.post("/desk/logout")

    again = client.get(back)
    client.set_cookie(cookies.PLAIN_STATE, state)
    with_cookie = client.get(back)

    assert [again.status_code, with_cookie.status_code] == [400, 400]
    assert not is_in(client)


def test_a_code_that_was_used_is_worth_nothing(desk: Desk, provider: Provider) -> None:
    used = parse_qs(urlsplit(leave(desk.browser())).query)["code"][0]
    provider.codes.pop(used)
    mallory = desk.browser()
    state = parse_qs(urlsplit(leave(mallory)).query)["state"][0]

    answer = mallory.get(BACK, query_string={"code": used, "state": state})

    assert answer.status_code == 502
    assert not is_in(mallory)


def test_a_stolen_code_is_worth_nothing_in_another_sign_in(desk: Desk) -> None:
    """PKCE: the code belongs to the browser that was sent away for it."""
    stolen = parse_qs(urlsplit(leave(desk.browser())).query)["code"][0]
    mallory = desk.browser()
    state = parse_qs(urlsplit(leave(mallory)).query)["state"][0]

    answer = mallory.get(BACK, query_string={"code": stolen, "state": state})

    assert answer.status_code == 502
    assert not is_in(mallory)


def test_who_takes_too_long_begins_anew(desk: Desk) -> None:
    client = desk.browser()
    back = leave(client)

    desk.clock.now += DAY / 24

    assert client.get(back).status_code == 400


def test_the_answer_of_another_provider_is_not_taken(desk: Desk) -> None:
    client = desk.browser()
    back, _, _issuer = leave(client).partition("&iss=")

    assert client.get(f"{back}&iss=https://evil.example").status_code == 400


def encoded(part: object) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unsigned(_provider: Provider, claims: dict[str, Any], alg: str = "none") -> str:
    return f"{encoded({'alg': alg, 'typ': 'JWT'})}.{encoded(claims)}."


def unsigned_in_capitals(provider: Provider, claims: dict[str, Any]) -> str:
    return unsigned(provider, claims, "NoNe")


def by_secret(provider: Provider, claims: dict[str, Any], secret: bytes = SECRET.encode()) -> str:
    """Signed with what both sides know, as if that were allowed."""
    header = {"alg": "HS256", "kid": provider.key.kid}
    signed = f"{encoded(header)}.{encoded(claims)}"
    return f"{signed}.{encoded(hmac.digest(secret, signed.encode(), 'sha256'))}"


def by_public_key_as_secret(provider: Provider, claims: dict[str, Any]) -> str:
    return by_secret(provider, claims, provider.key.as_pem(private=False))


def by_mallory(provider: Provider, claims: dict[str, Any]) -> str:
    """Signed with another key under the name of the provider's."""
    key = RSAKey.generate_key(2048, {"kid": provider.key.kid or ""})
    return jwt.encode({"alg": "RS256", "kid": provider.key.kid}, claims, key)


def by_a_key_it_brings(provider: Provider, claims: dict[str, Any]) -> str:
    key = RSAKey.generate_key(2048, {"kid": "mine"})
    header = {"alg": "RS256", "kid": "mine", "jwk": key.as_dict(private=False)}
    return jwt.encode(header, claims, key)


def changed_afterwards(provider: Provider, claims: dict[str, Any]) -> str:
    header, _claims, signature = oidc.by_key(provider, claims).split(".")
    return f"{header}.{encoded(claims | {'groups': ['kb-admins']})}.{signature}"


def garbage(_provider: Provider, _claims: dict[str, Any]) -> str:
    return "not.a.token"


def test_a_token_that_the_provider_has_not_signed_is_not_believed(
    desk: Desk, provider: Provider
) -> None:
    forgeries: tuple[oidc.Sign, ...] = (
        unsigned, unsigned_in_capitals, by_secret, by_public_key_as_secret, by_mallory,
        by_a_key_it_brings, changed_afterwards, garbage,
    )  # fmt: skip
    client = desk.browser()
    answers = {}

    for each in forgeries:
        provider.sign = each
        answers[each.__name__] = come(client).status_code

    assert {502} == set(answers.values()), answers
    assert not is_in(client)
    assert names(desk) == LOCALS


LIES: tuple[dict[str, Any], ...] = (
    {"nonce": "of another sign-in"},
    {"nonce": None},
    {"aud": "another program"},
    {"aud": ["another program"]},
    {"aud": []},
    {"aud": None},
    {"aud": [CLIENT, "another program"]},
    {"aud": [CLIENT, "another program"], "azp": "another program"},
    {"azp": "another program"},
    {"iss": "https://evil.example"},
    {"iss": None},
    {"exp": 0},
    {"exp": None},
    {"exp": "tomorrow"},
    {"sub": None},
    {"sub": 4711},
    {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
)


def test_a_token_for_another_purpose_is_not_believed(desk: Desk, provider: Provider) -> None:
    answers = {}

    for lies in LIES:
        provider.lies = lies
        answers[str(lies)] = come(desk.browser()).status_code

    assert {502} == set(answers.values()), answers
    assert names(desk) == LOCALS


def test_a_subject_that_is_none_has_no_account(desk: Desk, provider: Provider) -> None:
    provider.person["sub"] = ""
    empty = come(desk.browser()).status_code
    provider.person["sub"] = "x" * 256
    endless = come(desk.browser()).status_code
    provider.person["sub"] = "4711\0"
    odd = come(desk.browser()).status_code

    assert {empty, endless, odd} <= {403, 502}
    assert names(desk) == LOCALS


def test_a_provider_that_describes_itself_wrongly_is_not_used(
    desk: Desk, provider: Provider
) -> None:
    wrong: tuple[dict[str, Any], ...] = (
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "//evil.example/"},
        {"authorization_endpoint": None},
        {"jwks_uri": "file:///etc/passwd"},
    )
    answers = {}

    for each in wrong:
        provider.metadata = each
        desk.clock.now += DAY
        answers[str(each)] = desk.browser().get("/desk/login/begin").status_code

    assert {502} == set(answers.values()), answers


AWAY = (
    "https://evil.example/", "//evil.example/", "/\\evil.example", "/desk/\\evil.example",
    "/desk//evil.example", "\t//evil.example", "/desk/%09/evil.example", "javascript:alert(1)",
    "/desk/../../evil", "/%5cevil.example", "http:evil.example", "/a/refund",
    "/desk/" + "x" * 2100,
)  # fmt: skip


def test_nobody_is_led_away_after_signing_in(desk: Desk) -> None:
    answers = {wanted: come(desk.browser(), wanted).headers["Location"] for wanted in AWAY}

    assert {"/desk/"} == set(answers.values()), answers


def test_a_key_that_is_new_is_asked_for(desk: Desk, provider: Provider) -> None:
    come(desk.browser())
    provider.key = RSAKey.generate_key(2048, {"kid": "second"})
    desk.clock.now += DAY / 48

    assert come(desk.browser()).status_code == 303
    assert provider.requests.count("GET /keys") == 2


def test_a_provider_that_is_away_leaves_passwords(desk: Desk, provider: Provider) -> None:
    provider.metadata = {"token_endpoint": "http://127.0.0.1:9/token"}

    answer = come(desk.browser())

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "61"
    assert 'name="password"' in answer.text


def test_a_person_who_says_no_is_told_so(desk: Desk) -> None:
    client = desk.browser()
    state = parse_qs(urlsplit(leave(client)).query)["state"][0]

    answer = client.get(
        BACK, query_string={"error": "access_denied", "error_description": "<b>", "state": state}
    )

    assert answer.status_code == 403
    assert "<b>" not in answer.text


def test_only_a_verified_address_of_the_house_will_do(
    root: Path, clock: Clock, provider: Provider
) -> None:
    settings = settings_for(root, provider.issuer, "http://localhost/")
    settings = replace(settings, openid=replace(settings.openid, domains=("example.com",)))
    addresses: list[tuple[object, object]] = [
        ("eve@example.com", True), ("eve@EXAMPLE.com", True), ("eve@example.com", False),
        ("eve@example.com", "true"), ("eve@example.com", None), ("eve@evil.example", True),
        ("eve@example.com.evil.example", True), ("example.com", True), (None, True),
        ("eve@example.com@evil.example", True),
    ]  # fmt: skip
    with closing(Service.open(settings, clock)) as opened:
        desk = Desk(applications.around(opened), opened, clock)

        answers = []
        for address, verified in addresses:
            provider.person |= {"email": address, "email_verified": verified}
            answers.append(come(desk.browser()).status_code)

    assert answers == [303, 303, *[403] * 8]


def test_claims_in_claims_say_the_role_too(root: Path, clock: Clock, provider: Provider) -> None:
    settings = settings_for(root, provider.issuer, "http://localhost/")
    openid = replace(settings.openid, role_claim="realm_access.roles")
    provider.person |= {"groups": [], "realm_access": {"roles": ["support"]}}
    with closing(Service.open(replace(settings, openid=openid), clock)) as opened:
        desk = Desk(applications.around(opened), opened, clock)

        come(desk.browser())

        assert account(desk).role is Role.AGENT


def test_without_a_provider_there_is_no_way_to_one(root: Path, clock: Clock) -> None:
    with closing(Service.open(configuration.load(root, WORDS_ONLY), clock)) as opened:
        client = Desk(applications.around(opened), opened, clock).browser()

        answers = [client.get(each).status_code for each in ("/desk/login/begin", BACK)]

        assert "Sign in with" not in client.get("/desk/login").text
    assert answers == [404, 404]


def test_the_secret_is_on_no_page_and_in_no_repr(desk: Desk) -> None:
    assert SECRET not in desk.browser().get("/desk/login").text
    assert SECRET not in repr(desk.service.settings)
    assert hashlib.sha256(SECRET.encode()).hexdigest() not in repr(desk.service.settings)


@contextmanager
def served(root: Path, clock: Clock, provider: Provider) -> Iterator[str]:
    """The desk over HTTP at the address that its settings name."""
    apps: list[WSGIApplication] = []

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        return apps[0](environ, start)

    server = make_server("127.0.0.1", 0, answer, threaded=True)
    address = f"http://127.0.0.1:{server.port}"
    provider.redirect_uri = f"{address}{BACK}"
    with closing(Service.open(settings_for(root, provider.issuer, f"{address}/"), clock)) as opened:
        apps.append(applications.around(opened))
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        yield address
        server.shutdown()
        thread.join()
        server.server_close()


def test_in_a_real_browser_one_click_leads_there_and_back(
    browser: Browser, root: Path, clock: Clock, provider: Provider
) -> None:
    with served(root, clock, provider) as address, context(browser, address) as tab:
        page = tab.new_page()
        page.goto("/desk/gaps")
        found = Axe().run(page)
        page.get_by_role("link", name="Sign in with Alder & Finch").click()
        page.wait_for_url("**/desk/gaps")

        expect(page.locator(".bar__who")).to_contain_text("eve")
    assert found.violations_count == 0, found.generate_report()


def test_who_signs_out_is_told_of_the_provider_and_led_to_its_way_out(
    desk: Desk, provider: Provider
) -> None:
    provider.metadata = {"end_session_endpoint": f"{provider.issuer}/logout"}
    client = desk.browser()
    come(client)

    out = client.post("/desk/logout")
    page = client.get(out.location).text
    away = client.get("/desk/login/leave")

    assert not is_in(client)
    assert "still signed in with Alder &amp; Finch" in page
    assert 'href="/desk/login/leave"' in page
    assert away.location == f"{provider.issuer}/logout?client_id={CLIENT}"


def test_a_provider_without_a_way_out_is_said_to_have_none(desk: Desk) -> None:
    answer = desk.browser().get("/desk/login/leave")

    assert answer.status_code == 404
    assert "Sign out on its own pages" in answer.text


def test_of_a_password_the_provider_is_not_asked(desk: Desk) -> None:
    assert desk.signed_in("bob").post("/desk/logout").location == "/desk/login"


def test_an_account_of_before_is_joined_with_the_one_that_the_provider_made(
    desk: Desk, provider: Provider
) -> None:
    provider.person["preferred_username"] = "bob"
    come(desk.browser())
    with desk.service.database.write() as db:
        identities.move(db, "bob-2", "bob", desk.clock())
    client = desk.browser()

    come(client)

    assert account(desk, "bob-2").deactivated is not None
    assert account(desk, "bob").role is Role.EDITOR
    assert "bob <span" in client.get("/desk/").text
    with desk.service.database.write() as db, pytest.raises(AccountError):
        identities.move(db, "dora", "bob", desk.clock())
