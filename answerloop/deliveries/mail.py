"""Delivers letters to readers: the address is unsealed here, for as long as that takes."""

import logging
from collections.abc import Callable

from answerloop import installation, published
from answerloop.deliveries import letters, smtp
from answerloop.deliveries.errors import GiveUp, NoSuchAddress
from answerloop.deliveries.letters import About
from answerloop.deliveries.smtp import Post
from answerloop.settings import Settings
from feedback import contacts, standing
from feedback.contacts import Letter
from feedback.errors import SealBroken
from feedback.flags import Store
from feedback.model import ArticleKey, Purpose
from feedback.outbox import Message
from feedback.sealing import Seals

_LINKS = {Letter.CONFIRM: Purpose.CONFIRM, Letter.CHANGED: Purpose.ANSWER}

logger = logging.getLogger(__name__)


def handler(
    settings: Settings, store: Store, post: Post, seals: Seals
) -> Callable[[Message], None]:
    """Sends the letter that a message names; what was withdrawn in the meantime is not sent."""

    def deliver(message: Message) -> None:
        word, _, name = message.payload.partition(" ")
        letter = Letter(word)
        with store.read() as db:
            contact = contacts.find(db, name)
            edit = standing.edited(db, contact.place, contact.made) if contact else None
        if contact is None:
            return
        about = _about(settings, contact.place.key)
        link = f"{settings.site.url.rstrip('/')}/f/{seals.link(_LINKS[letter], contact.id)}"
        if letter is Letter.CONFIRM:
            words = letters.confirm(about, link)
        else:
            words = letters.changed(about, (edit or message.written).date(), link)
        try:
            post.send(
                smtp.Letter(
                    id=f"{letter}.{contact.id}",
                    to=seals.open(contact.sealed, contact.id),
                    subject=words.subject,
                    text=words.text,
                    lang=about.lang,
                    written=message.written,
                )
            )
        except SealBroken as problem:
            raise GiveUp(str(problem)) from None
        except NoSuchAddress as problem:
            logger.info("A reader's address is deleted. %s", problem)
        else:
            if letter is Letter.CONFIRM:
                return
        store.apply(lambda db: contacts.drop(db, contact.place))

    return deliver


def _about(settings: Settings, key: ArticleKey) -> About:
    """The article as it is served now; one that is not, under its permalink."""
    site = settings.site.url.rstrip("/")
    version = installation.current_version(settings)
    entry = None
    if version is not None:
        entry = published.read(version.path).by_id.get(key.article, {}).get(key.lang)
    if entry is None or not entry.url:
        return About(settings.site_name, key.lang, key.article, f"{site}/a/{key.article}")
    return About(settings.site_name, key.lang, entry.title, f"{site}{entry.url}")
