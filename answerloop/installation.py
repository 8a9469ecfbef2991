"""What `var/` holds between two builds: the keys of this installation and the current version.

Needs no site builder, so that a search or the service start without one.
"""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path

import answerloop
from answerloop import embedding, files, published, wording
from answerloop.errors import BuildError
from answerloop.published import PublishedCatalog
from answerloop.settings import Settings
from search import errors as search_errors
from search import opening
from search.versions import Version

PUBLIC, INTERNAL = "public", "internal"
_KEY_BYTES = 32


def current_version(settings: Settings) -> Version | None:
    """The version that is served now, None when there is no valid one."""
    try:
        return opening.current(settings.builds_dir, key=secret(settings))
    except search_errors.NoIndex:
        return None


def current_catalog(settings: Settings) -> PublishedCatalog | None:
    """What the version that is served now tells; None where there is none that can be read."""
    version = current_version(settings)
    try:
        return published.read(version.path) if version else None
    except BuildError:
        return None


@contextmanager
def building(settings: Settings, wait: Callable[[str], None]) -> Iterator[None]:
    """Be the only build of this `var/` until the block ends: what is read then is published last.

    While another one works, `wait` is told its process once. The lock is the system's own, so it
    is gone with its process however that ends.
    """
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    handle = os.open(settings.state_dir / "building", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            wait(os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "unknown")
            fcntl.flock(handle, fcntl.LOCK_EX)
        with suppress(OSError):  # a full disk keeps nobody from building
            os.truncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def is_stale(settings: Settings) -> bool:
    """Whether the articles or the settings have changed since the current version was built.

    A version that has lost its pages is stale, too.
    """
    version = current_version(settings)
    if version is None or not (version.path / "site").is_dir():
        return True
    try:
        return published.read(version.path).fingerprint != fingerprint(settings)
    except BuildError:
        return True


def fingerprint(settings: Settings) -> str:
    """Names everything a build depends on: content, settings, this release and its model.

    Raises SettingsError when the settings ask for a model that is not installed.
    """
    digest = hashlib.sha256(answerloop.__version__.encode())
    own = Path(str(resources.files("answerloop")))
    roots = [settings.content_dir, settings.root / wording.FOLDER]
    roots += [own / name for name in ("theme", "translations", "site", "machines")]
    own_files = ("mkdocs.yml", "kb.toml", "queries.yml", "synonyms.toml")
    named = [(name, settings.root / name) for name in own_files]
    for root in roots:
        named.extend((str(file.relative_to(root)), file) for file in files.walk(root))
    for name, file in named:
        if "__pycache__" in file.parts:
            continue
        try:
            # A named pipe would be waited for without end.
            source = file.read_bytes() if file.is_file() else b""
        except OSError:
            source = b""  # what cannot be read is no part of a build
        digest.update(f"\0{name}\0{len(source)}\0".encode("utf-8", "surrogateescape"))
        digest.update(source)
    digest.update(settings.site.url.encode())
    digest.update(b"mail" if settings.mail.host else b"")  # pages offer to write
    digest.update((embedding.model(settings.search.semantic) or "").encode())
    return digest.hexdigest()[:24]


def secret(settings: Settings) -> bytes:
    """The key of this installation, made at first use; it signs the index.

    Raises BuildError when `var/` cannot be written.
    """
    return _key(settings.state_dir / "secret", "Delete it and run `kb build`; no vote is lost.")


def contacts_key(settings: Settings) -> bytes:
    """The key that seals readers' addresses, made at first use; it is in no copy of the database.

    Raises BuildError when `var/` cannot be written.
    """
    return _key(
        settings.state_dir / "contacts.key",
        "Put the old one back. Without it delete the file: those who wait for a letter get none.",
    )


def _key(file: Path, remedy: str) -> bytes:
    try:
        if not file.exists():
            _make_key(file)
        key = file.read_bytes()
    except OSError as problem:
        raise BuildError(
            f"{file}: {problem.strerror}. {file.parent} must be a folder that the user who "
            "runs `kb` may read and write, with room left."
        ) from None
    if len(key) < _KEY_BYTES:  # anybody could sign with an empty key
        raise BuildError(f"{file}: damaged. {remedy}")
    return key


def _make_key(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    made = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        made.touch(mode=0o600)
        made.write_bytes(secrets.token_bytes(_KEY_BYTES))
        with suppress(FileExistsError):  # atomic, and the first of two processes wins
            os.link(made, file)
    finally:
        made.unlink(missing_ok=True)


def link_site(settings: Settings, version: Version) -> None:
    """Let `site/` name the published site, for web servers and uploads."""
    name = settings.root / "site"
    if name.exists() and not name.is_symlink():
        return  # a folder made by somebody else
    beside = settings.root / f".site-{os.getpid()}"
    try:
        beside.symlink_to(
            os.path.relpath(version.path / "site", settings.root), target_is_directory=True
        )
        beside.replace(name)
    except OSError:
        beside.unlink(missing_ok=True)  # no symbolic links here: the service does not need it
