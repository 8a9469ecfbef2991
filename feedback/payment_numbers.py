"""Bank accounts and cards in a text: long numbers that carry check digits."""

import re
from collections.abc import Iterator

Span = tuple[int, int]

# IBANs: each country has one length (the registry of ISO 13616), the check digits decide.

# Looked for from every word on: "AB12 DE89 3704 …" begins like one and holds another.
_IBAN = re.compile(
    r"(?<![A-Za-z0-9])(?=([A-Za-z]{2}[0-9]{2}(?:[ .\u00a0-]{0,2}[A-Za-z0-9]){11,30}))"
)
_COUNTRIES_BY_LENGTH = {
    15: "NO",
    16: "BE",
    18: "DK FI FK FO GL NL SD",
    19: "MK SI",
    20: "AT BA EE KZ LT LU MN XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ OM SO TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "BI DJ FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU YE",
    31: "MT SC",
    32: "LC",
    33: "RU",
}
_IBAN_LENGTHS = {
    country: length
    for length, countries in _COUNTRIES_BY_LENGTH.items()
    for country in countries.split()
}


def ibans(text: str) -> Iterator[Span]:
    """Valid ones, whatever words follow: only as many characters as the country has are taken."""
    end = 0
    for match in _IBAN.finditer(text):
        start, limit = match.span(1)
        places = [place for place in range(start, limit) if text[place].isalnum()]
        length = _IBAN_LENGTHS.get(text[start : start + 2].upper(), len(places) + 1)
        iban = "".join(text[place] for place in places[:length])
        if start >= end and len(iban) == length and _has_check_digits(iban):
            end = places[length - 1] + 1
            yield start, end


def _has_check_digits(iban: str) -> bool:
    """ISO 7064 MOD 97-10 over the number with its head moved to the end and letters as 10 to 35."""
    return int("".join(str(int(character, 36)) for character in iban[4:] + iban[:4])) % 97 == 1


# Cards: the length and first digits that issuers use, and Luhn's check digit (ISO/IEC 7812).

_DIGITS = re.compile(r"\d(?:[ .\u00a0\u202f-]{0,3}\d){12,}")
_ISSUED = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|35\d{14}|3[0689]\d{12,17}|"
    r"6\d{12,18}|5[06-9]\d{11,17}"
)
_CARD_LENGTHS = range(13, 20)


def cards(text: str) -> Iterator[Span]:
    """In a row of digits, every stretch of whole groups may be the card: "$20 4928-…"."""
    for row in _DIGITS.finditer(text):
        groups = [match.span() for match in re.finditer(r"\d+", row[0])]
        end = 0
        for first, (start, _) in enumerate(groups):
            if start >= end and (card_end := _card_end(row[0], groups[first:])):
                end = card_end
                yield row.start() + start, row.start() + end


def _card_end(row: str, groups: list[Span]) -> int | None:
    """Where the longest card ends that begins with the first group."""
    digits, found = "", None
    for start, end in groups:
        digits += row[start:end]
        if len(digits) > _CARD_LENGTHS[-1]:
            break
        if len(digits) in _CARD_LENGTHS and _ISSUED.fullmatch(digits) and _passes_luhn(digits):
            found = end
    return found


def _passes_luhn(digits: str) -> bool:
    plain = [int(digit) for digit in reversed(digits)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in plain[1::2]]
    return (sum(plain[::2]) + sum(doubled)) % 10 == 0
