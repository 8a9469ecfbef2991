"""The errors of the search.

SearchError
|-- NoIndex          there is no version that this process may open
|-- DamagedIndex     a version is incomplete, altered, or written by another program or key
|-- IndexUnwritable  a version cannot be written where it should be
|-- NoEmbedder       the model of the extra `semantic` is missing or does not run
`-- BadCollection    a judged collection cannot be read
"""


class SearchError(Exception):
    """Any expected failure of the search; its message names the place and the remedy."""


class NoIndex(SearchError):  # noqa: N818  # the name is what the message says
    """There is no valid index version; building one is the remedy."""


class DamagedIndex(SearchError):  # noqa: N818  # the name is what the message says
    """One version must not be opened: its manifest and its files do not agree."""


class IndexUnwritable(SearchError):  # noqa: N818  # the name is what the message says
    """The directory of the versions refuses to be written."""


class NoEmbedder(SearchError):  # noqa: N818  # the name is what the message says
    """There is nothing that embeds texts: the extra is not installed, or its process ended."""


class BadCollection(SearchError):  # noqa: N818  # the name is what the message says
    """A file of a judged collection is missing or broken; the message has file and line."""
