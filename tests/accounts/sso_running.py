"""A real OpenID provider in a process of its own, and an application that knows it.

The package is never imported here: it would bring warnings, and what is tried is what goes over the wire.
"""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from tests.apps import close_app, make_settings
from tests.conftest import Browser
from tracker.accounts.roles import Role
from tracker.accounts.sso_settings import SsoSettings
from tracker.app import create_app

PROGRAM = Path(sys.executable).with_name("oidc-provider-mock")
CLIENT_ID, CLIENT_SECRET = "portfoljkartan", "hemligheten mellan oss"
GROUPS = {
    Role.ADMIN: frozenset({"pk-admin"}),
    Role.CONTROLLER: frozenset({"pk-controller", "CN=Ekonomi,OU=Grupper,DC=stad"}),
    Role.MANAGER: frozenset({"pk-projektledare"}),
    Role.READER: frozenset({"pk-alla"}),
}
SECONDS = 20
"""An upper bound for a program that answers at once; nothing depends on how fast it does."""


@dataclass(frozen=True, slots=True)
class RunningProvider:
    """Where it answers."""

    issuer: str

    def knows(self, subject: str, **claims: Any) -> None:
        """Let it know a person by these claims from now on."""
        asked = requests.put(f"{self.issuer}/users/{subject}", json=claims, timeout=SECONDS)
        assert asked.status_code == 204

    def consent(self, way: str, subject: str | None) -> str:
        """On its page be somebody, or nobody (Deny); the address that it leads back to."""
        form = {"action": "deny"} if subject is None else {"sub": subject}
        answer = requests.post(way, data=form, allow_redirects=False, timeout=SECONDS)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]


@contextmanager
def running_provider(*arguments: str, port: int = 0) -> Iterator[RunningProvider]:
    """Start one on a free port; it must be given a nonce."""
    if not PROGRAM.exists():
        pytest.fail("oidc-provider-mock saknas (requirements-dev.lock)")
    words = [str(PROGRAM), "-p", str(port), "-n", "true", *arguments]
    with subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        assert process.stderr is not None
        found = next(
            filter(None, (re.search(r"running on http://[\d.]+:(\d+)", line) for line in process.stderr)), None
        )
        assert found, "the provider did not start"
        reader = threading.Thread(target=process.stderr.read)
        reader.start()
        try:
            yield RunningProvider(f"http://127.0.0.1:{found[1]}")
        finally:
            process.terminate()
            process.wait(SECONDS)
            reader.join()


@pytest.fixture(scope="session")
def oidc_provider() -> Iterator[RunningProvider]:
    """One for the whole run: every test knows people of its own."""
    with running_provider() as provider:
        yield provider


def settings_for(issuer: str, **changes: Any) -> SsoSettings:
    """What an installation would say of it."""
    made = SsoSettings(
        issuer=issuer,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        role_groups=GROUPS,
        hosts=frozenset({urlsplit(issuer).netloc}),
    )
    return replace(made, **changes)


def make_sso_app(url: str, state: Path, templates: FileSystemBytecodeCache, settings: SsoSettings) -> Flask:
    """An application that knows a provider."""
    app = create_app(make_settings(url, state, OIDC=settings))
    app.jinja_env.bytecode_cache = templates
    app.test_client_class = Browser
    return app


@pytest.fixture
def app(
    database_url: str, tmp_path: Path, compiled_templates: FileSystemBytecodeCache, oidc_provider: RunningProvider
) -> Iterator[Flask]:
    """In the place of the plain application, for tests that import it."""
    made = make_sso_app(database_url, tmp_path, compiled_templates, settings_for(oidc_provider.issuer))
    yield made
    close_app(made)


def way_there(client: FlaskClient, next_address: str = "/projekt") -> str:
    """Press the button."""
    answer = client.get("/logga-in/sso", query_string={"next": next_address})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def come_back(client: FlaskClient, address: str) -> TestResponse:
    """Follow the provider's redirect to us."""
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


def sign_in_over(
    provider: RunningProvider, client: FlaskClient, subject: str | None, next_address: str = "/projekt"
) -> TestResponse:
    """The whole way: our button, the provider's page, and back."""
    return come_back(client, provider.consent(way_there(client, next_address), subject))


def asked_of(address: str) -> dict[str, str]:
    """The query of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def who(client: FlaskClient) -> str:
    """Whose name stands in the menu; empty for nobody."""
    found = re.search(r'data-bs-toggle="dropdown" aria-expanded="false">([^<]*)</button>', client.get("/mal").text)
    return found[1] if found else ""
