"""Building an index beside the one in use, and putting it in its place in one step.

with index.begin(root, build, key=key) as draft:
    draft.write_shelf("public", documents)
    draft.publish()
"""

import os
import re
import shutil
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import whoosh.index
from whoosh.reading import MultiReader

from search import analysed, compilation, manifest, opening, postings, schema, semantic, versions
from search.compilation import Shelves
from search.documents import Document
from search.errors import DamagedIndex, IndexUnwritable, NoIndex
from search.gathering import Gathered, Names
from search.manifest import Manifest
from search.postings import Found
from search.semantic import Stock
from search.synonyms import Synonym
from search.versions import Version

Analyse = Callable[[Document], analysed.Analysed]

_BUILD_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SHELF_NAME = re.compile(r"[a-z]{1,32}")
_INDEX_NAME = "shelf"

# The drafts of this process. What else carries its number was left by an earlier process of
# the same number, as is common in containers.
_open_drafts: set[Path] = set()
_open_drafts_lock = threading.Lock()


def open_shelves(version: Version, names: Sequence[str]) -> Any:
    """A Whoosh reader over shelves of a version as one index; for one thread at a time.

    Raises `NoIndex` for a shelf that the version does not have, `DamagedIndex` when it has been
    deleted or changed since it was verified.
    """
    absent = [name for name in names if name not in version.manifest.shelves]
    if absent:
        raise NoIndex(f"{version.path}: has no shelf {', '.join(absent)}. Build again.")
    # One schema for all: a shelf on its own knows only the languages that stand on it.
    shape = schema.build(version.langs(names))
    try:
        readers = [
            whoosh.index.open_dir(
                version.shelf(name), indexname=_INDEX_NAME, readonly=True, schema=shape
            ).reader()
            for name in names
        ]
    except (OSError, whoosh.index.IndexError) as error:
        raise DamagedIndex(f"{version.path}: cannot be opened ({error}). Build again.") from error
    return readers[0] if len(readers) == 1 else MultiReader(readers)


