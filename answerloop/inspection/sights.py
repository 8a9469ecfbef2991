"""What was seen in files that asked no other host, by what they hold: most are as they were."""

import hashlib

from answerloop.cache import Cache, digest, program
from answerloop.inspection.hosts import Allowed
from answerloop.inspection.policy import Inline


class Sights:
    """Those of the last build, and those of this one."""

    def __init__(self, cache: Cache, allowed: Allowed) -> None:
        self._cache = cache
        self._key = digest(program(), repr(allowed))
        kept = cache.get("sights", self._key) or {"seen": [], "files": {}}
        self._seen = [Inline(*map(frozenset, parts)) for parts in kept["seen"]]
        self._before: dict[str, int] = kept["files"]
        self._now: dict[str, Inline] = {}

    def known(self, name: str, content: bytes) -> Inline | None:
        """What stands in a file; None for one that has to be looked at."""
        key = _named(name, content)
        number = self._before.get(key)
        if number is None:
            return None
        self._now[key] = self._seen[number]
        return self._seen[number]

    def note(self, name: str, content: bytes, seen: Inline) -> None:
        self._now[_named(name, content)] = seen

    def keep(self) -> None:
        """Remember the files of this build."""
        numbers = {seen: number for number, seen in enumerate(dict.fromkeys(self._now.values()))}
        seen = [
            [sorted(each.scripts), sorted(each.styles), sorted(each.attributes)] for each in numbers
        ]
        files = {key: numbers[seen] for key, seen in self._now.items()}
        self._cache.put("sights", self._key, {"seen": seen, "files": files})


def _named(name: str, content: bytes) -> str:
    """A page and a style sheet of the same bytes are read in two ways."""
    return hashlib.sha256(content).hexdigest() + name.rpartition(".")[2]
