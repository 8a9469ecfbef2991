"""All articles of a content repository, with the ways to look them up."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePosixPath

from answerloop import articles, attachments, files, languages, mkdocs_yml, prose, redirects
from answerloop.articles import Article
from answerloop.errors import ArticleError, Finding, Level
from answerloop.languages import Languages
from answerloop.prose import Link
from answerloop.settings import Settings
from answerloop.visibility import Audience, State
from feedback.model import ArticleId


@dataclass(frozen=True, slots=True)
class Category:
    """A folder of articles in one language.

    `title` is that of its `index.md`, else the folder's name in words; `page` is that index, or
    an article which stands at the folder's own address. `children` are sub-folders.
    """

    lang: str
    path: PurePosixPath
    title: str
    url: str
    page: Article | None
    articles: tuple[Article, ...]
    children: tuple["Category", ...]

    @property
    def has_something(self) -> bool:
        """Whether a reader who goes there finds more than a heading."""
        return bool(self.articles or (self.page and self.page.body.strip())) or any(
            child.has_something for child in self.children
        )

    def walk(self) -> Iterator["Category"]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Catalog:
    """The articles that could be read, ordered by path, and what was found wrong on the way.

    `former` are addresses that pages once had, each with the id and the language of its article.
    """

    articles: tuple[Article, ...]
    languages: Languages
    findings: tuple[Finding, ...] = ()
    attachments: tuple[PurePosixPath, ...] = field(default=(), repr=False)
    former: Mapping[str, tuple[ArticleId, str]] = field(default_factory=dict, repr=False)
    used_by_site: frozenset[PurePosixPath] = field(default=frozenset(), repr=False)

    @cached_property
    def by_path(self) -> Mapping[PurePosixPath, Article]:
        return {article.path: article for article in self.articles}

    @cached_property
    def by_url(self) -> Mapping[str, Article]:
        """Published articles by their page's address."""
        return {article.url: article for article in self.articles if article.is_published}

    @cached_property
    def by_id(self) -> Mapping[ArticleId, Mapping[str, Article]]:
        """Each id's article in each of its languages."""
        found: dict[ArticleId, dict[str, Article]] = defaultdict(dict)
        for article in self.articles:
            found[article.id][article.lang] = article
        return found

    @cached_property
    def published(self) -> tuple[Article, ...]:
        """What readers without a login may see as a page."""
        return tuple(article for article in self.articles if article.is_published)

    @cached_property
    def archived(self) -> tuple[Article, ...]:
        """What readers could see once; its address is kept, its words are not."""
        return tuple(
            article
            for article in self.articles
            if article.audience is Audience.PUBLIC and article.state is State.ARCHIVED
        )

    @cached_property
    def internal(self) -> tuple[Article, ...]:
        """What only agents may read and may rely on."""
        return tuple(
            article
            for article in self.articles
            if article.audience is Audience.INTERNAL
            and article.state in (State.VALIDATED, State.NOT_VALIDATED)
        )

    @cached_property
    def links(self) -> Mapping[PurePosixPath, tuple[Link, ...]]:
        """The links in each article's Markdown, with the lines of its file."""
        return {each.path: (*prose.links(each.body, each.body_line),) for each in self.articles}

    @cached_property
    def public_attachments(self) -> frozenset[PurePosixPath]:
        """The attachments that readers may have."""
        if not self.attachments:
            return frozenset()
        return attachments.public(self.attachments, self.articles, self.links, self.used_by_site)

    @cached_property
    def langs(self) -> tuple[str, ...]:
        """The languages that have published articles, the default one first."""
        found = {article.lang for article in self.published}
        return tuple(sorted(found, key=lambda lang: (lang != self.languages.default, lang)))

    @cached_property
    def pages(self) -> frozenset[str]:
        """The addresses of all pages: articles, categories and homes."""
        lists = (category.url for lang in self.langs for category in self.home(lang).walk())
        return frozenset({"/", *self.by_url, *lists})

    @cached_property
    def top_folders(self) -> frozenset[str]:
        """The folders at the root of the site, below which nobody else has addresses."""
        return frozenset(page.split("/")[1] for page in self.pages) - {""}

    @cached_property
    def redirects(self) -> Mapping[str, Article]:
        """Old addresses, each with its slash and without it, and the article now there."""
        moved = {
            address: there
            for address, (id_, lang) in self.former.items()
            if (there := self.by_id.get(id_, {}).get(lang)) and there.is_published
        }
        taken = self.pages | {f"/{path}" for path in self.public_attachments}
        return redirects.of(self.published, moved, taken)

    def translations(self, article: Article) -> Mapping[str, Article]:
        """The published articles of the same id in other languages."""
        return {
            lang: other
            for lang, other in self.by_id[article.id].items()
            if lang != article.lang and other.is_published
        }

    @cached_property
    def _homes(self) -> Mapping[str, Category]:
        return {lang: _category_tree(self.published, lang) for lang in self.langs}

    def home(self, lang: str) -> Category:
        """The root of the categories of a language; its `page` is the home page, if written."""
        return self._homes[lang]


