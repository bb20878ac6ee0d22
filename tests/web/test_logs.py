"""The log: what stands in a line, and above all what never does."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from tests.accounts.bearing import bearing
from tests.apps import MakeApp, make_settings
from tracker.accounts.models import User
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.extensions import db
from tracker.web.logs import JsonLines, TextLines, log_settings, network_of
from tracker.web.logs_scrubbing import GONE, Scrubber, secrets_of

Events = Callable[[], list[dict[str, Any]]]
MARK = "hemligtmärke"


@pytest.fixture(autouse=True)
def sent_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a server does, the client reads the whole answer and closes it: only then has a question been answered."""
    plainly: Any = FlaskClient.open
    monkeypatch.setattr(FlaskClient, "open", lambda *given, **named: plainly(*given, **({"buffered": True} | named)))


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What our loggers write, as an installation's stderr would have it, everything from DEBUG on."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines(Scrubber({"en hemlighet"})))
    root, ours = logging.getLogger(), logging.getLogger("tracker")
    kept = ours.level
    root.addHandler(handler)
    ours.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    ours.setLevel(kept)


@pytest.fixture
def events(written: io.StringIO) -> Events:
    """The lines so far as objects."""
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


def asked(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in found if one["logger"] == "tracker.requests"]


def test_a_question_is_one_line_with_its_number(client: FlaskClient, events: Events) -> None:
    answer = client.get("/projekt?q=kajen")
    (line,) = asked(events())
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert line["level"] == "INFO"
    assert (line["method"], line["rule"], line["status"]) == ("GET", "/projekt", 200)
    assert line["bytes"] == len(answer.data)
    assert line["ms"] > 0
    assert line["statements"] > 0
    assert 0 < line["db_ms"] <= line["ms"]
    assert line["net"] == "127.0.0.0/24"
    assert line["time"].endswith("Z")
    assert "user" not in line
    assert list(line)[:4] == ["time", "level", "logger", "message"]


def test_who_asked_is_a_number(
    app: Flask, sign_in: Callable[[Role], FlaskClient], events: Events, written: io.StringIO
) -> None:
    with app.app_context():
        user = find_user(db.session(), "manager@prov.se")
        assert user is not None
        number = user.id
    sign_in(Role.MANAGER).get("/projekt")
    assert asked(events())[-1]["user"] == number
    bearing(app, Role.MANAGER).get("/api/v1/projects")
    line = asked(events())[-1]
    assert (line["user"], line["token"] > 0) == (number, True)
    assert "prov.se" not in written.getvalue()
    assert "Projektledare Prov" not in written.getvalue()


def test_what_people_write_stands_nowhere(
    app: Flask, sign_in: Callable[[Role], FlaskClient], written: io.StringIO
) -> None:
    browser = sign_in(Role.MANAGER)
    headers = {"Referer": f"http://localhost/?q={MARK}", "User-Agent": MARK, "X-Forwarded-For": MARK, "Cookie2": MARK}
    for address in (f"/projekt?q={MARK}", f"/{MARK}", f"/projekt/{MARK}", f"/karta/sok?q={MARK}", f"/static/{MARK}"):
        browser.get(address, headers=headers)
    browser.post("/projekt/ny", data={"name": MARK, "description_internal": MARK}, headers=headers)
    browser.post(f"/projekt/{MARK}/redigera", data={"name": MARK})
    app.test_client().post("/logga-in", data={"email": f"{MARK}@prov.se", "password": MARK})
    app.test_client().get("/api/v1/projects", headers={"Authorization": f"Bearer {MARK}"})
    assert len(written.getvalue().splitlines()) >= 9
    assert MARK not in written.getvalue()


def test_a_fault_is_logged_whole_without_what_was_typed(
    app: Flask, client: FlaskClient, events: Events, written: io.StringIO
) -> None:
    def twice() -> str:
        values = {"email": f"{MARK}@prov.se", "active": True, "fs_uniquifier": MARK, "name": MARK}
        for _ in range(2):
            db.session.execute(insert(User).values(values))
        return ""

    app.add_url_rule("/tva", "twice", twice)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = client.get("/tva")
    assert answer.status_code == 500
    (fault,) = [one for one in events() if one["level"] == "ERROR"]
    assert fault["request_id"] == answer.headers["X-Request-ID"]
    reference = fault["message"].removeprefix("reference ")
    assert reference in answer.text
    assert "Traceback" in fault["exc_info"]
    assert "IntegrityError" in fault["exc_info"]
    assert "test_logs.py" in fault["exc_info"]
    assert "INSERT INTO" in fault["exc_info"]
    assert MARK not in written.getvalue()


