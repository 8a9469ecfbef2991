"""Meaning beside words: a vector for each passage of an article, near those of like meaning.

Passages are embedded when an index is built, a question when it is asked; what embeds them is
handed in (`Embedder`). A version names the model of its vectors, and no other is put beside them.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np

from search import arrays
from search.arrays import Array
from search.cutting import clean
from search.documents import Document
from search.errors import DamagedIndex
from search.versions import Version

SUFFIX = ".vectors"

CHARACTERS = 300
"""The length of a passage at most; a longer section gives several."""

PASSAGES = 4
"""Passages of an article's text that are embedded at most, from its beginning."""

ROOM = 4_000
"""Passages of texts in all, beyond one an article: bounds how long a first build takes."""

PHRASES = 8
"""Lines of `asked_as` that are."""

_SCALE = 127.0
_KEY_BYTES = 16
_BATCH = 32
_NOTED = 512

# Told how many passages are embedded by now, of how many that had no vector yet.
Told = Callable[[int, int], None]


class Embedder(Protocol):
    """Turns texts into vectors of length 1, near each other where the texts mean the same.

    `model` names all that the vectors depend on; `unrelated` and `alike` are the cosines that it
    gives a question and a passage that have nothing to do with each other, and one that says the
    same. Any number of threads may share one.
    """

    @property
    def model(self) -> str: ...

    @property
    def unrelated(self) -> float: ...

    @property
    def alike(self) -> float: ...

    def passages(self, texts: Sequence[str]) -> Array:
        """One row of float32 for each text. Raises `NoEmbedder`."""

    def question(self, text: str) -> Array | None:
        """The vector of what a reader asked; None when it is not to be had in time."""


