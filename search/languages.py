"""The languages whose stems and stop words are known, by their ISO 639 code."""

import threading
from collections.abc import Callable
from functools import lru_cache

import Stemmer
import whoosh
from whoosh.lang.stopwords import stoplists

from search import analysis

WHOOSH: str = whoosh.versionstring()
"""The release of the engine, which writes its index in its own way."""

# Norwegian has one name in Snowball and Whoosh, its writers name two written standards.
_SNOWBALL = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "st": "sesotho",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
_STOP_LISTS = {"nb": "no", "nn": "no"}


@lru_cache(maxsize=64)
def language(base: str) -> analysis.Language:
    """How a language reduces words; without stems and stop words where none are known."""
    name = _SNOWBALL.get(base)
    stop_words = stoplists.get(_STOP_LISTS.get(base, base), ())
    return analysis.Language(_stemmer(name) if name else None, stop_words)


def _stemmer(name: str) -> Callable[[str], str]:
    # A stemmer keeps the word in itself while it works, so one thread at a time.
    stemmer, lock = Stemmer.Stemmer(name, 0), threading.Lock()

    def stem(word: str) -> str:
        with lock:
            stemmed: str = stemmer.stemWord(word)
            return stemmed

    return stem
