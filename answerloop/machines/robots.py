"""robots.txt: what programs need not ask for, and where the sitemap is."""

from urllib.parse import urlsplit

from answerloop.machines import sitemap
from answerloop.machines.public import Public

FILE_NAME = "robots.txt"
_NOT_FOR_PROGRAMS = ("/api/", "/desk/", "/f/")


def text(public: Public) -> str:
    below = urlsplit(public.base).path.rstrip("/")
    rows = ["User-agent: *", *(f"Disallow: {below}{path}" for path in _NOT_FOR_PROGRAMS)]
    if public.base:
        rows += ["", f"Sitemap: {public.absolute(sitemap.FILE_NAME)}"]
    return "\n".join(rows) + "\n"