def load(settings: Settings) -> Catalog:
    """Read every article below the content folder.

    Never raises for a bad article: it is left out and named in `findings`.
    """
    there = files.find(settings)
    known = languages.recognise(
        there.articles,
        configured=settings.content.languages,
        default=settings.content.default_language or settings.theme_language,
    )
    found: list[Article] = []
    findings: list[Finding] = [*there.findings]
    for path in there.articles:
        try:
            source = (settings.content_dir / path).read_bytes()
            article, remarks = articles.parse(source, path, known)
        except ArticleError as problem:
            findings.append(problem.finding)
        except OSError as problem:
            said = f"cannot be read: {problem.strerror}."
            findings.append(Finding(path, 0, Level.ERROR, said, "Check its rights."))
        else:
            found.append(article)
            findings.extend(remarks)
    unique, clashes = _without_clashes(found)
    used = frozenset(map(PurePosixPath, mkdocs_yml.words(mkdocs_yml.read(settings.mkdocs_yml))))
    every = tuple(findings + clashes)
    return Catalog(tuple(unique), known, every, there.attachments, used_by_site=used)


def _without_clashes(found: Sequence[Article]) -> tuple[list[Article], list[Finding]]:
    """The articles whose id and address are theirs alone; the first by path keeps them.

    An id from a path gives way: `c#.md` beside `c.md` becomes `c-2`.
    """
    ids: dict[tuple[str, str], Article] = {}
    urls: dict[str, Article] = {}
    unique: list[Article] = []
    findings: list[Finding] = []
    for article in sorted(found, key=lambda a: (not a.has_own_id, a.is_index, a.path)):
        if not article.has_own_id:
            article = _with_free_id(article, ids)  # noqa: PLW2901  the same article, renamed
        same_id = ids.setdefault((article.id, article.lang), article)
        if same_id is not article:
            findings.append(
                Finding(
                    article.path,
                    article.lines.get("id", 1),
                    Level.ERROR,
                    f"the id `{article.id}` is taken in this language by {same_id.path}.",
                    "Give one of them another `id`.",
                )
            )
            continue
        same_url = urls.setdefault(article.url, article)
        if same_url is not article:
            findings.append(
                Finding(
                    article.path,
                    0,
                    Level.ERROR,
                    f"its page {article.url} is that of {same_url.path}.",
                    "Rename one of the files.",
                )
            )
        else:
            unique.append(article)
    return sorted(unique, key=lambda article: article.path), findings


def _with_free_id(article: Article, taken: Mapping[tuple[str, str], Article]) -> Article:
    name, number = article.id, 1
    while (name, article.lang) in taken:
        number += 1
        name = ArticleId(f"{article.id}-{number}")
    return replace(article, id=name)


def _category_tree(published: Iterable[Article], lang: str) -> Category:
    """The folders of one language as a tree, without the folders that only hold one folder."""
    by_folder: dict[PurePosixPath, list[Article]] = defaultdict(list)
    for article in published:
        if article.lang == lang:
            by_folder[article.category].append(article)
    folders = {
        parent
        for folder in by_folder
        for parent in (folder, *folder.parents)
        if parent != PurePosixPath()
    }
    children: dict[PurePosixPath, list[PurePosixPath]] = defaultdict(list)
    for folder in sorted(folders):
        children[folder.parent].append(folder)
    own_pages = {a.url: a for listed in by_folder.values() for a in listed}
    marked = next((a for listed in by_folder.values() for a in listed), None)
    prefix = f"/{lang}/" if marked and marked.url.startswith(f"/{lang}/") else "/"

    def category(path: PurePosixPath) -> Category:
        while not by_folder[path] and len(children[path]) == 1:
            path = children[path][0]
        return node(path)

    def node(path: PurePosixPath) -> Category:
        url = prefix + (f"{path}/" if path.parts else "")
        page = own_pages.get(url)
        name = path.name.strip("_").replace("-", " ").replace("_", " ")
        below = sorted(
            map(category, children[path]), key=lambda each: _place(each.title, lang, each.page)
        )
        elsewhere = [page, *(child.page for child in below)]
        listed = [a for a in by_folder[path] if a not in elsewhere and not a.is_index]
        return Category(
            lang=lang,
            path=path,
            title=page.title if page else name[:1].upper() + name[1:],
            url=url,
            page=page,
            articles=tuple(sorted(listed, key=lambda each: _place(each.title, lang, each))),
            children=tuple(below),
        )

    root = node(PurePosixPath())
    # A chain of folders that hold nothing else (`content/_help/…`) is no level of the tree.
    while not root.articles and len(root.children) == 1 and _is_empty(root.children[0]):
        root = replace(root, children=root.children[0].children)
    return root


def _is_empty(category: Category) -> bool:
    return category.page is None and not category.articles


def _place(title: str, lang: str, page: Article | None) -> tuple[float, tuple[str | int, ...]]:
    """The author's `order` or `weight` first (Jekyll, Hugo, Docusaurus), then the title."""
    keys = ("order", "nav_order", "weight", "sidebar_position") if page else ()
    values = (page.other.get(key) for key in keys if page)
    orders = (float(value) for value in values if isinstance(value, int | float))
    return next(orders, float("inf")), languages.reading_order(title, lang)
