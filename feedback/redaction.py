"""Masks personal data in what readers type, before it is written for the first time.

The text is cut first, and each pattern reads it in bounded steps, so no input takes long. What is
masked is gone: the original is never kept. What cannot be recognised by its form (a name, a
street) passes; whoever shows the text to more people must know that it is only `clean` of the
kinds below.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import AddressValueError, IPv6Address

from feedback import payment

LIMIT = 4_000
"""Characters that are read; what is beyond them is dropped."""


class Kind(StrEnum):
    """What was found; the value stands in square brackets in its place."""

    PASSWORD = "password"  # noqa: S105 -- the name of a kind
    TOKEN = "access token"  # noqa: S105 -- the name of a kind
    EMAIL = "e-mail"
    IBAN = "IBAN"
    CARD = "card number"
    ADDRESS = "IP address"
    PHONE = "phone number"

    @property
    def mask(self) -> str:
        return f"[{self.value}]"


class Status(StrEnum):
    """Whether a text may have held personal data."""

    SUSPECTED = "suspected"
    CLEAN = "clean"


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text that may be stored, and the kinds of data that were masked in it."""

    text: str
    kinds: frozenset[Kind]

    @property
    def status(self) -> Status:
        return Status.SUSPECTED if self.kinds else Status.CLEAN


def redact(text: str) -> Redacted:
    """Mask passwords, access tokens, e-mail and IP addresses, IBANs, cards and phone numbers.

    A later kind is looked for in what the earlier ones left: an IBAN is also a row of digits.
    """
    text = _cut(text)
    kinds = set()
    for kind, mask in _PASSES:
        masked = mask(text, kind.mask)
        if masked != text:
            kinds.add(kind)
        text = masked
    return Redacted(text, frozenset(kinds))


def _cut(text: str) -> str:
    """The first 4,000 characters, without a last word that the cut may have torn in two."""
    if len(text) <= LIMIT:
        return text
    head, space, _torn = text[:LIMIT].rpartition(" ")
    return head if space else text[:LIMIT]


# --- Passwords: after a word for one, with a colon, an equals sign or a digit in the secret. ------

_SECRET_WORD = (
    r"(?<!\w)(?:pass ?words?|pass ?phrase|passcode|passwd|pwd|pass ?w(?:ort|örter)|kennwort|"
    r"lösenord(?:et)?|losenord(?:et)?|pinkod(?:en)?|contrase[nñ]a|clave|mots? de passe|mdp|"
    r"code secret|wachtwoord|senha|palavra-passe|hasło|salasana|adgangskode|passord|parola|"
    r"pin(?:[ -]?(?:code|kod|nummer|number))?|cvv2?|cvc2?)(?!\w)"
)
_IS = r"(?:is|was|are|ist|war|lautet|är|var|es|era|est|était|è|é|er|on|to|auf|till|=|:)"
_PASSWORD_GIVEN = re.compile(
    rf"({_SECRET_WORD}[\"'»”]?[ \t\u00a0]{{0,3}}[:=]+[ \t\u00a0]{{0,3}})"
    r"(?:\"[^\"\n]{1,64}\"|'[^'\n]{1,64}'|„[^“”\n]{1,64}[“”]|«[^»\n]{1,64}»|[^\s,;]{1,128})",
    re.IGNORECASE,
)
_PASSWORD_SAID = re.compile(
    rf"({_SECRET_WORD}(?:[ \t\u00a0]+[^\W\d_][\w'’]{{0,19}}){{0,4}}?[ \t\u00a0]+{_IS}[ \t\u00a0]+"
    rf"[\"'„“«»”]?)(?=[^\s\d]{{0,64}}\d)[^\s\"'„“«»”,;]{{4,128}}",
    re.IGNORECASE,
)
_PIN_BESIDE = re.compile(
    r"((?<!\w)(?:pin(?:[ -]?(?:code|kod|nummer|number))?|pinkod(?:en)?|cvv2?|cvc2?)[ \t\u00a0]+)"
    r"\d{3,8}(?![\w.,:/-]*\d)",
    re.IGNORECASE,
)
_PASSWORD_BESIDE = re.compile(
    rf"({_SECRET_WORD}[ \t\u00a0]+)(?=[^\s\d]{{1,64}}\d)(?=[\d\W_]{{0,64}}[^\W\d_])"
    r"(?![A-Z]{1,4}-?\d+\b)[\w!@#$%&*?+-]{6,128}",
    re.IGNORECASE,
)
