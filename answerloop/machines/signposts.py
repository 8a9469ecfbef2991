"""Pages that lead elsewhere, for hosts without the service: permalinks and old addresses.

They work without a script: the browser is sent on at once, and a link is there for who is not.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape
from urllib.parse import quote, unquote, urlsplit

from answerloop import languages
from answerloop.articles import Article
from answerloop.machines.public import Public
from answerloop.moves import PERMALINKS
from answerloop.wording import wording

_UNFIT = re.compile(r"[\\\x00-\x1f\x7f?#]")


def files(public: Public) -> Iterator[tuple[str, str]]:
    """Each signpost by the name of its file."""
    for id_, translations in sorted(_published(public).items()):
        lang = public.catalog.languages.default
        first = translations.get(lang) or translations[min(translations)]
        yield f"{PERMALINKS.strip('/')}/{id_}/index.html", _page(public, first, translations)
    # An address stands there with its last slash and without it, and is one file.
    leads = {file_name(old): article for old, article in sorted(public.catalog.redirects.items())}
    for name, article in leads.items():
        if name:
            yield name, _page(public, article, {article.lang: article})


def _published(public: Public) -> Mapping[str, Mapping[str, Article]]:
    found: dict[str, dict[str, Article]] = {}
    for article in public.catalog.published:
        found.setdefault(article.id, {})[article.lang] = article
    return found


def file_name(address: str) -> str:
    """The file that a web server sends for an address; empty when it could be no file's name."""
    path = unquote(address).strip("/")
    if not path or _UNFIT.search(path) or any(set(part) <= {"."} for part in path.split("/")):
        return ""
    return path if path.endswith((".html", ".htm")) else f"{path}/index.html"


def _page(public: Public, first: Article, translations: Mapping[str, Article]) -> str:
    """A page that leads to `first`, and names its translations."""
    there = _address(public, first)
    whole = escape(public.absolute(first.url))
    canonical = f'<link rel="canonical" href="{whole}">\n' if public.base else ""
    items = "\n".join(
        f'<li><a href="{_address(public, article)}" lang="{lang}" hreflang="{lang}">'
        f"{escape(article.title)}</a> ({escape(languages.display_name(lang))})</li>"
        for lang, article in sorted(translations.items())
    )
    say = wording(first.lang)
    said = say("Read on here")
    return (
        f'<!doctype html>\n<html lang="{escape(first.lang)}" '
        f'dir="{languages.direction(first.lang)}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(first.title)}</title>\n"
        f'<meta http-equiv="refresh" content="0; url={there}">\n'
        f"{canonical}"
        '<meta name="robots" content="noindex">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"</head>\n<body>\n<main>\n<h1>{escape(said)}</h1>\n"
        f"<ul>\n{items}\n</ul>\n</main>\n</body>\n</html>\n"
    )


def _address(public: Public, article: Article) -> str:
    """From the root of the host: a server may send the page with and without a last slash."""
    below = urlsplit(public.base).path.rstrip("/")
    return escape(below + quote(article.url, safe="/%"))
