"""The built site: a repository in four languages, looked at page by page."""

import re
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from tests.answerloop.builders import holding, page, repository, site_of
from tests.answerloop.builders import with_front_matter as fm
from tests.answerloop.markup import elements, words

SECRET = "planted sentence that nobody outside may read"
EVIL_TITLE = 'A <img src=x onerror=alert(1)> "title" & {{ 7*7 }}'
EVIL_WORDS = '"><script>alert(2)</script>'

CONTENTS: dict[str, str | bytes] = {
    "en/index.md": fm("title: How can we help?", "Welcome.\n"),
    "en/orders/index.md": fm("title: Your orders"),
    "en/orders/refund.md": fm(
        "id: refund\ntitle: How do I get a refund?\nasked_as: [money back]\n"
        "permalink: /help/refund.html\nredirect_from: [/old/refund/]\nrelated: [label, secret]\n"
        "tags: [money]\ndescription: All about refunds",
        "See [the label](label.md#print), [the account](../account/password.md), "
        "[the form](form.pdf) and ![a parcel](parcel.png).\n\n## When it takes long\n\nText.\n",
    ),
    "en/orders/label.md": fm(
        "id: label\ntitle: Where is my label?",
        "Read [the old page](/old/refund/), [with a part](/help/refund.html#when-it-takes-long), "
        "[without a slash](/old/refund), [this site](/en/account/password/), "
        "[that site](/somewhere/else/) and [abroad](https://example.com/old/refund/).\n\n"
        "## Print\n\n`[code](/old/refund/)`\n",
    ),
    "en/orders/form.pdf": b"%PDF",
    "en/orders/parcel.png": b"\x89PNG",
    "en/account/password.md": "# I forgot my password\n\nText with a [link](https://example.com/).\n",
    "en/account/evil.md": fm(
        f"title: '{EVIL_TITLE}'\ndescription: '{EVIL_WORDS}'\ntags: ['{EVIL_WORDS}']\n"
        f"author: '{EVIL_WORDS}'\nhide: true\ntemplate: ../../etc/passwd\nicon: no/such\n"
        f"robots: '{EVIL_WORDS}'\nrelated: [password]",
        "Text.\n",
    ),
    "en/handbook/angry.md": fm("id: secret\ntitle: Secret title one\naudience: internal", SECRET),
    "en/handbook/Upper.MD": fm("title: Secret title two\naudience: internal", SECRET),
    "en/handbook/angry.md~": SECRET,
    "en/handbook/other.mkd": fm("audience: internal", SECRET),
    "en/orders/draft.md": fm("title: Secret title three\nstate: work-in-progress", SECRET),
    "en/orders/archived.md": fm(
        "id: gone\ntitle: Secret title four\nstate: archived\nrelated: [label, secret]", SECRET
    ),
    "en/.hidden.md": SECRET,
    "de/index.md": fm("title: Wie können wir helfen?"),
    "de/bestellungen/erstattung.md": fm(
        "id: refund\ntitle: Wie bekomme ich mein Geld zurück?\n"
        "translated_from: {lang: en, hash: 000000000000}",
        "1. Seite öffnen\n2. Absenden\n\n## Eins\n\n## Zwei\n\n### Drei\n",
    ),
    "de/handbuch/grenzen.md": fm("title: Secret title five\naudience: internal", SECRET),
    "ar/orders/refund.md": fm("id: refund\ntitle: كيف أسترد أموالي؟"),
    "gd/a.md": fm("title: Ciamar a tha thu?"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("four-languages")
    known = repository(root, CONTENTS, kb_toml='[site]\ncontact_url = "mailto:a@b.example"\n')
    return site_of(known)


# Where only a way on stands: permalinks, and where pages were before.
SIGNPOSTS = {
    *(f"a/{id_}/index.html" for id_ in ("refund", "label", "account-password", "account-evil")),
    *(f"a/{id_}/index.html" for id_ in ("home", "orders", "a")),
    *("help/refund.html", "old/refund/index.html"),
}


def pages(site: Path) -> dict[str, str]:
    return {
        str(file.relative_to(site)): file.read_text(encoding="utf-8")
        for file in sorted(site.rglob("*.html"))
    }


def links(site: Path, url: str) -> list[str]:
    """Where the links of a page lead, as addresses from the root of the site."""
    found = (element["href"] for element in elements(page(site, url), "a"))
    return [unquote(urljoin(url, href)) for href in found]


def test_every_published_article_has_its_page(site: Path) -> None:
    expected = {
        "index.html",
        "404.html",
        "en/index.html",
        "en/orders/index.html",
        "en/orders/refund/index.html",
        "en/orders/label/index.html",
        "en/account/index.html",
        "en/account/password/index.html",
        "en/account/evil/index.html",
        "de/index.html",
        "de/bestellungen/index.html",
        "de/bestellungen/erstattung/index.html",
        "ar/index.html",
        "ar/orders/index.html",
        "ar/orders/refund/index.html",
        "en/orders/archived/index.html",
        "gd/index.html",
        "gd/a/index.html",
        *(f"{lang}/search/index.html" for lang in ("en", "de", "ar", "gd")),
        *(f"{lang}/404.html" for lang in ("en", "de", "ar", "gd")),
    }

    assert expected == set(pages(site)) - SIGNPOSTS


def test_nothing_unpublished_is_in_any_file(site: Path) -> None:
    assert holding(site, SECRET) == []


def test_no_title_id_or_path_of_the_unpublished_is_in_any_file(site: Path) -> None:
    assert holding(site, "Secret title") == []
    assert [
        name for word in ("handbook", "handbuch", "grenzen") for name in holding(site, word)
    ] == []


def test_attachments_are_there(site: Path) -> None:
    assert (site / "en/orders/form.pdf").read_bytes() == b"%PDF"


def test_a_page_shows_its_title_once_and_its_text(site: Path) -> None:
    html = page(site, "/en/orders/refund/")

    assert words(html, "h1") == ["How do I get a refund?"]
    assert words(page(site, "/en/account/password/"), "h1") == ["I forgot my password"]
    assert "When it takes long" in " ".join(words(html, "h2"))


@pytest.mark.parametrize(
    ("url", "lang", "direction"),
    [
        ("/en/orders/refund/", "en", "ltr"),
        ("/de/bestellungen/erstattung/", "de", "ltr"),
        ("/ar/orders/refund/", "ar", "rtl"),
        ("/gd/a/", "gd", "ltr"),
        ("/ar/", "ar", "rtl"),
        ("/de/search/", "de", "ltr"),
        ("/", "en", "ltr"),
    ],
)
def test_each_page_says_its_language_and_direction(
    site: Path, url: str, lang: str, direction: str
) -> None:
    html = page(site, url)

    assert [lang] == [element["lang"] for element in elements(html, "html")]
    assert [direction] == [element["dir"] for element in elements(html, "body")]


def test_each_page_says_its_article_and_revision(site: Path) -> None:
    meta = {e["name"]: e["content"] for e in elements(page(site, "/en/orders/refund/"), "meta")}

    assert (meta["kb:id"], meta["kb:lang"], len(meta["kb:revision"])) == ("refund", "en", 12)
    assert meta["description"] == "All about refunds"


def test_relative_links_lead_to_pages_and_attachments(site: Path) -> None:
    found = links(site, "/en/orders/refund/")

    assert "/en/orders/label/#print" in found
    assert "/en/account/password/" in found
    assert "/en/orders/form.pdf" in found


def test_links_to_old_addresses_lead_to_the_page_of_today(site: Path) -> None:
    found = links(site, "/en/orders/label/")

    assert found.count("/en/orders/refund/") >= 2
    assert "/en/orders/refund/#when-it-takes-long" in found
    assert "/en/account/password/" in found
    assert not [url for url in found if "old" in url and "example.com" not in url]


def test_other_links_stay_as_their_author_wrote_them(site: Path) -> None:
    html = page(site, "/en/orders/label/")
    written = [element["href"] for element in elements(html, "a")]

    assert "/somewhere/else/" in written
    assert "https://example.com/old/refund/" in written
    assert "[code](/old/refund/)" in "".join(words(html, "code"))


def test_related_articles_are_those_that_readers_can_see(site: Path) -> None:
    found = links(site, "/en/orders/refund/")

    assert "/en/orders/label/" in found
    assert [url for url in found if "secret" in url or "angry" in url] == []


def test_every_link_within_the_site_leads_to_a_page(site: Path) -> None:
    broken = set()
    for name, html in pages(site).items():
        base = "/" + name.removesuffix("index.html")
        for element in elements(html, "a", "link", "script", "img", "form"):
            target = element["href"] or element["src"] or element["action"]
            parts = urlsplit(urljoin(base, target))
            served = parts.path.startswith(("/api/", "/feedback", "/somewhere/else/"))
            if not target or parts.scheme or served:
                continue
            file = site / unquote(parts.path).lstrip("/")
            if not (file.is_file() or (file / "index.html").is_file()):
                broken.add((name, target))

    assert set() == broken


def test_no_page_asks_another_host(site: Path) -> None:
    asked = {
        element[name]
        for html in pages(site).values()
        for element in elements(html, "link", "script", "img", "iframe", "source", "form", "object")
        for name in ("href", "src", "action", "data", "srcset")
        if urlsplit(element[name]).netloc and element["rel"] != "canonical"
    }

    assert set() == asked


def test_no_stylesheet_asks_another_host(site: Path) -> None:
    asking = [
        str(file)
        for file in site.rglob("*.css")
        if "url(http" in (text := file.read_text(encoding="utf-8")) or "@import" in text
    ]

    assert asking == []


def test_front_matter_cannot_bring_in_markup(site: Path) -> None:
    for html in pages(site).values():
        sources = [element["src"] for element in elements(html, "img")]
        scripts = " ".join(
            "".join(element.text)
            for element in elements(html, "script")
            if element["type"] != "application/ld+json"
        )
        assert "x" not in sources
        assert "alert(" not in scripts
        assert not [element for element in elements(html) if element["onerror"]]


def test_an_evil_title_is_shown_as_it_was_typed(site: Path) -> None:
    html = page(site, "/en/account/evil/")

    assert words(html, "h1") == [EVIL_TITLE]
    assert [f"{EVIL_TITLE} - Help"] == words(html, "title")[:1]
    assert EVIL_TITLE in words(page(site, "/en/account/"), "a")


def test_an_evil_description_stays_in_its_place(site: Path) -> None:
    meta = {e["name"]: e["content"] for e in elements(page(site, "/en/account/evil/"), "meta")}

    assert (meta["description"], meta["author"]) == (EVIL_WORDS, EVIL_WORDS)


def test_a_category_lists_its_articles_without_its_own_index(site: Path) -> None:
    html = page(site, "/en/orders/")

    assert words(html, "h1") == ["Your orders"]
    assert {"/en/orders/refund/", "/en/orders/label/"} <= set(links(site, "/en/orders/"))


def test_a_folder_without_an_index_has_a_page_all_the_same(site: Path) -> None:
    assert words(page(site, "/de/bestellungen/"), "h1") == ["Bestellungen"]


def test_a_home_leads_to_its_categories(site: Path) -> None:
    found = links(site, "/en/")

    assert words(page(site, "/en/"), "h1") == ["How can we help?"]
    assert {"/en/orders/", "/en/account/"} <= set(found)


def test_the_entrance_leads_to_every_language(site: Path) -> None:
    assert {"/en/", "/de/", "/ar/", "/gd/"} <= set(links(site, "/"))


def test_a_page_leads_to_its_translations(site: Path) -> None:
    found = links(site, "/en/orders/refund/")

    assert {"/de/bestellungen/erstattung/", "/ar/orders/refund/"} <= set(found)


def test_a_page_without_a_translation_leads_to_the_homes(site: Path) -> None:
    assert {"/de/", "/ar/"} <= set(links(site, "/en/orders/label/"))


def test_the_navigation_marks_the_page(site: Path) -> None:
    current = [
        element["href"]
        for element in elements(page(site, "/en/orders/refund/"), "a")
        if element["aria-current"] == "page"
    ]

    assert current
    assert {"/en/orders/refund/"} == {urljoin("/en/orders/refund/", href) for href in current}


def test_every_list_item_that_begins_ends(site: Path) -> None:
    unbalanced = [
        name
        for name, html in pages(site).items()
        for tag in ("ul", "li", "nav")
        if len(re.findall(rf"<{tag}[ >]", html)) != html.count(f"</{tag}>")
    ]

    assert unbalanced == []


def test_a_page_asks_whether_it_helped_and_a_list_does_not(site: Path) -> None:
    forms = [e["action"] for e in elements(page(site, "/en/orders/refund/"), "form")]

    assert "/feedback" in [urljoin("/en/orders/refund/", action) for action in forms]
    assert "data-kb-vote" not in page(site, "/en/orders/")


def test_the_results_page_has_a_place_for_the_service(site: Path) -> None:
    html = page(site, "/de/search/")

    assert html.index("<!--kb:service-->") < html.index("<!--/kb:service-->")


def test_no_index_of_texts_is_sent_to_readers(site: Path) -> None:
    assert list(site.rglob("search_index.json")) == []


def test_an_absent_page_speaks_the_default_language(site: Path) -> None:
    html = (site / "404.html").read_text(encoding="utf-8")

    assert [element["lang"] for element in elements(html, "html")] == ["en"]


def alternates(html: str) -> dict[str, str]:
    """The same page in other languages, by `hreflang`; not what stands there for programs."""
    found = (e for e in elements(html, "link") if e["rel"].split() == ["alternate"])
    return {e["hreflang"]: e["href"] for e in found if e["hreflang"]}


def test_a_page_names_itself_its_translations_and_the_one_for_all_others(site: Path) -> None:
    url = "/de/bestellungen/erstattung/"
    found = {lang: urljoin(url, href) for lang, href in alternates(page(site, url)).items()}

    assert found == {
        "ar": "/ar/orders/refund/",
        "de": url,
        "en": "/en/orders/refund/",
        "x-default": "/en/orders/refund/",
    }
    assert alternates(page(site, "/en/orders/label/")) == {}


@pytest.mark.parametrize("url", ["/", "/en/", "/gd/"])
def test_the_list_of_languages_is_the_home_for_all_others(site: Path, url: str) -> None:
    found = {lang: urljoin(url, href) for lang, href in alternates(page(site, url)).items()}

    assert found == {lang: f"/{lang}/" for lang in ("ar", "de", "en", "gd")} | {"x-default": "/"}


def test_a_translation_says_that_its_original_has_changed(site: Path) -> None:
    html = page(site, "/de/bestellungen/erstattung/")

    assert "Diese Übersetzung ist älter als das Original" in html
    assert html.count("/en/orders/refund/") >= 1
    assert "kb-notice" not in page(site, "/ar/orders/refund/")
    assert "kb-notice" not in page(site, "/en/orders/refund/")


def test_the_switch_of_languages_says_which_text_is_older_and_what_is_not_translated(
    site: Path,
) -> None:
    html = page(site, "/en/orders/refund/")
    names = ["".join(e.text).split() for e in elements(html, "a") if e["hreflang"]]

    assert ["Deutsch", "älter", "als", "das", "Original"] in names
    assert ["العربية"] in names
    assert ["Gàidhlig", "Home"] in names


def test_steps_and_headings_of_a_page_can_be_linked(site: Path) -> None:
    found = links(site, "/de/bestellungen/erstattung/")

    assert "/de/bestellungen/erstattung/#step-absenden" in found
    assert "/de/bestellungen/erstattung/#eins" in found


def test_three_headings_make_a_table_of_contents(site: Path) -> None:
    assert "kb-contents" in page(site, "/de/bestellungen/erstattung/")
    assert 'data-md-type="toc"' in page(site, "/de/bestellungen/erstattung/")
    assert "kb-contents" not in page(site, "/en/orders/refund/")
    assert 'data-md-type="toc"' not in page(site, "/en/orders/refund/")


def test_at_the_address_of_an_archived_article_stands_a_notice_with_ways_on(site: Path) -> None:
    html = page(site, "/en/orders/archived/")

    assert words(html, "h1") == ["This article is no longer here"]
    assert 'name="robots" content="noindex"' in html
    assert {"/en/orders/label/", "/en/orders/"} <= set(links(site, "/en/orders/archived/"))
    assert "kb:revision" not in html
    assert "/archived/" not in page(site, "/en/orders/")
    assert holding(site, "orders/archived") == []


@pytest.mark.parametrize(("lang", "direction"), [("de", "ltr"), ("ar", "rtl")])
def test_each_language_has_its_page_for_what_is_not_there(
    site: Path, lang: str, direction: str
) -> None:
    html = (site / lang / "404.html").read_text(encoding="utf-8")
    relative = [
        element[name]
        for element in elements(html, "a", "link", "script", "img", "form")
        for name in ("href", "src", "action")
        if element[name] and not element[name].startswith(("/", "#", "mailto:"))
    ]

    assert [lang] == [element["lang"] for element in elements(html, "html")]
    assert [direction] == [element["dir"] for element in elements(html, "body")]
    assert f"/{lang}/search/" in [element["action"] for element in elements(html, "form")]
    assert relative == []
