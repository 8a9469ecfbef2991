"""Delivers the weekly letter to an owner; it is written as things stand when it leaves."""

from collections.abc import Callable

from answerloop.deliveries import smtp
from answerloop.deliveries.errors import GiveUp
from answerloop.deliveries.smtp import Post
from answerloop.desk import digest, speech
from answerloop.desk.digest import Letterhead
from answerloop.published import PublishedCatalog
from answerloop.settings import Settings
from feedback import addresses, digests
from feedback.errors import AddressMalformed
from feedback.flags import Store
from feedback.model import ArticleKey
from feedback.outbox import Message


def handler(
    settings: Settings, store: Store, post: Post, catalog: Callable[[], PublishedCatalog]
) -> Callable[[Message], None]:
    """Sends the letter that a message names; none where there is nothing to say."""

    def deliver(message: Message) -> None:
        owner = settings.owners.get(message.payload)
        if owner is None or not owner.mail:
            return
        try:
            address = addresses.parse(owner.mail)
        except AddressMalformed:
            raise GiveUp(f"owners.{message.payload}.mail: that is no mail address.") from None
        with store.read() as db:
            found = digests.read(
                db,
                message.payload,
                message.written,
                reviews_per_week=settings.feedback.reviews_per_week,
                false_flags=settings.feedback.false_flags_per_month,
            )
        if found.is_empty:
            return
        lang = settings.mail.digest_language
        words = digest.compose(found, _head(settings, catalog(), lang))
        post.send(
            smtp.Letter(
                id=message.id,
                to=address,
                subject=words.subject,
                text=words.text,
                lang=lang,
                written=message.written,
            )
        )

    return deliver


def _head(settings: Settings, catalog: PublishedCatalog, lang: str) -> Letterhead:
    def title(key: ArticleKey) -> str:
        entry = catalog.by_id.get(key.article, {}).get(key.lang)
        return entry.title if entry else key.article

    return Letterhead(
        site=settings.site_name,
        desk=f"{settings.site.url.rstrip('/')}/desk",
        title=title,
        say=speech.voice(lang),
        lang=lang,
    )
