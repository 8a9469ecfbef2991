"""One Markdown file as an article: its keys, its defaults, its address, its revision."""

import unicodedata
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from pathlib import PurePosixPath

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from answerloop.articles import Article, Kind, Origin, Review
from answerloop.errors import ArticleError, Finding
from answerloop.languages import Languages
from answerloop.visibility import Audience, State
from feedback.model import ArticleId, Revision, Severity
from tests.answerloop.builders import ENGLISH, article, parsed, with_front_matter

MANY = Languages("en", frozenset({"de", "pt-BR", "zh"}), frozenset({"de", "pt-BR", "pt_BR"}))

COMPLETE = """\
---
id: refund-after-delivery
title: How do I get a refund after delivery?
kind: procedure
state: validated
audience: internal
tags: [refunds, delivery]
owner: billing
asked_as:
  - money back parcel arrived
  - "return: how"
reply: |
  Hello {customer_name}, you can return it within 30 days: {link}
related: [return-label]
redirect_from: [/old/path/]
review: {on: 2026-10-01, by: charlie, hash: 3f2a00112233, evidence: "tried with order 4711"}
translated_from: {lang: en, hash: 9c1b00112233}
review_every: 90
severity: money
description: What to do.
minor: true
layout: page
---
1. Text
"""


def problem(source: str | bytes, path: str = "question.md") -> Finding:
    with pytest.raises(ArticleError) as caught:
        article(source, path)
    return caught.value.finding


def parsed_or_refused(source: str | bytes) -> Article | Finding:
    """The article or the reason for having none; anything else is raised."""
    try:
        found, findings = parsed(source)
    except ArticleError as refused:
        return refused.finding
    assert all(finding.line >= 1 for finding in findings)
    return found


def test_every_key_is_read() -> None:
    found, findings = parsed(COMPLETE)

    expected = Article(
        id=ArticleId("refund-after-delivery"),
        lang="en",
        path=PurePosixPath("question.md"),
        url="/question/",
        category=PurePosixPath(),
        title="How do I get a refund after delivery?",
        body="1. Text\n",
        body_line=24,
        kind=Kind.PROCEDURE,
        state=State.VALIDATED,
        audience=Audience.INTERNAL,
        tags=("refunds", "delivery"),
        owner="billing",
        asked_as=("money back parcel arrived", "return: how"),
        reply="Hello {customer_name}, you can return it within 30 days: {link}",
        related=(ArticleId("return-label"),),
        redirect_from=("/old/path/",),
        review=Review(
            date(2026, 10, 1),
            "charlie",
            Revision("3f2a00112233"),
            "tried with order 4711",
        ),
        translated_from=Origin("en", Revision("9c1b00112233")),
        review_every=90,
        severity=Severity.MONEY,
        description="What to do.",
        minor=True,
        other={"layout": "page"},
        lines=found.lines,
    )
    assert findings == []
    assert expected == found


def test_every_key_may_be_left_out() -> None:
    found, findings = parsed("Text.\n", "orders/change-an_order.md")

    assert findings == []
    assert (
        found.kind,
        found.state,
        found.audience,
    ) == (Kind.FAQ, State.NOT_VALIDATED, Audience.PUBLIC)
    assert (found.id, found.title) == ("orders-change-an-order", "Change an order")
    assert (
        found.has_own_id,
        found.is_published,
        found.severity,
    ) == (False, True, Severity.DEFAULT)
    assert (
        found.tags,
        found.asked_as,
        found.related,
        found.redirect_from,
        found.owner,
        found.reply,
        found.review,
        found.translated_from,
    ) == ((), (), (), (), "", "", None, None)


def test_an_empty_file_is_an_article() -> None:
    assert (article("").title, article("").body) == ("Question", "")


