"""Hostile files through the wizard: what the person is told, that nothing is kept, and names that would lead astray."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.accounts.roles import Role
from tracker.imports import uploads
from tracker.imports.models import Upload
from tracker.projects.models import Project

SignIn = Callable[[Role], FlaskClient]
NAMES = {
    "a\x00.csv": "a.csv",
    "a\n\r\tb.csv": "a b.csv",
    "plan\u202evsc.exe": "planvsc.exe",
    "\u200f\u2066a.csv": "a.csv",
    "x" * 300 + ".csv": "x" * 196 + ".csv",
    "CON": "CON",
    "con.csv": "con.csv",
    "...dold.csv": "dold.csv",
    ". . /a.csv": "a.csv",
    "../../../etc/passwd": "passwd",
    "a.csv\\..\\..\\b.csv": "b.csv",
    "a" + "." * 300: "a" + "." * 199,
    "\x1b[31mröd.csv": "[31mröd.csv",
    "a.csv" + "\u0301" * 3: "a.csv" + "\u0301" * 3,
}


@pytest.mark.parametrize("given", NAMES)
def test_a_name_is_shown_and_never_a_path(tmp_path: Path, given: str) -> None:
    kept = uploads.keep_file(tmp_path, io.BytesIO(b"kod;namn\nA;x\n"), given, 1000)
    assert kept.name == NAMES[given]
    assert kept.path.parent.parent == tmp_path / "uploads"
    assert kept.path.stem == "fil"
    assert len(kept.path.name) < 16
    assert kept.name.isprintable()


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.csv", bytes(64 * 2**20))
    return made.getvalue()


FILES: dict[str, tuple[str, bytes, str]] = {
    "bomb": ("a.zip", bomb(), "orimligt stor"),
    "entities": ("a.kml", b'<!DOCTYPE kml [<!ENTITY a "ha">]><kml>&a;</kml>', "DOCTYPE"),
    "deep": ("a.geojson", b'{"type":"GeometryCollection","geometries":[' * 5_000, "skadad"),
    "wrong": ("a.xlsx", b"%PDF-1.7\n" + bytes(100), "PDF"),
    "vrt": ("a.gml", b"<OGRVRTDataSource/>", "varken kartfil"),
    "nul": ("a.csv", b"kod;namn\n\x00;x\n", "varken kartfil"),
}


@pytest.mark.parametrize("kind", FILES)
def test_the_wizard_says_why_and_keeps_nothing(app: Flask, session: Session, sign_in: SignIn, kind: str) -> None:
    name, data, reason = FILES[kind]
    answer = sign_in(Role.MANAGER).post("/import", data={"file": (io.BytesIO(data), name)})
    assert answer.status_code == 422
    assert reason in answer.text
    assert session.scalar(select(func.count()).select_from(Upload)) == 0
    assert session.scalar(select(func.count()).select_from(Project)) == 0
    folder = Path(app.config["STATE_DIR"]) / uploads.FOLDER
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("kind", FILES)
def test_so_does_the_form_of_a_project(sign_in: SignIn, kind: str) -> None:
    name, data, reason = FILES[kind]
    answer = sign_in(Role.MANAGER).post("/projekt/form-ur-fil", data={"file": (io.BytesIO(data), name)})
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["status"] == "error"
    assert reason in answer.json["text"]


def test_a_name_with_markup_is_only_shown(sign_in: SignIn) -> None:
    name = "<img src=x onerror=alert(1)>.csv"
    answer = sign_in(Role.MANAGER).post("/import", data={"file": (io.BytesIO(b""), name)})
    assert answer.status_code == 422
    assert "<img src=x" not in answer.text
