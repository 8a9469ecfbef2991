"""What `kb learn` proposed: an editor accepts some of it, as a patch or a commit."""

from collections import defaultdict
from pathlib import PurePosixPath

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from answerloop import drafts, edits, languages, learned
from answerloop.desk import access, changes, explanations, gaps
from answerloop.desk.changes import Proposal
from answerloop.desk.service import Service
from answerloop.desk.speech import say
from answerloop.desk.subjects import Subjects
from answerloop.edits import Edits
from answerloop.errors import PatchError
from answerloop.learned import Learned, Phrase
from feedback.model import ArticleId, ArticleKey, Role

_MOST_UNDECIDED = 50


def install(routes: Blueprint, service: Service) -> None:
    @routes.get("/learn", endpoint="learn")
    @access.needs(Role.AGENT)
    def show() -> str:
        subjects = Subjects.now(service)
        found = _learned(service)
        return render_template(
            "desk/learn.html",
            learned=found,
            undecided=found.undecided[:_MOST_UNDECIDED],
            subject=lambda phrase: subjects.of(_key(phrase)),
            language=languages.display_name,
            done=_done(request.args.get("done", "")),
            now=service.clock(),
        )

    @routes.get("/learn/change", endpoint="learn-change")
    @access.needs(Role.EDITOR)
    def look() -> Response:
        return changes.show(service, _proposal(service))

    @routes.post("/learn/change", endpoint="learn-commit")
    @access.needs(Role.EDITOR)
    def commit() -> Response:
        return changes.make(service, _proposal(service))


def _learned(service: Service) -> Learned:
    return learned.read(service.settings.state_dir / learned.FILE_NAME)


def _done(name: str) -> str:
    return say(gaps.COMMITTED) if name == "committed" else ""


def _key(phrase: Phrase) -> ArticleKey:
    return ArticleKey(ArticleId(phrase.article), phrase.lang)


def _proposal(service: Service) -> Proposal:
    title, back = say("Accepted proposals"), url_for("desk.learn")
    message = "Let readers' own words find the articles"
    try:
        return Proposal(title, message, back, _edits(service))
    except PatchError as problem:
        return Proposal(title, message, back, problem=explanations.of(problem))


def _edits(service: Service) -> Edits:
    """The chosen proposals as changes; they are named by their place in the list of a day."""
    found, settings = _learned(service), service.settings
    if found.at is None or request.values.get("at") != found.at.isoformat():
        raise PatchError(say("Other proposals have come in the meantime. Choose anew."))
    chosen = set(request.values.getlist("phrase"))
    by_key: dict[ArticleKey, list[str]] = defaultdict(list)
    for number, phrase in enumerate(found.phrases):
        if str(number) in chosen:
            by_key[_key(phrase)].append(phrase.text)
    subjects = Subjects.now(service)
    made: list[Edits] = []
    for key, texts in sorted(by_key.items()):
        if path := subjects.of(key).path:
            made.append(drafts.taught(settings, PurePosixPath(path), texts, key.lang))
    wanted = set(request.values.getlist("synonym"))
    synonyms = [each for number, each in enumerate(found.synonyms) if str(number) in wanted]
    if synonyms:
        made.append(edits.of_synonyms(settings, synonyms))
    joined = Edits(
        tuple(change for each in made for change in each.changes),
        tuple(line for each in made for line in each.by_hand),
    )
    if not joined.changes and not joined.by_hand:
        raise PatchError(say("Choose at least one that the articles do not have yet."))
    return joined