@pytest.mark.parametrize(
    ("source", "path", "title"),
    [
        ("---\ntitle: Said\n---\n# Heading\n", "a.md", "Said"),
        ('---\ntitle: ""\n---\n# Heading\n', "a.md", "Heading"),
        ("# Heading\n", "a.md", "Heading"),
        ("Text\n", "my-first_question.md", "My first question"),
        ("Text\n", "orders/index.md", "Orders"),
        ("Text\n", "orders/README.md", "Orders"),
        ("Text\n", "index.md", "Home"),
        ("---\ntitle: >\n  Two\n  lines\n---\n", "a.md", "Two lines"),
        ("---\ntitle: |\n  Two\n  lines\n---\n", "a.md", "Two lines"),
        ("---\ntitle: 2024\n---\n", "a.md", "2024"),
        ("---\ntitle: yes\n---\n", "a.md", "yes"),
        ("---\ntitle: 2024-05-01\n---\n", "a.md", "2024-05-01"),
        ('---\ntitle: "Error: no route"\n---\n', "a.md", "Error: no route"),
        ("\ufeff---\ntitle: Said\n---\n", "a.md", "Said"),
        ("---\r\ntitle: Said\r\n---\r\nText\r\n", "a.md", "Said"),
        ("---\rtitle: Said\r---\rText\r", "a.md", "Said"),
        ("---\ntitle: 日本語のタイトル\n---\n", "a.md", "日本語のタイトル"),
    ],
)
def test_the_title_is_the_one_said_else_the_heading_else_the_file_name(
    source: str, path: str, title: str
) -> None:
    assert title == article(source, path).title


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("tags: [a, b]", ("a", "b")),
        ("tags: a", ("a",)),
        ("tags: a b", ("a", "b")),
        ("tags: a b, c", ("a b", "c")),
        ("tags: a, a", ("a",)),
        ("tags: [2024, yes, 1.10]", ("2024", "yes", "1.10")),
        ("tags:", ()),
        ("tags:\n  - a\n  -\n  - b", ("a", "b")),
    ],
)
def test_tags_are_a_list_however_they_are_written(line: str, expected: tuple[str, ...]) -> None:
    found, findings = parsed(with_front_matter(line))

    assert ([], expected) == (findings, found.tags)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("kind: how-to", "kind"),
        ("severity: terrible", "severity"),
        ("review_every: soon", "review_every"),
        ("review_every: 0", "review_every"),
        ("review_every: 9999999", "review_every"),
        ("state: California", "state"),
        ("title: [a]", "title"),
        ("asked_as: {a: b}", "asked_as"),
        ("tags: [[a]]", "tags"),
        ("id: not/an/id", "id"),
        ("id: ..", "id"),
        ("id: .hidden", "id"),
        ("id: " + "x" * 101, "id"),
        ("review: yesterday", "review"),
        ("review: {on: 2026-10-01}", "review"),
        ("review: {on: 2026-10-01, by: charlie, hash: a, evidence: ' '}", "review"),
        ("review: {on: soon, by: charlie, hash: a, evidence: b}", "review"),
        ("translated_from: en", "translated_from"),
        ("redirect_from: old/path", "redirect_from"),
    ],
)
def test_a_value_that_is_not_understood_is_a_finding_with_its_line(line: str, key: str) -> None:
    found, findings = parsed(with_front_matter(f"layout: page\n{line}"))

    assert [(finding.line, finding.level) for finding in findings] == [(3, "warning")]
    assert findings[0].message.startswith(f"`{key}`: ")
    assert findings[0].remedy
    assert found.is_published


def test_an_unknown_word_names_the_nearest_known_one() -> None:
    _, findings = parsed(with_front_matter("kind: proceduer"))

    assert findings[0].remedy == "Did you mean `procedure`?"


@pytest.mark.parametrize("written", ["Procedure", "PROCEDURE", '" procedure "'])
def test_a_choice_may_be_written_in_capitals(written: str) -> None:
    assert article(with_front_matter(f"kind: {written}")).kind is Kind.PROCEDURE


