"""The OpenSearch description of a language: a browser may offer the site as a search engine."""

from answerloop.machines import markup
from answerloop.machines.public import Public
from answerloop.wording import wording

FILE_NAME = "opensearch.xml"
SUGGESTIONS = "/opensearch/suggestions"
"""Where the service answers what is typed in the form that browsers read."""
_LONGEST_NAME = 16
_LONGEST_DESCRIPTION = 1024


def address(public: Public, lang: str) -> str:
    """Where the description stands, from the root of the site."""
    return f"{public.catalog.home(lang).url}{FILE_NAME}"


def text(public: Public, lang: str) -> str:
    """The description; empty without a base, since it holds whole addresses."""
    if not (public.base and lang in public.shells):
        return ""
    results = f"{public.absolute(public.shells[lang])}?q={{searchTerms}}"
    suggested = f"{public.absolute(SUGGESTIONS)}?lang={lang}&q={{searchTerms}}"
    said = wording(lang)("Search this help")
    rows = [
        markup.element("ShortName", _short(public.name)),
        markup.element("Description", f"{said}: {public.name}"[:_LONGEST_DESCRIPTION]),
        markup.element("Url", type="text/html", method="get", template=results),
        markup.element(
            "Url", type="application/x-suggestions+json", method="get", template=suggested
        ),
        markup.element("Language", lang),
        markup.element("InputEncoding", "UTF-8"),
        markup.element("OutputEncoding", "UTF-8"),
    ]
    schema = "http://a9.com/-/spec/opensearch/1.1/"
    return f"{markup.HEAD}{markup.around('OpenSearchDescription', rows, xmlns=schema)}\n"


def _short(name: str) -> str:
    """As much of the name as the format allows, cut between words where it can be."""
    if len(name) <= _LONGEST_NAME:
        return name
    whole, _, _ = name[: _LONGEST_NAME + 1].rpartition(" ")
    return (whole or name[:_LONGEST_NAME]).rstrip(" &,:-")
