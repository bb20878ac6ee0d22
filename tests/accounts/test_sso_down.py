"""The provider is not there: when the application starts, when somebody signs in, and when it comes back."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

from tests.accounts.sso_running import come_back, make_sso_app, running_provider, settings_for, way_there, who
from tests.apps import close_app
from tests.conftest import PASSWORD


@pytest.fixture
def port() -> int:
    """One that nobody listens to."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        found: int = one.getsockname()[1]
    return found


@pytest.fixture
def app(database_url: str, tmp_path: Path, compiled_templates: FileSystemBytecodeCache, port: int) -> Iterator[Flask]:
    made = make_sso_app(database_url, tmp_path, compiled_templates, settings_for(f"http://127.0.0.1:{port}"))
    yield made
    close_app(made)


def test_the_application_starts_and_passwords_open_it(client: FlaskClient) -> None:
    assert client.get("/").status_code == 200
    client.post("/logga-in", data={"email": "manager@prov.se", "password": PASSWORD})
    assert who(client) == "Projektledare Prov"


def test_whoever_presses_the_button_is_told_and_led_on(client: FlaskClient) -> None:
    answer = client.get("/logga-in/sso?next=/projekt")
    assert answer.status_code == 503
    assert "Stadens inloggning svarar inte" in answer.text
    assert "Försök igen" in answer.text
    assert "/logga-in?next=/projekt" in answer.text
    assert client.get("/logga-in/sso/utloggad").status_code == 200
    assert client.get("/logga-in/sso/lamna").status_code == 503


def test_it_works_when_it_comes_and_says_so_when_it_goes_in_between(client: FlaskClient, port: int) -> None:
    assert client.get("/logga-in/sso").status_code == 503
    with running_provider(port=port) as provider:
        provider.knows("s-1", email="s1@staden.example", name="Kajsa Ek", groups=["pk-alla"])
        back = provider.consent(way_there(client), "s-1")
    answer = come_back(client, back)
    assert (answer.status_code, who(client)) == (503, "")
    with running_provider(port=port) as provider:
        provider.knows("s-1", email="s1@staden.example", name="Kajsa Ek", groups=["pk-alla"])
        answer = come_back(client, provider.consent(way_there(client), "s-1"))
    assert (answer.status_code, who(client)) == (302, "Kajsa Ek")


def test_where_it_is_not_set_there_is_nothing_of_it(app: Flask, client: FlaskClient) -> None:
    app.config["OIDC"] = None
    for address in (
        "/logga-in/sso",
        "/logga-in/sso/svar?code=a&state=b",
        "/logga-in/sso/utloggad",
        "/logga-in/sso/lamna",
    ):
        assert client.get(address).status_code == 404
    assert "stadens konto" not in client.get("/logga-in").text