def test_keys_of_other_tools_are_kept_with_their_types() -> None:
    found = article(with_front_matter("category: news\nlang: de\nurl: /x/\norder: 3\nhide: [toc]"))

    assert dict(found.other) == {
        "category": "news",
        "lang": "de",
        "url": "/x/",
        "order": 3,
        "hide": ["toc"],
    }


FOREIGN = {
    "Jekyll": (
        "---\nlayout: post\ntitle: Sign in\npermalink: /help/sign-in/\nredirect_from:\n"
        "  - /old/sign-in/\ncategories: [a, b]\ntags: account login\ndate: 2020-01-31\n"
        "published: true\n---\nText\n"
    ),
    "Hugo with YAML": (
        "---\ntitle: Sign in\ndate: 2020-01-31T10:00:00Z\naliases: [/old/sign-in/, relative]\n"
        "weight: 10\ndraft: false\ntags: [account, login]\nmenu:\n  main:\n    name: x\n---\nText\n"
    ),
    "Hugo with TOML": (
        '+++\ntitle = "Sign in"\ndate = 2020-01-31T10:00:00Z\naliases = ["/old/sign-in/"]\n'
        'tags = ["account", "login"]\nweight = 10\n[params]\nfoo = "bar"\n+++\nText\n'
    ),
    "Docusaurus": (
        "---\nid: sign-in\ntitle: Sign in\nsidebar_label: Sign in\nsidebar_position: 2\n"
        "slug: /sign-in\nkeywords:\n  - a\ntags: [account, login]\n---\nText\n"
    ),
    "DocFX": (
        "---\nuid: Namespace.SignIn\ntitle: Sign in\nms.date: 01/31/2020\nms.topic: how-to\n"
        "tags: [account, login]\nauthor: alice\n---\nText\n"
    ),
}


@pytest.mark.parametrize("tool", FOREIGN)
def test_front_matter_of_other_tools_is_taken_as_it_is(tool: str) -> None:
    found, findings = parsed(FOREIGN[tool])

    assert findings == []
    assert (
        found.title,
        found.tags,
        found.body,
        found.is_published,
    ) == ("Sign in", ("account", "login"), "Text\n", True)


@pytest.mark.parametrize("tool", ["Jekyll", "Hugo with YAML", "Hugo with TOML"])
def test_old_addresses_of_other_tools_lead_here(tool: str) -> None:
    assert "/old/sign-in/" in article(FOREIGN[tool]).redirect_from


@pytest.mark.parametrize(
    ("path", "id_", "lang", "url"),
    [
        ("orders/refund.md", "orders-refund", "en", "/orders/refund/"),
        ("de/orders/refund.md", "orders-refund", "de", "/de/orders/refund/"),
        ("orders/refund.de.md", "orders-refund", "de", "/de/orders/refund/"),
        ("orders/refund._de.md", "orders-refund", "de", "/de/orders/refund/"),
        ("refund.pt-BR.md", "refund", "pt-BR", "/pt-BR/refund/"),
        ("refund.pt_BR.md", "refund", "pt-BR", "/pt-BR/refund/"),
        ("pt-BR/refund.md", "refund", "pt-BR", "/pt-BR/refund/"),
        ("de/index.md", "home", "de", "/de/"),
        ("index.de.md", "home", "de", "/de/"),
        ("orders/index.md", "orders", "en", "/orders/"),
        ("orders/README.md", "orders", "en", "/orders/"),
        ("index.md", "home", "en", "/"),
        ("v1.2/notes.3.md", "v1-2-notes-3", "en", "/v1.2/notes.3/"),
        ("fr/refund.md", "fr-refund", "en", "/fr/refund/"),
        ("de.md", "de", "en", "/de/"),
        ("помощь/файл.md", "помощь-файл", "en", "/помощь/файл/"),
        ("zh/退款.md", "退款", "zh", "/zh/退款/"),
        ("My Page.md", "my-page", "en", "/My Page/"),
        ("What is it?.md", "what-is-it", "en", "/What is it-/"),
        ("c#.md", "c", "en", "/c-/"),
        ("100%.md", "100", "en", "/100-/"),
        ("!!!.md", "home", "en", "/!!!/"),
        ("a.MD", "a", "en", "/a/"),
        ("a.markdown", "a", "en", "/a/"),
    ],
)
def test_id_language_and_address_come_from_the_path(
    path: str, id_: str, lang: str, url: str
) -> None:
    found = article("Text\n", path, MANY)

    assert (id_, lang, url) == (found.id, found.lang, found.url)


