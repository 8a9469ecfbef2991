"""The forms by which personal data is recognised in a text: where each piece of it stands.

Every pattern is bounded, or cannot begin again inside what it has read: its steps grow with the
length of the text alone. Digits, checks and the words before them decide; where a form is also
that of something else (an order number, a version), the words before it must speak for it.
"""

import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import partial
from ipaddress import IPv6Address

from feedback import payment_numbers
from feedback.payment_numbers import Span


class Kind(StrEnum):
    """What was found."""

    PASSWORD = "password"  # noqa: S105 -- the name of a kind
    TOKEN = "access token"  # noqa: S105 -- the name of a kind
    EMAIL = "e-mail"
    IBAN = "IBAN"
    CARD = "card number"
    ADDRESS = "IP address"
    PHONE = "phone number"


# Passwords: after a word for one, and after a colon or with a digit in them, for "my PIN is not
# working" is a common question and must stay.

_PIN = r"(?<!\w)(?:pin(?:[ -]?(?:code|kod|nummer|number))?|pinkod(?:en)?|cvv2?|cvc2?)(?!\w)"
_SECRET = (
    r"(?:(?<!\w)(?:pass ?words?|pass ?phrase|passcode|passwd|pwd|pass ?w(?:ort|örter)|kennwort|"
    r"l[öo]senord(?:et)?|contrase[nñ]a|clave|mots? de passe|mdp|code secret|wachtwoord|senha|"
    rf"palavra-passe|hasło|salasana|adgangskode|passord)(?!\w)|{_PIN})"
)
_IS = r"(?:is|was|ist|war|lautet|är|var|es|era|est|était|è|é|er|to|auf|till)"
_GAP = r"[ \t\u00a0]"
_WORD = r"[^\W\d_][\w'\u2019]{0,19}"
_QUOTED = r"\"[^\"\n]{1,64}\"|„[^“”\n]{1,64}[“”]|«[^»\n]{1,64}»"

_GIVEN = rf"{_SECRET}[\"'»”]?{_GAP}{{0,3}}[:=]+{_GAP}{{0,3}}(?P<it>{_QUOTED}|[^\s,;]{{1,128}})"
_SAID = (
    rf"{_SECRET}(?:{_GAP}{{1,3}}{_WORD}){{0,4}}?{_GAP}{{1,3}}{_IS}:?{_GAP}{{1,3}}"
    r"[\"'„“«»”]?(?P<it>(?=[^\s\d]{0,64}\d)(?!\d{1,2}-[^\W\d_])[^\s\"'„“«»”,;]{4,128})"
)
_BESIDE = (
    rf"{_SECRET}{_GAP}{{1,3}}(?P<it>(?=[^\s\d]{{1,64}}\d|\d{{1,64}}[^\W\d_])"
    r"(?!0x|(?-i:[A-Z]{1,4})-?\d+\b)[\w!@#$%&*?+-]{6,128})"
)
_PIN_BESIDE = rf"{_PIN}{_GAP}{{1,3}}(?P<it>\d{{3,8}})(?![\w.,:/-]{{0,20}}\d)"


# Access tokens: by the prefixes that their makers gave them for this very purpose.

_PREFIXED = (
    r"(?<![A-Za-z0-9])(?P<it>(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{6,}|gh[opsur]_[A-Za-z0-9]{16,}|"
    r"github_pat_\w{20,}|gl(?:pat|dt|rt|ptt)-[\w-]{16,}|(?:xox[abeoprs]|xapp)-[\w-]{8,}|"
    r"(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{12,}|AIza[\w-]{30,}|ya29\.[\w-]{16,}|sk-[\w-]{20,}|"
    r"SG\.[\w-]{16,}\.[\w-]{16,}|(?:npm|hf|whsec|dop_v1|shpat|glsa)_[A-Za-z0-9]{16,}|"
    r"pypi-[\w-]{16,})"
)
_JWT = r"(?<![\w-])(?P<it>eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?)"
_BEARER = r"\bBearer (?P<it>[\w.~+/-]{16,}=*)"
_IN_ADDRESS = r"://[^\s/:@]{1,64}:(?P<it>[^\s/@]{1,128})@"
_PRIVATE_KEY = r"(?P<it>-----BEGIN [A-Z ]{0,30}KEY-----[^-]*(?:-----END [A-Z ]{0,30}KEY-----)?)"

_AT = r"(?:[@＠]| ?[\[({] ?(?:at|ät) ?[\])}] ?)"  # noqa: RUF001 -- the wide sign is meant
_DOT = r"(?:\.| ?[\[({] ?(?:dot|punkt|point|punto) ?[\])}] ?)"
_EMAIL = (
    rf"(?P<it>[\w.+%'\u2019-]{{1,64}}{_AT}(?:[\w-]{{1,63}}{_DOT}){{1,8}}"
    r"(?:xn--[\w-]{1,59}|[^\W\d_]{2,24}))"
)


# IP addresses: four numbers are also a version, which says so.

_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_IPV4 = rf"(?<![\w.])(?P<it>{_OCTET}(?:\.{_OCTET}){{3}})(?!\d|\.\d|\w)"
_IPV6 = r"(?<![\w:.])(?P<it>[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{2,40}(?:[0-9.]{7,15})?)(?![\w:])"
_VERSION_BEFORE = re.compile(
    r"(?:\bv|\bver|versions?|versionen|firmware|build|release|update|software|driver|treiber|"
    r"section|chapter|kapitel|abschnitt|§)[ .:]{0,3}(?:\w{1,12} ){0,2}$",
    re.IGNORECASE,
)


def _is_no_version(match: re.Match[str]) -> bool:
    return not _VERSION_BEFORE.search(_before(match))


