"""The import wizard from the upload to the register, and everything that can go wrong on the way."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.imports.files import HEADERS, ROWS, write_csv, write_geojson, write_geopackage, write_xlsx
from tests.imports.walk import apply, fields_of, send, send_file, step, text_of, token_of, walk_to_plan
from tracker.accounts.roles import Role
from tracker.history.models import HistoryEntry, Origin
from tracker.imports.models import RememberedSource, Upload
from tracker.projects.models import Project

SignIn = Callable[[Role], FlaskClient]
RINKEBY = {"type": "Point", "coordinates": [17.9293, 59.3885]}


@pytest.fixture
def manager(sign_in: SignIn) -> FlaskClient:
    return sign_in(Role.MANAGER)


@pytest.fixture
def controller(sign_in: SignIn) -> FlaskClient:
    return sign_in(Role.CONTROLLER)


def folders(app: Flask) -> list[Path]:
    root = Path(app.config["STATE_DIR"]) / "uploads"
    return [one for one in root.iterdir() if one.is_dir()] if root.is_dir() else []


def codes(session: Session) -> set[str]:
    return set(session.scalars(select(Project.code)))


def test_a_file_goes_all_the_way(app: Flask, manager: FlaskClient, session: Session, tmp_path: Path) -> None:
    token = send_file(manager, write_csv(tmp_path / "projekt.csv"))
    page = walk_to_plan(manager, token)
    assert "Filen har 3 rader: 3 nya projekt, 0 ändras, 0 oförändrade, 0 avvisas. Inget är sparat än." in text_of(page)
    assert codes(session) == set()
    answer = apply(manager, token, page)
    assert answer.headers["Location"] == f"/import/{token}/klart"
    told = text_of(manager.get(answer.headers["Location"]))
    assert "Nya projekt 3 Ändrade 0 Oförändrade 0 Rader utanför 0" in told
    assert "3 av projekten saknar bedömning mot mål." in told
    assert 'href="/projekt/P-1"' in manager.get(answer.headers["Location"]).text
    assert codes(session) == {"P-1", "P-2", "P-3"}
    assert folders(app) == []
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.subject_kind == "project")).first()
    assert entry is not None
    assert (entry.actor_name, entry.origin) == ("Projektledare Prov", Origin.IMPORT)
    assert "projekt.csv" in entry.note


def test_the_same_file_again_changes_nothing(manager: FlaskClient, session: Session, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "projekt.csv")
    first = send_file(manager, path)
    apply(manager, first, walk_to_plan(manager, first))
    page = walk_to_plan(manager, send_file(manager, path))
    assert "0 nya projekt, 0 ändras, 3 oförändrade, 0 avvisas" in text_of(page)
    assert "Planen ändrar inget i registret." in text_of(page)
    assert len(codes(session)) == 3


def test_a_change_is_shown_field_by_field_before_it_is_made(
    manager: FlaskClient, session: Session, tmp_path: Path
) -> None:
    first = send_file(manager, write_csv(tmp_path / "projekt.csv"))
    apply(manager, first, walk_to_plan(manager, first))
    moved = (ROWS[0][0], "Bostäder i Rinkeby", "Rinkeby", "Genomförande", "Bostad", 130, 6585993.85, 145965.26, None)
    token = send_file(manager, write_csv(tmp_path / "ny.csv", [moved, ROWS[1]]))
    page = walk_to_plan(manager, token)
    shown = text_of(page)
    assert "Namn Bostäder vid Rinkeby torg → blir Bostäder i Rinkeby" in shown
    assert "Skede Planering → blir Genomförande" in shown
    assert "→ blir punkt N 6585993,85, E 145965,26, 100 m bort" in shown
    features = json.loads(manager.get(f"/import/{token}/karta.geojson").text)["features"]
    assert [one["properties"]["what"] for one in features] == ["fran", "andras", "oforandrad"]
    assert all(17.7 < one["geometry"]["coordinates"][0] < 18.3 for one in features)
    apply(manager, token, page)
    session.expire_all()
    assert session.scalar(select(Project.name).where(Project.code == "P-1")) == "Bostäder i Rinkeby"


def test_case_12_three_good_and_one_bad_are_told_before_anything_is_saved(
    manager: FlaskClient, session: Session, tmp_path: Path
) -> None:
    bad = ("P-4", "Fyra", "Rinkeby", "Planering", "Bostad", "många", 6585893.85, 145965.26, None)
    token = send_file(manager, write_csv(tmp_path / "projekt.csv", [*ROWS, bad]))
    page = walk_to_plan(manager, token)
    assert "3 nya projekt, 0 ändras, 0 oförändrade, 1 avvisas" in text_of(page)
    refused = text_of(manager.get(f"/import/{token}/plan?visa=avvisas"))
    assert "5 P-4 Fyra Antal bostäder många" in refused
    answer = apply(manager, token, page)
    assert answer.status_code == 422
    assert "1 rad i filen kan inte tas emot, så ingenting har sparats." in text_of(answer)
    assert codes(session) == set()
    apply(manager, token, page, leave_refused="y")
    assert codes(session) == {"P-1", "P-2", "P-3"}
    assert "Rader utanför 1" in text_of(manager.get(f"/import/{token}/klart"))


def test_case_29_the_refused_rows_come_back_mended(manager: FlaskClient, session: Session, tmp_path: Path) -> None:
    bad = ("P-4", "Fyra", "Rinkeby", "Planering", "Bostad", "många", 6585893.85, 145965.26, None)
    token = send_file(manager, write_csv(tmp_path / "projekt.csv", [*ROWS, bad]))
    apply_page = walk_to_plan(manager, token)
    book = manager.get(f"/import/{token}/avvisade.xlsx")
    assert book.headers["Content-Disposition"] == "attachment; filename=avvisade-rader.xlsx"
    rows = manager.get(f"/import/{token}/avvisade.csv")
    assert rows.data.startswith("﻿Rad;Orsak;Projektnr".encode())
    assert rows.text.count("\r\n") == 2
    mended = rows.data.replace("många".encode(), b"40")
    second = token_of(send(manager, "avvisade-rader.csv", mended, after=token))
    page = walk_to_plan(manager, second)
    assert "Filen har 1 rad: 1 nytt projekt, 0 ändras, 0 oförändrade, 0 avvisas" in text_of(page)
    apply(manager, second, page)
    apply(manager, token, apply_page, leave_refused="y")
    assert codes(session) == {"P-1", "P-2", "P-3", "P-4"}


def test_going_ahead_twice_makes_the_projects_once(manager: FlaskClient, session: Session, tmp_path: Path) -> None:
    token = send_file(manager, write_csv(tmp_path / "projekt.csv"))
    page = walk_to_plan(manager, token)
    answers = [apply(manager, token, page) for _click in range(2)]
    assert [one.headers["Location"] for one in answers] == [f"/import/{token}/klart"] * 2
    assert len(list(session.scalars(select(Project.code)))) == 3
    for address in ("", "/plan", "/kolumner", "/varden", "/koordinater", "/lager", "/avvisade.csv"):
        assert manager.get(f"/import/{token}{address}").headers["Location"] == f"/import/{token}/klart"


def test_case_39_a_register_that_moved_meanwhile_is_shown_again_and_nothing_is_written(
    manager: FlaskClient, session: Session, tmp_path: Path
) -> None:
    first = send_file(manager, write_csv(tmp_path / "projekt.csv"))
    apply(manager, first, walk_to_plan(manager, first))
    renamed = (ROWS[0][0], "Namn enligt filen", *ROWS[0][2:])
    token = send_file(manager, write_csv(tmp_path / "ny.csv", [renamed, ("P-9", "Nio", *ROWS[1][2:])]))
    page = walk_to_plan(manager, token)
    session.execute(
        text("UPDATE project SET name = 'Namn enligt formuläret', version = version + 1 WHERE code = 'P-1'")
    )
    session.commit()
    answer = apply(manager, token, page)
    assert answer.headers["Location"] == f"/import/{token}/plan"
    again = manager.get(f"/import/{token}/plan?visa=andras")
    assert "Registret har ändrats sedan du såg planen" in text_of(again)
    assert "Namn Namn enligt formuläret → blir Namn enligt filen" in text_of(again)
    assert "1 rad är annorlunda sedan du såg planen förra gången." in text_of(again)
    assert codes(session) == {"P-1", "P-2", "P-3"}
    apply(manager, token, again)
    session.expire_all()
    assert session.scalar(select(Project.name).where(Project.code == "P-1")) == "Namn enligt filen"


def test_case_23_several_layers_are_asked_about(manager: FlaskClient, tmp_path: Path) -> None:
    import shapely

    path = tmp_path / "lager.gpkg"
    shape = shapely.Point(153114, 6579153)
    write_geopackage(path, {"Projektnr": ["A-1"], "Namn": ["Ett"]}, [shape], layer="vägar")
    write_geopackage(path, {"Projektnr": ["B-1"], "Namn": ["Två"]}, [shape], layer="hus")
    token = send_file(manager, path)
    assert manager.get(f"/import/{token}").headers["Location"] == f"/import/{token}/lager"
    page = manager.get(f"/import/{token}/lager")
    assert "Vilket lager ska läsas in?" in text_of(page)
    assert "vägar" in text_of(page)
    step(manager, f"/import/{token}/lager?lager=hus")
    assert "B-1" in walk_to_plan(manager, token).text


def test_the_row_of_headers_can_be_chosen(manager: FlaskClient, session: Session, tmp_path: Path) -> None:
    above = ["Projektlista", "Utskriven 2026"]
    path = write_xlsx(tmp_path / "lista.xlsx", {"Blad1": [above, ["Nummer", "Vad"], ["Q-1", "Ett"], ["Q-2", "Två"]]})
    token = send_file(manager, path)
    page = manager.get(f"/import/{token}/lager")
    assert "Rad 2 Nummer Vad" in text_of(page)
    assert manager.post(f"/import/{token}/lager", data={"layer": "0", "header_row": "99"}).status_code == 422
    assert step(manager, f"/import/{token}/lager", header_row="2").status_code == 302
    answer = step(manager, f"/import/{token}/kolumner")
    assert answer.status_code == 422
    assert "Välj kolumnen med projektens koder eller diarienummer" in text_of(answer)
    step(manager, f"/import/{token}/kolumner", **{"rows-0-field": "code", "rows-1-field": "name"})
    apply(manager, token, walk_to_plan(manager, token))
    assert codes(session) == {"Q-1", "Q-2"}


def swapped_rows(tmp_path: Path) -> Path:
    """A small file like the road authority's: metres without a system, one row with its numbers swapped."""
    places = [(668_000.0 + 100 * number, 6_580_000.0) for number in range(6)]
    places[3] = places[3][::-1]
    return write_geojson(
        tmp_path / "vagar.geojson",
        [
            (
                {"Projektnr": f"TV-{number}", "Namn": f"Väg {number}", "status": "Pågår"},
                {"type": "Point", "coordinates": at},
            )
            for number, at in enumerate(places, start=1)
        ],
    )


