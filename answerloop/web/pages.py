"""The built site over HTTP: files, permalinks, old addresses."""

import json
import re
from collections.abc import Iterable, Mapping
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
)
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.security import safe_join

from answerloop.errors import AnswerloopError
from answerloop.inspection.policy import STRICTEST, Policy
from answerloop.machines import embed, feed, opensearch
from answerloop.published import PublishedCatalog
from answerloop.web import asking, finding, outcomes, packing, problems
from answerloop.web.live import Version

if TYPE_CHECKING:
    from answerloop.web.service import Service

_FINGERPRINTED = re.compile(r"\.[0-9a-f]{8}\.")
_WAYS = frozenset({"reply"})
"""Each day keeps a sum for each of them: any other word would let anybody fill the disk."""
_MACHINE_FILES = {
    feed.FILE_NAME: "application/atom+xml",
    opensearch.FILE_NAME: "application/opensearchdescription+xml",
    "sitemap.xml": "application/xml",
    "llms.txt": "text/plain",
    "robots.txt": "text/plain",
}
_SUGGESTIONS = 8
_A_WHILE = "public, max-age=3600"
_LONGEST_ECHO = 200


def blueprint(service: "Service") -> Blueprint:
    """The routes of the public site. `/<path>` comes last: any other route goes before it."""
    routes = Blueprint("pages", __name__, template_folder="../templates")

    @routes.after_request
    def restrict(response: Response) -> Response:
        """What the pages of this version may load and run; their scripts are known to the build."""
        if response.mimetype == "text/html":
            policy = _policy(service)
            response.headers.setdefault("Content-Security-Policy", policy.header)
            if not policy.is_framed:  # else browsers without frame-ancestors frame our own pages
                response.headers["X-Frame-Options"] = "DENY"
        return response

    @routes.get("/")
    def entrance() -> Response:
        return _entrance(service.live.version())

    @routes.get("/a/<article>")
    @routes.get("/a/<article>/")
    def permalink(article: str) -> Response:
        return _permalink(service, article)

    @routes.get(opensearch.SUGGESTIONS)
    def suggestions() -> Response:
        return _suggestions(service)

    @routes.get("/<path:path>")
    def page(path: str) -> Response:
        version = service.live.version()
        lang = _shell_language(version.catalog, f"/{path}")
        answer = _filled(service, version, lang) if lang is not None else None
        return answer or _file(version, path)

    return routes


def _filled(service: "Service", version: Version, lang: str) -> Response | None:
    """The page that the service fills, with what its query asks for; None without any of that."""
    contact = service.settings.site.contact_url
    if "q" in request.args:
        return finding.page(service, version, lang)
    if "voted" in request.args:
        return outcomes.page(version, lang, contact, writes=service.seals is not None)
    if "asked" in request.args:
        return asking.page(version, lang, contact)
    if "ask" in request.args:
        return asking.form(version, lang, contact, service.clock())
    return None


def _policy(service: "Service") -> Policy:
    """That of the current version; the strictest for the page that says there is none."""
    try:
        return service.live.version().policy
    except AnswerloopError:
        return STRICTEST


def _entrance(version: Version) -> Response:
    """The home in the reader's language, where each language has a folder of its own."""
    homes = version.catalog.homes
    if "/" in homes.values() or not homes:
        return _sent("", version.site / "index.html")
    response = _redirect(homes[_best_language(homes, version.catalog)], 302)
    response.vary.add("Accept-Language")
    return response


def _permalink(service: "Service", article: str) -> Response:
    """Lead to the article in the reader's language, and count that the link was used.

    `?lang=` goes before what the browser asks for. A page at this address, of a folder called `a`,
    and the old address of one are answered as everywhere.
    """
    version = service.live.version()
    path = request.path.lstrip("/")
    if f"{request.path.rstrip('/')}/" in version.catalog.urls:
        return _file(version, path)
    translations = {
        lang: entry for lang, entry in version.catalog.by_id.get(article, {}).items() if entry.url
    }
    if not translations:
        if notices := version.catalog.gone.get(article):
            return _redirect(notices[_asked_language(notices, version.catalog)], 302)
        moved = version.catalog.redirects.get(request.path)
        return _moved(moved) if moved else _not_found(version)
    entry = translations[_asked_language(translations, version.catalog)]
    via = request.args.get("via", "")
    if request.method == "GET":  # a program that looks whether the link lives uses no article
        service.count_link(entry, via if via in _WAYS else "")
    response = _redirect(entry.url, 302)
    response.vary.add("Accept-Language")
    response.headers["Cache-Control"] = "no-store"
    return response