def listed(version: Version, names: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Id and language of every document on shelves of a version.

    Raises as `open_shelves` does.
    """
    reader = open_shelves(version, names)
    try:
        rows = [(row["id"], row["lang"]) for row in reader.all_stored_fields()]
    finally:
        reader.close()
    return frozenset(rows)


def begin(
    root: Path,
    build: str,
    *,
    key: bytes,
    synonyms: Iterable[Synonym] = (),
    stock: Stock | None = None,
) -> "Draft":
    """Start a version beside the current one; drafts of dead processes are deleted.

    `build` is at most 64 letters, digits, hyphens and underscores. The synonyms are the version's
    own. With a `stock` the passages get vectors. Raises `IndexUnwritable`.
    """
    if not _BUILD_NAME.fullmatch(build):
        raise ValueError(f"build {build!r}: expected 1 to 64 of A-Z a-z 0-9 _ -")
    path = root / f"{versions.DRAFT}{build}-{os.getpid()}"
    with versions.writing(root), _open_drafts_lock:
        root.mkdir(parents=True, exist_ok=True)
        versions.sweep(root, keep=_open_drafts)
        if path in _open_drafts:
            raise IndexUnwritable(f"{path}: this process builds {build} already. Wait for it.")
        (path / "index").mkdir(parents=True)
        _open_drafts.add(path)
    return Draft(path, build, key=key, synonyms=tuple(synonyms), stock=stock)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What was written on a shelf: documents in their order, words by language, postings."""

    documents: Sequence[Document]
    gathered: Mapping[str, Gathered]
    found: Found


class Draft:
    """A version being written. Callers may put more into `path` before it is published.

    As a context manager it removes what was not published.
    """

    def __init__(
        self,
        path: Path,
        build: str,
        *,
        key: bytes,
        synonyms: Sequence[Synonym],
        stock: Stock | None,
    ) -> None:
        self.path = path
        self._root = path.parent
        self._stock = stock
        self._build = build
        self._key = key
        self._shelves: dict[str, dict[str, int]] = {}
        self._names: defaultdict[str, Names] = defaultdict(Names)
        self._written: dict[str, _Shelf] = {}
        self._synonyms = synonyms
        self._complete: Version | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        with _open_drafts_lock:
            _open_drafts.discard(self.path)

    def write_shelf(
        self, name: str, documents: Iterable[Document], analyse: Analyse = analysed.analyse
    ) -> int:
        """Index documents as one shelf, which a reader opens or leaves shut as a whole.

        Returns how many there were. `analyse` may know the words of a document already. An empty
        shelf is one too. Raises `IndexUnwritable`.
        """
        if not _SHELF_NAME.fullmatch(name) or name in self._shelves:
            raise ValueError(f"shelf {name!r}: expected a new name of small letters")
        if self._complete:
            raise ValueError(f"shelf {name!r}: the draft is complete")
        articles = analysed.ordered(documents)
        langs = Counter(document.lang for document in articles)
        gathered = {base: Gathered(self._names[base]) for base in sorted(opening.bases(langs))}
        for place, document in enumerate(articles):
            gathered[analysed.lang(document)].add(place, analyse(document))
        found = postings.counted(gathered)
        for each in gathered.values():
            each.forget()
        folder = self.path / "index" / name
        with versions.writing(self._root):
            folder.mkdir()
            shelf = whoosh.index.create_in(folder, schema.build(langs), indexname=_INDEX_NAME)
            # Whoosh cancels the writer itself when the block fails.
            # In one file it would note the time, and no two builds were alike.
            with shelf.writer(codec=schema.CODEC, compound=False) as writer:
                writer.pool = schema.Pool(found)
                for document in articles:
                    writer.add_document(**schema.row(document))
            (folder / f"{_INDEX_NAME}_WRITELOCK").unlink(missing_ok=True)
        self._shelves[name] = dict(langs)
        self._written[name] = _Shelf(articles, gathered, found)
        return len(articles)

    def adopt(self, version: Version) -> bool:
        """Take over the whole index of a published version instead of writing shelves.

        For the same documents, synonyms and model. Its files are copied: under two names, one bad
        spot on the disk would damage two versions. False when they are not those that were signed;
        then nothing is taken over. Raises `IndexUnwritable`.
        """
        if self._shelves:
            raise ValueError(f"{self.path}: has shelves already")
        with versions.writing(self._root):
            for name in version.manifest.files:
                file = self.path / "index" / name
                file.parent.mkdir(parents=True, exist_ok=True)
                with suppress(FileNotFoundError):  # the hashes tell
                    shutil.copyfile(version.path / "index" / name, file)
            if manifest.hashes(self.path / "index") != version.manifest.files:
                shutil.rmtree(self.path / "index")
                (self.path / "index").mkdir()
                return False
            self._shelves = {name: dict(langs) for name, langs in version.manifest.shelves.items()}
            self._complete = Version(self.path, self._listed(0))
        return True

    def complete(self) -> Version:
        """Compile what searches read. Gives a version that can be asked before it is published.

        No shelf may be written afterwards. Nothing is signed until then, so nobody but the caller
        can open it. Raises `IndexUnwritable`, and `NoEmbedder` where the model of a stock fails.
        """
        if self._complete is None:
            with versions.writing(self._root):
                self._compile()
                self._complete = Version(self.path, self._listed(0))
        return self._complete

    def publish(self) -> Version:
        """Make this the current version; the one before it stays, older ones go.

        1. compile the arrays that searches read; 2. list, hash and sign the files of the index;
        3. have all of the draft on the disk; 4. rename it, to a free name, since readers may
        have the same build open; 5. let `CURRENT` name it; 6. delete the older versions. Raises
        `IndexUnwritable`, and `NoEmbedder` where the model of a stock fails.
        """
        self.complete()
        with versions.writing(self._root), versions.publishing(self._root):
            listed = self._sign()
            versions.sync_tree(self.path)
            keep = {path.name for path in self._in_use()}
            place = _free_place(self._root, self._build)
            self.path.rename(place)
            versions.sync(self._root)
            versions.point(self._root, place.name)
            versions.prune(self._root, keep=keep | {place.name})
        return Version(path=place, manifest=listed)

    def _compile(self) -> None:
        """Compile each shelf together with those that were written before it.

        A language that is not on it is searched as it was compiled for those.
        """
        done: list[str] = []
        for name, langs in self._shelves.items():
            done.append(name)
            for base in sorted(opening.bases(langs)):
                holding = [each for each in done if base in opening.bases(self._shelves[each])]
                path = self.path / "index" / opening.file(holding, base)
                together = self._together(holding, base)
                compilation.write(path, base, together, listed=self._synonyms)
                if self._stock is not None:
                    vectors = path.with_suffix(semantic.SUFFIX)
                    semantic.write(vectors, together.documents, self._stock)
        self._written.clear()
        self._names.clear()

    def _together(self, names: Sequence[str], base: str) -> Shelves:
        """What shelves hold in a language."""
        shelves = [self._written[name] for name in names]
        numbers, documents = compilation.numbered(base, [shelf.documents for shelf in shelves])
        gathered = [shelf.gathered[base] for shelf in shelves]
        return Shelves([shelf.found for shelf in shelves], gathered, numbers, documents)

    def _sign(self) -> Manifest:
        listed = self._listed(versions.last_sequence(self._root, key=self._key) + 1)
        manifest.write(listed, self.path / "index", key=self._key)
        return listed

    def _listed(self, sequence: int) -> Manifest:
        return Manifest(
            build=self._build,
            sequence=sequence,
            written_by=opening.WRITTEN_BY,
            shelves=self._shelves,
            files=manifest.hashes(self.path / "index"),
            model=self._stock.embedder.model if self._stock is not None else "",
        )

    def _in_use(self) -> list[Path]:
        try:
            return [opening.current(self._root, key=self._key).path]
        except NoIndex:
            return []


def _free_place(root: Path, build: str) -> Path:
    place = root / f"{versions.PUBLISHED}{build}"
    copy = 2
    while place.exists():
        place = root / f"{versions.PUBLISHED}{build}.{copy}"
        copy += 1
    return place
