"""Nobody's question and nobody's file makes the server ask an address that they name."""

from __future__ import annotations

import ast
import io
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from flask.testing import FlaskClient

from tests.apps import MakeApp
from tracker.accounts.roles import Role
from tracker.web.background_settings import backgrounds

ROOT = Path(__file__).resolve().parents[2]
OPENING = frozenset(
    {"requests", "urllib3", "httpx", "aiohttp", "socket", "ssl", "ftplib", "smtplib", "telnetlib", "http.client",
     "urllib.request", "xmlrpc.client", "authlib"}
)  # fmt: skip
MAY = {
    "tracker/web/mail.py": "letters, to MAIL_SERVER",
    "tracker/accounts/sso_client.py": "the city's sign-in, at the hosts of the settings",
}
"""Modules that open connections, and to whom: to addresses of the settings, never of a question."""


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


def test_only_named_modules_open_connections() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "tracker").rglob("*.py")
        if any(name == one or name.startswith(f"{one}.") for name in imported(path) for one in OPENING)
    }
    # The sandbox speaks with processes of its own over a pair of sockets; the server reads the name of its own.
    own = ("tracker/accounts/sso_", "tracker/sandbox/", "tracker/cli/running.py")
    assert found <= {one for one in found if one in MAY or one.startswith(own)}


@pytest.fixture
def listener() -> Iterator[tuple[int, list[Any]]]:
    """A port of this machine, and who has called it."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.05)
    callers: list[Any] = []
    done = threading.Event()

    def listen() -> None:
        while not done.is_set():
            try:
                connection, caller = server.accept()
            except TimeoutError:
                continue
            callers.append(caller)
            connection.close()

    thread = threading.Thread(target=listen)
    thread.start()
    yield server.getsockname()[1], callers
    done.set()
    thread.join()
    server.close()


def test_the_listener_would_hear(listener: tuple[int, list[Any]]) -> None:
    port, callers = listener
    socket.create_connection(("127.0.0.1", port)).close()
    for _attempt in range(100):
        if callers:
            break
        threading.Event().wait(0.02)
    assert callers


def files(address: str) -> Iterator[tuple[str, bytes]]:
    """Files that ask their reader to fetch something."""
    schema = f'xmlns="http://x" xsi:schemaLocation="http://x {address}/a.xsd" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    yield (
        "a.gml",
        (
            f'<?xml version="1.0"?><FeatureCollection {schema} xmlns:gml="http://www.opengis.net/gml">'
            f'<gml:featureMember xlink:href="{address}/b.gml" xmlns:xlink="http://www.w3.org/1999/xlink"/></FeatureCollection>'
        ).encode(),
    )
    yield (
        "a.kml",
        (
            f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><NetworkLink><Link><href>{address}/a.kml</href></Link>'
            "</NetworkLink></Document></kml>"
        ).encode(),
    )
    yield "b.gml", f'<!DOCTYPE a [<!ENTITY e SYSTEM "{address}/e">]><a>&e;</a>'.encode()
    source = f"<SrcDataSource>/vsicurl/{address}/a.geojson</SrcDataSource>"
    vrt = f'<OGRVRTDataSource><OGRVRTLayer name="a">{source}</OGRVRTLayer></OGRVRTDataSource>'
    for name in ("a.vrt", "a.geojson", "a.gml", "a.gpkg", "a.csv"):
        yield name, vrt.encode()
    linked = f'"links": [{{"rel": "next", "href": "{address}/n"}}]'
    yield "a.json", f'{{"type": "FeatureCollection", {linked}, "features": []}}'.encode()
    yield "a.geojson", f"{address}/a.geojson".encode()
    yield f"/vsicurl/{address}/a.geojson", b'{"type": "FeatureCollection", "features": []}'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.vrt", vrt)
        archive.writestr("a.shp", vrt)
    yield "a.zip", packed.getvalue()


def test_no_file_makes_its_reader_ask(sign_in: Callable[[Role], FlaskClient], listener: tuple[int, list[Any]]) -> None:
    port, callers = listener
    browser = sign_in(Role.MANAGER)
    for name, content in files(f"http://127.0.0.1:{port}"):
        for target in ("/import", "/projekt/form-ur-fil"):
            answer = browser.post(target, data={"file": (io.BytesIO(content), name)}, follow_redirects=True)
            assert answer.status_code < 500, (name, target)
    assert callers == []


def test_a_printed_map_with_a_background_asks_nobody(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"MAP_BACKGROUND_URL": "http://127.0.0.1:1/{z}/{x}/{y}.png", "MAP_BACKGROUND_ATTRIBUTION": "Prov"}
    client = make_app(MAP_BACKGROUNDS=backgrounds(said)).test_client()

    def refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
        raise AssertionError("the server opens a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    for form in ("pdf", "png"):
        answer = client.get(f"/karta/utskrift/fil?form={form}&format={form}")
        assert answer.status_code == 200
    assert client.get("/karta/utskrift").status_code == 200


@pytest.mark.parametrize("name", ["background", "bakgrund", "url", "wms", "tiles", "src", "server", "host"])
def test_no_parameter_is_an_address(client: FlaskClient, listener: tuple[int, list[Any]], name: str) -> None:
    port, callers = listener
    for page in ("/karta", "/karta/utskrift", "/karta/utskrift/fil", "/karta/inbaddad", "/karta/data", "/ogc", "/data"):
        client.get(page, query_string={name: f"http://127.0.0.1:{port}/a"}).close()
    assert callers == []
