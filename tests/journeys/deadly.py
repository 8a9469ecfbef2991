"""Thirty queries of death: what a search answers slowly, wrongly or never when it is not careful.

Each is made anew from a source of randomness wherever there is something to vary, so that no
cache answers for the search.
"""

import socket
from collections.abc import Callable, Mapping
from random import Random
from urllib.parse import quote, urlsplit

DOORS = ("/api/v1/search", "/api/v1/suggest", "/en/search/")
"""Where a reader's words come in."""

COMMON = tuple(
    "the a to of and is in it you for on with your or can be how do i my not we are if".split()  # noqa: SIM905 -- thirty quoted words read worse
)
LETTERS = "etaoinshrdlu"


def query(text: str) -> str:
    """A query as a browser sends it; half a surrogate pair as the bytes it would have."""
    return f"q={quote(text.encode('utf-8', 'surrogatepass'), safe='')}"


def _word(random: Random, length: int) -> str:
    return "".join(random.choices(LETTERS, k=length))


def _words(random: Random, count: int, length: int) -> str:
    return " ".join(_word(random, length) for _ in range(count))


def _between(random: Random, first: int, last: int, count: int) -> str:
    return "".join(chr(random.randint(first, last)) for _ in range(count))


def _towers(random: Random) -> str:
    return "".join(letter + _between(random, 0x300, 0x36F, 1_500) for letter in "refund")


def _planes(random: Random) -> str:
    return " ".join(chr(plane << 16 | random.randint(0x20, 0xD7FF)) for plane in range(17)) * 20


def _mistyped(random: Random) -> str:
    words = "exchange returned delivery delivered payment password customer account invoice lamps"
    dropped = [word[:place] + word[place + 1 :] for word in words.split() for place in range(2, 5)]
    return " ".join(random.sample(dropped, 20))


def _humps(random: Random) -> str:
    return " ".join(_word(random, 4).swapcase().title() * 9 for _ in range(5))


def _oddly_encoded(random: Random) -> str:
    odd = (
        "%",
        "%2",
        "%zz",
        "%u0041",
        "%c0%af",
        "%ff%fe",
        "%e2%28%a1",
        "%25%32%35",
        "+%20+",
        "%0d%0a",
    )
    return "q=" + "".join(random.choices(odd, k=400))


def _repeated(random: Random) -> str:
    return "&".join(f"q={_word(random, 3)}" for _ in range(4_000))


def _unknown_parameters(random: Random) -> str:
    return query("refund") + "".join(f"&{_word(random, 6)}[{n}]=1" for n in range(4_000))


def _endless_filters(random: Random) -> str:
    ligature = quote("\ufdfa") * 3_000  # a sign of which compatibility makes eighteen
    return f"{query('refund')}&tag={_word(random, 9)}{ligature}&lang={_word(random, 30_000)}"


def _turned(random: Random) -> str:
    return "\u202e\u2067\u200f".join(random.sample(COMMON, 20)) + "\u2066" * 500


QUERIES: Mapping[str, Callable[[Random], str]] = {
    "thousands of stars": lambda _: query("*" * 15_000),
    "nested brackets": lambda random: query("(" * 9_000 + _word(random, 5) + ")" * 9_000),
    "a word of 100 kB": lambda random: query(_word(random, 5) * 20_000),
    "one letter repeated": lambda random: query(f"{random.choice(LETTERS)} " * 20_000),
    "NUL and control characters": lambda random: query(_between(random, 0, 0x1F, 5_000)),
    "half surrogates": lambda random: query(_between(random, 0xD800, 0xDFFF, 3_000)),
    "directions turned around": lambda random: query(_turned(random)),
    "towers of combining marks": lambda random: query(_towers(random)),
    "a bomb for regular expressions": lambda _: query("(a+)+$(.*)*\\1" + "a" * 5_000 + "!"),
    "the engine's query language": lambda random: query(
        f'title:({_word(random, 2)}* OR b~9) AND NOT [a TO zz] "x y"~99999 {{!}} ^1e99 *:* ' * 40
    ),
    "wildcards around everything": lambda _: query("*a* ?e?* *o*u* [a-z]* " * 400),
    "SQL": lambda _: query("' OR 1=1; DROP TABLE votes; -- \" UNION SELECT char(0)" * 50),
    "every plane of Unicode": lambda random: query(_planes(random)),
    "10,000 parts joined by hyphens": lambda _: query("-".join(["ab", "c1", "9"] * 3_334)),
    "a chain of joined emoji": lambda _: query("\U0001f469\u200d" * 3_000),
    "all stop words": lambda random: query(" ".join(random.sample(COMMON, len(COMMON)) * 2)),
    "a wall of Thai": lambda random: query(_between(random, 0xE01, 0xE3A, 5_000)),
    "a wall of Chinese": lambda random: query(_between(random, 0x4E00, 0x9FFF, 5_000)),
    "odd percent-encoding": _oddly_encoded,
    "huge numbers": lambda _: f"{query('refund')}&offset={'9' * 5_000}&limit={'9' * 5_000}",
    "numbers that are none": lambda _: f"{query('refund')}&offset=-1e999&limit=NaN",
    "a parameter repeated": _repeated,
    "thousands of parameters": _unknown_parameters,
    "endless filters": _endless_filters,
    "long unknown words": lambda random: query(_words(random, 5, 39)),
    "many unknown words": lambda random: query(_words(random, 40, 4)),
    "many mistyped words": lambda random: query(_mistyped(random)),
    "all words written together": lambda random: query("".join(random.sample(COMMON, 24)) * 3),
    "a hump in every word": lambda random: query(_humps(random)),
    "the last page of everything": lambda _: f"{query(' '.join(COMMON))}&offset=1000&limit=50",
}


def ask(address: str, target: str) -> tuple[int, bytes]:
    """Status and body of the answer to exactly this target: a client library would mend it.

    An answer that is cut short has status 0.
    """
    place = urlsplit(address)
    received = b""
    with socket.create_connection((place.hostname, place.port or 80), timeout=60) as connection:
        connection.sendall(
            f"GET {target} HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n\r\n".encode()
        )
        while part := connection.recv(1 << 16):
            received += part
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    lengths = [line[15:] for line in lines if line.lower().startswith("content-length:")]
    if lengths != [f" {len(body)}"]:
        return 0, body
    return int(lines[0].split()[1]), body