def test_case_6_metres_without_a_system_are_proposed_and_the_swapped_row_named(
    manager: FlaskClient, session: Session, tmp_path: Path
) -> None:
    token = send_file(manager, swapped_rows(tmp_path))
    assert manager.get(f"/import/{token}").headers["Location"] == f"/import/{token}/koordinater"
    page = manager.get(f"/import/{token}/koordinater")
    assert "Filen anger inget koordinatsystem." in text_of(page)
    assert "SWEREF 99 TM EPSG:3006 , östlig koordinat först 5 av 6 rader i Stockholmstrakten" in text_of(page)
    assert "På 1 rad är nordlig och östlig omkastade: rad 4." in text_of(page)
    assert fields_of(page)["reading"] == "3006-ost"
    plan = walk_to_plan(manager, token)
    assert "5 nya projekt, 0 ändras, 0 oförändrade, 1 avvisas" in text_of(plan)
    refused = text_of(manager.get(f"/import/{token}/plan?visa=avvisas"))
    assert "4 TV-4 Väg 4" in refused
    assert "Koordinaterna är omkastade: nordlig och östlig har bytt plats." in refused
    apply(manager, token, plan, leave_refused="y")
    assert codes(session) == {"TV-1", "TV-2", "TV-3", "TV-5", "TV-6"}


