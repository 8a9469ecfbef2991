"""The built site over HTTP: files, permalinks, old addresses."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    request,
    send_file,
)
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.security import safe_join

from answerloop.published import PublishedCatalog
from answerloop.web import asking, finding, outcomes, problems
from answerloop.web.live import Version

if TYPE_CHECKING:
    from answerloop.web.service import Service

_FINGERPRINTED = re.compile(r"\.[0-9a-f]{8}\.")
_WAYS = frozenset({"reply"})
"""Each day keeps a sum for each of them: any other word would let anybody fill the disk."""


def blueprint(service: "Service") -> Blueprint:
    """The routes of the public site. `/<path>` comes last: any other route goes before it."""
    routes = Blueprint("pages", __name__, template_folder="../templates")

    @routes.get("/")
    def entrance() -> Response:
        return _entrance(service.live.version())

    @routes.get("/a/<article>")
    def permalink(article: str) -> Response:
        return _permalink(service, article)

    @routes.get("/<path:path>")
    def page(path: str) -> Response:
        version = service.live.version()
        lang = _shell_language(version.catalog, f"/{path}")
        if lang is not None and "q" in request.args:
            return finding.page(service, version, lang)
        if lang is not None and "voted" in request.args:
            return outcomes.page(
                version,
                lang,
                service.settings.site.contact_url,
                writes=service.seals is not None,
            )
        if lang is not None and "asked" in request.args:
            return asking.page(version, lang, service.settings.site.contact_url)
        return _file(version, path)

    return routes


def _entrance(version: Version) -> Response:
    """The home in the reader's language, where each language has a folder of its own."""
    homes = version.catalog.homes
    if "/" in homes.values() or not homes:
        return _sent("", version.site / "index.html")
    response = _redirect(homes[_best_language(homes, version.catalog)], 302)
    response.vary.add("Accept-Language")
    return response


def _permalink(service: "Service", article: str) -> Response:
    """Lead to the article in the reader's language, and count that the link was used."""
    version = service.live.version()
    translations = {
        lang: entry for lang, entry in version.catalog.by_id.get(article, {}).items() if entry.url
    }
    if not translations:
        return _not_found(version)
    entry = translations[_best_language(translations, version.catalog)]
    via = request.args.get("via", "")
    service.count_link(entry, via if via in _WAYS else "")
    response = _redirect(entry.url, 302)
    response.vary.add("Accept-Language")
    response.headers["Cache-Control"] = "no-store"
    return response


def _file(version: Version, path: str) -> Response:
    """A page or an asset of the site, else where it has moved to."""
    file = _inside(version.site, path)
    if file is not None and file.is_dir() and not path.endswith("/"):
        return _redirect(f"/{path}/", 308)
    if file is not None and file.is_dir():
        file = file / "index.html"
    elif path.endswith("/"):
        file = None
    if file is not None and file.is_file():
        return _sent(path, file)
    moved = version.catalog.redirects.get(f"/{path}")
    return _redirect(moved, 301) if moved else _not_found(version)


def _inside(site: Path, path: str) -> Path | None:
    """What the site has at `path`; None when there is nothing or the path leads out of it."""
    joined = safe_join(str(site), path.rstrip("/"))
    if joined is None or "\0" in path:
        return None
    file = Path(joined)
    try:
        file.stat()
    except OSError:  # not there, or a name longer than any file's
        return None
    return file if file.resolve().is_relative_to(site.resolve()) else None


def _sent(path: str, file: Path) -> Response:
    response = send_file(file, conditional=True, etag=True)
    if _FINGERPRINTED.search(path):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
    return response


def _not_found(version: Version) -> Response:
    """The site's own page for people; programs are answered by `problems`."""
    if problems.is_for_program(request):
        # This route answers every GET, so an address that takes only POST ends up here, too.
        others = current_app.url_map.bind("").allowed_methods(request.path)
        methods = sorted(set(others) - {"GET", "HEAD", "OPTIONS"})
        raise MethodNotAllowed(methods) if methods else NotFound
    version.look()  # pages that have gone from the disk are no reason to say they never were
    file = version.site / "404.html"
    if not file.is_file():
        raise NotFound
    return make_response(file.read_text(encoding="utf-8"), 404)


def _redirect(path: str, code: int) -> Response:
    """A redirect to an address of this site; the query stays."""
    query = request.query_string.decode("ascii", "replace")
    target = quote(path, safe="/%") + (f"?{query}" if query and code != 302 else "")  # noqa: PLR2004  Found
    return make_response(redirect(target, code))


def _best_language(choices: Mapping[str, object], catalog: PublishedCatalog) -> str:
    """The reader's language among `choices`, else the site's, else any."""
    best = request.accept_languages.best_match(choices)
    if best is not None:
        return best
    return catalog.default_lang if catalog.default_lang in choices else min(choices)


def _shell_language(catalog: PublishedCatalog, path: str) -> str | None:
    return next((lang for lang, url in catalog.shells.items() if url == path), None)
