"""The pages of the site: articles, categories, the home of each language, and the entrance."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from answerloop.articles import Article
from answerloop.catalog import Catalog, Category
from answerloop.wording import wording


@dataclass(frozen=True, slots=True)
class Subject:
    """What a page is about: an article, a category (or a home), or the list of languages.

    `src_uri` is the name MkDocs knows the page by: the article's file, or one that does not exist.
    """

    src_uri: str
    url: str
    lang: str
    title: str
    template: str
    body: str = ""
    description: str = ""
    article: Article | None = None
    category: Category | None = None
    other: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_article(self) -> bool:
        """Whether readers can say if it helped: an article, not only a list of articles."""
        return self.template == "article.html"

    @property
    def is_for_finding(self) -> bool:
        """Whether search engines are to know it: not the page for results, nor one of nothing."""
        return self.template not in ("service.html", "404.html", "gone.html")

    @property
    def is_at_one_address(self) -> bool:
        """Whether it is read where it stands, not wherever nothing is."""
        return self.template != "404.html"

    @property
    def file(self) -> str:
        """The page's file in the site."""
        name = self.url.lstrip("/")
        return name if name.endswith(".html") else f"{name}index.html"

    @classmethod
    def all_of(cls, catalog: Catalog) -> dict[str, "Subject"]:
        """Every page of the public site by its `src_uri`, in the order in which it is built."""
        subjects: dict[str, Subject] = {}
        categories = dict(_categories(catalog))
        for article in catalog.published:
            category = categories.pop(article.url, None)
            subjects[str(article.path)] = _of_article(article, category)
        for url, category in categories.items():
            src_uri = f"{url.lstrip('/')}index.md"
            while src_uri in subjects:
                src_uri = "_" + src_uri
            subjects[src_uri] = Subject(
                src_uri,
                url,
                category.lang,
                category.title,
                _list_template(category),
                category=category,
            )
        urls = {subject.url for subject in subjects.values()}
        for lang in catalog.langs or (catalog.languages.default,):
            shell = _shell(lang, catalog, urls)
            subjects[shell.src_uri] = shell
        if "/" not in urls:
            subjects["index.md"] = _entrance(catalog)
        return subjects


def _categories(catalog: Catalog) -> Iterator[tuple[str, Category]]:
    for lang in catalog.langs:
        for category in catalog.home(lang).walk():
            yield category.url, category


def _of_article(article: Article, category: Category | None) -> Subject:
    is_list = category is not None and article.is_index
    return Subject(
        src_uri=str(article.path),
        url=article.url,
        lang=article.lang,
        title=article.title,
        template=_list_template(category) if is_list and category else "article.html",
        body=article.body,
        description=article.description,
        article=article,
        category=category,
        other=article.other,
    )


def _list_template(category: Category) -> str:
    return "category.html" if category.path.parts else "home.html"


def shell_url(lang: str, catalog: Catalog, taken: Collection[str]) -> str:
    """Where the results page of a language stands; an article of that address keeps it."""
    home = catalog.home(lang).url if lang in catalog.langs else "/"
    return f"{home}search/" if f"{home}search/" not in taken else f"{home}kb-search/"


def shells(catalog: Catalog) -> dict[str, str]:
    """The pages that the service fills, by language."""
    return {lang: shell_url(lang, catalog, catalog.by_url) for lang in catalog.langs}


def _shell(lang: str, catalog: Catalog, taken: Collection[str]) -> Subject:
    """A page that the service fills: search results, and what became of a vote.

    Built with the site, so that it looks like it; without the service it says so.
    """
    url = shell_url(lang, catalog, taken)
    title = wording(lang)("Search")
    return Subject(f"{url.lstrip('/')}index.md", url, lang, title, "service.html")


def _entrance(catalog: Catalog) -> Subject:
    """The root of a site in which every language has its own folder."""
    return Subject("index.md", "/", catalog.languages.default, "", "entrance.html")


def not_found(catalog: Catalog, lang: str = "") -> Subject:
    """The page for an address that leads nowhere: of the default language, or below a home."""
    home = catalog.home(lang).url if lang else "/"
    lang = lang or catalog.languages.default
    title = wording(lang)("This page does not exist")
    return Subject("404.md", f"{home}404.html", lang, title, "404.html")


def unlisted(catalog: Catalog) -> Iterator[Subject]:
    """The pages that MkDocs need not know: no list and no site map names them."""
    for lang in catalog.langs:
        if catalog.home(lang).url != "/":
            yield not_found(catalog, lang)
    for article in gone(catalog):
        title = wording(article.lang)("This article is no longer here")
        yield Subject(
            str(article.path), article.url, article.lang, title, "gone.html", article=article
        )


def gone(catalog: Catalog) -> Iterator[Article]:
    """The archived articles whose address nothing else has taken: a notice stands there."""
    taken = {url for url, _ in _categories(catalog)} | catalog.by_url.keys()
    taken |= catalog.redirects.keys()
    taken |= {shell_url(lang, catalog, catalog.by_url) for lang in catalog.langs} | {"/"}
    for article in catalog.archived:
        if article.url not in taken and article.lang in catalog.langs:
            yield article