def test_a_plan_is_not_made_before_the_system_is_said(manager: FlaskClient, tmp_path: Path) -> None:
    token = send_file(manager, swapped_rows(tmp_path))
    assert manager.get(f"/import/{token}/plan").headers["Location"] == f"/import/{token}/koordinater"
    answer = manager.post(f"/import/{token}/koordinater", data={"reading": "annat", "other": "999999"})
    assert answer.status_code == 422
    assert "EPSG:999999 är inget känt koordinatsystem." in text_of(answer)
    assert manager.post(f"/import/{token}/koordinater", data={}).status_code == 422


def test_unknown_words_are_chosen_or_left_empty(manager: FlaskClient, session: Session, tmp_path: Path) -> None:
    rows = [("P-1", "Ett", "Rinkeby", "Kvällsskift", "Bostad", 1, None, None, None),
            ("P-2", "Två", "Rinkeby", "Lunchpaus", "Bostad", 1, None, None, None)]  # fmt: skip
    token = send_file(manager, write_csv(tmp_path / "projekt.csv", rows))
    address = f"/import/{token}/varden"
    page = manager.get(address)
    fields = fields_of(page)
    unknown = [name for name, value in fields.items() if value == "?"]
    assert len(unknown) == 2
    refused = manager.post(address, data=fields)
    assert refused.status_code == 422
    assert "Välj ett värde, eller Lämna tomt" in text_of(refused)
    answers = dict(zip(sorted(unknown), ("planering", ""), strict=True))
    assert manager.post(address, data=fields | answers).status_code == 302
    apply(manager, token, walk_to_plan(manager, token))
    phases = dict(session.execute(select(Project.code, Project.phase)).all())
    assert phases == {"P-1": "planering", "P-2": "ide"}


