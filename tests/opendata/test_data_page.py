"""The page about open data: every example is run as it stands against a live server, and answers as the page says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from tests.reports.closed import close
from tests.reports.register import add, make_board
from tracker.accounts.roles import Role
from tracker.history.services import Actor

SignIn = Callable[[Role], FlaskClient]
EXAMPLE = re.compile(r'<code id="kod-([\w-]+)" data-language="(\w+)">(.*?)</code>', re.S)
ADDRESS = re.compile(r'https?://[^"\s]+')


@pytest.fixture
def server(app: Flask, session: Session, actor: Actor) -> Iterator[str]:
    """A live server over a closed period with two public projects."""
    close(session, make_board(session, actor), actor)
    session.close()
    running = make_server("127.0.0.1", 0, app, threaded=True)
    running.daemon_threads = False  # type: ignore[attr-defined]
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{running.server_port}"
    app.config["PUBLIC_URL"] = address
    yield address
    running.shutdown()
    thread.join()
    running.server_close()


def examples(client: FlaskClient) -> dict[str, tuple[str, str]]:
    """Key → language and code."""
    found = EXAMPLE.findall(client.get("/data").text)
    return {key: (language, unescape(code)) for key, language, code in found}


def run(words: list[str], folder: Path) -> str:
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "no_proxy": "*", "LANG": "C.UTF-8"}
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, (words, done.stderr)
    return done.stdout


def test_every_example_answers_as_the_page_says(server: str, client: FlaskClient, tmp_path: Path) -> None:
    told, found = {}, examples(client)
    assert len(found) >= 10
    for key, (language, code) in found.items():
        assert ADDRESS.search(code), key
        assert all(address.startswith(server) for address in ADDRESS.findall(code)), key
        if language == "bash" and shutil.which(code.split()[0]):
            told[key] = run(["/bin/bash", "-c", code], tmp_path)
        elif language == "python":
            told[key] = run([sys.executable, "-W", "error", "-c", code], tmp_path)
        else:
            for address in ADDRESS.findall(code):
                assert client.get(address.removeprefix(server)).status_code == 200, address
    assert len((tmp_path / "projekt.csv").read_text("utf-8-sig").splitlines()) == 3
    assert len(json.loads((tmp_path / "bostad.geojson").read_text("utf-8"))["features"]) == 2
    assert told["python"] == "2 projekt\n"
    assert "2005-T1  G1a" in told["pandas"]
    assert told["feed"].startswith("<?xml")
    assert json.loads(told["identifier"])["properties"]["code"] in ("A-OPEN", "B-HIDDEN")
    if "ogr2ogr" in told:
        summary = run(["ogrinfo", "-so", "projekt.gpkg", "projects"], tmp_path)
        # The place of B-HIDDEN is not told.
        assert "Feature Count: 1" in summary


def test_every_link_of_the_page_answers(session: Session, actor: Actor, client: FlaskClient) -> None:
    add(session, actor, "A-1")
    session.commit()
    text = client.get("/data").text
    links = {unescape(one) for one in re.findall(r'(?:href|src)="([^"#]+)"', text)}
    inner = {one.removeprefix("http://localhost") for one in links if one.startswith(("/", "http://localhost"))}
    assert len(inner) >= 35
    for address in inner:
        assert client.get(address).status_code in (200, 302, 303, 307), address
    assert {"/data/dcat.rdf", "/data/bidrag.csv", "/data/handelser.atom", "/data/oc4ids.json"} <= inner
    assert set(re.findall(r'href="#([\w-]+)"', text)) <= set(re.findall(r'id="([\w-]+)"', text))


def test_the_page_tells_counts_sizes_and_times_of_what_anybody_gets(
    session: Session, actor: Actor, client: FlaskClient, sign_in: SignIn
) -> None:
    make_board(session, actor)
    session.commit()
    text = unescape(client.get("/data").text)
    assert "2 projekt · uppdateras löpande · senast ändrad 2005-05-02 10.30" in text
    assert "11 områden" in text
    assert "0 stängda perioder" in text
    assert re.search(r"GeoJSON</a> <span class=\"muted small\">\d+(,\d)?\u00a0(byte|kB)</span>", text)
    inside = unescape(sign_in(Role.CONTROLLER).get("/data").text)
    assert "2 projekt · uppdateras löpande" in inside


def test_what_the_publisher_lacks_is_told_to_administrators_alone(
    app: Flask, client: FlaskClient, sign_in: SignIn
) -> None:
    assert "PUBLISHER_NAME" not in client.get("/data").text
    assert "PUBLISHER_NAME" not in sign_in(Role.CONTROLLER).get("/data").text
    admin = sign_in(Role.ADMIN).get("/data").text
    assert all(name in admin for name in ("PUBLISHER_NAME", "PUBLISHER_URI", "CONTACT_NAME", "CONTACT_EMAIL"))
    app.config |= {
        "PUBLISHER_NAME": "Staden", "PUBLISHER_URI": "https://stad.se", "CONTACT_NAME": "Kontoret",
        "CONTACT_EMAIL": "data@stad.se",
    }  # fmt: skip
    whole = sign_in(Role.ADMIN).get("/data").text
    assert "PUBLISHER_NAME" not in whole
    assert 'href="mailto:data@stad.se"' in whole


def test_every_page_links_to_the_data_and_names_the_feed(client: FlaskClient) -> None:
    for address in ("/", "/projekt", "/karta", "/data"):
        text = client.get(address).text
        assert 'type="application/atom+xml"' in text, address
        assert 'href="/data"' in text, address
