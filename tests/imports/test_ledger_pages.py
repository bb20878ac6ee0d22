"""The pages of a period's ledger: sending a file, its questions, its plan, going ahead, matching by hand."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.followup.ledgers import make_numbered, open_t1, outcomes
from tests.imports.files import write_csv, write_xlsx
from tests.imports.walk import fields_of, text_of
from tracker.accounts.roles import Role
from tracker.followup.models import LedgerImport, LedgerRow
from tracker.followup.queries import get_period
from tracker.followup.vocabulary import PeriodState
from tracker.history.models import HistoryEntry, Origin
from tracker.history.services import Actor
from tracker.imports.models import Upload

LEDGER = "/uppfoljning/perioder/2005-T1/huvudbok"
HEADERS = ("Projektnr", "Dnr", "Text", "Utfall 2005 (kr)")
FAULTY = (
    ("P-1", "", "Länken", "25,00"), ("X-9", "", "Okänt", "5,00"), ("", "D-1", "Delat", "3,00"),
    ("P-2", "", "Fel", "cirka 7"),
)  # fmt: skip
MENDED = (*FAULTY[:3], ("P-2", "", "Rätt", "7,00"), ("Summa", "", "", "40,00"))


@pytest.fixture
def controller(session: Session, sign_in: Callable[[Role], FlaskClient], actor: Actor) -> FlaskClient:
    """Signed in, with 2005-T1 open; two projects share the case number D-1."""
    make_numbered(session, "P-1", "D-1", outcome=2_000)
    make_numbered(session, "P-2", "D-1")
    make_numbered(session, "P-3", outcome=700)
    open_t1(session, actor)
    session.commit()
    return sign_in(Role.CONTROLLER)


def send(client: FlaskClient, path: Path) -> TestResponse:
    boundary, body = encode_multipart({"file": FileStorage(io.BytesIO(path.read_bytes()), path.name, "file")})
    return client.post(LEDGER, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def sent(client: FlaskClient, path: Path) -> str:
    """The address of the plan of a file that is good."""
    answer = send(client, path)
    assert answer.status_code == 302, text_of(answer)
    address = answer.headers["Location"]
    assert re.fullmatch(re.escape(LEDGER) + r"/fil/[\w-]{43}", address)
    return address


def csv(tmp_path: Path, rows: Sequence[Sequence[Any]], headers: Sequence[str] = HEADERS, name: str = "h.csv") -> Path:
    return write_csv(tmp_path / name, rows, headers)


def apply(client: FlaskClient, address: str, **more: str) -> TestResponse:
    fields = fields_of(client.get(address), f"{address}/genomfor")
    return client.post(f"{address}/genomfor", data=fields | more)


def fresh(session: Session) -> dict[tuple[str, int, str], int | None]:
    session.rollback()
    return outcomes(session, "2005-T1")


def test_three_faults_are_shown_mended_matched_by_hand_and_applied(
    controller: FlaskClient, session: Session, tmp_path: Path
) -> None:
    before = fresh(session)
    faulty = sent(controller, csv(tmp_path, FAULTY))
    page = text_of(controller.get(faulty))
    assert "1 rad läses inte" in page
    assert "Rad 5 P-2 Utfall 2005 (kr) cirka 7 ”cirka 7” är inget belopp." in page
    assert "X-9 Okänt 2005 Utgift 5,00 inget projekt har den koden eller det diarienumret" in page
    assert "D-1 Delat 2005 Utgift 3,00 flera projekt har det: P-1 , P-2" in page
    assert "Läs in huvudboken" not in page
    refused = controller.post(f"{faulty}/genomfor")
    assert (refused.status_code, fresh(session)) == (422, before)

    mended = sent(controller, csv(tmp_path, MENDED, name="rättad.csv"))
    page = text_of(controller.get(mended))
    assert "✓ Summaraden på rad 6 (Summa) stämmer med raderna: 40,00 kr." in page
    assert "P-1 Projekt P-1 2005 Utgift 20,00 25,00 5,00" in page
    assert "Saknas i huvudboken 1" in page
    token = mended.rsplit("/", 1)[1]
    choosing = text_of(controller.get(f"{LEDGER}/koppla?ref=D-1&fran={token}"))
    assert "P-1 Projekt P-1 Koppla hit P-1 P-2 Projekt P-2 Koppla hit P-2" in choosing
    back = controller.post(f"{LEDGER}/koppla", data={"ref": "D-1", "code": "P-2", "fran": token})
    assert back.headers["Location"] == mended
    done = apply(controller, mended)
    assert done.headers["Location"] == LEDGER
    assert fresh(session) == {
        ("P-1", 2005, "utgift"): 2_500,
        ("P-2", 2005, "utgift"): 1_000,
        ("P-3", 2005, "utgift"): 700,
    }
    page = text_of(controller.get(LEDGER))
    assert "rättad.csv gäller: 4 rader, varav 3 på projekt." in page
    assert "X-9 Okänt 2005 Utgift 5,00" in page
    assert "Controller Prov" in page
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.origin == Origin.IMPORT).limit(1)).one()
    assert entry.note == "Huvudbok 2005-T1: rättad.csv"


def test_the_later_file_replaces_the_earlier_and_zero_is_a_choice(
    controller: FlaskClient, session: Session, tmp_path: Path
) -> None:
    apply(controller, sent(controller, csv(tmp_path, [("P-1", "", "", "1,00")])))
    assert fresh(session)["P-3", 2005, "utgift"] == 700
    apply(controller, sent(controller, csv(tmp_path, [("P-1", "", "", "2,00")], name="b.csv")), zero_lacking="y")
    assert fresh(session) == {("P-1", 2005, "utgift"): 200, ("P-3", 2005, "utgift"): 0}
    stored = session.execute(select(LedgerImport.file_name, LedgerImport.current).order_by(LedgerImport.id)).all()
    assert [tuple(one) for one in stored] == [("h.csv", False), ("b.csv", True)]


def test_two_clicks_are_one_import(controller: FlaskClient, session: Session, tmp_path: Path) -> None:
    address = sent(controller, csv(tmp_path, [("P-1", "", "", "1,00")]))
    fields = fields_of(controller.get(address), f"{address}/genomfor")
    for _ in range(2):
        answer = controller.post(f"{address}/genomfor", data=fields)
        assert answer.headers["Location"] == LEDGER
    session.rollback()
    assert session.scalar(select(func.count()).select_from(LedgerImport)) == 1
    assert controller.get(address).headers["Location"] == LEDGER


def test_a_plan_that_is_old_is_shown_anew(controller: FlaskClient, session: Session, tmp_path: Path) -> None:
    first = sent(controller, csv(tmp_path, [("P-1", "", "", "1,00")]))
    second = sent(controller, csv(tmp_path, [("P-1", "", "", "2,00")], name="b.csv"))
    old = fields_of(controller.get(second), f"{second}/genomfor")
    apply(controller, first)
    answer = controller.post(f"{second}/genomfor", data=old)
    assert answer.status_code == 409
    assert "sedan du såg planen" in text_of(answer)
    assert fresh(session)["P-1", 2005, "utgift"] == 100
    assert apply(controller, second).status_code == 302
    assert fresh(session)["P-1", 2005, "utgift"] == 200


def test_questions_come_once_and_are_remembered(controller: FlaskClient, session: Session, tmp_path: Path) -> None:
    headers = ("Projekt", "Namn", "Belopp")
    address = sent(controller, csv(tmp_path, [("P-1", "a", "12.500"), ("P-1", "a", "-3,00")], headers))
    page = controller.get(address)
    assert "Punkten i ”12.500” kan läsas på två sätt." in text_of(page)
    assert "Vad är beloppen med minus? Till exempel: P-1 a: −3,00 kr" in text_of(page)
    half = controller.post(f"{address}/svar", data={"svar-0": "tusental"})
    assert half.headers["Location"] == address
    assert "Punkten" not in text_of(controller.get(address)).split("Svara på")[-1]
    controller.post(f"{address}/svar", data={"svar-0": "inkomst"})
    apply(controller, address)
    expected = {("P-1", 2005, "utgift"): 1_250_000, ("P-1", 2005, "inkomst"): 300, ("P-3", 2005, "utgift"): 700}
    assert fresh(session) == expected
    again = sent(controller, csv(tmp_path, [("P-1", "a", "13.500"), ("P-1", "a", "-4,00")], headers, "b.csv"))
    assert "Plan för b.csv" in text_of(controller.get(again))
    apply(controller, again)
    assert fresh(session)["P-1", 2005, "inkomst"] == 400


def test_columns_and_units_can_be_read_otherwise(controller: FlaskClient, session: Session, tmp_path: Path) -> None:
    headers = ("Projekt", "Belopp", "Inkomst")
    address = sent(controller, csv(tmp_path, [("P-1", "5", "2")], headers))
    page = controller.get(address)
    assert "Läses inte: Belopp." in text_of(page)
    fields = fields_of(page, f"{address}/svar")
    controller.post(f"{address}/svar", data=fields | {"kolumn-outlay": "Belopp"})
    changed = fields_of(controller.get(address), f"{address}/svar")
    assert changed["kolumn-outlay"] == "Belopp"
    controller.post(f"{address}/svar", data=changed | {"enhet-0": "tkr", "kolumn-income": "auto"})
    apply(controller, address)
    assert fresh(session)["P-1", 2005, "utgift"] == 500_000


def test_headers_below_other_words_are_told_by_their_row(
    controller: FlaskClient, session: Session, tmp_path: Path
) -> None:
    rows = [("Kontering", "Kr hittills"), ("P-1", "4,00")]
    address = sent(controller, csv(tmp_path, rows, ("Uttag", "2005-05-02")))
    assert 'name="rad" value="1"' in controller.get(address).text
    controller.post(f"{address}/svar", data={"rad": "2"})
    page = controller.get(address)
    assert "Kontering" in text_of(page)
    controller.post(f"{address}/svar", data={"rad": "2", "svar-0": "Kontering", "svar-1": "Kr hittills"})
    apply(controller, address)
    assert fresh(session)["P-1", 2005, "utgift"] == 400


def test_a_workbook_of_two_ledgers_asks_which(controller: FlaskClient, session: Session, tmp_path: Path) -> None:
    sheets = {name: [HEADERS, ["P-1", None, None, ore]] for name, ore in (("Mars", 1.5), ("April", 2.25))}
    address = sent(controller, write_xlsx(tmp_path / "h.xlsx", sheets))
    assert "Vilket blad är huvudboken?" in text_of(controller.get(address))
    controller.post(f"{address}/svar", data={"svar-0": "April"})
    apply(controller, address)
    assert fresh(session)["P-1", 2005, "utgift"] == 225


def test_a_sum_that_differs_needs_a_yes(controller: FlaskClient, session: Session, tmp_path: Path) -> None:
    address = sent(controller, csv(tmp_path, [("P-1", "", "", "25,00"), ("Summa", "", "", "26,00")]))
    before = fresh(session)
    assert apply(controller, address).status_code == 422
    assert fresh(session) == before
    assert apply(controller, address, accept_sums="y").status_code == 302
    assert "säger 26,00 kr i kolumnen Utfall 2005 (kr), men raderna är 25,00 kr" in text_of(controller.get(LEDGER))


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"", "är tom"),
        ("a.pdf", b"%PDF-1.4 ...", "en PDF"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": []}', "CSV eller Excel"),
        ("a.csv", b'Projekt;Belopp\r\n"P-1;3\r\n', "citattecken"),
    ],
)
def test_what_is_no_ledger_is_refused_and_nothing_is_kept(
    controller: FlaskClient, session: Session, tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    answer = send(controller, path)
    assert answer.status_code == 422
    assert said in text_of(answer)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Upload)) == 0


def test_a_closed_period_takes_no_file(controller: FlaskClient, session: Session, tmp_path: Path) -> None:
    address = sent(controller, csv(tmp_path, [("P-1", "", "", "1,00")]))
    fields = fields_of(controller.get(address), f"{address}/genomfor")
    get_period(session, "2005-T1").state = PeriodState.CLOSED
    session.commit()
    before = fresh(session)
    assert "Perioden är stängd." in text_of(controller.get(LEDGER))
    assert "är stängd" in text_of(send(controller, csv(tmp_path, [("P-1", "", "", "1,00")])))
    assert controller.post(f"{address}/genomfor", data=fields).status_code == 409
    matched = controller.post(f"{LEDGER}/koppla", data={"ref": "X", "code": "P-1"})
    assert (matched.status_code, fresh(session)) == (422, before)


def test_a_ledger_file_is_no_file_of_projects_and_nobody_elses(
    controller: FlaskClient, sign_in: Callable[[Role], FlaskClient], tmp_path: Path
) -> None:
    address = sent(controller, csv(tmp_path, [("P-1", "", "", "1,00")]))
    assert "h.csv" not in text_of(controller.get("/import"))
    assert "h.csv" in text_of(controller.get(LEDGER))
    assert sign_in(Role.ADMIN).get(address).status_code == 404
    assert sign_in(Role.MANAGER).get(LEDGER).status_code == 403
    assert controller.get(address.replace("2005-T1", "2005-T2")).status_code == 404
    controller.post(f"{address}/slang")
    assert "h.csv" not in text_of(controller.get(LEDGER)).replace("h.csv är slängd", "")
    assert controller.get(address).status_code == 404


def test_a_match_by_hand_after_the_import_and_its_undoing(
    controller: FlaskClient, session: Session, tmp_path: Path
) -> None:
    apply(controller, sent(controller, csv(tmp_path, [("P-1", "", "", "1,00"), ("X-9", "", "Okänt", "5,00")])))
    found = text_of(controller.get(f"{LEDGER}/koppla?ref=X-9&sok=projekt p-2"))
    assert "Okänt 2005 utgift: 5,00 kr" in found
    assert "P-2 Projekt P-2 Koppla hit" in found
    assert "P-1 Projekt" not in found
    wrong = controller.post(f"{LEDGER}/koppla", data={"ref": "X-9", "code": "NEJ"})
    assert wrong.status_code == 422
    assert "inget projekt med koden NEJ" in text_of(wrong)
    controller.post(f"{LEDGER}/koppla", data={"ref": "X-9", "code": "P-2"})
    assert fresh(session)["P-2", 2005, "utgift"] == 500
    assert "x-9 → P-2 Projekt P-2" in text_of(controller.get(LEDGER))
    controller.post(f"{LEDGER}/losgor", data={"ref": "x-9"})
    assert fresh(session)["P-2", 2005, "utgift"] is None
    assert session.scalar(select(func.count()).where(LedgerRow.project_id.is_(None))) == 1


def test_what_is_booked_on_a_programme_is_offered_its_parts(
    controller: FlaskClient, session: Session, tmp_path: Path
) -> None:
    programme = make_numbered(session, "PR")
    make_numbered(session, "PR-G", parent_id=programme.id)
    session.commit()
    address = sent(controller, csv(tmp_path, [("PR", "", "Allmänt", "5,00")]))
    assert "bokfört på programmet; lägg på delprojektet Gemensamt: PR" in text_of(controller.get(address))
    choosing = text_of(controller.get(f"{LEDGER}/koppla?ref=PR"))
    assert "Programmets delprojekt PR-G Projekt PR-G Koppla hit" in choosing
    controller.post(f"{LEDGER}/koppla", data={"ref": "PR", "code": "PR-G"})
    apply(controller, address)
    assert fresh(session)["PR-G", 2005, "utgift"] == 500
