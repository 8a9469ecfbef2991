from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback import addresses
from feedback.errors import AddressMalformed


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("alice@example.org", "alice@example.org"),
        ("  Alice.O'Hara+faq@Mail.Example.ORG \n", "Alice.O'Hara+faq@mail.example.org"),
        ("anna@räksmörgås.se", "anna@xn--rksmrgs-5wao1o.se"),
        ("a@xn--rksmrgs-5wao1o.se", "a@xn--rksmrgs-5wao1o.se"),
    ],
)
def test_an_address_is_taken_in_one_form(typed: str, address: str) -> None:
    assert address == addresses.parse(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "alice",
        "alice@",
        "@example.org",
        "alice@localhost",
        "alice@example..org",
        "alice@-example.org",
        "alice@[192.0.2.1]",
        "alice@faß.de",
        "ålice@example.org",
        '"al ice"@example.org',
        "Alice <alice@example.org>",
        "alice@example.org, bob@example.org",
        "alice@example.org;bob@example.org",
        "alice@example.org\r\nBcc: bob@example.org",
        "alice@example.org\nBcc: bob@example.org",
        "alice@example.org\rSubject: hello",
        "bob@example.org\n\nBody@example.org",
        "alice@example.org\u2028Bcc: bob@example.org",
        "alice\0@example.org",
        "alice%0d%0aBcc:bob@exa mple.org",
        "alice@example.org?subject=x",
        "=?utf-8?q?alice=0d=0aBcc:bob?= @example.org",
        "a" * 65 + "@example.org",
        "a@" + "b" * 63 + "." + "c" * 63 + "." + "d" * 63 + "." + "e" * 63 + ".org",
    ],
)
def test_what_is_not_one_plain_address_is_refused(typed: str) -> None:
    with pytest.raises(AddressMalformed):
        addresses.parse(typed)


@given(st.emails())
def test_every_address_that_json_schema_calls_one_is_taken(address: str) -> None:
    assert address.casefold() == addresses.parse(address).casefold()


@given(
    st.one_of(
        st.text(),
        st.emails(),
        st.builds("{}@{}".format, st.text(max_size=20), st.text(max_size=20)),
        st.builds("a{}b@example.org".format, st.text(max_size=5)),
    )
)
def test_whatever_is_typed_reaches_one_receiver_or_none(typed: str) -> None:
    try:
        address = addresses.parse(typed)
    except AddressMalformed:
        return

    message = EmailMessage(policy=SMTP)
    message["To"] = address
    message.set_content("Hello")

    assert [address] == [one.addr_spec for one in message["To"].addresses]
    assert set(message.keys()) == {
        "To",
        "Content-Type",
        "Content-Transfer-Encoding",
        "MIME-Version",
    }
    lines = message.as_bytes().split(b"\r\n\r\n")[0].splitlines()
    assert len([line for line in lines if not line.startswith(b" ")]) == 4  # others go on with one