def _file(version: Version, path: str) -> Response:
    """A page or an asset of the site, or where it has moved to.

    An old address comes first: the site holds a page there for hosts without the service.
    """
    if moved := version.catalog.redirects.get(f"/{path}"):
        return _moved(moved)
    file = _inside(version.site, path)
    if file is not None and file.is_dir() and not path.endswith("/"):
        return _redirect(f"/{path}/", 308)
    if file is not None and file.is_dir():
        file = file / "index.html"
    elif path.endswith("/"):
        file = None
    if file is not None and file.is_file():
        if f"/{path}" in version.catalog.notices:
            return make_response(file.read_text(encoding="utf-8"), 410)
        return _sent(path, file)
    return _not_found(version)


def _moved(url: str) -> Response:
    """A permanent redirect that is asked for again now and then: an address may be given anew."""
    response = _redirect(url, 301)
    response.headers["Cache-Control"] = _A_WHILE
    return response


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
    """A file, kept for good by browsers if its address names its content, else asked for again."""
    response = packing.send(file, _media_type(file))
    if _FINGERPRINTED.search(path):
        response.headers["Cache-Control"] = packing.FOR_GOOD
    elif path == embed.FILE_NAME:
        response.headers["Cache-Control"] = _A_WHILE
    elif response.headers.get("Cache-Control") != packing.FOR_GOOD:
        response.headers["Cache-Control"] = "no-cache"
    return response


def _media_type(file: Path) -> str | None:
    """The type of what programs read, which a machine's own tables know by other names or not."""
    if file.suffix == ".md":
        return "text/markdown"
    return _MACHINE_FILES.get(file.name)


def _suggestions(service: "Service") -> Response:
    """Titles and learned phrases as a browser's search field reads them (OpenSearch)."""
    asked = request.args.get("q", "")
    found = service.reader.suggest(asked, lang=request.args.get("lang"), limit=_SUGGESTIONS)
    texts = list(dict.fromkeys(suggestion.text for suggestion in found))
    response = make_response(json.dumps([asked[:_LONGEST_ECHO], texts], ensure_ascii=False))
    response.content_type = "application/x-suggestions+json; charset=utf-8"
    response.headers["Cache-Control"] = "no-store"
    return response


def _not_found(version: Version) -> Response:
    """The site's own page for people; programs are answered by `problems`."""
    if problems.is_for_program(request):
        # This route answers every GET, so an address that takes only POST ends up here, too.
        others = current_app.url_map.bind("").allowed_methods(request.path)
        methods = sorted(set(others) - {"GET", "HEAD", "OPTIONS"})
        raise MethodNotAllowed(methods) if methods else NotFound
    version.look()  # pages that have gone from the disk are no reason to say they never were
    homes = [home for home in version.catalog.homes.values() if request.path.startswith(home)]
    nearest = max(homes, key=len, default="/").strip("/")  # the reader's language, by the address
    places = (version.site / nearest / "404.html", version.site / "404.html")
    file = next((place for place in places if place.is_file()), None)
    if file is None:
        raise NotFound
    return make_response(file.read_text(encoding="utf-8"), 404)


def _redirect(path: str, code: int) -> Response:
    """A redirect to an address of this site; the query stays."""
    query = request.query_string.decode("ascii", "replace")
    target = quote(path, safe="/%") + (f"?{query}" if query and code != 302 else "")  # noqa: PLR2004  Found
    return make_response(redirect(target, code))


def _best_language(choices: Mapping[str, object], catalog: PublishedCatalog) -> str:
    """The reader's language among `choices`, whatever its country, else the site's, else any."""
    for name, quality in request.accept_languages:
        if quality and (best := _named(name, choices)):
            return best
    return catalog.default_lang if catalog.default_lang in choices else min(choices)


def _asked_language(choices: Mapping[str, object], catalog: PublishedCatalog) -> str:
    """What `?lang=` names, if the article is there in it, else the best."""
    named = _named(request.args.get("lang", ""), choices)
    return named or _best_language(choices, catalog)


def _named(name: str, choices: Iterable[str]) -> str | None:
    """The choice that `name` means: `de-AT` is `de` where there is nothing nearer, and so on."""
    wanted = name.replace("_", "-").lower()
    by_name = {lang.lower(): lang for lang in sorted(choices, reverse=True)}
    by_base = {lang.partition("-")[0]: by_name[lang] for lang in by_name}
    return by_name.get(wanted) or by_base.get(wanted.partition("-")[0])


def _shell_language(catalog: PublishedCatalog, path: str) -> str | None:
    return next((lang for lang, url in catalog.shells.items() if url == path), None)