def test_what_was_matched_is_remembered_for_the_next_file(
    manager: FlaskClient, controller: FlaskClient, session: Session, tmp_path: Path
) -> None:
    sheet = [["Nummer", "Vad", "Läge i processen"], ["Q-1", "Ett", "Kvällsskift"]]
    token = send_file(manager, write_xlsx(tmp_path / "lista.xlsx", {"Blad1": sheet}))
    step(manager, f"/import/{token}/lager", header_row="1")
    chosen = {"rows-0-field": "code", "rows-1-field": "name", "rows-2-field": "phase"}
    step(manager, f"/import/{token}/kolumner", **chosen)
    step(manager, f"/import/{token}/varden", **{"answers-0": "planering"})
    apply(manager, token, walk_to_plan(manager, token))
    assert session.scalar(select(RememberedSource.user_name)) == "Projektledare Prov"
    sheet[1] = ["Q-2", "Två", "Kvällsskift"]
    again = send_file(controller, write_xlsx(tmp_path / "lista2.xlsx", {"Blad1": sheet}))
    page = controller.get(f"/import/{again}/kolumner")
    assert "Som förra gången" in text_of(page)
    assert "Projektledare Prov" in text_of(page)
    assert {name: fields_of(page)[name] for name in chosen} == chosen
    apply(controller, again, walk_to_plan(controller, again))
    assert session.scalar(select(Project.phase).where(Project.code == "Q-2")) == "planering"


