"""Letters by e-mail: handed to the mail server one by one, each with its own result; nothing here raises for a server.

Source of the settings: README (MAIL_SERVER, MAIL_PORT …). Sending holds no database transaction open.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.utils import formataddr
from typing import Any

from flask import current_app
from flask_mailman import EmailMessage
from flask_mailman.backends.smtp import EmailBackend as SmtpBackend
from flask_mailman.utils import punycode

from tracker.extensions import mail
from tracker.messages import message
from tracker.text import clean

REASON_LENGTH = 300
"""What is kept of a server's answer."""
OK = 250
_AUTOMATIC = {"Auto-Submitted": "auto-generated", "Content-Language": "sv"}


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one person, in plain text."""

    name: str
    address: str
    subject: str
    text: str
    reply_to: str = ""


class EmailBackend(SmtpBackend):  # type: ignore[misc]
    """SMTP where STARTTLS checks the server's certificate; the library's own would take any."""

    use_tls: bool
    username: str | None

    def open(self) -> bool | None:
        if self.connection or not self.use_tls:
            opened: bool | None = super().open()
            return opened
        self.use_tls = False
        username, self.username = self.username, None
        try:
            super().open()
            self.connection.starttls(context=ssl.create_default_context())
            if username and self.password:
                self.connection.login(username, self.password)
        except Exception:
            self.close()
            raise
        finally:
            self.use_tls, self.username = True, username
        return True


def has_server() -> bool:
    """Whether a mail server is set; without one letters are shown to be copied."""
    return bool(current_app.config["MAIL_SERVER"])


def deliver(letters: Sequence[Letter]) -> list[str]:
    """Hand the letters to the mail server; for each "" when it took it, else the reason in Swedish.

    A letter that is refused does not stop the others; when the server cannot be reached the rest is not tried.
    """
    connection, results = mail.get_connection(), list[str]()
    for letter in letters:
        if (down := _reach(connection)) is not None:
            results += [down] * (len(letters) - len(results))
            break
        results.append(_hand_over(connection, letter))
    _leave(connection)
    return results


def rehearse(letter: Letter) -> None:
    """All the work of a letter but handing it over: time must not tell which of two was sent."""
    connection = mail.get_connection()
    if _reach(connection) is None:
        with suppress(ValueError, MessageError, OSError, smtplib.SMTPException):
            _composed(letter, connection).message().as_bytes()
            connection.connection.ehlo_or_helo_if_needed()
    _leave(connection)


def _reach(connection: Any) -> str | None:
    """Open the connection, or once more when the server has closed it; the reason why that is not possible."""
    try:
        if connection.connection is not None and connection.connection.noop()[0] == OK:
            return None
    except (smtplib.SMTPException, OSError):
        pass
    _leave(connection)
    try:
        connection.open()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        _leave(connection)
        return _told(error)
    return None


def _hand_over(connection: Any, letter: Letter) -> str:
    if not letter.address.rpartition("@")[0].isascii():
        # The library would write such a name as a header word, which is another address.
        return message("Adressen har tecken före @ som e-post inte säkert når fram med (å, ä, ö …).")
    try:
        _composed(letter, connection).send()
    except (smtplib.SMTPException, OSError, ValueError, MessageError) as error:
        return _told(error)
    return ""


def _composed(letter: Letter, connection: Any) -> EmailMessage:
    user, _at, domain = letter.address.rpartition("@")
    return EmailMessage(
        " ".join(clean(letter.subject).split()),
        letter.text,
        to=[formataddr((" ".join(clean(letter.name).split()), f"{user}@{punycode(domain)}"))],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers=_AUTOMATIC,
        connection=connection,
    )


def _leave(connection: Any) -> None:
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        connection.connection = None


def _told(error: Exception) -> str:
    """An error of the mail server as a Swedish sentence for whoever sends."""
    server = f"{current_app.config['MAIL_SERVER']}:{current_app.config['MAIL_PORT']}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = _answer(*next(iter(error.recipients.values())))
        text = message("E-postservern tar inte emot adressen: %(said)s", said=said)
    elif isinstance(error, smtplib.SMTPSenderRefused):
        said = _answer(error.smtp_code, error.smtp_error)
        text = message("E-postservern godtar inte avsändaren (MAIL_DEFAULT_SENDER): %(said)s", said=said)
    elif isinstance(error, smtplib.SMTPAuthenticationError):
        text = message("E-postservern godtar inte inloggningen (MAIL_USERNAME, MAIL_PASSWORD).")
    elif isinstance(error, smtplib.SMTPNotSupportedError):
        text = message(
            "E-postservern %(server)s kan inte det som inställningarna begär (MAIL_USE_TLS eller inloggning).",
            server=server,
        )
    elif isinstance(error, smtplib.SMTPResponseException):
        said = _answer(error.smtp_code, error.smtp_error)
        text = message("E-postservern avvisade brevet: %(said)s", said=said)
    elif isinstance(error, ssl.SSLError):
        text = message("E-postservern %(server)s har inget certifikat som går att lita på.", server=server)
    elif isinstance(error, (OSError, smtplib.SMTPException)):
        text = message("E-postservern %(server)s svarar inte.", server=server)
    else:
        text = message("Adressen går inte att använda.")
    return text if len(text) <= REASON_LENGTH else text[:REASON_LENGTH]


def _answer(code: int, answer: bytes | str) -> str:
    said = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {' '.join(clean(said).split())}"
