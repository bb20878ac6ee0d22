"""The import in English: a wrong file, a wrong row, a conflict; the command line and the files stay Swedish."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import flask_babel
import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.english import ENGLISH, in_english
from tests.followup.ledgers import make_numbered, open_t1
from tests.imports.files import write_csv
from tests.imports.test_ledger_pages import FAULTY, LEDGER, MENDED
from tests.imports.test_ledger_pages import HEADERS as LEDGER_HEADERS
from tests.imports.test_wizard_conflicts import ANNA, given
from tests.imports.walk import send, send_file, text_of, token_of, walk_to_plan
from tests.shell import run
from tests.steering.making import make_indicator
from tests.web.spoken import Marking, data_texts, unknown, unmarked
from tracker.accounts.roles import Role
from tracker.followup.models import LedgerImport
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.imports.wording import change_in_words
from tracker.messages import told
from tracker.projects.policies import SYSTEM_RIGHTS
from tracker.projects.services import change_project, register_project

SignIn = Callable[[Role], FlaskClient]
HEADERS = ("Kod", "Namn", "Skede", "Slag", "Antal bostäder", "Start prognos", "N", "E", "Budget 2005 (tkr)", "Version")
HALL = (6579142.0, 153112.0)
ROWS = (
    ("A-1", "Ett", "Planering", "Bostad", 12, "2005-04-30", *HALL, "12,5", None),
    ("A-2", "Två", "Planering", "Bostad", "1.200", "2005-04-30", *HALL, None, None),
    ("A-2", "Tre", "Byggs", "Övrigt", 3, "04/05/2005", *HALL, "mycket", None),
    ("P-0", "Filens", "Planering", "Bostad", None, "kv 2 2005", None, None, None, 1),
    ("Summa", "Summa", None, None, 15, None, None, None, None, None),
    ("A-6", None, None, "Trafik", None, "i fjol", 1, None, None, 7),
    ("A-7", "Sju", None, "Trafik", None, None, None, None, None, 7),
)


@pytest.fixture
def manager(sign_in: SignIn) -> FlaskClient:
    return in_english(sign_in(Role.MANAGER))


@pytest.fixture
def file(session: Session, tmp_path: Path) -> Path:
    """Rows that are new, wrong in several ways, and in conflict with what a colleague has saved."""
    made = register_project(session, given(0), ANNA, SYSTEM_RIGHTS)
    session.flush()
    change_project(session, made, given(0, "Annas"), 1, ANNA, SYSTEM_RIGHTS)
    session.commit()
    return write_csv(tmp_path / "projekt.csv", ROWS, HEADERS, encoding="utf-8")


def choose(client: FlaskClient, language: str) -> None:
    """Another language. The test's own app context outlives the requests, and so does what it knows of the last."""
    client.set_cookie("sprak", language)
    g.pop("_flask_babel", None)


@pytest.mark.parametrize(
    ("name", "data", "english"),
    [
        ("a.pdf", b"%PDF-1.4", "a.pdf is a PDF, and no projects can be read from it."),
        ("b.csv", b"", "b.csv is empty (0 bytes). Choose a file with content."),
        ("c.xlsx", b"PK\x03\x04", "c.xlsx is damaged or cut off: its content cannot be unpacked."),
        ("d.csv", b'Kod;Namn\n"A;B\n', "d.csv, row 2: a quotation mark is not closed"),
        ("<b>.dat", b"x", "The file <b>.dat is not a file of projects that can be read"),
    ],
)
def test_a_wrong_file_is_refused_in_english(manager: FlaskClient, name: str, data: bytes, english: str) -> None:
    answer = send(manager, name, data)
    assert answer.status_code == 422
    assert english in text_of(answer)
    assert "<b>" not in answer.text
    by_script = manager.post("/import", data={"file": (io.BytesIO(data), name)}, headers={"Accept": "application/json"})
    assert json.loads(by_script.text)["error"].startswith(english)


def test_a_file_without_codes_is_refused_in_english(manager: FlaskClient, tmp_path: Path) -> None:
    token = send_file(manager, write_csv(tmp_path / "a.csv", [("x", 2)], ("Färg", "Vikt"), encoding="utf-8"))
    page = manager.get(f"/import/{token}/plan", follow_redirects=True)
    assert page.status_code == 200
    manager.post(f"/import/{token}/koordinater")
    text = text_of(manager.get(f"/import/{token}/kolumner"))
    assert "Read as UTF-8 with ; between the columns." in text
    assert "Main kind" in text
    assert "Do not read" in text
    assert "Läs inte in" not in text


