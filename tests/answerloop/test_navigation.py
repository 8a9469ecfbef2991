"""The navigation beside a page: whole where it is short, around the page where it is long."""

import re
from collections.abc import Iterable
from html import unescape
from pathlib import PurePosixPath

from answerloop.articles import Article
from answerloop.catalog import Category
from answerloop.site.navigation import Navigation
from feedback.model import ArticleId


def article(url: str) -> Article:
    name = url.strip("/").rpartition("/")[2]
    return Article(ArticleId(name), "en", PurePosixPath(name), url, PurePosixPath(), name, "")


def category(url: str, count: int, children: Iterable[Category] = ()) -> Category:
    """Its articles are called `a1` and so on."""
    articles = tuple(article(f"{url}a{number}/") for number in range(1, count + 1))
    name = url.strip("/").rpartition("/")[2]
    path = PurePosixPath(url.strip("/"))
    return Category("en", path, name, url, None, articles, tuple(children))


def titles(home: Category, url: str) -> list[str]:
    """What the navigation of a page lists, its own title in brackets."""
    html = Navigation(home).html(url, ".")
    found = re.findall(r'(aria-current="page")?>([^<>]+)</a>', html)
    return [f"[{unescape(title)}]" if current else unescape(title) for current, title in found]


def test_a_short_category_is_listed_whole() -> None:
    home = category("/", 0, [category("/x/", 2, [category("/x/y/", 1)]), category("/z/", 3)])

    listed = titles(home, "/x/a2/")

    assert listed == ["x", "a1", "[a2]", "y", "a1", "z"]


def test_of_a_long_category_the_articles_around_the_page_are_listed_and_a_way_to_all() -> None:
    home = category("/", 0, [category("/x/", 100)])

    listed = titles(home, "/x/a50/")

    around = ["a46", "a47", "a48", "a49", "[a50]", "a51", "a52", "a53", "a54"]
    assert listed == ["x", *around, "Show all 100 articles"]


def test_at_the_end_of_a_long_category_as_many_are_listed() -> None:
    home = category("/", 0, [category("/x/", 30)])

    first, last = titles(home, "/x/a1/"), titles(home, "/x/a30/")

    assert first == ["x", "[a1]", *(f"a{n}" for n in range(2, 10)), "Show all 30 articles"]
    assert last == ["x", *(f"a{n}" for n in range(22, 30)), "[a30]", "Show all 30 articles"]


def test_the_page_of_a_long_category_is_its_own_list() -> None:
    home = category("/", 0, [category("/x/", 30), category("/y/", 1)])

    assert titles(home, "/x/") == ["[x]", "y"]


def test_in_a_large_branch_only_the_way_to_the_page_is_open() -> None:
    near, far = category("/x/near/", 2, [category("/x/near/in/", 1)]), category("/x/far/", 30)
    home = category("/", 0, [category("/x/", 1, [near, far])])

    assert titles(home, "/x/near/a1/") == ["x", "a1", "near", "[a1]", "a2", "in", "far"]
    assert titles(home, "/x/") == ["[x]", "a1", "near", "far"]


def test_many_articles_in_no_category_stand_on_the_home() -> None:
    home = category("/", 30, [category("/x/", 1)])

    assert titles(home, "/x/a1/") == ["Show all 30 articles", "x", "[a1]"]
    assert titles(home, "/") == ["x"]


def test_links_lead_where_they_say() -> None:
    home = category("/en/", 1, [category("/en/x/", 30)])

    html = Navigation(home).html("/en/x/a5/", "../../..")

    assert 'href="../../../en/a1/"' in html
    assert 'href="../a4/"' in html
    assert 'href="../">Show all' in html


def test_a_category_without_anything_is_not_listed() -> None:
    home = category("/", 0, [category("/x/", 1, [category("/x/y/", 0)]), category("/soon/", 0)])

    listed = titles(home, "/x/a1/")

    assert listed == ["x", "[a1]"]
