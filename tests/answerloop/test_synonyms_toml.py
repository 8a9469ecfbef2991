"""`synonyms.toml`: what is read, what is said of an entry that cannot be, what is written."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerloop import synonyms_toml
from answerloop.synonyms_toml import Entry
from search.synonyms import Synonym

GOOD = '[[synonym]]\nwords = ["x", "y"]\n'


def read(folder: Path, text: str | bytes) -> tuple[tuple[Entry, ...], list[str]]:
    file = folder / "synonyms.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    found, findings = synonyms_toml.read(file)
    return found, [str(finding) for finding in findings]


def test_words_are_synonyms_both_ways_and_from_finds_to(tmp_path: Path) -> None:
    found, findings = read(
        tmp_path,
        "# A comment\n"
        "[[synonym]]\n"
        'lang = "en"\n'
        'words = ["refund", " money  back "]\n'
        "\n"
        "[[synonym]]\n"
        'from = ["pw"]\n'
        'to = ["password", "PIN"]\n',
    )

    assert findings == []
    assert found == (
        Entry(Synonym(("refund", "money back"), ("refund", "money back"), "en"), 2),
        Entry(Synonym(("pw",), ("password", "PIN")), 6),
    )


@pytest.mark.parametrize("text", ["", "# nothing\n", "synonym = []\n"])
def test_an_empty_file_says_nothing(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == ((), [])


def test_no_file_says_nothing(tmp_path: Path) -> None:
    assert synonyms_toml.read(tmp_path / "synonyms.toml") == ((), ())


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("", "3: error: this entry has no `words`. Write `words = "),
        ('from = ["a"]', "3: error: this entry has no `to`. Write `words = "),
        ('to = ["a"]', "3: error: this entry has no `from`."),
        ('words = "a"', "4: error: `words` is no list of words."),
        ("words = [1, 2]", "4: error: `words` is no list of words."),
        ("words = []", "4: error: `words` has 0 words, expected 1 to 20."),
        (f"words = {[f'w{n}' for n in range(21)]}", "4: error: `words` has 21 words"),
        ('words = ["a"]', "4: error: `a` is a synonym of itself alone."),
        ('words = ["a", "Á"]', "4: error: `a` and `Á` are the same in `words`. Keep one"),
        ('words = ["a", "…"]', "4: error: `…` in `words` holds no word."),
        ('words = ["a", " "]', "4: error: `` in `words` holds no word."),
        ('words = ["a", "b c d e f g h"]', "4: error: `b c d e f g h` is too long. A phrase has"),
        (f'words = ["a", "{"b" * 101}"]', f"4: error: `{'b' * 100}` is too long."),
        ('from = ["a"]\nto = ["b", "A"]', "5: error: `A` is a synonym of itself. Remove it on"),
        ('words = ["a", "b"]\nto = ["c"]', "4: error: `words` stands beside `from` and `to`."),
        ('lnag = "en"', "4: error: `lnag` is not known. Did you mean `lang`?"),
        ('zzz = "en"', "4: error: `zzz` is not known. Known: lang, words, from, to."),
        ('words = ["a", "b"]\nlang = "?"', '5: error: `lang = "?"` is no language. Write a code'),
        ('words = ["a", "b"]\nlang = ["en"]', '5: error: `lang = ["en"]` is no language.'),
    ],
)
def test_a_bad_entry_is_said_with_its_line_and_the_others_count(
    tmp_path: Path, entry: str, message: str
) -> None:
    found, findings = read(tmp_path, f"{GOOD}[[synonym]]\n{entry}\n")

    assert [each.synonym.asked for each in found] == [("x", "y")]
    assert len(findings) == 1
    assert findings[0].startswith(f"synonyms.toml:{message}")


def test_an_entry_said_twice_is_a_warning_and_counts_once(tmp_path: Path) -> None:
    again = '[[synonym]]\nwords = ["Y", "x"]\n'
    other = '[[synonym]]\nlang = "de"\nwords = ["x", "y"]\n'

    found, findings = read(tmp_path, GOOD + again + other)

    assert [each.line for each in found] == [1, 5]
    assert findings == ["synonyms.toml:3: warning: line 1 says this already. Remove one."]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{GOOD}words = [", ":3: error: TOML cannot read this: "),
        ('[[synonym]]\nwords = ["a"\nlang = 1\n', ":3: error: TOML cannot read this: "),
        ("a = \x00", ":1: error: TOML cannot read this: "),
        (f"{GOOD}[[synonyms]]\nwords = []\n", ":3: error: `synonyms` is not known. Write `[[syn"),
        ('words = ["a", "b"]\n', ":1: error: `words` is not known. Write `[[synonym]]`."),
        ('[synonym]\nwords = ["a", "b"]\n', ":1: error: this is no entry. Write `[[synonym]]`."),
        ("synonym = [1]\n", ":1: error: this is no entry. Write `[[synonym]]`."),
        (b'[[synonym]]\nwords = ["\xff"]', ":2: error: not UTF-8 text."),
        (f"x = {'[' * 5_000}", ": error: nested too deep."),
        (GOOD * 5_001, ": error: 5001 entries, more than 5000. Keep those that readers use."),
    ],
)
def test_a_file_that_cannot_be_read_is_said_with_its_line(
    tmp_path: Path, text: str | bytes, message: str
) -> None:
    found, findings = read(tmp_path, text)

    assert found == ()
    assert len(findings) == 1
    assert findings[0].startswith(f"synonyms.toml{message}")


def test_an_entry_in_a_line_of_its_own_form_is_read_without_its_line(tmp_path: Path) -> None:
    found, findings = read(tmp_path, 'synonym = [{words = ["a", "b"]}, {words = ["a"]}]\n')

    assert [(each.synonym.asked, each.line) for each in found] == [(("a", "b"), 0)]
    assert findings[0].startswith("synonyms.toml: error: `a` is a synonym of itself alone.")


@given(
    words=st.tuples(st.text(max_size=20), st.text(max_size=20)),
    lang=st.sampled_from([None, "pt-BR"]),
)
def test_what_is_written_at_the_end_of_a_file_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, words: tuple[str, str], lang: str | None
) -> None:
    asked, found = (" ".join(f"a{word}".split()) for word in words)
    both, one = Synonym((asked, "x", "y"), (asked, "x", "y"), lang), Synonym((asked,), ("x", found))
    file = tmp_path_factory.getbasetemp() / "synonyms.toml"
    file.write_text(GOOD + synonyms_toml.written(both) + synonyms_toml.written(one), "utf-8")

    read, findings = synonyms_toml.read(file)

    told = {"too long" in each.message or "of itself" in each.message for each in findings}
    assert told <= {True}
    assert len(read) == 3 - len(findings)
    assert {each.synonym for each in read} <= {both, one, Synonym(("x", "y"), ("x", "y"))}
