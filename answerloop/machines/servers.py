"""Old addresses as web servers read them: a redirect of their own for each, with no service."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from urllib.parse import quote, urlsplit


class Server(StrEnum):
    NGINX = "nginx"
    CADDY = "caddy"
    NETLIFY = "netlify"


def text(redirects: Mapping[str, str], server: Server, site_url: str) -> str:
    """The rules for one server. `redirects` go from old address to page, from the site's root.

    A site below a folder of its host (`https://example.com/help/`) has it before each address.
    """
    below = urlsplit(site_url).path.rstrip("/")
    rows = [
        (below + old, quote(below + page, safe="/%")) for old, page in sorted(redirects.items())
    ]
    said = {Server.NGINX: _nginx, Server.CADDY: _caddy, Server.NETLIFY: _netlify}[server](rows)
    return "\n".join(said) + "\n"


def _nginx(rows: list[tuple[str, str]]) -> Iterator[str]:
    """A map, looked up by hash however long it is. nginx compares with the decoded path."""
    yield "# In `http`; long addresses may need `map_hash_bucket_size 512;` there."
    yield "map $uri $kb_moved {"
    yield '    default "";'
    # nginx ignores case here, so of two spellings only one may stand.
    for old, page in {old.lower(): (old, page) for old, page in rows}.values():
        yield f"    {_quoted(old)} {_quoted(page)};"
    yield "}"
    yield "# In `server`:  if ($kb_moved) { return 301 $kb_moved; }"


def _caddy(rows: list[tuple[str, str]]) -> Iterator[str]:
    yield "# In the site's block. Only the path is compared; the query is left out."
    yield "map {http.request.uri.path} {kb_moved} {"
    for old, page in rows:
        said = old.replace('"', '\\"')
        yield f'\t"{said}" "{page}"'
    yield '\tdefault ""'
    yield "}"
    yield '@kb_moved not vars {kb_moved} ""'
    yield "redir @kb_moved {kb_moved} 301"


def _netlify(rows: list[tuple[str, str]]) -> Iterator[str]:
    """The file `_redirects`, which takes an address with its last slash and without it as one."""
    unique = {old.rstrip("/") or "/": page for old, page in rows}
    for old, page in unique.items():
        yield f"{quote(old, safe='/%')} {page} 301!"


def _quoted(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
