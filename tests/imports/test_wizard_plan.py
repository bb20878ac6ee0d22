"""What the plan of the wizard tells of single rows and of the whole file before anybody says yes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.imports.files import write_csv
from tests.imports.walk import apply, send_file, text_of, walk_to_plan
from tracker.accounts.roles import Role
from tracker.projects.models import Project, SecretField

SignIn = Callable[[Role], FlaskClient]
HEADERS = ("Kod", "Namn", "Stadsdel", "N", "E")
HALL, RINKEBY, FAR = (6579142.0, 153112.0), (6585893.85, 145965.26), (6560000, 120000)


@pytest.fixture
def manager(sign_in: SignIn) -> FlaskClient:
    return sign_in(Role.MANAGER)


def remarks(client: FlaskClient, token: str, more: str = "") -> str:
    return text_of(client.get(f"/import/{token}/plan?visa=anmarkningar{more}"))


def test_rows_that_lie_elsewhere_are_listed_with_where(manager: FlaskClient, tmp_path: Path) -> None:
    rows = [
        ("A-1", "Ett", "Kungsholmen", *HALL), ("A-2", "Två", "Rinkeby", *HALL), ("A-3", "Tre", "Rinkeby", *FAR),
        ("A-4", "Fyra", "Rinkeby", None, None), ("A-5", "Fem", None, *HALL),
    ]  # fmt: skip
    token = send_file(manager, write_csv(tmp_path / "projekt.csv", rows, HEADERS))
    page = walk_to_plan(manager, token)
    assert (
        "Stadsdelen i filen mot läget: 1 stämmer, 0 genom ett annat namn eller en lista, 2 skiljer sig, 1 anger ingen. "
        "1 rad har inget läge att jämföra med. Visa dem som skiljer sig"
    ) in text_of(page)
    told = remarks(manager, token)
    assert "3 A-2 Två Stadsdel Rinkeby Läget är i Kungsholmen." in told
    assert "4 A-3 Tre Stadsdel Rinkeby Läget är utanför staden." in told
    assert told.count("Läget är") == 4  # once in its row, once among the reasons
    narrowed = [remarks(manager, token, f"&skal={number}") for number in range(1, 4)]
    assert sum("A-2 Två" in one for one in narrowed) == 1


def test_the_rows_that_lie_elsewhere_are_paged(manager: FlaskClient, tmp_path: Path) -> None:
    rows = [(f"A-{number}", f"Nummer {number}", "Rinkeby", *HALL) for number in range(30)]
    token = send_file(manager, write_csv(tmp_path / "projekt.csv", rows, HEADERS))
    assert "Anmärkningar 30" in text_of(walk_to_plan(manager, token))
    assert remarks(manager, token).count("Läget är i Kungsholmen.") == 25
    assert remarks(manager, token, "&page=2").count("Läget är i Kungsholmen.") == 5


@pytest.mark.parametrize("moved", [False, True])
def test_a_secret_place_is_not_told_by_what_it_is_not(
    sign_in: SignIn, manager: FlaskClient, session: Session, tmp_path: Path, moved: bool
) -> None:
    controller = sign_in(Role.CONTROLLER)
    path = write_csv(tmp_path / "projekt.csv", [("A-1", "Ett", "Kungsholmen", *HALL)], HEADERS)
    first = send_file(controller, path)
    apply(controller, first, walk_to_plan(controller, first))
    one = session.scalars(select(Project)).one()
    one.secret_fields = [SecretField(field="geometry", ground="OSL 19 kap. 3 §")]
    session.commit()
    place = RINKEBY if moved else HALL
    probe = write_csv(tmp_path / "gissning.csv", [("A-1", "Nytt namn", "Tensta", *place)], HEADERS)
    token = send_file(manager, probe)
    assert "Stadsdelen i filen mot läget" not in text_of(walk_to_plan(manager, token))
    for kind in ("andras", "oforandrade", "avvisas", "anmarkningar"):
        assert "Kungsholmen" not in text_of(manager.get(f"/import/{token}/plan?visa={kind}"))
    right = send_file(manager, write_csv(tmp_path / "ratt.csv", [("A-1", "Nytt", "Kungsholmen", *place)], HEADERS))
    assert "Stadsdelen i filen mot läget" not in text_of(walk_to_plan(manager, right))
    other = send_file(controller, probe)
    walk_to_plan(controller, other)
    assert f"Läget är i {'Rinkeby' if moved else 'Kungsholmen'}." in remarks(controller, other)


def test_a_guessed_kind_is_told_for_the_file_and_for_each_new_project(manager: FlaskClient, tmp_path: Path) -> None:
    rows = [("A-1", "Ny cykelbana"), ("A-2", "Radhus i Tensta"), ("A-3", "Torget")]
    token = send_file(manager, write_csv(tmp_path / "projekt.csv", rows, ("Kod", "Namn")))
    told = text_of(walk_to_plan(manager, token))
    assert (
        "Så har filen lästs Läst som Windows-1252 med ; mellan kolumnerna. Filen har inget skede; nya projekt får Idé. "
        "Filen har inget huvudslag; nya projekt får det efter namn och antal bostäder. Filen har inga lägen. "
        "Planen gjordes"
    ) in told.replace("Läst som UTF-8", "Läst som Windows-1252")
    for name, kind in (("Ny cykelbana", "Trafik"), ("Radhus i Tensta", "Bostad"), ("Torget", "Arbetsplats")):
        assert f"{name} {kind} gissat Idé" in told


def test_only_kinds_that_the_file_does_not_say_are_guessed(manager: FlaskClient, tmp_path: Path) -> None:
    rows = [("A-1", "Ett", "Bostad"), ("A-2", "Två", "Övrigt"), ("A-3", "Tre", None)]
    token = send_file(manager, write_csv(tmp_path / "projekt.csv", rows, ("Kod", "Namn", "Typ")))
    told = text_of(walk_to_plan(manager, token))
    assert "Ett Bostad Idé" in told
    assert "Två Arbetsplats gissat Idé" in told
    assert "Tre Arbetsplats gissat Idé" in told


def test_many_readings_are_folded_and_the_notes_are_not(manager: FlaskClient, tmp_path: Path) -> None:
    words = ("Samråd", "Granskning", "Projektering", "Byggs", "Produktion", "Klart", "Färdig", "Pausat", "Nedlagd")
    rows = [(f"A-{number}", "Namn", word) for number, word in enumerate(words)]
    token = send_file(manager, write_csv(tmp_path / "projekt.csv", rows, ("Kod", "Namn", "Skede")))
    page = walk_to_plan(manager, token)
    notes = page.text.split("sa-lasts", 2)[2]
    assert notes.index("Filen har inget huvudslag") < notes.index("<details>") < notes.index("9 skrivsätt tolkades")
    assert "Skede ”Pausat” läses som Vilande (1 rad)" in text_of(page)
