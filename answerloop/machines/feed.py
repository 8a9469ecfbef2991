"""The feed of changes of a language (Atom, RFC 4287): new and mended articles, the latest first."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from answerloop import languages
from answerloop.articles import Article
from answerloop.machines import markup
from answerloop.machines.public import Public
from answerloop.wording import wording

FILE_NAME = "feed.xml"
_MOST = 50
_SAME = timedelta(minutes=1)


def address(public: Public, lang: str) -> str:
    """Where the feed stands, from the root of the site."""
    return f"{public.catalog.home(lang).url}{FILE_NAME}"


def title(public: Public, lang: str) -> str:
    said = wording(lang)("New and changed answers")
    return f"{public.name}: {said}"


def text(public: Public, lang: str) -> str:
    """The feed; empty when no date or no base is known, both of which an entry must have."""
    entries = public.latest[lang][:_MOST]
    if not (public.base and entries):
        return ""
    own = public.absolute(address(public, lang))
    home = public.absolute(public.catalog.home(lang).url)
    rows = [
        markup.element("id", own),
        markup.element("title", title(public, lang)),
        markup.element("updated", entries[0][0].isoformat()),
        markup.element("link", rel="self", type="application/atom+xml", href=own),
        markup.element("link", rel="alternate", type="text/html", href=home),
        markup.around("author", [markup.element("name", public.name)]),
        *(_entry(public, at, article) for at, article in entries),
    ]
    feed = markup.around("feed", rows, xmlns="http://www.w3.org/2005/Atom", xml_lang=lang)
    return f"{markup.HEAD}{feed}\n"


def _entry(public: Public, at: datetime, article: Article) -> str:
    return markup.around("entry", _rows(public, at, article))


def _rows(public: Public, at: datetime, article: Article) -> Iterator[str]:
    say = wording(article.lang)
    born = public.born.get(article.path, at)
    is_new = at - born < _SAME
    # The permalink outlives every rename, so nobody is shown an article twice for its address.
    yield markup.element("id", f"{public.absolute(f'/a/{article.id}')}#{article.lang}")
    yield markup.element("title", article.title)
    yield markup.element("updated", at.isoformat())
    yield markup.element("published", min(born, at).isoformat())
    page = public.absolute(article.url)
    yield markup.element("link", rel="alternate", type="text/html", href=page)
    day = languages.long_date(at.date(), article.lang)
    said = say("New on %(day)s.", day=day) if is_new else say("Changed on %(day)s.", day=day)
    yield markup.element("summary", f"{said} {public.summary(article)}".strip())
    yield markup.element("category", term="new" if is_new else "changed")