def test_probes_and_files_are_told_only_when_looking_for_faults(client: FlaskClient, events: Events) -> None:
    for address in ("/healthz", "/readyz", "/metrics", "/static/css/site.css"):
        client.get(address).close()
    assert {one["level"] for one in asked(events())} == {"DEBUG"}
    assert len(asked(events())) == 4


def test_an_answer_that_fails_is_a_warning(app: Flask, client: FlaskClient, events: Events) -> None:
    app.add_url_rule("/nej", "no", lambda: Response("nej", 503))
    client.get("/nej")
    assert asked(events())[-1]["level"] == "WARNING"


def test_an_answer_that_is_sent_in_parts_is_told_when_it_has_been_sent(
    app: Flask, client: FlaskClient, events: Events
) -> None:
    def parts() -> Iterator[bytes]:
        logging.getLogger("tracker.prov").info("half way")
        yield b"12345"
        yield b"678"

    app.add_url_rule("/delar", "parts", lambda: Response(parts()))
    with client.get("/delar", buffered=False) as answer:
        assert asked(events()) == []
        assert answer.data == b"12345678"
    (line,) = asked(events())
    assert line["bytes"] == 8
    (half,) = [one for one in events() if one["message"] == "half way"]
    assert half["request_id"] == line["request_id"] == answer.headers["X-Request-ID"]
    logging.getLogger("tracker.prov").info("after")
    assert "request_id" not in events()[-1]


def test_a_reader_that_goes_away_is_told_once(app: Flask, client: FlaskClient, events: Events) -> None:
    app.add_url_rule("/delar", "parts", lambda: Response(iter([b"12345", b"678"])))
    answer = client.get("/delar", buffered=False)
    answer.close()
    answer.close()
    assert len(asked(events())) == 1


@pytest.mark.parametrize("sent", ["abcdef0123456789", "nginx-0b9f_A2"])
def test_a_number_of_a_proxy_that_we_trust_is_kept(make_app: MakeApp, sent: str) -> None:
    client = make_app(TRUSTED_PROXIES=1).test_client()
    assert client.get("/healthz", headers={"X-Request-ID": sent}).headers["X-Request-ID"] == sent
    for wrong in ("kort", "x" * 65, "har blanksteg", "rad\\nbrytning", "<script>", ""):
        number = client.get("/healthz", headers={"X-Request-ID": wrong}).headers["X-Request-ID"]
        assert number != wrong
        assert len(number) == 16


