"""Made-up personal data, in the forms in which people write it."""

import string
from collections.abc import Callable
from itertools import pairwise
from random import Random

from feedback.personal_data import Kind


def digits(random: Random, count: int) -> str:
    return "".join(random.choices(string.digits, k=count))


def letters(random: Random, count: int, alphabet: str = string.ascii_letters) -> str:
    return "".join(random.choices(alphabet + string.digits, k=count))


def an_email(random: Random) -> str:
    name = random.choice(["bob", "alice.smith", "o'neill", "c.d-e_f", "müller", "x", "kim+shop"])
    host = random.choice(["example.com", "mail.example.co.uk", "exämple.de", "a-b.example.museum"])
    sign = random.choice(["@", "@", "@", " (at) ", "[at]", "＠"])  # noqa: RUF001 -- a wide sign
    if sign in {" (at) ", "[at]"} and random.random() < 0.5:
        host = host.replace(".", random.choice([" (dot) ", "[dot]", " [punkt] "]))
    return f"{name}{random.randrange(100)}{sign}{host}"


def a_card(random: Random) -> str:
    prefix, length, groups = random.choice(
        [
            ("4", 16, (4, 4, 4, 4)),
            ("4", 13, (4, 3, 3, 3)),
            ("51", 16, (4, 4, 4, 4)),
            ("2345", 16, (4, 4, 4, 4)),
            ("37", 15, (4, 6, 5)),
            ("36", 14, (4, 6, 4)),
            ("6011", 16, (4, 4, 4, 4)),
            ("3530", 16, (4, 4, 4, 4)),
            ("6759", 19, (4, 4, 4, 4, 3)),
        ]
    )
    body = prefix + digits(random, length - len(prefix) - 1)
    # Luhn, written the long way: from the right, every second digit counts double.
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return grouped(random, body + str(-total % 10), groups)


def grouped(random: Random, number: str, groups: tuple[int, ...]) -> str:
    separator = random.choice(["", " ", "-", ".", " - ", "\u00a0"])
    places = [sum(groups[:count]) for count in range(len(groups) + 1)]
    return separator.join(number[a:b] for a, b in pairwise(places))


def an_iban(random: Random) -> str:
    country, body = random.choice(
        [
            ("DE", digits(random, 18)),
            ("SE", digits(random, 20)),
            ("GB", letters(random, 4, "ABCDEF").translate(AS_LETTERS) + digits(random, 14)),
            ("FR", digits(random, 10) + letters(random, 11, "ABC").upper() + digits(random, 2)),
            ("NO", digits(random, 11)),
            ("MT", "MALT" + digits(random, 5) + letters(random, 18).upper()),
            ("CH", digits(random, 17)),
            ("ES", digits(random, 20)),
        ]
    )
    numeric = "".join(str(string.digits.find(c)) if c.isdigit() else str(ord(c) - 55) for c in body)
    head = "".join(str(ord(c) - 55) for c in country)
    iban = f"{country}{98 - int(numeric + head + '00') % 97:02}{body}"
    separator = random.choice(["", " ", " ", "-"])
    iban = separator.join(iban[place : place + 4] for place in range(0, len(iban), 4))
    return random.choice([iban, iban, iban.lower()])


AS_LETTERS = str.maketrans(string.digits, "GHIJKLMNOP")


def a_phone(random: Random) -> str:
    def fill(pattern: str) -> str:
        return "".join(random.choice("23456789") if c == "#" else c for c in pattern)

    return fill(
        random.choice(
            [
                "+46 7# ### ## ##",
                "+46 (0)7#-### ## ##",
                "+4917########",
                "+1 (5##) ###-####",
                "+44 20 7### ####",
                "+33 (0)6.##.##.##.##",
                "0046 70 ### ## ##",
                "004917########",
                "07#-### ## ##",
                "07#-#######",
                "07########",
                "030/1######",
                "(030) 12 ## ## ##",
                "01 ## ## ## ##",
                "01.##.##.##.##",
                "017#-########",
                "(5##) ###-####",
                "5##-###-####",
                "5##.###.####",
                "1-8##-###-####",
                "call me on 6## ### ###",
                "my phone number is 9#######",
                "tel. 12 ## ## ##",
                "mobil: 9## ## ###",
            ]
        )
    )


def an_address(random: Random) -> str:
    four = ".".join(str(random.randrange(256)) for _ in range(4))
    eight = ":".join(f"{random.randrange(65536):x}" for _ in range(8))
    short = f"2001:db8::{random.randrange(1, 65536):x}"
    return random.choice([four, four, four, eight, short, f"::ffff:{four}", f"fe80::{short[-1]}1"])


def a_token(random: Random) -> str:
    prefix, length = random.choice(
        [
            ("sk_live_", 24),
            ("sk_test_", 24),
            ("pk_live_", 24),
            ("ghp_", 36),
            ("gho_", 36),
            ("github_pat_", 60),
            ("glpat-", 20),
            ("xoxb-", 40),
            ("xoxp-", 40),
            ("AIza", 35),
            ("npm_", 36),
            ("sk-", 40),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIi", 20),
            ("Bearer ", 32),
        ]
    )
    if random.random() < 0.1:
        return "AKIA" + "".join(random.choices(string.ascii_uppercase + string.digits, k=16))
    return prefix + letters(random, length)


def a_password(random: Random) -> str:
    secret = random.choice(["Hunter{}", "sommar{}!", "{}abc", "pa$${}", "correct-{}-horse"])
    secret = secret.format(random.randrange(10, 9999))
    wordy = random.choice(["hunter", "Geheim!", "qwertz", "azerty"])
    pin = digits(random, random.choice([4, 5, 6]))
    return random.choice(
        [
            f"password is {secret}",
            f"my password for the shop is {secret}",
            f"Password: {wordy}",
            f"password={wordy}",
            f'"password": "{wordy} and {secret}"',
            f"pwd: {wordy}",
            f"mein Passwort ist {secret}",
            f"Das Passwort lautet: {secret}",
            f"Kennwort: {wordy}",
            f"mitt lösenord är {secret}",
            f"Lösenordet: {wordy}",
            f"mi contraseña es {secret}",
            f"contraseña: {wordy}",
            f"mon mot de passe est {secret}",
            f"mot de passe : {wordy}",
            f"my PIN is {pin}",
            f"PIN code: {pin}",
            f"el pin es {pin}",
            f"min pinkod är {pin}",
            f"pin {pin}",
            f"password {secret}",
            f"CVV: {pin[:3]}",
        ]
    )


MAKERS: dict[Kind, Callable[[Random], str]] = {
    Kind.EMAIL: an_email,
    Kind.CARD: a_card,
    Kind.IBAN: an_iban,
    Kind.PHONE: a_phone,
    Kind.ADDRESS: an_address,
    Kind.TOKEN: a_token,
    Kind.PASSWORD: a_password,
}
SENTENCES = [
    "{}",
    "Please look at {} and answer soon.",
    "It says {}, what now?",
    "Here you are: {}",
    "I paid 20 for it ({}).",
    "Meine Daten sind {}. Danke!",
    "order 4711\n{}\nBob",
    "“{}”",
]
