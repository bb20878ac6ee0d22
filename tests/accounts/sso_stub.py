"""A provider that does as a test says, also what no honest one would: wrong tokens, redirects, endless answers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.accounts.sso_running import CLIENT_ID, CLIENT_SECRET

KEY = RSAKey.generate_key(2048, {"kid": "den-riktiga", "use": "sig"}, private=True)
FOREIGN_KEY = RSAKey.generate_key(2048, {"kid": "den-riktiga", "use": "sig"}, private=True)


@dataclass
class Stub:
    """What it answers. `claims` and `header` are laid over an honest token's; None takes one away."""

    issuer: str = ""
    document: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: KEY)
    token: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    """Path → status, headers and body, instead of the honest answer."""
    drips: set[str] = field(default_factory=set)
    """Paths that are answered a byte at a time, without end."""
    asked: list[str] = field(default_factory=list)
    nonce: str = ""
    challenge: str = ""
    refused: list[str] = field(default_factory=list)
    """What was wrong with our own questions."""

    def expect(self, asked: dict[str, str]) -> None:
        """The sign-in that the next token is for, by the query of the address that we sent the browser to."""
        self.nonce, self.challenge = asked["nonce"], asked["code_challenge"]

    def metadata(self) -> dict[str, Any]:
        honest = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }
        return honest | self.document

    def id_token(self) -> str:
        now = int(time.time())
        honest = {
            "iss": self.issuer, "aud": CLIENT_ID, "sub": "s-stub", "iat": now, "exp": now + 300, "nonce": self.nonce,
            "email": "stub@staden.example", "name": "Stub Ek", "groups": ["pk-alla"],
        }  # fmt: skip
        claims = {name: value for name, value in (honest | self.claims).items() if value is not None}
        header = {"alg": "RS256", "kid": "den-riktiga"} | self.header
        if header["alg"] == "RS256":
            return jwt.encode(header, claims, self.key)
        # By hand: an honest library does not sign like that.
        parts = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims))
        made = hmac.digest(self.key, parts, "sha256") if header["alg"] == "HS256" else b""
        return b".".join([parts, base64.urlsafe_b64encode(made).rstrip(b"=")]).decode()

    def tokens(self, form: dict[str, str], authorization: str) -> dict[str, Any]:
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != self.challenge:
            self.refused.append("code_verifier")
        known = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode("latin1")).decode()
        if authorization != f"Basic {known}":
            self.refused.append("client")
        honest = {"access_token": "en-nyckel", "token_type": "Bearer", "expires_in": 300, "id_token": self.id_token()}
        return {name: value for name, value in (honest | self.token).items() if value is not None}


def public_secret() -> bytes:
    """The public key as if it were a shared secret: a library that lets the token choose takes it."""
    return bytes(KEY.as_pem(private=False))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"
    stub: Stub

    def do_GET(self) -> None:
        stub = self.stub
        honest: dict[str, Any] = {
            "/.well-known/openid-configuration": stub.metadata(),
            "/keys": {"keys": [KEY.as_dict(private=False)]},
            "/userinfo": {"sub": "s-stub"} | stub.userinfo,
        }
        self._answer(honest.get(self.path, {}))

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        form = {name: values[0] for name, values in parse_qs(sent).items()}
        self._answer(self.stub.tokens(form, self.headers.get("Authorization", "")))

    def _answer(self, content: dict[str, Any]) -> None:
        self.stub.asked.append(self.path)
        status, headers, body = self.stub.answers.get(self.path, (200, {}, json.dumps(content).encode()))
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json"} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        if self.path in self.stub.drips:
            self._drip()
        else:
            self.wfile.write(body)

    def _drip(self) -> None:
        pause = threading.Event()
        try:
            while not pause.wait(0.02):
                self.wfile.write(b" ")
        except OSError:
            return

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Nothing: the test's own output is enough."""


@contextmanager
def running_stub() -> Iterator[Stub]:
    """Start one on a free port."""
    stub = Stub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"stub": stub}))
    server.daemon_threads = False
    stub.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
