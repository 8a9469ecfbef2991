"""All articles together: what is published, what clashes, and how they are looked up."""

from pathlib import Path, PurePosixPath

import pytest

from answerloop import catalog as catalogs
from answerloop.catalog import Catalog, Category
from tests.answerloop.builders import MKDOCS_YML, loaded, repository, with_front_matter


def said(catalog: Catalog) -> list[str]:
    return [str(finding) for finding in catalog.findings]


def urls(catalog: Catalog) -> list[str]:
    return [article.url for article in catalog.published]


def outline(category: Category) -> object:
    """Titles only: the articles of a category, then its sub-categories."""
    return (
        category.title,
        [article.title for article in category.articles],
        [outline(child) for child in category.children],
    )


def test_an_empty_folder_is_an_empty_catalog(tmp_path: Path) -> None:
    catalog = loaded(tmp_path, {})

    assert (
        catalog.articles,
        catalog.findings,
        catalog.langs,
        catalog.redirects,
        catalog.internal,
    ) == ((), (), (), {}, ())


def test_articles_come_in_the_order_of_their_paths(tmp_path: Path) -> None:
    catalog = loaded(tmp_path, {"b.md": "", "a/z.md": with_front_matter("id: x"), "index.md": ""})

    assert [str(article.path) for article in catalog.articles] == ["a/z.md", "b.md", "index.md"]


def test_a_bad_article_is_named_and_the_rest_is_there(tmp_path: Path) -> None:
    catalog = loaded(
        tmp_path,
        {"bad.md": "---\n\ttitle: x\n---\n", "latin.md": b"Gr\xfc\xdfe", "good.md": "Text"},
    )

    assert urls(catalog) == ["/good/"]
    assert [line[: line.index("error: ") + 7] for line in said(catalog)] == [
        "bad.md:2: error: ",
        "latin.md:1: error: ",
    ]


def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_there(tmp_path: Path) -> None:
    known = repository(tmp_path, {"good.md": "Text"})
    # A file that even an administrator cannot read from its beginning.
    (known.content_dir / "bad.md").symlink_to("/proc/self/mem")

    read = catalogs.load(known)

    assert urls(read) == ["/good/"]
    assert [(str(f.path), f.level) for f in read.findings] == [("bad.md", "error")]


def test_published_and_internal_articles_are_kept_apart(tmp_path: Path) -> None:
    catalog = loaded(
        tmp_path,
        {
            "public.md": "",
            "internal.md": with_front_matter("audience: internal"),
            "draft.md": with_front_matter("state: work-in-progress"),
            "internal-draft.md": with_front_matter("audience: internal\ndraft: true"),
            "archived.md": with_front_matter("state: archived"),
            "internal-archived.md": with_front_matter("audience: internal\nstate: archived"),
        },
    )

    assert [article.id for article in catalog.published] == ["public"]
    assert [article.id for article in catalog.internal] == ["internal"]
    assert {"/public/"} == set(catalog.by_url)
    assert len(catalog.articles) == 6


def test_two_articles_with_one_id_are_an_error_with_file_and_line(tmp_path: Path) -> None:
    catalog = loaded(
        tmp_path,
        {
            "a.md": with_front_matter("id: refund"),
            "b.md": with_front_matter("title: B\nid: refund"),
        },
    )

    assert urls(catalog) == ["/a/"]
    expected = (
        "b.md:3: error: the id `refund` is taken in this language by a.md. "
        "Give one of them another `id`."
    )
    assert said(catalog) == [expected]


def test_one_id_in_two_languages_is_one_article_with_a_translation(tmp_path: Path) -> None:
    catalog = loaded(
        tmp_path,
        {
            "en/refund.md": with_front_matter("id: refund"),
            "de/erstattung.md": with_front_matter("id: refund"),
        },
    )

    english = catalog.by_path[PurePosixPath("en/refund.md")]

    assert catalog.findings == ()
    assert {lang: other.url for lang, other in catalog.translations(english).items()} == {
        "de": "/de/erstattung/"
    }


def test_an_unpublished_translation_is_not_offered(tmp_path: Path) -> None:
    catalog = loaded(
        tmp_path, {"en/a.md": "", "de/a.md": with_front_matter("audience: internal"), "de/b.md": ""}
    )

    assert catalog.translations(catalog.by_path[PurePosixPath("en/a.md")]) == {}


def test_two_files_with_one_address_are_an_error(tmp_path: Path) -> None:
    catalog = loaded(tmp_path, {"orders.md": "", "orders/index.md": ""})

    assert [str(article.path) for article in catalog.articles] == ["orders.md"]
    assert said(catalog) == [
        "orders/index.md: error: its page /orders/ is that of orders.md. Rename one of the files."
    ]