def test_a_column_is_not_two_fields_and_no_field_two_columns(manager: FlaskClient, tmp_path: Path) -> None:
    token = send_file(manager, write_csv(tmp_path / "projekt.csv"))
    answer = step(manager, f"/import/{token}/kolumner", **{"rows-1-field": "code"})
    assert answer.status_code == 422
    assert "Projektkod är vald för flera kolumner: Projektnr, Projektnamn." in text_of(answer)
    answer = step(manager, f"/import/{token}/kolumner", **{"rows-6-field": ""})
    assert "Östlig koordinat (E) behöver Nordlig koordinat (N)." in text_of(answer)


def test_turning_a_column_down_keeps_it_out(manager: FlaskClient, session: Session, tmp_path: Path) -> None:
    token = send_file(manager, write_csv(tmp_path / "projekt.csv"))
    step(manager, f"/import/{token}/kolumner", **{f"rows-{HEADERS.index('Länk')}-field": ""})
    apply(manager, token, walk_to_plan(manager, token))
    assert session.scalar(select(Project.link).where(Project.code == "P-1")) == ""


def test_the_list_offers_to_continue_and_to_drop(app: Flask, manager: FlaskClient, tmp_path: Path) -> None:
    token = send_file(manager, write_csv(tmp_path / "projekt.csv"))
    assert "projekt.csv uppladdad" in text_of(manager.get("/import"))
    step(manager, f"/import/{token}/kolumner")
    assert manager.get(f"/import/{token}").headers["Location"] == f"/import/{token}/koordinater"
    for _click in range(2):
        assert manager.post(f"/import/{token}/slang").headers["Location"] == "/import"
    assert "påbörjade importer" not in text_of(manager.get("/import"))
    assert folders(app) == []


def test_an_upload_is_nobody_elses(manager: FlaskClient, controller: FlaskClient, app: Flask, tmp_path: Path) -> None:
    token = send_file(manager, write_csv(tmp_path / "hemligt.csv"))
    walk_to_plan(manager, token)
    for address in ("", "/lager", "/koordinater", "/kolumner", "/varden", "/plan", "/karta.geojson", "/avvisade.csv",
                    "/avvisade.xlsx", "/klart"):  # fmt: skip
        answer = controller.get(f"/import/{token}{address}")
        assert answer.status_code == 404
        assert "hemligt.csv" not in answer.text
    for address in ("/genomfor", "/plan", "/kolumner"):
        assert controller.post(f"/import/{token}{address}").status_code == 404
    controller.post(f"/import/{token}/slang")
    assert len(folders(app)) == 1
    assert "hemligt.csv" not in controller.get("/import").text


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("tom.csv", b"", "tom.csv är tom (0 byte)"),
        ("bild.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 50, "bild.xlsx är en bild"),
        ("brev.pdf", b"%PDF-1.7 ...", "brev.pdf är en PDF"),
        ("sida.csv", b"<!doctype html><html><script>alert(1)</script>", "sida.csv är en webbsida"),
        ("trasig.xlsx", b"PK\x03\x04" + b"\x00" * 30, "trasig.xlsx är skadad"),
        ("<b>x.zip", b"PK\x03\x04" + b"\x00" * 30, "<b>x.zip är skadad"),
    ],
)
def test_a_bad_file_gets_one_sentence_and_the_form_again(
    app: Flask, manager: FlaskClient, name: str, data: bytes, sentence: str
) -> None:
    answer = send(manager, name, data)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert 'type="file"' in answer.text
    assert "<b>x" not in answer.text
    assert folders(app) == []
    told = manager.post("/import", data={"file": (io.BytesIO(data), name)}, headers={"Accept": "application/json"})
    assert told.status_code == 422
    assert sentence in told.json["error"]  # type: ignore[index]