def test_a_number_of_anybody_else_is_not(client: FlaskClient) -> None:
    sent = "abcdef0123456789"
    numbers = {client.get("/healthz", headers={"X-Request-ID": sent}).headers["X-Request-ID"] for _ in range(3)}
    assert len(numbers) == 3
    assert sent not in numbers


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("::ffff:192.0.2.77", "::/48"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_of_an_address_only_the_network_is_kept(address: str, network: str) -> None:
    assert network_of(address) == network


def line_of(formatter: logging.Formatter, message: str, *values: object) -> str:
    record = logging.LogRecord("tracker.prov", logging.INFO, __file__, 1, message, values, None)
    return formatter.format(record)


@given(st.text())
def test_no_text_makes_another_line(text: str) -> None:
    said = line_of(JsonLines(Scrubber()), "%s", text)
    assert len(said.splitlines()) == 1
    assert json.loads(said)["level"] == "INFO"
    assert len(line_of(TextLines(Scrubber()), "%s", text).splitlines()) == 1


@given(st.text(alphabet=st.characters(exclude_characters="@?=-+/:"), max_size=40))
def test_an_ordinary_text_is_told_as_it_is(text: str) -> None:
    assert json.loads(line_of(JsonLines(Scrubber()), "%s", text))["message"] == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Key\nDETAIL:  Key (email)=(a@b.se) already exists.", f"Key\nDETAIL:  {GONE}"),
        ("[parameters: {'name': 'Anna'}]", f"[parameters: {GONE}]"),
        ("mailto anna.berg@staden.se nu", f"mailto {GONE} nu"),
        ("pnr 19800101-1234.", f"pnr {GONE}."),
        ("pnr 800101+1234", f"pnr {GONE}"),
        ("Authorization: Bearer abc.def-ghi", f"Authorization: Bearer {GONE}"),
        ("postgresql://user:pw@host/db", f"postgresql://{GONE}@host/db"),
        ("GET /projekt?q=Anna&x=1 failed", f"GET /projekt?{GONE} failed"),
        ("Invalid request from ip=192.0.2.7: bad", f"Invalid request from ip={GONE}: bad"),
        ("Invalid HTTP request line: 'Anna'", f"Invalid HTTP request line: {GONE}"),
        ("Error handling request /projekt/A1", f"Error handling request {GONE}"),
        ("token=abc&x=1", f"token={GONE}&x=1"),
        ("diarienummer E2004-513-00089 av 2005-04-30", "diarienummer E2004-513-00089 av 2005-04-30"),
        ('File "/srv/tracker/web/logs.py", line 12, in log', 'File "/srv/tracker/web/logs.py", line 12, in log'),
    ],
)
def test_what_other_peoples_errors_repeat_is_taken_out(text: str, kept: str) -> None:
    assert Scrubber().clean(text) == kept
    assert json.loads(line_of(JsonLines(Scrubber()), "%s", text))["message"] == kept
    assert kept.splitlines()[-1] in line_of(TextLines(Scrubber()), "%s", text)


def test_the_secrets_of_the_installation_are_known_by_their_values() -> None:
    settings = {
        "SECRET_KEY": "nyckel-1234", "MAIL_PASSWORD": "p@ss word", "METRICS_TOKEN": "mätvärden-abc",
        "DATABASE_URL": "postgresql+psycopg://u:data%2Fbas@h/x", "RATELIMIT_STORAGE_URI": "redis://:redispw@h:1",
        "SECURITY_PASSWORD_HASH": "argon2", "PUBLIC_URL": "https://portfolj.staden.se", "PORT": 8000,
    }  # fmt: skip
    secrets = secrets_of(settings)
    assert secrets == {"nyckel-1234", "p@ss word", "mätvärden-abc", "data%2Fbas", "data/bas", "redispw"}
    said = Scrubber(secrets).clean("argon2 nyckel-1234 p@ss word p%40ss%20word data/bas redispw slut")
    assert said == f"argon2 {GONE} {GONE} {GONE} {GONE} {GONE} slut"


def test_a_mapping_as_a_message_brings_no_fields_of_its_own() -> None:
    said = json.loads(line_of(JsonLines(Scrubber()), {"level": "falsk", "password": "x"}))  # type: ignore[arg-type]
    assert said["level"] == "INFO"
    assert "password" not in said


def test_the_text_for_people_has_the_traceback_below() -> None:
    def fails() -> None:
        raise ValueError("en hemlighet")

    try:
        fails()
    except ValueError as error:
        record = logging.LogRecord("tracker.x", 40, __file__, 1, "fel", (), (ValueError, error, error.__traceback__))
    said = TextLines(Scrubber({"en hemlighet"})).format(record).splitlines()
    assert said[0].endswith("ERROR tracker.x: fel")
    assert said[1] == "Traceback (most recent call last):"
    assert said[-1] == f"ValueError: {GONE}"


def test_the_level_and_the_form_are_settings(tmp_path: Path) -> None:
    settings = make_settings(f"sqlite:///{tmp_path}/x.db", tmp_path)
    assert log_settings(settings)["formatters"]["line"]["()"] is TextLines
    made = log_settings(settings | {"LOG_FORMAT": "json", "LOG_LEVEL": "ERROR"})
    assert made["formatters"]["line"]["()"] is JsonLines
    assert made["loggers"]["tracker"]["level"] == "ERROR"
