"""What an editor should mend in the articles: file, line, what is wrong, and the remedy."""

import codecs
import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from answerloop import articles, crosslinks, git, moves, queries_yml, synonyms_toml, wording
from answerloop.articles import Article, Kind
from answerloop.catalog import Catalog
from answerloop.errors import ArticleError, ContentError, Finding, Level
from answerloop.queries_yml import Expectation
from answerloop.settings import Settings
from feedback.model import ArticleId
from search import analysis

_STEP = re.compile(r"^ {0,3}\d+[.)] ", re.MULTILINE)
_NEWLINE = re.compile(rb"\r\n?|\n")
_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?P<mark>---|\+\+\+)[ \t]*(?P<newline>\r\n?|\n)")


def check(catalog: Catalog, settings: Settings) -> tuple[Finding, ...]:
    """Everything found, errors of reading included, ordered by file and line."""
    findings = [*catalog.findings]
    for article in catalog.articles:
        findings.extend(_names(article, catalog, settings))
        findings.extend(_hashes(article, catalog))
        findings.extend(_form(article))
    findings.extend(crosslinks.check(catalog, settings.site.url))
    findings.extend(moves.check(catalog))
    findings.extend(_queries(catalog, settings))
    findings.extend(_synonyms(catalog, settings))
    findings.extend(_catalogues(settings))
    findings.extend(_unread_history(settings))
    return tuple(sorted(findings))


def lenient(findings: Iterable[Finding], catalog: Catalog) -> tuple[Finding, ...]:
    """The same where a build goes on: an error about what is published all the same warns."""
    return tuple(
        replace(found, level=Level.WARNING) if found.path in catalog.by_path else found
        for found in findings
    )


class Remarks:
    """What was found so far; where a build does not go on after an error, the first ends it."""

    def __init__(self, catalog: Catalog, *, keep_going: bool) -> None:
        self._catalog = catalog
        self._keep_going = keep_going
        self.all: list[Finding] = []

    def check(self, found: Iterable[Finding], *, level: Level | None = None) -> None:
        """Raises ContentError for errors. What is told all the same has a `level`, or its own."""
        found = tuple(found)
        errors = [finding for finding in found if finding.level is Level.ERROR]
        if errors and not self._keep_going:
            raise ContentError(errors)
        if level is None:
            self.all += lenient(found, self._catalog)
        else:
            self.all += [replace(finding, level=level) for finding in found]


def _names(article: Article, catalog: Catalog, settings: Settings) -> Iterator[Finding]:
    for related in article.related:
        if related not in catalog.by_id:
            yield _warning(article, "related", f"no article has the id `{related}`.", "Correct it.")
    if article.owner and settings.owners and article.owner not in settings.owners:
        known = ", ".join(settings.owners)
        yield _warning(
            article,
            "owner",
            f"`{article.owner}` is not in kb.toml.",
            f"Add `[owners.{article.owner}]` there, or use one of: {known}.",
        )
    if not article.has_own_id and not article.is_index:
        yield Finding(
            article.path,
            1,
            Level.WARNING,
            f"no `id`; it is `{article.id}` from the path, so renaming the file breaks "
            f"/a/{article.id} and starts its votes anew.",
            "`kb check --fix` writes it in.",
        )


def _hashes(article: Article, catalog: Catalog) -> Iterator[Finding]:
    if article.review and article.review.hash != article.revision:
        yield _warning(
            article,
            "review",
            f"was made for revision {article.review.hash}, the text is now {article.revision}.",
            "Review it again, with one line of evidence.",
        )
    origin = article.translated_from
    if origin is None:
        return
    source = catalog.by_id[article.id].get(origin.lang)
    if source is None:
        yield _warning(
            article, "translated_from", f"there is no `{origin.lang}` article of this id.", ""
        )
    elif source.revision != origin.hash:
        yield _warning(
            article,
            "translated_from",
            f"this translation is behind {source.path}, which is now {source.revision}.",
            "Bring it up to date and set the hash.",
        )


def _form(article: Article) -> Iterator[Finding]:
    if not article.body.strip() and not article.is_index:
        yield Finding(article.path, article.body_line, Level.WARNING, "the article is empty.", "")
    if article.kind is Kind.PROBLEM and len(re.findall(r"^## ", article.body, re.MULTILINE)) < 4:  # noqa: PLR2004  the four parts of KCS
        yield _warning(
            article,
            "kind",
            "a problem has four sections: issue, environment, cause, resolution.",
            "Add the missing `##` headings.",
        )
    if article.kind is Kind.PROCEDURE and not _STEP.search(article.body):
        yield _warning(article, "kind", "a procedure has numbered steps.", "Number them.")