def test_no_file_at_all_is_said(manager: FlaskClient) -> None:
    assert "Välj en fil att läsa in." in text_of(manager.post("/import", data={}))


def test_an_oversize_file_is_said_with_its_limit(app: Flask, manager: FlaskClient) -> None:
    app.config["UPLOAD_MAX_BYTES"] = 1024 * 1024
    answer = send(manager, "stor.csv", b"x" * (1024 * 1024 + 1))
    assert answer.status_code == 422
    assert "stor.csv är större än 1 MB" in text_of(answer)
    app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
    answer = send(manager, "större.csv", b"x" * (2 * 1024 * 1024))
    assert answer.status_code == 413
    assert "Filen är större än 1 MB. Dela upp den och skicka delarna." in text_of(answer)
    assert 'type="file"' in answer.text
    assert folders(app) == []


def test_a_fault_of_the_whole_file_is_said_on_its_step_with_the_way_back(manager: FlaskClient, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "dubbel.xlsx", {"Blad1": [["Kod", "Namn", "Namn"], ["A", "B", "C"]]})
    token = send_file(manager, path)
    answer = manager.get(f"/import/{token}/kolumner")
    assert answer.status_code == 422
    assert "dubbel.xlsx har två kolumner med rubriken ”Namn”." in text_of(answer)
    assert f"/import/{token}/lager" in answer.text
    assert "fil.xlsx" not in answer.text
    assert 'type="file"' in answer.text


def test_two_tabs_of_one_import_keep_each_others_answers(
    manager: FlaskClient, session: Session, tmp_path: Path
) -> None:
    token = send_file(manager, swapped_rows(tmp_path))
    columns, place = (manager.get(f"/import/{token}/{one}") for one in ("kolumner", "koordinater"))
    manager.post(f"/import/{token}/koordinater", data=fields_of(place))
    manager.post(f"/import/{token}/kolumner", data=fields_of(columns))
    kept = json.loads(session.scalar(select(Upload.choices)) or "")
    assert kept["srid"] == 3006
    assert kept["columns"]["code"] == "Projektnr"


def test_an_expired_session_keeps_the_upload(manager: FlaskClient, client: FlaskClient, tmp_path: Path) -> None:
    token = send_file(manager, write_csv(tmp_path / "projekt.csv"))
    answer = client.get(f"/import/{token}/kolumner")
    assert answer.headers["Location"] == f"/logga-in?next=/import/{token}/kolumner"
    assert client.post(f"/import/{token}/kolumner").status_code == 401
    assert "projekt.csv" in text_of(manager.get("/import"))


def test_a_manager_imports_drafts_and_a_controller_may_publish(
    manager: FlaskClient, controller: FlaskClient, session: Session, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "projekt.csv")
    token = send_file(manager, path)
    page = walk_to_plan(manager, token)
    assert 'name="publish"' not in page.text
    manager.post(f"/import/{token}/plan", data={"year": "2026", "publish": "y"})
    apply(manager, token, manager.get(f"/import/{token}/plan"))
    assert set(session.scalars(select(Project.publication))) == {"utkast"}
    other = send_file(controller, path)
    walk_to_plan(controller, other)
    controller.post(f"/import/{other}/plan", data={"year": "2026", "publish": "y"})
    page = controller.get(f"/import/{other}/plan")
    assert "0 nya projekt, 3 ändras" in text_of(page)
    assert "Publicering Utkast → blir Publicerad" in text_of(page)
    apply(controller, other, page)
    session.expire_all()
    assert set(session.scalars(select(Project.publication))) == {"publicerad"}


