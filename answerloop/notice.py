"""The privacy notice for readers: a frame that the operator adapts, true of these settings."""

from importlib import resources

from answerloop.settings import Settings
from feedback import backups

_FALLBACK = "en"


def text(settings: Settings, lang: str) -> str:
    """The frame in this language, in English where there is none.

    `@id@` and `@title@` are left to the caller. A line that begins with `@device@`, `@log@` or
    `@no-log@` stays where that holds.
    """
    folder = resources.files("answerloop") / "starter" / "privacy"
    short = lang.casefold().replace("_", "-").partition("-")[0]
    frame = folder / f"{short}.md"
    if not short.isalpha() or not frame.is_file():
        frame = folder / f"{_FALLBACK}.md"
    holds = {
        "@device@ ": settings.feedback.device_id,
        "@log@ ": settings.server.access_log,
        "@no-log@ ": not settings.server.access_log,
    }
    written = frame.read_text(encoding="utf-8")
    for mark, is_so in holds.items():
        lines = written.splitlines(keepends=True)
        kept = (line for line in lines if is_so or not line.startswith(mark))
        written = "".join(line.removeprefix(mark) for line in kept)
    written = written.replace("@remarks_months@", str(settings.privacy.remarks_months))
    written = written.replace("@searches_days@", str(settings.privacy.searches_days))
    written = written.replace("@backup_days@", str(backups.LONGEST.days))
    return written.replace("\n\n\n", "\n\n")
