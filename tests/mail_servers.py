"""Mail servers of the tests: real ones on this machine, that keep what they get."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from threading import Condition
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from flask import Flask

from tracker.accounts.posting import wait_for_post
from tracker.extensions import mail

SECONDS = 60


class Post:
    """A mail server that keeps what it gets, and refuses the addresses it is told to."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.refused: set[str] = set()
        self.greeted = 0
        self._sessions: set[object] = set()
        self._changed = Condition()

    def note(self, session: object, *, connected: bool) -> None:
        """A connection began, or went on encrypted, or ended."""
        with self._changed:
            (self._sessions.add if connected else self._sessions.discard)(session)
            self._changed.notify_all()

    def wait_until_alone(self) -> None:
        """Until nobody is connected any more."""
        with self._changed:
            assert self._changed.wait_for(lambda: not self._sessions, SECONDS)

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, name: str, answers: list[str]) -> list[str]:
        self.greeted += 1
        session.host_name = name
        return answers

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address in self.refused:
            return "550 5.1.1 Mailbox unavailable"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        self.recipients.append(envelope.rcpt_tos)
        return "250 OK"


class _Session(SMTP):
    """Tells its handler of each connection, from its beginning to its end."""

    event_handler: Post

    def connection_made(self, transport: Any) -> None:
        self.event_handler.note(self, connected=True)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.event_handler.note(self, connected=False)


class _Server(Controller):
    def factory(self) -> SMTP:
        return _Session(self.handler, **self.SMTP_kwargs)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def use_server(app: Flask, port: int) -> None:
    app.config |= {
        "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": port, "MAIL_DEFAULT_SENDER": "Portföljkartan <karta@staden.example>",
        "PUBLIC_URL": "https://portfolj.staden.example/karta",
    }  # fmt: skip
    mail.init_app(app)


@contextmanager
def mail_server(app: Flask, **settings: Any) -> Iterator[Post]:
    """A server that the application knows; at the end every connection is closed before it stops."""
    post = Post()
    controller = _Server(post, hostname="127.0.0.1", port=free_port(), **settings)
    controller.start()
    use_server(app, controller.port)
    try:
        yield post
    finally:
        wait_for_post(app)
        post.wait_until_alone()
        controller.stop()
