"""Which old addresses lead to which article."""

from collections.abc import Collection, Iterable, Mapping

from answerloop.articles import Article


def of(
    published: Iterable[Article], moved: Mapping[str, Article], taken: Collection[str]
) -> Mapping[str, Article]:
    """Each old address with its slash and without it, and the article now there.

    What an author wrote (`redirect_from`, other tools' permalinks) goes before what has `moved`;
    neither goes before a page or a file, whose addresses are `taken`. The first of the
    `published` keeps an address that two ask for.
    """
    said = [(old, article) for article in published for old in article.redirect_from]
    found: dict[str, Article] = {}
    for address, article in (*moved.items(), *reversed(said)):
        bare = address.rstrip("/")
        for spelling in (bare or "/", f"{bare}/", address):
            found[spelling] = article
    return {
        address: article
        for address, article in sorted(found.items())
        if address not in taken and f"{address}/" not in taken
    }
