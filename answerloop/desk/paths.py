"""Paths of the desk that a request names."""

from urllib.parse import unquote, urlsplit

START = "/desk/"


def own(path: str) -> str:
    """`path` if it leads to a page of the desk, else the desk's first page.

    A browser reads `//host`, the same with a backslash or a tab in it, as another site, and so
    might whatever decodes the path once more: only a path that stays here either way passes.
    """
    decoded = unquote(path.partition("?")[0])
    return path if _stays(path) and _stays(decoded) else START


def _stays(path: str) -> bool:
    if not path.startswith(START) or "\\" in path or "//" in path.partition("?")[0]:
        return False
    if not path.isprintable() or " " in path:
        return False
    parts = urlsplit(path)
    return not parts.scheme and not parts.netloc and ".." not in parts.path.split("/")
