"""`kb learn` on the shipped articles: proposals as a table, as a patch, and written."""

import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from answerloop import catalog, settings
from answerloop.settings import Settings
from tests.answerloop.builders import WORDS_ONLY, built, repository, write
from tests.answerloop.builders import with_front_matter as fm
from tests.answerloop.test_command_line import failed, kb, misused

CASH = "want my cash for the sofa I sent back"
Line = Mapping[str, object]


def searched(query: str, *opened: str, readers: int = 3, lang: str = "en") -> list[Line]:
    """Lines of as many readers, who each opened these articles."""
    return [
        {
            "at": "2026-11-03T09:30:00Z",
            "lang": lang,
            "query": query,
            "reader": f"{query} {number}",
            "opened": [{"article": name, "rank": rank} for rank, name in enumerate(opened, 1)],
        }
        for number in range(readers)
    ]


def refined(query: str, after: str, article: str, *, lang: str = "en") -> list[Line]:
    lines: list[Line] = []
    for first, then in zip(
        searched(query, lang=lang), searched(after, article, lang=lang), strict=True
    ):
        later = {"reader": first["reader"], "at": "2026-11-03T09:31:00Z"}
        lines += [{**first, "refined_to": after}, {**then, **later}]
    return lines


def log(root: Path, lines: Iterable[Line | str]) -> None:
    rows = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    (root / "log.jsonl").write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")