class Stock:
    """The vectors of passages, each embedded once.

    `notes` is a folder that they are written to meanwhile, so that a build that was ended goes on
    where it stopped: what cannot be written or read there is embedded again.
    """

    def __init__(
        self, embedder: Embedder, notes: Path | None = None, told: Told = lambda _done, _all: None
    ) -> None:
        self.embedder = embedder
        self._known: dict[bytes, Array] = {}
        self._told = told
        self._notes = notes and notes / _key(embedder.model).hex()
        if self._notes is not None:
            self._adopt(self._notes)

    def adopt(self, version: Version) -> None:
        """Take over the vectors of a version, if the same model made them."""
        if version.manifest.model == self.embedder.model:
            self._adopt(version.path / "index")

    def vectors(self, texts: Sequence[str]) -> tuple[Array, Array]:
        """The key and the vector (in 127ths, as bytes) of each text. Raises `NoEmbedder`."""
        keys = [_key(text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        # Texts of like length go together: what embeds a batch waits for its longest.
        waiting = sorted(new, key=lambda key: (len(new[key]), key))
        for start in range(0, len(waiting), _NOTED):
            noted = waiting[start : start + _NOTED]
            for first in range(0, len(noted), _BATCH):
                self._told(start + first, len(waiting))
                batch = noted[first : first + _BATCH]
                found = self.embedder.passages([new[key] for key in batch])
                self._known.update(zip(batch, _bytes(found), strict=True))
            self._note(noted)
        return _blob(keys), np.stack([self._known[key] for key in keys])

    def forget(self) -> None:
        """Delete the notes: a version has been published that holds the vectors."""
        if self._notes is not None:
            shutil.rmtree(self._notes.parent, ignore_errors=True)

    def _note(self, keys: Sequence[bytes]) -> None:
        if self._notes is None:
            return
        rows = np.stack([self._known[key] for key in keys])
        path = self._notes / f"{_key(keys[0].hex()).hex()}{SUFFIX}"
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            half = path.with_suffix(".half")
            arrays.write(half, {"key": _blob(keys), "vector": rows})
            half.replace(path)

    def _adopt(self, folder: Path) -> None:
        for path in folder.rglob(f"*{SUFFIX}"):
            with suppress(DamagedIndex):
                held = arrays.load(path)
                keys = held["key"].tobytes()
                for row, vector in enumerate(held["vector"]):
                    self._known[keys[row * _KEY_BYTES :][:_KEY_BYTES]] = vector


class Vectors:
    """The vectors of the articles of one language, opened. Safe to share between threads."""

    def __init__(self, opened: Mapping[str, Array], embedder: Embedder) -> None:
        self._unrelated = np.float32(embedder.unrelated)
        self._range = np.float32(embedder.alike - embedder.unrelated)
        self._vectors = opened["vector"].view(np.int8).astype(np.float32) / np.float32(_SCALE)
        # Copied: whoever shortens the file afterwards can do no harm.
        self._section = opened["section"].copy()
        self._at = opened["article_at"].astype(np.intp)

    def nearness(self, question: Array) -> Array:
        """How close the nearest passage of each article is: 0 for unrelated, 1 for alike."""
        cosines = np.maximum.reduceat(self._cosines(question), self._at[:-1])
        closeness: Array = np.maximum((cosines - self._unrelated) / self._range, np.float32(0))
        return closeness

    def nearest_section(self, question: Array, article: int) -> int:
        """The section that the nearest passage of an article is from."""
        start, end = self._at[article], self._at[article + 1]
        best = int(np.argmax(self._cosines(question, slice(start, end))))
        return int(self._section[start + best])

    def _cosines(self, question: Array, rows: slice = slice(None)) -> Array:
        # Not `@`, for which NumPy may take every core of the machine from other readers.
        cosines: Array = np.einsum("ij,j->i", self._vectors[rows], question)
        return cosines


def write(path: Path, documents: Sequence[Document], stock: Stock) -> None:
    """Write the vectors of the articles of one language, in their order, into a new file.

    Raises `NoEmbedder`.
    """
    arrays.write(path, compiled(documents, stock))


def compiled(documents: Sequence[Document], stock: Stock) -> dict[str, Array]:
    """The arrays of one language for `Vectors`. Raises `NoEmbedder`."""
    each = max(1, min(PASSAGES, ROOM // max(1, len(documents))))
    listed = [passages(document, each) for document in documents]
    keys, vectors = stock.vectors([text for rows in listed for _, text in rows])
    at = np.zeros(len(listed) + 1, dtype=np.int64)
    np.cumsum([len(rows) for rows in listed], out=at[1:])
    sections = [section for rows in listed for section, _ in rows]
    return {
        "key": keys,
        "vector": vectors,
        "section": np.array(sections, dtype=np.int32),
        "article_at": at,
    }


def passages(document: Document, most: int = PASSAGES) -> list[tuple[int, str]]:
    """What is embedded of an article, each with the number of its section; at least one.

    Of its text so many passages at most.
    """
    lines = [document.title, *document.asked_as[:PHRASES]]
    spoken = [(0, line) for line in map(clean, lines) if line]
    found = spoken + list(islice(_written(document), most))
    return found or [(0, "")]


def _written(document: Document) -> Iterator[tuple[int, str]]:
    for number, section in enumerate(document.sections):
        head = ". ".join(filter(None, (document.title, section.heading)))
        for text in _pieces(clean(section.text)):
            yield number, clean(f"{head}. {text}" if head else text)


def _pieces(text: str) -> Iterator[str]:
    """A text in pieces of at most `CHARACTERS`, cut between words where there are any."""
    while len(text) > CHARACTERS:
        cut = text.rfind(" ", 1, CHARACTERS) + 1 or CHARACTERS
        yield text[:cut].strip()
        text = text[cut:]
    if text:
        yield text


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()[:_KEY_BYTES]


def _blob(keys: Sequence[bytes]) -> Array:
    return np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(-1, _KEY_BYTES)


def _bytes(vectors: Array) -> Array:
    return np.rint(vectors * _SCALE).clip(-_SCALE, _SCALE).astype(np.int8).view(np.uint8)