def test_rows_and_conflicts_read_english(manager: FlaskClient, file: Path) -> None:
    token = send_file(manager, file)
    page = walk_to_plan(manager, token)
    assert "Read as UTF-8 with ; between the columns." in text_of(page)
    refused = text_of(manager.get(f"/import/{token}/plan?visa=avvisas"))
    for text in (
        "The code is on several rows of the file (3, 4).",
        "The number can be read in two ways.",
        "The date can be read in two ways: 2005-05-04 or 2005-04-05. Write the date as 2005-04-30.",
        "The row is a sum and not a project.",
        "It is not a date.",
        "Only one of N and E is filled in.",
    ):
        assert text in refused
    assert "Koden finns" not in refused
    conflicts = text_of(manager.get(f"/import/{token}/plan?visa=konflikter"))
    assert "The file begins from version 1, the register has version 2." in conflicts
    assert "Name Annas Anna Berg" in conflicts
    remarks = text_of(manager.get(f"/import/{token}/plan?visa=anmarkningar"))
    assert "The file states a version, but the register has no project with the code." in remarks


def test_a_kept_plan_is_said_in_the_language_of_whoever_turns_its_page(manager: FlaskClient, file: Path) -> None:
    token = send_file(manager, file)
    walk_to_plan(manager, token)
    address = f"/import/{token}/plan?visa=avvisas"
    english = text_of(manager.get(address))
    choose(manager, "sv")
    swedish = text_of(manager.get(address))
    assert "Koden finns på flera rader i filen (3, 4)." in swedish
    assert "The code is on" not in swedish
    assert "Läst som UTF-8 med ; mellan kolumnerna." in swedish
    narrowed = [text_of(manager.get(f"{address}&skal={number}")) for number in range(1, 9)]
    choose(manager, "en")
    assert text_of(manager.get(address)) == english
    for number, one in enumerate(narrowed, start=1):
        rows = re.findall(r"\bA-\d", text_of(manager.get(f"{address}&skal={number}")))
        assert rows == re.findall(r"\bA-\d", one)


def test_the_refused_rows_are_a_swedish_file(manager: FlaskClient, file: Path) -> None:
    token = send_file(manager, file)
    walk_to_plan(manager, token)
    data = manager.get(f"/import/{token}/avvisade.csv").data.decode("utf-8-sig")
    assert data.splitlines()[0].startswith("Rad;Orsak;Kod")
    assert "Koden finns på flera rader i filen (3, 4)." in data
    assert "Ändrat både i filen och i registret. Filen utgår från version 1, registret har version 2." in data


def test_the_shell_stays_swedish(session: Session, file: Path, database_url: str, tmp_path: Path) -> None:
    session.rollback()
    told = run(
        "import",
        "projects",
        str(file),
        "--year",
        "2005",
        DATABASE_URL=database_url,
        STATE_DIR=str(tmp_path),
        LANGUAGE="en",
    )
    assert told.returncode == 1
    said = told.stdout + told.stderr
    assert "Koden finns på flera rader i filen (3, 4)." in said
    assert "filen säger ”Filens”, registret har ”Annas”" in said
    assert "Läst som UTF-8 med ; mellan kolumnerna." in said


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """English in which every text of a catalogue stands in brackets."""
    monkeypatch.setattr(flask_babel.Domain, "get_translations", lambda _domain: Marking())


def holes(session: Session, answer: TestResponse, *files: str) -> set[str]:
    """What no catalogue could have said, and that is nobody's data nor from a file."""
    session.rollback()
    data = "\n".join([data_texts(session), *files, "LOCK"])
    session.rollback()
    return unknown(unmarked(answer.text), data)


def contents(path: Path) -> str:
    return path.read_text("utf-8-sig").replace(";", "\n")


def test_no_word_of_the_wizard_is_left_in_swedish(
    manager: FlaskClient, session: Session, file: Path, marked: None
) -> None:
    token = send_file(manager, file)
    steps = [manager.get(f"/import/{token}/{step}") for step in ("lager", "koordinater", "kolumner")]
    walk_to_plan(manager, token)
    steps.append(manager.get(f"/import/{token}/varden"))
    steps += [
        manager.get(f"/import/{token}/plan?visa={kind}") for kind in ("konflikter", "nya", "andras", "oforandrade")
    ]
    steps += [manager.get(f"/import/{token}/plan?visa={kind}") for kind in ("avvisas", "anmarkningar")]
    for page in steps:
        assert holes(session, page, contents(file), "P-0 Annas", "N 1, E") == set(), page.request.path


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", b"%PDF-1.4"), ("b.csv", b""), ("c.xlsx", b"PK\x03\x04"), ("d.csv", b'Kod;Namn\n"A;B\n'),
        ("e.csv", b"Kod;Kod\nA;B\n"), ("f.zip", b"PK\x05\x06" + bytes(18)), ("g.geojson", b"{}"), ("h.txt", b"x"),
        ("i.html", b"<html>"), ("j.csv", b"\x00\x00\x01"), ("k.dxf", b"0\nSECTION\n"), ("l.csv", b"Kod;Namn\n"),
    ],
)  # fmt: skip
def test_no_refusal_is_left_in_swedish(
    manager: FlaskClient, session: Session, marked: None, name: str, data: bytes
) -> None:
    answer = send(manager, name, data)
    if answer.status_code == 302:
        answer = manager.get(f"/import/{token_of(answer)}/koordinater")
    assert answer.status_code == 422
    assert holes(session, answer, name, "Kod") == set()


