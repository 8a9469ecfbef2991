"""What a log of searches teaches: phrases for articles and synonyms, measured on a real index.

Steps: find where each reader ended; group what three or more asked in the same words; leave out
what the articles have or the search finds; index the articles with the new phrases, and keep those
that are found better with them.
"""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath

from answerloop import catalog as catalogs
from answerloop import indexing, installation, proposals, synonyms_toml
from answerloop.articles import Article
from answerloop.catalog import Catalog
from answerloop.errors import BuildError
from answerloop.learned import Synonym, Undecided
from answerloop.proposals import Phrase, Rank
from answerloop.reduction import Reduction, Vocabulary
from answerloop.rendering import Renderer
from answerloop.settings import Settings
from answerloop.site import builder
from feedback import arrivals, wordings
from feedback.model import ArticleKey, Search
from search import index, opening
from search.documents import Document
from search.edition import Edition
from search.versions import Version

DEPTH = 50
"""How far down an article is looked for."""

# Told what is done now and how far it is, as a share of one.
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Learned:
    """The proposals, those of most readers first, and what a person must decide."""

    catalog: Catalog
    phrases: tuple[Phrase, ...]
    synonyms: tuple[Synonym, ...]
    undecided: tuple[Undecided, ...]


def learn(
    settings: Settings,
    searches: Sequence[Search],
    progress: Progress,
    *,
    also_found: bool = False,
) -> Learned:
    """Proposals from searches, for the articles as they lie there and the index in use.

    `also_found` is that of `proposals.phrases`. Raises NoIndex before the first build, BuildError
    when an article cannot be rendered.
    """
    progress("Reading articles", 0.0)
    catalog = catalogs.load(settings)
    version = opening.current(settings.builds_dir, key=installation.secret(settings))
    progress("Grouping searches", 0.2)
    known = Vocabulary(_texts(catalog))
    readers = Edition(version, (installation.PUBLIC,))
    words = Reduction(_mender(readers), known, searches)
    asked = wordings.group(arrivals.of(searches), words)
    exchanged = wordings.exchanges(arrivals.refinements(searches), words)
    progress("Asking the search", 0.4)
    articles = proposals.Articles(_holding(catalog), _ranks(version, readers, catalog), words)
    phrases = proposals.phrases(asked, articles, also_found=also_found)
    kept = proposals.found_first(asked, articles)
    synonyms, open_exchanges = proposals.synonyms(exchanged, known, articles)
    progress("Measuring", 0.6)
    with _taught(settings, catalog, phrases) as rank:
        measured = [replace(each, after=rank(each.text, each.key)) for each in phrases]
        lost = [_lost(*pair, after) for pair in kept if (after := rank(*pair)) != 1]
    idle = [_idle(each) for each in measured if not _is_better(each)]
    undecided = (*proposals.undecided(asked), *open_exchanges, *idle, *lost)
    return Learned(catalog, tuple(filter(_is_better, measured)), synonyms, undecided)


def _ranks(version: Version, readers: Edition, catalog: Catalog) -> Rank:
    """Ranks in a version, published or not: what `readers` find, or staff where it is internal."""
    public = {(article.id, article.lang) for article in catalog.published}
    staff = Edition(version, (installation.PUBLIC, installation.INTERNAL))

    @lru_cache(maxsize=50_000)
    def rank(text: str, article: ArticleKey) -> int | None:
        asked = readers if (article.article, article.lang) in public else staff
        hits = asked.search(text, lang=article.lang, limit=DEPTH).hits
        found = [(hit.id, hit.lang) for hit in hits]
        wanted = (article.article, article.lang)
        return found.index(wanted) + 1 if wanted in found else None

    return rank


def _mender(readers: Edition) -> Callable[[str, str], str]:
    def mended(word: str, lang: str) -> str:
        return readers.search(word, lang=lang, limit=1).corrected or word

    return mended


def _texts(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for article in (*catalog.published, *catalog.internal):
        for text in (article.title, article.body, *article.asked_as, *article.tags):
            yield article.lang, text


def _holding(catalog: Catalog) -> Mapping[ArticleKey, Sequence[str]]:
    return {
        ArticleKey(article.id, article.lang): (article.title, *article.asked_as)
        for article in (*catalog.published, *catalog.internal)
    }


@contextmanager
def _taught(settings: Settings, catalog: Catalog, phrases: Sequence[Phrase]) -> Iterator[Rank]:
    """Ranks in an index of the articles with all phrases, or as if it were one without any."""
    if not phrases:
        yield lambda _text, _article: 1
        return
    added: dict[ArticleKey, list[str]] = defaultdict(list)
    for phrase in phrases:
        added[phrase.key].append(phrase.text)
    renderer = builder.renderer(settings)
    trails = indexing.breadcrumbs(catalog)

    def documents(listed: Iterable[Article]) -> Iterator[Document]:
        for article in listed:
            if not (article.is_index and article.category == PurePosixPath()):
                new = added.get(ArticleKey(article.id, article.lang), ())
                taught = replace(article, asked_as=(*article.asked_as, *new))
                parts = indexing.sections(_rendered(renderer, article), taught.title)
                yield indexing.document(taught, parts, trails, None)

    entries, _ = synonyms_toml.read(settings.root / synonyms_toml.FILE_NAME)
    with (
        tempfile.TemporaryDirectory(prefix="kb-learn-") as place,
        # Never published, so nobody else will ever check a signature.
        index.begin(
            Path(place), "taught", key=b"", synonyms=(each.synonym for each in entries)
        ) as draft,
    ):
        draft.write_shelf(installation.PUBLIC, documents(catalog.published))
        draft.write_shelf(installation.INTERNAL, documents(catalog.internal))
        version = draft.complete()
        yield _ranks(version, Edition(version, (installation.PUBLIC,)), catalog)


def _is_better(phrase: Phrase) -> bool:
    """Whether it brings the article up, or leaves it where nothing is above it."""
    after, before = phrase.after, phrase.before
    return after is not None and (after == 1 or before is None or after < before)


def _idle(phrase: Phrase) -> Undecided:
    where = f"number {phrase.before}" if phrase.before else "not found"
    return Undecided(
        phrase.text,
        phrase.key.lang,
        f"{phrase.end.readers} readers ended at {phrase.key.article}, which stays {where} with it",
    )


def _lost(text: str, article: ArticleKey, after: int | None) -> Undecided:
    where = f"number {after}" if after else "not found"
    return Undecided(
        text,
        article.lang,
        f"{article.article} is found first now, and {where} with all these lines",
    )


def _rendered(renderer: Renderer, article: Article) -> str:
    try:
        return renderer.html(article.body)
    except Exception as problem:
        # What the Markdown extensions that the author chose raise may be anything.
        raise BuildError(f"{article.path}: cannot be rendered: {problem}.") from problem