ARTICLES = {
    "en/returns/refund-missing.md": fm(
        "id: refund-missing\nasked_as:\n  - no money yet", "# My refund has not arrived\n\nWait.\n"
    ),
    "en/account/two-step-code-lost.md": fm("id: two-step-code-lost", "# I lost my code\n\nAsk.\n"),
    "en/products/lamp-flickers.md": fm("id: lamp-flickers", "# My lamp flickers\n\nFor a sofa.\n"),
    "en/products/lamp-bulb.md": fm("id: lamp-bulb", "# Which bulb do I want?\n\nCash.\n"),
    "en/delivery/parcel-damaged.md": fm("id: parcel-damaged", "# My parcel is damaged\n\nSofa.\n"),
    "en/handbook/angry-customer.md": fm("id: angry\naudience: internal", "# An angry customer\n"),
    "de/lampe.md": fm("id: lamp-flickers", "# Meine Lampe flackert\n"),
}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A few articles, built once; not to be changed."""
    known = repository(tmp_path_factory.mktemp("original"), ARTICLES)
    built(known)
    return known


@pytest.fixture
def helped(original: Settings, tmp_path: Path) -> Settings:
    shutil.copytree(original.root, tmp_path / "help", symlinks=True)
    return settings.load(tmp_path / "help", WORDS_ONLY)


@pytest.fixture
def shipped(root: Path, tmp_path: Path) -> Settings:
    """The shipped articles, built."""
    place = tmp_path / "shipped"
    shutil.copytree(root / "kb", place / "kb")
    for name in ("mkdocs.yml", "kb.toml"):
        shutil.copy(root / name, place / name)
    known = settings.load(place, WORDS_ONLY)
    built(known)
    return known


def phrases(known: Settings, article: str, lang: str = "en") -> tuple[str, ...]:
    return next(
        each.asked_as
        for each in catalog.load(known).articles
        if (each.id, each.lang) == (article, lang)
    )


def test_what_three_readers_asked_is_proposed_with_its_evidence(helped: Settings) -> None:
    log(helped.root, [*searched(CASH, "refund-missing"), *searched(CASH + " ", readers=1)])

    done = kb(helped.root, "learn", "log.jsonl")

    assert done.exit_code == 0
    assert done.stderr == ""
    assert done.stdout.startswith("4 searches: 1 phrases and 0 synonyms proposed.\n")
    assert f"kb/en/returns/refund-missing.md:3  + {CASH}\n" in done.stdout
    assert "    3 of 4 readers who asked it: 3 opened it last. Now " in done.stdout
    assert "; with this line number 1.\n" in done.stdout


def test_git_applies_the_patch_and_the_articles_have_the_new_lines_and_no_other(
    shipped: Settings,
) -> None:
    log(
        shipped.root,
        [
            *searched(CASH, "refund-missing"),
            *searched("pengarna för soffan jag skickade", "refund-after-delivery", lang="sv"),
            *refined("zwonk two-step code", "lost two-step code", "two-step-code-lost"),
        ],
    )
    before = {each.path: each for each in catalog.load(shipped).articles}

    patch = kb(shipped.root, "learn", "log.jsonl", "--diff").stdout_bytes
    subprocess.run(["git", "apply", "-"], input=patch, cwd=shipped.root, check=True)  # noqa: S607  real Git

    after = {each.path: each for each in catalog.load(shipped).articles}
    grown = {
        path: each.asked_as[len(before[path].asked_as) :]
        for path, each in after.items()
        if each != before[path]
    }
    assert {str(path): texts for path, texts in grown.items()} == {
        "en/account/two-step-code-lost.md": ("zwonk two-step code",),
        "en/returns/refund-missing.md": (CASH,),
        "sv/returer/pengar-tillbaka-efter-leverans.md": ("pengarna för soffan jag skickade",),
    }
    assert all(after[path].body == each.body for path, each in before.items())
    assert all(
        after[path].asked_as[: len(each.asked_as)] == each.asked_as for path, each in before.items()
    )


def test_words_that_readers_exchange_become_a_synonym(helped: Settings) -> None:
    log(helped.root, refined("zwonk", "code", "two-step-code-lost"))

    kb(helped.root, "learn", "log.jsonl", "--apply")

    assert (helped.root / "synonyms.toml").read_text(encoding="utf-8") == (
        '[[synonym]]\nlang = "en"\nfrom = ["zwonk"]\nto = ["code"]\n'
    )


def test_a_synonym_goes_to_the_end_of_the_file_once(helped: Settings) -> None:
    file = helped.root / "synonyms.toml"
    file.write_bytes(b'# Ours\r\n[[synonym]]\r\nwords = ["pw", "password"]')
    log(helped.root, refined("zwonk", "code", "two-step-code-lost"))

    kb(helped.root, "learn", "log.jsonl", "--apply")
    again = kb(helped.root, "learn", "log.jsonl", "--diff")

    assert file.read_bytes().startswith(
        b'# Ours\r\n[[synonym]]\r\nwords = ["pw", "password"]\r\n\r\n[[synonym]]\r\nlang = "en"\r\n'
    )
    assert "synonyms.toml" not in again.stdout


def test_what_was_applied_is_not_proposed_again(helped: Settings) -> None:
    log(helped.root, searched(CASH, "refund-missing"))

    done = kb(helped.root, "learn", "log.jsonl", "--apply")

    assert done.stdout.endswith("kb/en/returns/refund-missing.md: written\n")
    assert phrases(helped, "refund-missing")[-1] == CASH
    assert kb(helped.root, "learn", "log.jsonl", "--diff").stdout == ""


def test_a_script_may_read_the_proposals(helped: Settings) -> None:
    log(helped.root, searched(CASH, "two-step-code-lost", "refund-missing"))

    (told,) = json.loads(kb(helped.root, "learn", "log.jsonl", "--json").stdout)["phrases"]

    assert told.pop("before") != 1
    assert told == {
        "text": CASH,
        "article": "refund-missing",
        "lang": "en",
        "place": "kb/en/returns/refund-missing.md:3",
        "readers": 3,
        "askers": 3,
        "ways": {"opened": 3},
        "opened_at": 2,
        "after": 1,
    }


def test_two_readers_and_personal_data_teach_nothing(helped: Settings) -> None:
    log(
        helped.root,
        [
            *searched(CASH, "refund-missing", readers=2),
            *searched("cash for alice@example.org", "refund-missing"),
            *searched("cash, call +46 70 123 45 67", "refund-missing"),
        ],
    )

    done = kb(helped.root, "learn", "log.jsonl", "--also-found")

    assert done.stdout == "8 searches: 0 phrases and 0 synonyms proposed.\n"


def test_readers_who_disagree_are_shown_and_nothing_is_proposed(helped: Settings) -> None:
    log(helped.root, [*searched("torn", "lamp-bulb"), *searched("torn!", "parcel-damaged")])

    done = kb(helped.root, "learn", "log.jsonl")

    assert "0 phrases" in done.stdout
    assert "torn (en): 6 readers asked it and ended at lamp-bulb (3), parcel-damaged (3)" in (
        done.stdout
    )


def test_what_the_new_lines_would_push_down_is_told(helped: Settings) -> None:
    log(
        helped.root,
        [
            *searched("damaged lamp", "parcel-damaged"),
            *searched("damaged lamp cable", "lamp-flickers"),
            *searched("lamp cable damaged in parcel", "lamp-flickers"),
        ],
    )

    done = kb(helped.root, "learn", "log.jsonl")

    assert "2 phrases" in done.stdout
    assert (
        "damaged lamp (en): parcel-damaged is found first now, and number 2 with all these lines"
        in done.stdout
    )


def test_a_phrase_that_is_found_first_is_proposed_on_request(helped: Settings) -> None:
    log(helped.root, searched("lamp flickers badly", "lamp-flickers"))

    assert "0 phrases" in kb(helped.root, "learn", "log.jsonl").stdout
    assert "+ lamp flickers badly" in kb(helped.root, "learn", "log.jsonl", "--also-found").stdout


def test_an_internal_article_learns_from_the_staff_search(helped: Settings) -> None:
    log(helped.root, searched("somebody yells zounds", "angry"))

    assert "angry-customer.md:" in kb(helped.root, "learn", "log.jsonl").stdout


def test_bad_lines_are_told_and_the_others_count(helped: Settings) -> None:
    log(helped.root, ["nonsense", *searched(CASH, "refund-missing"), '{"at": 1}'])

    done = kb(helped.root, "learn", "log.jsonl")

    told = done.stderr.splitlines()
    assert done.exit_code == 0
    assert [line.split(": ")[0].rpartition("log.jsonl:")[2] for line in told] == ["1", "5"]
    assert "1 phrases" in done.stdout


def test_a_file_of_nothing_but_bad_lines_is_a_failure(helped: Settings) -> None:
    log(helped.root, ["nonsense"] * 30)

    done = kb(helped.root, "learn", "log.jsonl")

    assert done.exit_code == 1
    assert "10 more lines cannot be read." in done.stderr
    assert "kb: No line could be read." in done.stderr


def test_a_log_that_is_not_there_is_said(original: Settings) -> None:
    assert failed(original.root, "learn", "gone.jsonl").startswith("gone.jsonl: cannot be read")


def test_a_patch_and_a_table_cannot_both_be_printed(original: Settings) -> None:
    assert "Choose one of" in misused(original.root, "learn", "log.jsonl", "--diff", "--json")


def test_learning_before_the_first_build_names_the_remedy(tmp_path: Path) -> None:
    repository(tmp_path, {"a.md": "# A\n"})
    log(tmp_path, searched("b", "a"))

    assert "`kb build`" in failed(tmp_path, "learn", "log.jsonl")


def test_an_article_that_cannot_be_edited_safely_gets_its_lines_to_paste(tmp_path: Path) -> None:
    known = repository(tmp_path, {"a.md": fm("{id: a, title: Alpha}"), "b.md": "# Beta\n"})
    built(known)
    write(tmp_path, {"synonyms.toml": "[[synonym]\n"})
    log(tmp_path, [*searched("gamma", "a"), *refined("zwonk", "beta", "b")])

    done = kb(tmp_path, "learn", "log.jsonl", "--diff")

    assert "kb/a.md:3: the front matter is written in braces. Add these lines" in done.stderr
    assert "asked_as:\n  - gamma\n" in done.stderr
    assert "synonyms.toml:0: TOML cannot read it. Add these lines" in done.stderr
    assert "b/kb/a.md" not in done.stdout