def test_an_article_that_is_left_out_takes_no_address(tmp_path: Path) -> None:
    catalog = loaded(
        tmp_path,
        {
            "a.md": with_front_matter("id: x"),
            "b#.md": with_front_matter("id: x"),
            "b?.md": with_front_matter("id: y"),
        },
    )

    assert urls(catalog) == ["/a/", "/b-/"]


def test_an_id_from_a_path_gives_way_to_another(tmp_path: Path) -> None:
    catalog = loaded(
        tmp_path,
        {
            "a/b.md": "",
            "a-b.md": "",
            "c#.md": "",
            "c.md": with_front_matter("id: c"),
            "home.md": "",
            "index.md": "",
        },
    )

    assert catalog.findings == ()
    assert {
        str(article.path): article.id for article in catalog.articles if "home" not in article.id
    } == {"a/b.md": "a-b", "a-b.md": "a-b-2", "c#.md": "c-2", "c.md": "c"}
    assert (
        catalog.by_path[PurePosixPath("home.md")].id,
        catalog.by_path[PurePosixPath("index.md")].id,
    ) == ("home", "home-2")


def test_the_languages_come_with_the_default_first(tmp_path: Path) -> None:
    catalog = loaded(
        tmp_path,
        {"en/a.md": "", "de/a.md": "", "sv/a.md": "", "fr/a.md": with_front_matter("draft: true")},
        kb_toml='[content]\ndefault_language = "sv"\n',
    )

    assert catalog.langs == ("sv", "de", "en")


def test_old_addresses_lead_to_the_article_with_and_without_a_slash(tmp_path: Path) -> None:
    catalog = loaded(
        tmp_path, {"new.md": with_front_matter("redirect_from: [/old, /very/old/, /page.html]")}
    )

    leading = {old for old, article in catalog.redirects.items() if article.url == "/new/"}

    assert {"/old", "/old/", "/very/old", "/very/old/", "/page.html"} <= leading


def test_an_old_address_never_hides_a_page(tmp_path: Path) -> None:
    catalog = loaded(tmp_path, {"a.md": with_front_matter("redirect_from: [/b/]"), "b.md": ""})

    assert "/b/" not in catalog.redirects


def test_an_unpublished_article_takes_no_old_address(tmp_path: Path) -> None:
    catalog = loaded(
        tmp_path, {"a.md": with_front_matter("redirect_from: [/old/]\naudience: internal")}
    )

    assert catalog.redirects == {}


def test_folders_are_a_tree_of_categories(tmp_path: Path) -> None:
    catalog = loaded(
        tmp_path,
        {
            "en/welcome.md": "",
            "en/my-orders/change.md": "",
            "en/my-orders/returns/label.md": "",
            "en/my-orders/returns/refund.md": "",
        },
    )

    returns: object = ("Returns", ["Label", "Refund"], [])
    orders = ("My orders", ["Change"], [returns])
    assert ("", ["Welcome"], [orders]) == outline(catalog.home("en"))
    assert [category.url for category in catalog.home("en").walk()] == [
        "/en/",
        "/en/my-orders/",
        "/en/my-orders/returns/",
    ]


def test_an_index_names_its_category_and_is_no_article_of_it(tmp_path: Path) -> None:
    catalog = loaded(
        tmp_path,
        {
            "index.md": with_front_matter("title: How can we help?"),
            "orders/index.md": with_front_matter("title: All about orders"),
            "orders/change.md": "",
        },
    )

    home = catalog.home("en")

    assert outline(home) == ("How can we help?", [], [("All about orders", ["Change"], [])])
    assert catalog.by_url["/orders/"] is home.children[0].page


def test_an_article_at_the_address_of_a_folder_is_its_page_and_listed_once(tmp_path: Path) -> None:
    catalog = loaded(
        tmp_path,
        {"orders.md": with_front_matter("title: About orders"), "orders/change.md": "", "x.md": ""},
    )

    home = catalog.home("en")

    assert outline(home) == ("", ["X"], [("About orders", ["Change"], [])])


def test_folders_that_hold_only_one_folder_are_no_category(tmp_path: Path) -> None:
    catalog = loaded(
        tmp_path,
        {"content/_help/orders/change.md": "", "content/_help/account/sign-in.md": ""},
    )

    assert outline(catalog.home("en")) == (
        "",
        [],
        [("Account", ["Sign in"], []), ("Orders", ["Change"], [])],
    )


