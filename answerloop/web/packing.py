"""Answers in fewer bytes: public text goes out packed with gzip, to whom takes it.

A file is packed once and kept in memory, with a mark of its content that is the same for each
build and each replica that holds it. What belongs to one reader or to staff is never packed:
beside words that a stranger may choose, its length would tell of its secrets (BREACH).
"""

import gzip
import hashlib
import mimetypes
from collections import OrderedDict
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import Lock

from flask import Flask, Request, Response, current_app, request, send_file

FOR_GOOD = "public, max-age=31536000, immutable"
"""For an address that names its content: other content has another address."""

ROOM = 16 * 1024 * 1024
"""Bytes of packed files that are kept, the latest asked for."""

MARK_LENGTH = 8
"""So many digits of the content's SHA-256 may stand in an address, as `?v=` (`site.theming`)."""

_LARGEST = 2 * 1024 * 1024
"""A larger file is sent from the disk as it is."""

_SMALLEST = 1000
"""Fewer bytes fit into one packet in any case."""

_SHELF = "answerloop.shelf"
_OVERHEAD = 300
_QUICK = 4
"""zlib's level for what is packed once and sent once."""

_TEXT = frozenset(
    {
        "application/javascript",
        "application/json",
        "application/ld+json",
        "application/manifest+json",
        "application/opensearchdescription+xml",
        "application/atom+xml",
        "application/problem+json",
        "application/rss+xml",
        "application/xml",
        "image/svg+xml",
    }
)
_PRIVATE = ("/desk", "/f/")


@dataclass(frozen=True, slots=True)
class Packed:
    """A file as it was when it was packed; `body` is None where gzip gains nothing."""

    seen: tuple[int, int]
    mark: str  # SHA-256 of the content
    body: bytes | None

    @property
    def etag(self) -> str:
        return self.mark[:20]

    @property
    def weight(self) -> int:
        return _OVERHEAD + len(self.body or b"")


class Shelf:
    """Files of the site, packed once; of `weight` bytes in all. Safe among threads."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._kept: OrderedDict[Path, Packed] = OrderedDict()
        self.weight = 0
        self._lock = Lock()

    def send(self, file: Path, mimetype: str | None = None) -> Response:
        """The file as the request wants it: packed or not, in part, or "not modified"."""
        kind = mimetype or mimetypes.guess_type(file.name)[0]
        packed = self._of(file, kind)
        if packed is None:
            return send_file(file, mimetype=mimetype, conditional=True, etag=True)
        if packed.body is None or not takes_gzip(request) or "Range" in request.headers:
            response = send_file(file, mimetype=mimetype, conditional=True, etag=packed.etag)
        else:
            response = send_file(
                BytesIO(packed.body),
                mimetype=kind,
                etag=f"{packed.etag}-gz",  # other bytes, another mark
                conditional=True,
            )
            response.headers["Content-Encoding"] = "gzip"
        if packed.body is not None:
            response.vary.add("Accept-Encoding")
        if request.args.get("v") == packed.mark[:MARK_LENGTH]:
            response.headers["Cache-Control"] = FOR_GOOD
        return response

    def _of(self, file: Path, kind: str | None) -> Packed | None:
        status = file.stat()
        if status.st_size > _LARGEST:
            return None
        seen = status.st_mtime_ns, status.st_size
        with self._lock:
            packed = self._kept.get(file)
            if packed is not None and packed.seen == seen:
                self._kept.move_to_end(file)
                return packed
        packed = _pack(file, kind, seen)
        with self._lock:
            self._keep(file, packed)
        return packed

    def _keep(self, file: Path, packed: Packed) -> None:
        known = self._kept.pop(file, None)
        self.weight += packed.weight - (known.weight if known else 0)
        self._kept[file] = packed
        while self.weight > self._room:
            _, oldest = self._kept.popitem(last=False)
            self.weight -= oldest.weight


def takes_gzip(request_: Request) -> bool:
    return bool(request_.accept_encodings["gzip"])


def send(file: Path, mimetype: str | None = None) -> Response:
    """A file of the site, from the shelf of this application; without a type, its name's."""
    shelf: Shelf = current_app.extensions[_SHELF]
    return shelf.send(file, mimetype)


def install(app: Flask) -> None:
    """Give the application a shelf, and pack what it makes itself: results, answers, problems."""
    app.extensions[_SHELF] = Shelf()

    @app.after_request
    def pack(response: Response) -> Response:
        if not _may_be_packed(response):
            return response
        response.vary.add("Accept-Encoding")
        if not takes_gzip(request) or request.method == "HEAD":
            return response
        body = gzip.compress(response.get_data(), _QUICK, mtime=0)
        response.set_data(body)
        response.headers["Content-Encoding"] = "gzip"
        etag, is_weak = response.get_etag()
        if etag and not is_weak:
            response.set_etag(etag, weak=True)
        return response


def _may_be_packed(response: Response) -> bool:
    """Public text of some length, of which nobody has said how it goes out."""
    return (
        not response.direct_passthrough
        and not response.is_streamed
        and _is_text(response.mimetype)
        and "Content-Encoding" not in response.headers
        and len(response.get_data()) >= _SMALLEST
        and not request.path.startswith(_PRIVATE)
        and not {"Cookie", "Authorization"} & set(request.headers.keys())
    )


def _is_text(mimetype: str | None) -> bool:
    return mimetype is not None and (mimetype.startswith("text/") or mimetype in _TEXT)


def _pack(file: Path, kind: str | None, seen: tuple[int, int]) -> Packed:
    content = file.read_bytes()
    is_plain = mimetypes.guess_type(file.name)[1] is None
    body = None
    if is_plain and _is_text(kind) and len(content) >= _SMALLEST:
        body = gzip.compress(content, 9, mtime=0)
    is_smaller = body is not None and len(body) < len(content)
    return Packed(seen, hashlib.sha256(content).hexdigest(), body if is_smaller else None)
