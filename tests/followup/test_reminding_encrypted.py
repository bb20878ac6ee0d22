"""STARTTLS: a certificate that nobody vouches for is refused, and the password is not sent."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from flask import Flask

from tests.mail_servers import Post, mail_server
from tracker.web.mail import Letter, deliver

LETTER = Letter("Bo", "bo@staden.se", "Rubrik", "Text")


@pytest.fixture
def seen() -> list[Any]:
    """The passwords that the server was sent."""
    return []


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A self-made certificate for 127.0.0.1, with its key."""
    path = tmp_path / "both.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(path), "-out", str(tmp_path / "public.pem")]
    subprocess.run(command, check=True, capture_output=True)
    path.write_text(path.read_text() + (tmp_path / "public.pem").read_text())
    return path


@pytest.fixture
def secure(app: Flask, certificate: Path, seen: list[Any]) -> Iterator[Post]:
    def authenticate(*args: Any) -> AuthResult:
        seen.append(args[-1])
        return AuthResult(success=True)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    app.config |= {"MAIL_USE_TLS": True, "MAIL_USERNAME": "karta", "MAIL_PASSWORD": "hemligt"}
    with mail_server(
        app, tls_context=context, require_starttls=True, authenticator=authenticate, auth_required=True
    ) as handler:
        yield handler


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_an_unknown_certificate_gets_neither_letter_nor_password(app: Flask, secure: Post, seen: list[Any]) -> None:
    with app.app_context():
        [result] = deliver([LETTER])
    assert result.endswith("har inget certifikat som går att lita på.")
    assert (secure.letters, seen) == ([], [])


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_known_certificate_gets_both(
    app: Flask, secure: Post, seen: list[Any], certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_name("public.pem")))
    with app.app_context():
        assert deliver([LETTER, LETTER]) == ["", ""]
    assert (len(secure.letters), len(seen)) == (2, 1)