def test_an_id_is_the_same_however_its_letters_are_composed() -> None:
    composed, decomposed = "größe", unicodedata.normalize("NFD", "größe")

    assert article(with_front_matter(f"id: {composed}")).id == composed
    assert article(with_front_matter(f"id: {decomposed}")).id == composed
    assert article("Text", f"{decomposed}.md").id == composed


@pytest.mark.parametrize("written", ["2024", "yes", "v1.2", "Ä_b", "x" * 100])
def test_an_id_may_be_any_word(written: str) -> None:
    found, findings = parsed(with_front_matter(f"id: {written}"))

    assert ([], written, True) == (findings, found.id, found.has_own_id)


BASE = with_front_matter(
    "title: A title\nasked_as: [one, two]\nreply: Hello", "# A\n\nText here.\n"
)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: "\ufeff" + text,
        lambda text: text + "\n\n",
        lambda text: text.replace("here.\n", "here.   \n"),
        lambda text: text.replace("---\n# A", "---\n\n\n# A"),
        lambda text: text.replace("title: A title", "title:   'A  title'"),
        lambda text: text.replace("[one, two]", "\n  - one\n  - two"),
        lambda text: text.replace("reply: Hello", "reply: |\n  Hello"),
        lambda text: text.replace("title:", "id: another\nkind: problem\nstate: validated\ntitle:"),
        lambda text: text.replace("title:", "tags: [a]\nowner: alice\nseverity: money\ntitle:"),
        lambda text: text.replace(
            "title:", "audience: internal\nrelated: [b]\nminor: true\ntitle:"
        ),
        lambda text: text.replace("title:", "description: new\nlayout: page\ntitle:"),
        lambda text: text.replace("---\n#", "...\n#"),
    ],
)
def test_the_revision_holds_while_the_text_does(change: Callable[[str], str]) -> None:
    assert article(BASE).revision == article(change(BASE)).revision


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("A title", "A Title"),
        lambda text: text.replace("Text here.", "Text there."),
        lambda text: text.replace("Text here.", "    Text here."),
        lambda text: text.replace("# A\n\n", "# A\n"),
        lambda text: text.replace("[one, two]", "[two, one]"),
        lambda text: text.replace("[one, two]", "[one two]"),
        lambda text: text.replace("[one, two]", "[one]"),
        lambda text: text.replace("reply: Hello", "reply: Hallo"),
    ],
)
def test_the_revision_changes_with_title_body_phrases_and_reply(
    change: Callable[[str], str],
) -> None:
    assert article(BASE).revision != article(change(BASE)).revision


def test_the_revision_is_the_same_however_letters_are_composed() -> None:
    text = with_front_matter("title: Größe", "Übergröße\n")

    assert article(text).revision == article(unicodedata.normalize("NFD", text)).revision


def test_the_revision_does_not_mix_its_parts() -> None:
    one = article(with_front_matter("title: A\nreply: B", "C"))
    other = article(with_front_matter("title: A\nreply: C", "B"))

    assert one.revision != other.revision


def test_the_revision_of_an_article_never_changes_between_releases() -> None:
    assert article(BASE).revision == "b3b589957924"


def test_the_revision_does_not_depend_on_the_path() -> None:
    assert article(BASE, "a.md").revision == article(BASE, "de/b.md", MANY).revision


