"""Links to an address that an article once had lead to where it is now."""

import re

from answerloop.catalog import Catalog

_HREF = re.compile(r'(?P<head><a\b[^>]*?\bhref=")(?P<url>/[^"#?]*)(?P<rest>[^"]*")')


class Addresses:
    """All that articles have, and those they had."""

    def __init__(self, catalog: Catalog) -> None:
        self._found = {**catalog.redirects, **catalog.by_url}

    def followed(self, html: str, to_root: str) -> str:
        """The HTML of a page with links to where articles are; `to_root` leads from it there."""

        def resolve(match: re.Match[str]) -> str:
            url = match["url"]
            article = next((self._found[at] for at in (url, f"{url}/") if at in self._found), None)
            return f"{match['head']}{to_root}{article.url}{match['rest']}" if article else match[0]

        return _HREF.sub(resolve, html)
