"""From a gap to a change of files: a draft, words for an article that there is, a synonym."""

from pathlib import PurePosixPath

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from answerloop import drafts, edits, fields
from answerloop.desk import access, changes, explanations, naming
from answerloop.desk.changes import Proposal
from answerloop.desk.service import Service
from answerloop.desk.speech import say
from answerloop.desk.subjects import Subjects
from answerloop.edits import Edits
from answerloop.errors import PatchError
from answerloop.learned import Synonym
from feedback.gaps import rows
from feedback.gaps.rows import Gap
from feedback.model import Role

HIDDEN = "…"
"""Stands in a wording for words that fewer than three readers used."""
_CHANGE = '/gaps/<int:gap>/change/<any("draft", "asked-as", "synonym"):kind>'
_LONGEST = 200


def wordings(gap: Gap) -> list[str]:
    """What readers say in full, the name of the gap first."""
    said = [gap.face.label, *(variant.text for variant in gap.face.variants)]
    return [text for text in dict.fromkeys(said) if HIDDEN not in text]


def file_for(gap: Gap, subjects: Subjects) -> str:
    """A path for a new article: beside the nearest one, else beside any of its language."""
    nearest = subjects.by_id.get(gap.face.nearest or "", {}).get(gap.lang)
    there = (entry.path for entry in subjects.catalog.entries if entry.lang == gap.lang)
    beside = nearest.path if nearest else min(there, default="")
    name = fields.slug(gap.face.label.replace(HIDDEN, " ")) or f"gap-{gap.id}"
    return str(PurePosixPath(beside).parent / f"{name[:60].strip('-')}.md")


def install(routes: Blueprint, service: Service) -> None:
    @routes.get(_CHANGE, endpoint="gap-change")
    @access.needs(Role.EDITOR)
    def look(gap: int, kind: str) -> Response:
        return changes.show(service, _proposal(service, gap, kind))

    @routes.post(_CHANGE, endpoint="gap-commit")
    @access.needs(Role.EDITOR)
    def commit(gap: int, kind: str) -> Response:
        return changes.make(service, _proposal(service, gap, kind))


def _proposal(service: Service, number: int, kind: str) -> Proposal:
    with service.database.read() as db:
        gap = rows.find(db, number)
    label = gap.face.label
    titles = {
        "draft": (say("A draft for “%(label)s”", label=label), f"Draft an answer to “{label}”"),
        "asked-as": (say("Words for an article"), f"Let readers find it who ask “{label}”"),
        "synonym": (say("A synonym"), f"Add a synonym for what readers ask as “{label}”"),
    }
    title, message = titles[kind]
    back = url_for("desk.gap", gap=number)
    try:
        return Proposal(title, message, back, _edits(service, gap, kind))
    except PatchError as problem:
        return Proposal(title, message, back, problem=explanations.of(problem))


def _edits(service: Service, gap: Gap, kind: str) -> Edits:
    settings = service.settings
    if kind == "synonym":
        said, found = _typed("said"), _typed("found")
        made = edits.of_synonyms(settings, [Synonym(said, found, gap.lang, 0)])
        if not said or not found or not (made.changes or made.by_hand):
            raise PatchError(say("Both sides need a word, and the file must not have them yet."))
        return made
    known = wordings(gap)
    asked = [text for text in request.values.getlist("phrase") if text in known]
    if kind == "draft":
        path = PurePosixPath(_typed("path").removesuffix(".md") + ".md")
        return drafts.new(settings, path, _typed("title") or gap.face.label, asked)
    typed, subjects = _typed("article"), Subjects.now(service)
    name = naming.article(typed, gap.lang, subjects)
    entry = subjects.by_id.get(name or "", {}).get(gap.lang)
    if entry is None:
        raise PatchError(say("There is no article “%(name)s” in this language.", name=typed))
    return drafts.taught(settings, PurePosixPath(entry.path), asked, gap.lang)


def _typed(field: str) -> str:
    """One line of what was typed."""
    return " ".join(request.values.get(field, "").split())[:_LONGEST]
