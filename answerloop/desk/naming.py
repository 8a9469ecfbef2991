"""What a person means who names an article or a gap in a field, and what the field suggests.

A list of all of them would be longer than the page that it stands on.
"""

from collections.abc import Mapping

from answerloop.desk.service import Service
from answerloop.desk.subjects import Subject, Subjects
from answerloop.errors import AnswerloopError
from feedback.gaps.rows import Gap
from feedback.model import ArticleId, ArticleKey
from search.errors import SearchError

SUGGESTED = 10
MOST_ALIKE = 25


def suggested(service: Service, gap: Gap, subjects: Subjects) -> list[Subject]:
    """The public articles that a gap's words find, the nearest first."""
    names = [gap.face.nearest] if gap.face.nearest else []
    try:
        found = service.staff_reader.search(gap.face.label, lang=gap.lang, limit=SUGGESTED)
    except (AnswerloopError, SearchError):  # no index; what is typed is understood all the same
        found = None
    if found is not None:
        names += [ArticleId(hit.id) for hit in found.hits]
        names += [ArticleId(topic.id) for topic in found.nearest]
    keys = dict.fromkeys(ArticleKey(name, gap.lang) for name in names)
    return [about for about in map(subjects.of, keys) if about.page_url][:SUGGESTED]


def article(typed: str, lang: str, subjects: Subjects) -> ArticleId | None:
    """The article of this id, else of this whole title; None where none or several have it.

    Among those of one title the article in this language is meant.
    """
    name = " ".join(typed.split())
    if name in subjects.by_id:
        return ArticleId(name)
    titled = subjects.catalog.by_title.get(name.casefold(), ())
    meant = {entry.id for entry in titled if entry.lang == lang} or {one.id for one in titled}
    return meant.pop() if len(meant) == 1 else None


def alike(label: str, labels: Mapping[int, str]) -> dict[int, str]:
    """The gaps whose names share most words with a name; others of most weight fill up."""
    words = set(label.casefold().split())

    def shared(number: int) -> int:
        return -len(words & set(labels[number].casefold().split()))

    return {number: labels[number] for number in sorted(labels, key=shared)[:MOST_ALIKE]}


def gap(typed: str, labels: Mapping[int, str]) -> int | None:
    """The gap of this name, else of this number; None where there is none."""
    name = " ".join(typed.split())
    meant = _called(name.casefold(), labels)
    if meant is not None:
        return meant
    number = int(name) if name.isascii() and name.isdigit() else 0
    return number if number in labels else None


def _called(name: str, labels: Mapping[int, str]) -> int | None:
    return next((number for number, label in labels.items() if label.casefold() == name), None)
