"""When Python looks for objects that hold one another and nobody else does.

A build makes hundreds of thousands of objects that live until its end; to look through them time
and again took an eighth of it.
"""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager

_YOUNG, _MIDDLE, _OLD = 20_000, 50, 100
"""Objects made, rounds among the young, rounds among the middle-aged between two rounds."""


@contextmanager
def seldom() -> Iterator[None]:
    """Look seldom until the block ends, and not at all at what was there before."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def now() -> None:
    """Look once, where much has just been let go, so that what follows has its room."""
    gc.collect()


def not_at_the_end() -> None:
    """When this process ends, leave all there is to the system, which takes it back in one go.

    Python looks through it several times before, which takes a tenth as long as a small build.
    """
    atexit.register(gc.freeze)