def test_a_folder_with_nothing_but_its_index_is_a_category(tmp_path: Path) -> None:
    catalog = loaded(tmp_path, {"en/guide/index.md": with_front_matter("title: The guide")})

    assert outline(catalog.home("en")) == ("", [], [("The guide", [], [])])


def test_no_index_is_lost_when_folders_are_joined(tmp_path: Path) -> None:
    catalog = loaded(
        tmp_path,
        {
            "en/index.md": "",
            "en/help/index.md": with_front_matter("title: Help pages"),
            "en/help/orders/a.md": "",
            "en/help/account/b.md": "",
        },
    )

    assert [outline(child) for child in catalog.home("en").children] == [
        ("Help pages", [], [("Account", ["B"], []), ("Orders", ["A"], [])])
    ]


@pytest.mark.parametrize("key", ["order", "nav_order", "weight", "sidebar_position"])
def test_articles_stand_in_the_order_of_their_author_then_of_their_titles(
    tmp_path: Path, key: str
) -> None:
    catalog = loaded(
        tmp_path,
        {
            "x/a.md": "",
            "x/B.md": "",
            "x/c.md": with_front_matter(f"{key}: 20"),
            "x/d.md": with_front_matter(f"{key}: 3"),
            "x/e.md": with_front_matter(f"{key}: soon"),
        },
    )

    assert [a.title for a in catalog.home("en").children[0].articles] == ["D", "C", "A", "B", "E"]


def test_categories_stand_where_their_index_says(tmp_path: Path) -> None:
    catalog = loaded(
        tmp_path,
        {"a/x.md": "", "b/x.md": "", "b/index.md": with_front_matter("title: B\norder: 1")},
    )

    assert [child.title for child in catalog.home("en").children] == ["B", "A"]


def test_each_language_has_its_own_tree(tmp_path: Path) -> None:
    catalog = loaded(
        tmp_path,
        {"en/orders/a.md": "", "de/bestellungen/a.md": "", "de/konto/b.md": ""},
    )

    assert [c.url for c in catalog.home("de").children] == ["/de/bestellungen/", "/de/konto/"]
    assert [catalog.home(lang).url for lang in ("en", "de")] == ["/en/", "/de/"]


def test_languages_by_suffix_share_the_folders(tmp_path: Path) -> None:
    catalog = loaded(
        tmp_path, {"orders/a.md": "", "orders/a.de.md": "", "orders/index.de.md": "", "b.de.md": ""}
    )

    english, german = catalog.home("en").children[0], catalog.home("de").children[0]

    assert (english.url, outline(english)) == ("/orders/", ("Orders", ["A"], []))
    assert (german.url, outline(german)) == ("/de/orders/", ("Orders", ["A"], []))


def test_unpublished_articles_are_in_no_category(tmp_path: Path) -> None:
    catalog = loaded(
        tmp_path,
        {
            "orders/a.md": "",
            "handbook/b.md": with_front_matter("audience: internal"),
            "c.md": "",
        },
    )

    assert [child.title for child in catalog.home("en").children] == ["Orders"]


def test_an_attachment_is_as_public_as_the_articles_it_lies_with(tmp_path: Path) -> None:
    internal = with_front_matter("audience: internal", "For agents.")
    catalog = loaded(
        tmp_path,
        {
            "logo.png": "",
            "handbook/limits.md": internal,
            "handbook/limits.pdf": "",
            "handbook/pictures/desk.png": "",
            "orders/refund.md": "For all.",
            "orders/steps.md": internal,
            "orders/form.pdf": "",
        },
    )

    assert sorted(map(str, catalog.public_attachments)) == ["logo.png", "orders/form.pdf"]


def test_an_attachment_that_only_agents_articles_name_is_kept_back(tmp_path: Path) -> None:
    internal = with_front_matter(
        "audience: internal",
        "![x](pictures/safe.png) [form](pictures/form.pdf) ![](logo.png)\n\n<img src='raw.png'>",
    )
    names = ("pictures/safe.png", "pictures/form.pdf", "logo.png", "raw.png", "other.png")
    contents = dict.fromkeys(names, "") | {"a.md": "[form](pictures/form.pdf)", "b.md": internal}
    more = "theme: {name: material, logo: logo.png}\n"

    catalog = catalogs.load(repository(tmp_path, contents, mkdocs_yml=MKDOCS_YML + more))

    assert sorted(map(str, catalog.public_attachments)) == [
        "logo.png",
        "other.png",
        "pictures/form.pdf",
    ]


def test_attachments_are_known_by_their_path(tmp_path: Path) -> None:
    catalog = loaded(tmp_path, {"orders/form.pdf": b"%PDF", "orders/a.md": ""})

    assert (PurePosixPath("orders/form.pdf"),) == catalog.attachments
