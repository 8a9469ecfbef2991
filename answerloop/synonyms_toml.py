"""`synonyms.toml`: words that readers use for one another, read into values and written.

    [[synonym]]
    lang = "en"
    words = ["refund", "money back"]

    [[synonym]]
    from = ["pw"]
    to = ["password"]

`words` find one another; `from` finds `to`, and `to` does not find `from`. Without `lang` an entry
holds in every language. An entry stands on its own, so a program adds one at the end of the file.
"""

import difflib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from answerloop.errors import Finding, Level
from search import analysis
from search.synonyms import Synonym

FILE_NAME = "synonyms.toml"

MOST_ENTRIES = 5_000
MOST_WORDS = 20
"""Words and phrases on one side of an entry."""

LONGEST = 6
"""Words of a phrase."""

CHARACTERS = 100
"""The length of a word or phrase."""

_KEYS = ("lang", "words", "from", "to")
_EXAMPLE = 'Write `words = ["refund", "money back"]`, or `from = ["pw"]` and `to = ["password"]`.'
_HEADER = re.compile(r"""\s*\[\[\s*(?:synonym|"synonym"|'synonym')\s*\]\]""")
_KEY = re.compile(r"""\s*["']?([\w-]+)["']?\s*=""")
_PLACE = re.compile(r"\s*\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True)
class Entry:
    """A synonym of the file; `line` counts from 1, 0 when it is not known."""

    synonym: Synonym
    line: int = 0


@dataclass(frozen=True, slots=True)
class _Table:
    """An entry as TOML has it, and the lines of itself and of its keys."""

    values: Mapping[str, Any]
    line: int
    lines: Mapping[str, int]

    def at(self, key: str) -> int:
        return self.lines.get(key, self.line)


class _Unreadable(Exception):  # noqa: N818  never leaves this module
    def __init__(self, line: int, message: str, remedy: str = _EXAMPLE) -> None:
        super().__init__(message)
        self.line = line
        self.message = message
        self.remedy = remedy


def read(path: Path) -> tuple[tuple[Entry, ...], tuple[Finding, ...]]:
    """The entries of a file, and what is wrong with others; these are left out.

    An entry that says what an earlier one says is a warning. Both are empty when there is no such
    file.
    """
    name = PurePosixPath(path.name)
    try:
        tables = _tables(path)
    except FileNotFoundError:
        return (), ()
    except _Unreadable as problem:
        return (), (_finding(name, problem, Level.ERROR),)
    found: dict[object, Entry] = {}
    findings: list[Finding] = []
    for table in tables:
        try:
            synonym = _synonym(table)
        except _Unreadable as problem:
            findings.append(_finding(name, problem, Level.ERROR))
            continue
        first = found.setdefault(_said(synonym), Entry(synonym, table.line))
        if first.synonym is not synonym:
            twice = _Unreadable(table.line, f"line {first.line} says this already.", "Remove one.")
            findings.append(_finding(name, twice, Level.WARNING))
    return tuple(found.values()), tuple(findings)


def written(synonym: Synonym) -> str:
    """An entry as it stands in the file, an empty line before it."""
    lines = ["", "[[synonym]]"]
    if synonym.lang:
        lines.append(f"lang = {json.dumps(synonym.lang)}")
    if synonym.asked == synonym.found:
        lines.append(f"words = {_listed(synonym.asked)}")
    else:
        lines += [f"from = {_listed(synonym.asked)}", f"to = {_listed(synonym.found)}"]
    return "".join(f"{line}\n" for line in lines)


def _listed(words: Sequence[str]) -> str:
    # A string of JSON is one of TOML, too, but for one character.
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def _finding(name: PurePosixPath, problem: _Unreadable, level: Level) -> Finding:
    return Finding(name, problem.line, level, problem.message, problem.remedy)


def _tables(path: Path) -> tuple[_Table, ...]:
    text = _text(path)
    try:
        known = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        said = _PLACE.search(str(problem))
        reason = _PLACE.sub("", str(problem)).strip().rstrip(".")
        line = int(said[1]) if said else text.count("\n") + 1
        raise _Unreadable(line, f"TOML cannot read this: {reason}.") from None
    except RecursionError:
        raise _Unreadable(0, "nested too deep.") from None
    entries = known.pop("synonym", [])
    if known:
        key = next(iter(known))
        raise _Unreadable(_line_of(text, key), f"`{key}` is not known.", "Write `[[synonym]]`.")
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise _Unreadable(_line_of(text, "synonym"), "this is no entry.", "Write `[[synonym]]`.")
    if len(entries) > MOST_ENTRIES:
        raise _Unreadable(
            0, f"{len(entries)} entries, more than {MOST_ENTRIES}.", "Keep those that readers use."
        )
    places = _places(text)
    if len(places) != len(entries):  # written in a way of TOML that has no such lines
        places = [(0, {})] * len(entries)
    return tuple(
        _Table(values, line, lines) for values, (line, lines) in zip(entries, places, strict=True)
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise
    except OSError as problem:
        raise _Unreadable(0, f"cannot be read: {problem.strerror}.", "Check its rights.") from None
    except UnicodeDecodeError as problem:
        line = problem.object.count(b"\n", 0, problem.start) + 1
        raise _Unreadable(line, "not UTF-8 text.", "Save the file as UTF-8.") from None


def _places(text: str) -> list[tuple[int, dict[str, int]]]:
    """The line of each entry and, by their names, of its keys: TOML's reader tells neither."""
    places: list[tuple[int, dict[str, int]]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if _HEADER.match(line):
            places.append((number, {}))
        elif places and (key := _KEY.match(line)):
            places[-1][1].setdefault(key[1], number)
    return places


def _line_of(text: str, key: str) -> int:
    wanted = re.compile(rf"\s*\[*\s*[\"']?{re.escape(key)}\b")
    lines = enumerate(text.split("\n"), start=1)
    return next((number for number, line in lines if wanted.match(line)), 0)


def _synonym(table: _Table) -> Synonym:
    for key in table.values:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, n=1)
            remedy = f"Did you mean `{near[0]}`?" if near else f"Known: {', '.join(_KEYS)}."
            raise _Unreadable(table.at(key), f"`{key}` is not known.", remedy)
    lang = _lang(table)
    one_way = "from" in table.values or "to" in table.values
    if one_way and "words" in table.values:
        raise _Unreadable(table.at("words"), "`words` stands beside `from` and `to`.")
    if not one_way:
        words = _phrases(table, "words")
        if len(words) == 1:
            raise _Unreadable(table.at("words"), f"`{words[0]}` is a synonym of itself alone.")
        return Synonym(words, words, lang)
    asked, found = _phrases(table, "from"), _phrases(table, "to")
    known = {_spoken(phrase) for phrase in asked}
    for phrase in found:
        if _spoken(phrase) in known:
            raise _Unreadable(
                table.at("to"), f"`{phrase}` is a synonym of itself.", "Remove it on one side."
            )
    return Synonym(asked, found, lang)


def _lang(table: _Table) -> str | None:
    if "lang" not in table.values:
        return None
    lang = table.values["lang"]
    if not isinstance(lang, str) or analysis.base(lang) == analysis.UNDETERMINED:
        raise _Unreadable(
            table.at("lang"),
            f"`lang = {json.dumps(lang, ensure_ascii=False, default=str)}` is no language.",
            'Write a code such as `lang = "en"`, or no `lang` for all languages.',
        )
    return lang


def _phrases(table: _Table, key: str) -> tuple[str, ...]:
    if key not in table.values:
        raise _Unreadable(table.line, f"this entry has no `{key}`.")
    line, listed = table.at(key), table.values[key]
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise _Unreadable(line, f"`{key}` is no list of words.")
    if not 1 <= len(listed) <= MOST_WORDS:
        raise _Unreadable(line, f"`{key}` has {len(listed)} words, expected 1 to {MOST_WORDS}.")
    spoken: dict[str, str] = {}
    for phrase in (" ".join(each.split()) for each in listed):
        words = sum(1 for _ in analysis.words(phrase))
        if not words:
            raise _Unreadable(line, f"`{phrase}` in `{key}` holds no word.")
        if words > LONGEST or len(phrase) > CHARACTERS:
            raise _Unreadable(
                line,
                f"`{phrase[:CHARACTERS]}` is too long.",
                f"A phrase has at most {LONGEST} words and {CHARACTERS} characters.",
            )
        heard = _spoken(phrase)
        if heard in spoken:
            same = f"`{spoken[heard]}` and `{phrase}` are the same"
            raise _Unreadable(line, f"{same} in `{key}`.", "Keep one of them.")
        spoken[heard] = phrase
    return tuple(spoken.values())


def _spoken(phrase: str) -> str:
    """What a search hears of a phrase: its words, without case, accents and marks."""
    return " ".join(analysis.fold(word.text) for word in analysis.words(phrase))


def _said(synonym: Synonym) -> object:
    """Equal for entries that say the same in another order."""
    base = synonym.lang and analysis.base(synonym.lang)
    sides = (synonym.asked, synonym.found)
    return base, *(frozenset(_spoken(phrase) for phrase in side) for side in sides)
