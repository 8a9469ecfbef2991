"""The engine under the search."""

from importlib.metadata import distribution, packages_distributions


def test_exactly_one_distribution_owns_whoosh() -> None:
    # Two forks installed together overwrite each other's files without a word.
    owners = {name.lower() for name in packages_distributions()["whoosh"]}

    assert {"whoosh-reloaded"} == owners
    assert distribution("whoosh-reloaded").version == "2.7.5"