def test_a_confidential_project_is_neither_shown_nor_overwritten(
    manager: FlaskClient, controller: FlaskClient, session: Session, tmp_path: Path
) -> None:
    secret = (*HEADERS, "Sekretess", "Lagrum")
    rows = [(*ROWS[0][:1], "HEMLIGTNAMN", *ROWS[0][2:], "Ja", "OSL 18:8"), (*ROWS[1], "Nej", None)]
    first = send_file(controller, write_csv(tmp_path / "hemlig.csv", rows, secret))
    apply(controller, first, walk_to_plan(controller, first))
    token = send_file(manager, write_csv(tmp_path / "projekt.csv"))
    page = walk_to_plan(manager, token)
    assert "1 nytt projekt, 0 ändras, 1 oförändrade, 1 avvisas" in text_of(page)
    addresses = [f"plan?visa={one}" for one in ("nya", "andras", "oforandrade", "avvisas", "anmarkningar")]
    for address in (*addresses, "karta.geojson", "avvisade.csv"):
        assert "HEMLIGTNAMN" not in manager.get(f"/import/{token}/{address}").text
    refused = text_of(manager.get(f"/import/{token}/plan?visa=avvisas"))
    assert "Koden används redan av ett projekt som du inte får ändra." in refused
    apply(manager, token, page, leave_refused="y")
    session.expire_all()
    assert session.scalar(select(Project.name).where(Project.code == "P-1")) == "HEMLIGTNAMN"


def test_nothing_of_a_file_is_served_back_as_html(manager: FlaskClient, tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    path = write_geojson(tmp_path / "x.geojson", [({"Projektnr": "X-1", "Namn": evil, evil: evil}, RINKEBY)])
    token = send_file(manager, path)
    walk_to_plan(manager, token)
    for address in ("lager", "koordinater", "kolumner", "varden", "plan"):
        assert evil not in manager.get(f"/import/{token}/{address}").text
    answer = manager.get(f"/import/{token}/karta.geojson")
    assert answer.mimetype == "application/geo+json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_old_files_go_when_anybody_comes(app: Flask, manager: FlaskClient, client: FlaskClient, session: Session,
                                         tmp_path: Path) -> None:  # fmt: skip
    import os

    from tracker.imports import upload_views

    send_file(manager, write_csv(tmp_path / "projekt.csv"))
    session.execute(text("UPDATE upload SET created_at = :at"), {"at": datetime(2026, 1, 1, tzinfo=UTC)})
    session.commit()
    (folder,) = folders(app)
    os.utime(folder, (0, 0))
    upload_views.forget_sweep()
    assert client.get("/projekt").status_code == 200
    assert folders(app) == []
    assert session.scalar(select(Upload.token)) is None


@pytest.mark.parametrize("place", ["lager", "koordinater", "kolumner", "varden", "plan"])
def test_every_step_can_drop_the_import(app: Flask, manager: FlaskClient, tmp_path: Path, place: str) -> None:
    token = send_file(manager, write_csv(tmp_path / "projekt.csv"))
    walk_to_plan(manager, token)
    page = manager.get(f"/import/{token}/{place}")
    assert text_of(page).count("Släng importen") == 1
    answer = manager.post(f"/import/{token}/slang", data=fields_of(page, f"/import/{token}/slang"))
    assert answer.headers["Location"] == "/import"
    assert folders(app) == []
    assert "projekt.csv är slängd. Registret är oförändrat." in manager.get("/import").text


def test_a_file_that_is_refused_on_a_step_can_be_dropped_there(
    app: Flask, manager: FlaskClient, tmp_path: Path
) -> None:
    path = write_xlsx(tmp_path / "dubbel.xlsx", {"Blad1": [["Kod", "Namn", "Namn"], ["A", "B", "C"]]})
    token = send_file(manager, path)
    page = manager.get(f"/import/{token}/kolumner")
    assert page.status_code == 422
    manager.post(f"/import/{token}/slang", data=fields_of(page, f"/import/{token}/slang"))
    assert folders(app) == []
