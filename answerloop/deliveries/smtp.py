"""Letters to a mail server: plain text, in one place, by the standard library.

What a mail server answers often repeats the address, so nothing of it but its codes is passed on.
"""

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from answerloop.deliveries.errors import DeliveryError, GiveUp, NoSuchAddress, TryLater
from answerloop.outward import MailSettings

_PERMANENT = 500
_ENHANCED = re.compile(rb"^([245]\.\d{1,3}\.\d{1,3})\b")
_NO_SUCH_ADDRESS = "5.1."
_LONGEST_LINE = 150
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one address. `id` is the same at each attempt to send it."""

    id: str
    to: str
    subject: str
    text: str
    lang: str
    written: datetime


class Post:
    """A mail server that takes our letters; each goes over a connection of its own.

    `name` stands before the sender's address. `trust` decides whose certificates are believed.
    """

    def __init__(
        self, settings: MailSettings, name: str, trust: ssl.SSLContext | None = None
    ) -> None:
        self._settings = settings
        self._name = _line(name)
        self._trust = trust

    def send(self, letter: Letter) -> None:
        """Hand a letter over. Raises NoSuchAddress, TryLater or GiveUp, none of which names it."""
        message = self._message(letter)
        try:
            with self._connected() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as problem:
            code, said = next(iter(problem.recipients.values()))
            raise _refused("The address was refused", code, said) from None
        except smtplib.SMTPAuthenticationError as problem:
            # Whoever runs the service can mend it, and the letter then goes out.
            raise TryLater(
                f"{self._place}: user or password were refused{_codes(problem)}"
            ) from None
        except smtplib.SMTPSenderRefused as problem:
            raise TryLater(f"{self._place}: mail.sender was refused{_codes(problem)}") from None
        except smtplib.SMTPResponseException as problem:
            code, reply = problem.smtp_code, problem.smtp_error
            raise _refused("The letter was refused", code, reply) from None
        except smtplib.SMTPNotSupportedError:
            raise TryLater(
                f"{self._place}: the mail server cannot do what mail.tls or mail.user ask for."
            ) from None
        except ssl.SSLError as problem:
            why = getattr(problem, "verify_message", "") or problem.reason or "no encryption"
            raise TryLater(f"{self._place}: not safely reached: {why}.") from None
        except (smtplib.SMTPException, OSError) as problem:
            why = getattr(problem, "strerror", None) or type(problem).__name__
            raise TryLater(f"{self._place}: the mail server is not reached: {why}.") from None

    @property
    def _place(self) -> str:
        return f"{self._settings.host}:{self._settings.port}"

    def _connected(self) -> smtplib.SMTP:
        """A connection that is encrypted and signed in, as far as the settings ask for it."""
        settings = self._settings
        trust = self._trust or ssl.create_default_context()
        place = (settings.host, settings.port)
        if settings.tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=settings.timeout, context=trust)
        else:
            server = smtplib.SMTP(*place, timeout=settings.timeout)
        try:
            if settings.tls == "starttls":
                server.starttls(context=trust)
            if settings.user:
                server.login(settings.user, settings.password)
        except BaseException:
            with suppress(OSError):
                server.close()
            raise
        return server

    def _message(self, letter: Letter) -> EmailMessage:
        sender = Address(self._name, addr_spec=self._settings.sender)
        message = EmailMessage(policy=SMTP)
        message["Subject"] = _line(letter.subject)
        message["From"] = sender
        message["To"] = Address(addr_spec=letter.to)
        message["Date"] = letter.written
        message["Message-ID"] = f"<{letter.id}@{sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text, charset="utf-8", cte="quoted-printable")
        message["Content-Language"] = _line(letter.lang)
        return message


def _line(text: str) -> str:
    """In one short line: what ends a line would begin another header.

    Python's `email` decodes what looks like an encoded word in a value that it is given, line ends
    included, and writes them out (3.11); so nothing may look like one.
    """
    line = " ".join(_UNPRINTABLE.sub(" ", text).split()).replace("=?", "= ?")
    return line if len(line) <= _LONGEST_LINE else line[: _LONGEST_LINE - 1] + "…"


def _refused(what: str, code: int, said: bytes | str) -> DeliveryError:
    enhanced = _ENHANCED.match(said if isinstance(said, bytes) else said.encode())
    detailed = enhanced[1].decode("ascii") if enhanced else ""
    words = f"{what} ({code} {detailed}".rstrip() + ")."
    if code < _PERMANENT:
        return TryLater(words)
    return NoSuchAddress(words) if detailed.startswith(_NO_SUCH_ADDRESS) else GiveUp(words)


def _codes(problem: smtplib.SMTPResponseException) -> str:
    return f" ({problem.smtp_code})."