def _queries(catalog: Catalog, settings: Settings) -> Iterator[Finding]:
    """What is wrong with the regression queries themselves; a build tells which are lost."""
    expectations, unreadable = queries_yml.read(settings.root / queries_yml.FILE_NAME)
    yield from unreadable
    for expected in expectations:
        message, remedy = _unfindable(expected, catalog)
        if message:
            path = PurePosixPath(queries_yml.FILE_NAME)
            yield Finding(path, expected.line, Level.ERROR, message, remedy)


def _unfindable(expected: Expectation, catalog: Catalog) -> tuple[str, str]:
    """Why no search can find what is expected, and the remedy; empty when it can be found."""
    name = expected.article
    langs = catalog.by_id.get(ArticleId(name), {})
    if not langs:
        near = difflib.get_close_matches(name, catalog.by_id, n=1)
        return f"no article has the id `{name}`.", f"Did you mean `{near[0]}`?" if near else ""
    if expected.lang and expected.lang not in langs:
        return (
            f"`{name}` has no article in `lang: {expected.lang}`.",
            f"It has one in {', '.join(sorted(langs))}.",
        )
    wanted = [langs[expected.lang]] if expected.lang else list(langs.values())
    if not any(each.is_published or each in catalog.internal for each in wanted):
        return f"`{name}` is {wanted[0].state}, so no search finds it.", "Remove this entry."
    return "", ""


def _synonyms(catalog: Catalog, settings: Settings) -> Iterator[Finding]:
    """What is wrong with the synonyms: one that no article has is fine, it may have one later."""
    path = settings.root / synonyms_toml.FILE_NAME
    entries, findings = synonyms_toml.read(path)
    yield from findings
    langs = sorted({article.lang for article in catalog.articles})
    for entry in entries:
        if langs and not any(entry.synonym.holds_in(analysis.base(lang)) for lang in langs):
            message = f"no article is in `lang = {entry.synonym.lang}`."
            remedy = f"Articles are in {', '.join(langs)}."
            name = PurePosixPath(path.name)
            yield Finding(name, entry.line, Level.WARNING, message, remedy)


def _catalogues(settings: Settings) -> Iterator[Finding]:
    """What of the repository's own words for pages cannot be used."""
    for file in sorted((settings.root / wording.FOLDER).glob("*.po")):
        path = PurePosixPath(file.relative_to(settings.root))
        for line, why in wording.faults(file):
            yield Finding(path, line, Level.WARNING, why, "Until it is mended, English is said.")


def _unread_history(settings: Settings) -> Iterator[Finding]:
    if reason := git.refusal(settings.content_dir):
        yield Finding(
            PurePosixPath(".git"),
            0,
            Level.WARNING,
            f"Git does not read this repository: {reason}. Dates and authors of articles are not "
            "known, and commits that name items are not followed.",
            "Install Git, let the user who runs `kb` own the folder, or name it in Git's "
            "`safe.directory`.",
        )


def _warning(article: Article, key: str, message: str, remedy: str) -> Finding:
    line = article.lines.get(key, 1)
    return Finding(article.path, line, Level.WARNING, f"`{key}`: {message}", remedy)


def write_ids(catalog: Catalog, content_dir: Path) -> tuple[PurePosixPath, ...]:
    """Write the derived id into each file that has none; return the files changed.

    Only the one line is added; everything else stays as it is, byte for byte. A file in which the
    line would change more than the id is left alone. Raises ContentError for a file that cannot
    be written.
    """
    changed = []
    for article in catalog.articles:
        if article.has_own_id or article.is_index or "id" in article.lines:
            continue
        file = content_dir / article.path
        try:
            source = file.read_bytes()
            written = _with_id(source, article)
            if _is_same_article(written, article, catalog):
                file.write_bytes(written)
                changed.append(article.path)
        except OSError as problem:
            reason = f"the id cannot be written: {problem.strerror}."
            raise ContentError(
                [Finding(article.path, 0, Level.ERROR, reason, "Check its rights.")]
            ) from None
    return tuple(changed)


def _with_id(source: bytes, article: Article) -> bytes:
    """The file with one line more, or with front matter of its own where it has none."""
    head = _HEAD.match(source) if article.body_line > 1 else None
    if head is None:
        mark = codecs.BOM_UTF8 if source.startswith(codecs.BOM_UTF8) else b""
        newline = found[0] if (found := _NEWLINE.search(source)) else b"\n"
        block = newline.join([b"---", f"id: {article.id}".encode(), b"---", b""])
        return mark + block + source[len(mark) :]
    line = f'id = "{article.id}"' if head["mark"] == b"+++" else f"id: {article.id}"
    return source[: head.end()] + line.encode() + head["newline"] + source[head.end() :]


def _is_same_article(source: bytes, article: Article, catalog: Catalog) -> bool:
    try:
        again, _ = articles.parse(source, article.path, catalog.languages)
    except ArticleError:
        return False
    return again.id == article.id and again.has_own_id and again.revision == article.revision