def _is_ipv6(match: re.Match[str]) -> bool:
    """Rules out times, hardware addresses and a lone "::" of a programming language."""
    try:
        IPv6Address(match["it"])
    except ValueError:
        return False
    return any(character.isdigit() for character in match["it"])


# Phone numbers: written internationally, or nationally with a leading 0 or as in North America;
# any other row of digits only after a word such as "call". Dates and opening hours are none.

_SEPARATED = r"[ ().\u00a0\u202f/-]{0,3}\d"
_NO_DATE = (
    r"(?!\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})(?!\d|\1\d)|\d{4}-\d{2}-\d{2}(?!\d)|"
    r"\d{1,2}[.: ]\d{2} ?[-–] ?\d{1,2}[.: ]\d{2}(?!\d))"  # noqa: RUF001 -- both dashes are meant
)
_STARTS = r"(?<![\w.,:/+#-])" + _NO_DATE
_ENDS = r"(?![\w]|[.,:/-]\d)"
_PHONE_SURE = rf"(?<![\w+])(?P<it>\+(?:{_SEPARATED}){{8,16}}){_ENDS}"
_PHONE_LIKELY = (
    rf"{_STARTS}(?P<it>00[1-9](?:{_SEPARATED}){{7,13}}|\(?0[1-9](?:{_SEPARATED}){{6,10}}|"
    rf"(?:1[ .-])?\(?[2-9]\d{{2}}\)?[ .-]{{1,2}}\d{{3}}[ .-]\d{{4}}){_ENDS}"
)
_PHONE_BARE = rf"{_STARTS}(?P<it>\(?\d(?:{_SEPARATED}){{5,11}}){_ENDS}"
_UNSEPARATED_LENGTHS = {"00": range(12, 17), "0": range(10, 13)}
_A_DIGIT = re.compile(r"\d")
_PHONE_WORD = re.compile(
    r"(?<!\w)(?:(?P<phone>phones?|tel|telefon\w*|tel[eé]fon\w*|t[eé]l[eé]phon\w*|mobile?|m[oó]vil|"
    r"handy\w*|cell|call|ring|reach me|whatsapp|sms|text me|appele[rz]|ll[aá]m\w+|anruf\w*|"
    r"ligue|puhelin\w*|telefoon\w*|fax)|"
    r"(?P<other>\w*order|invoice|\w*bestell\w*|\w*rechnung\w*|faktura\w*|ticket|case|ref|reference|"
    r"artikel\w*|article|item|product|tracking|parcel|sku|isbn|ean|imei|serial|customer|kund\w*|"
    r"konto\w*|account|version|part|model|booking|contract|pedido|factura|"
    r"commande|facture|best[aä]llning\w*|error|code))(?!\w)",
    re.IGNORECASE,
)


def _is_likely_phone(match: re.Match[str]) -> bool:
    number = match["it"]
    lengths = _UNSEPARATED_LENGTHS["00" if number.startswith("00") else "0"]
    written_as_one = number.isdigit() and len(number) not in lengths
    return not written_as_one and _last_word(match) != "other"


def _is_called(match: re.Match[str]) -> bool:
    return _last_word(match) == "phone"


def _last_word(match: re.Match[str]) -> str | None:
    """What the last telling word before the number speaks for: "phone" or "other".

    "Order 4711, 070-123 45 67": a word for something other speaks for one number only.
    """
    before = _before(match)
    words = list(_PHONE_WORD.finditer(before))
    if not words:
        return None
    spent = words[-1]["other"] and _A_DIGIT.search(before, words[-1].end())
    return None if spent else words[-1].lastgroup


def _before(match: re.Match[str]) -> str:
    start = match.start("it")
    return match.string[max(0, start - 30) : start]


def _always(_: re.Match[str]) -> bool:
    return True


def _find(
    pattern: re.Pattern[str], is_one: Callable[[re.Match[str]], bool], text: str
) -> Iterator[Span]:
    return (match.span("it") for match in pattern.finditer(text) if is_one(match))


def _finder(
    pattern: str,
    is_one: Callable[[re.Match[str]], bool] = _always,
    flags: re.RegexFlag = re.IGNORECASE,
) -> Callable[[str], Iterator[Span]]:
    """Finds the group `it` of the pattern where `is_one` agrees."""
    return partial(_find, re.compile(pattern, flags), is_one)


FINDERS: tuple[tuple[Kind, Callable[[str], Iterator[Span]]], ...] = (
    (Kind.PASSWORD, _finder(_GIVEN)),
    (Kind.PASSWORD, _finder(_SAID)),
    (Kind.PASSWORD, _finder(_BESIDE)),
    (Kind.PASSWORD, _finder(_PIN_BESIDE)),
    (Kind.TOKEN, _finder(_PREFIXED, flags=re.NOFLAG)),
    (Kind.TOKEN, _finder(_JWT, flags=re.NOFLAG)),
    (Kind.TOKEN, _finder(_BEARER)),
    (Kind.TOKEN, _finder(_IN_ADDRESS)),
    (Kind.TOKEN, _finder(_PRIVATE_KEY, flags=re.NOFLAG)),
    (Kind.EMAIL, _finder(_EMAIL)),
    (Kind.IBAN, payment_numbers.ibans),
    (Kind.CARD, payment_numbers.cards),
    (Kind.ADDRESS, _finder(_IPV6, _is_ipv6)),
    (Kind.ADDRESS, _finder(_IPV4, _is_no_version)),
    (Kind.PHONE, _finder(_PHONE_SURE)),
    (Kind.PHONE, _finder(_PHONE_LIKELY, _is_likely_phone)),
    (Kind.PHONE, _finder(_PHONE_BARE, _is_called)),
)
"""In this order; each finds spans that ascend and do not overlap."""