@pytest.fixture
def controller(session: Session, sign_in: SignIn, actor: Actor) -> FlaskClient:
    make_numbered(session, "P-1", "D-1", outcome=2_000)
    make_numbered(session, "P-2", "D-1")
    open_t1(session, actor)
    session.commit()
    return in_english(sign_in(Role.CONTROLLER))


def ledger(client: FlaskClient, path: Path) -> TestResponse:
    return client.post(LEDGER, data={"file": (io.BytesIO(path.read_bytes()), path.name)}, follow_redirects=True)


def test_a_ledger_reads_english_and_is_noted_in_swedish(
    controller: FlaskClient, session: Session, tmp_path: Path
) -> None:
    faulty = ledger(controller, write_csv(tmp_path / "h.csv", FAULTY, LEDGER_HEADERS))
    text = text_of(faulty)
    assert "The headings are on row 1." in text
    assert "The column Projektnr is read as project code." in text
    assert "The column Utfall 2005 (kr) is read as amount 2005 in kr, accumulated for the year." in text
    assert "“cirka 7”" in text
    assert "läses som" not in text
    wrong = (*MENDED[:-1], ("Summa", "", "", "41,00"))
    page = ledger(controller, write_csv(tmp_path / "i.csv", wrong, LEDGER_HEADERS))
    said = "The row of sums on row 6 (Summa) says 41,00 kr in the column Utfall 2005 (kr), but the rows are 40,00 kr"
    assert said in text_of(page)
    fields = dict(re.findall(r'name="(csrf_token|fingerprint)"[^>]*value="([^"]*)"', page.text))
    fields |= dict(re.findall(r'value="([^"]*)"[^>]*name="(csrf_token|fingerprint)"', page.text))
    address = f"{page.request.path}/genomfor"
    assert "Nothing has been saved." in text_of(controller.post(address, data=fields))
    done = controller.post(address, data=fields | {"accept_sums": "y"}, follow_redirects=True)
    assert said in text_of(done)
    session.expire_all()
    kept = session.scalars(select(LedgerImport)).one()
    assert kept.note.startswith("Summaraden på rad 6 (Summa) säger 41,00 kr i kolumnen Utfall 2005 (kr)")
    assert "Huvudbok 2005-T1: i.csv" in {one.note for one in session.scalars(select(HistoryEntry))}


def test_no_word_of_a_ledger_is_left_in_swedish(
    controller: FlaskClient, session: Session, tmp_path: Path, marked: None
) -> None:
    rows = [("P-1", "D-1", "Länken", "1.500", "K", "2005"), ("P-2", "", "Annat", "-7,00", "Utgift", "2005")]
    asked = write_csv(tmp_path / "q.csv", rows, ("Projektnr", "Dnr", "Text", "Belopp", "Typ", "År"))
    unclear = write_csv(tmp_path / "u.csv", [("aa", "bb")], ("Ett", "Två"))
    for path in (asked, unclear, write_csv(tmp_path / "h.csv", FAULTY, LEDGER_HEADERS)):
        page = ledger(controller, path)
        assert page.status_code == 200, text_of(page)
        found = holes(
            session, page, path.read_text("cp1252").replace(";", "\n"), path.name, "1500", "1,500", "P-1 Projekt P-1"
        )
        assert found == set(), path.name


def test_values_of_an_indicator_are_refused_in_english(sign_in: SignIn, session: Session) -> None:
    make_indicator(session, "SYS")
    session.commit()
    browser = in_english(sign_in(Role.CONTROLLER))

    def sent(text: str) -> str:
        data = {"file": (io.BytesIO(text.encode("utf-8-sig")), "v.csv")}
        return text_of(browser.post("/uppfoljning/indikatorer/SYS/fil", data=data))

    assert "v.csv lacks the column Area and Year." in sent("Mål\n1\n")
    assert "The columns “Utfall” and “Värde” both say outcome." in sent("Område;År;Utfall;Värde\nx;1;1;1\n")
    told = sent("Område;År;Utfall\nAtlantis;2004;1\n;2004;2\nHela staden;två;3\n")
    assert "“Atlantis” is not a known area." in told
    assert "The area is missing. Write “Hela staden” for the whole city." in told
    assert "“två” is not a year between" in told


def test_a_long_list_of_changes_says_in_english_how_many_more_there_are(app: Flask) -> None:
    rows = [["lopande", 2000 + at, "utgift", 100_000_00, None, None, False] for at in range(60)]
    _label, before, after = change_in_words("figures", [], rows)
    assert before == "inget"
    shown, _och, rest = after.rpartition(" och ")
    more = 60 - len(shown.split("; "))
    assert (rest, len(shown) <= 300) == (f"{more} till", True)
    with app.test_request_context(headers=ENGLISH):
        assert told(after).endswith(f" and {more} more")
        assert told(after).count("; ") == 59 - more
