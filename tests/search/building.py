"""Articles and indexes for the tests of the search; a test names only what matters to it."""

from collections.abc import Iterable
from pathlib import Path

from search import index
from search.documents import Document, Results, Section
from search.synonyms import Synonym
from search.versions import Version

KEY = b"the secret of this installation"


def article(
    name: str, title: str = "", body: str = "", *, lang: str = "en", tags: tuple[str, ...] = ()
) -> Document:
    return Document(
        id=name,
        lang=lang,
        title=title or name,
        url=f"/{lang}/{name}/",
        tags=tags,
        sections=(Section(heading="", anchor="", text=body),) if body else (),
    )


def publish(
    root: Path,
    *public: Document,
    build: str = "first",
    internal: Iterable[Document] = (),
    key: bytes = KEY,
    synonyms: Iterable[Synonym] = (),
) -> Version:
    with index.begin(root, build, key=key, synonyms=synonyms) as draft:
        draft.write_shelf("public", public)
        draft.write_shelf("internal", internal)
        return draft.publish()


def ids(results: Results) -> list[str]:
    return [hit.id for hit in results.hits]
