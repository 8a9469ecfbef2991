"""llms.txt (llmstxt.org): the site as a list of its Markdown, for programs of readers."""

from collections.abc import Iterator

from answerloop import languages
from answerloop.articles import Article
from answerloop.catalog import Category
from answerloop.machines import twins
from answerloop.machines.public import Public
from answerloop.wording import wording

FILE_NAME = "llms.txt"


def text(public: Public) -> str:
    """The title, a sentence, and a section for each category of each language."""
    langs = ", ".join(languages.display_name(lang) for lang in public.langs)
    rows = [
        f"# {_plain(public.name)}",
        "",
        f"> Questions and answers of {_plain(public.name)}, each as Markdown"
        + (f", in {langs}." if langs else "."),
        "",
        f"Links lead to Markdown; a page is at the same address without `{twins.FILE_NAME}`.",
    ]
    for lang in public.langs:
        rows += _language(public, lang)
    return "\n".join(rows) + "\n"


def _language(public: Public, lang: str) -> Iterator[str]:
    known = {article.url for article in public.articles}
    several = len(public.langs) > 1
    home = public.catalog.home(lang)
    for category in home.walk():
        listed = [article for article in category.articles if article.url in known]
        # The words above a list are an article, too, if it is written as one.
        if category.page and category.page.url in known and not category.page.is_index:
            listed.insert(0, category.page)
        if not listed:
            continue
        name = category.title if category.path.parts else _home_title(category, lang)
        heading = f"{languages.display_name(lang)}: {name}" if several else name
        yield from ("", f"## {_plain(heading)}", "")
        yield from (_item(public, article) for article in listed)


def _home_title(home: Category, lang: str) -> str:
    return wording(lang)("More articles") if home.children else home.title or "Articles"


def _item(public: Public, article: Article) -> str:
    address = public.absolute(f"{article.url}{twins.FILE_NAME}")
    said = public.summary(article)
    item = f"- [{_plain(article.title)}]({address})"
    return f"{item}: {_plain(said)}" if said else item


def _plain(words: str) -> str:
    """Words on one line that no program takes for a link or markup."""
    line = " ".join(words.split())
    for mark in "\\`*[]<>":
        line = line.replace(mark, f"\\{mark}")
    return line