def test_a_file_of_ten_megabytes_is_refused_with_its_size() -> None:
    found = problem(b"x" * 10_000_000)

    assert found.message == "the file has 10.0 MB; an article has at most 2 MB."
    assert "attachment" in found.remedy


def test_text_that_is_not_utf_8_is_refused_with_its_line() -> None:
    found = problem("# Gr\u00fc\u00dfe\n\nSch\u00f6n\n".encode("latin1"))

    assert (found.line, found.message) == (1, "not UTF-8 text: byte 0xfc.")
    assert "iconv" in found.remedy


def test_a_bad_byte_on_a_later_line_is_named_with_that_line() -> None:
    assert problem(b"---\r\ntitle: A\r\n---\r\n\r\nText \xff\r\n").line == 5


def test_text_of_windows_with_two_bytes_a_letter_is_refused() -> None:
    assert "0xff" in problem("# Hello\n".encode("utf-16")).message


def test_broken_front_matter_is_an_error_with_path_and_line() -> None:
    found = problem("---\ntitle: A\ntags:\n\t- b\n---\n", "de/a.md")

    assert str(found).startswith("de/a.md:4: error: a tab in the front matter.")


def test_zero_bytes_become_visible_marks() -> None:
    found = article(b"# Hel\0lo\n\nTe\0xt\n")

    assert (found.title, found.body) == ("Hel\ufffdlo", "# Hel\ufffdlo\n\nTe\ufffdxt\n")


def test_the_body_knows_its_line() -> None:
    assert [
        article("Text").body_line,
        article(with_front_matter("title: A")).body_line,
    ] == [1, 4]


@settings(deadline=None)
@given(st.binary(max_size=300))
@example(b"---\na: &x [*x]\n---")
@example(b"---\n? [a]\n: b\n---")
@example(b"+++\na = 1e999\nb = 0x\n+++")
@example(b"---\naudience: [internal]\n---")
def test_no_bytes_are_too_strange(source: bytes) -> None:
    found = parsed_or_refused(source)

    if isinstance(found, Finding):
        assert found.message
    else:
        assert found.title
        assert len(found.revision) == 12


KEYS = st.sampled_from(
    [*(field.name for field in fields(Article)), "draft", "published", "aliases"]
)
WORDS = st.text(
    st.sampled_from("abz09 -_:#'\"[]{},&*!|>%@`~?\\\n\t\u00e9\u4e2d\x07\u2028"), max_size=12
)


@settings(deadline=None)
@given(st.lists(st.tuples(KEYS, WORDS), max_size=4), st.sampled_from(["---", "+++"]), WORDS)
def test_no_front_matter_is_too_strange(keys: list[tuple[str, str]], fence: str, body: str) -> None:
    separator = ": " if fence == "---" else " = "
    rows = [f"{key}{separator}{value}" for key, value in keys]
    source = "\n".join([fence, *rows, fence, body])

    found = parsed_or_refused(source)

    if isinstance(found, Finding):
        assert found.line >= 1
    else:
        assert found.url.startswith("/")


WITHOUT_ZERO = st.characters(codec="utf-8", min_codepoint=1)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_without_front_matter_is_kept_as_it_is(text: str) -> None:
    body = "x" + text.replace("\r", "").replace("\0", "")

    assert article(body).body == body


@settings(deadline=None)
@given(st.text(WITHOUT_ZERO, max_size=60), st.text(WITHOUT_ZERO, max_size=60))
def test_texts_that_differ_in_their_words_differ_in_revision(one: str, other: str) -> None:
    same = unicodedata.normalize("NFC", one).split() == unicodedata.normalize("NFC", other).split()

    assert same or article(f"x{one}").revision != article(f"x{other}").revision


def test_the_languages_of_the_repository_decide_what_a_folder_means() -> None:
    assert (
        article("Text", "de/a.md", ENGLISH).lang,
        article("Text", "de/a.md", MANY).lang,
    ) == ("en", "de")
