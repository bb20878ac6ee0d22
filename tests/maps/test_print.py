"""The printed map: its measures, its words, its rights, and that it is the same each time."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from numpy.typing import NDArray
from PIL import Image
from sqlalchemy.orm import Session

from tests.apps import MakeApp
from tests.maps.conftest import Write
from tests.maps.projects import HOSTILE, RINKEBY, put, put_many, put_three, square
from tracker.accounts.roles import Role
from tracker.geo.crs import STORAGE_SRID, WEB_SRID, transformer
from tracker.history.services import Actor
from tracker.maps import answers
from tracker.maps.print_turns import BusyError, turn

FILE = "/karta/utskrift/fil"
RINKEBY_BOX = "17.90,59.37,17.96,59.40"
HOUSING = (184, 78, 0)
DPMM = 200 / 25.4


def words_of(data: bytes) -> str:
    """The text of a PDF as a reader of it finds it."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.fail("pdftotext saknas (Debian: poppler-utils)")
    done = subprocess.run([program, "-layout", "-", "-"], input=data, capture_output=True, check=True)
    return " ".join(done.stdout.decode().replace("\xa0", " ").split())


def facts_of(data: bytes) -> str:
    return subprocess.run(["pdfinfo", "-"], input=data, capture_output=True, check=True).stdout.decode()


def picture(data: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def fetched(client: FlaskClient, query: str = "") -> bytes:
    answer = client.get(f"{FILE}{query}")
    assert answer.status_code == 200, answer.text
    return bytes(answer.data)


def coloured(pixels: NDArray[np.uint8], colour: tuple[int, int, int]) -> NDArray[np.int64]:
    """Rows and columns of the pixels of exactly a colour."""
    return np.argwhere((pixels == np.array(colour, dtype=np.uint8)).all(axis=2))


def put_pair(session: Session, actor: Actor) -> None:
    """Two points a kilometre apart, west to east in EPSG:3011."""
    x, y = RINKEBY
    put(session, actor, "P-1", shapely.Point(x - 500, y), name="Väster")
    put(session, actor, "P-2", shapely.Point(x + 500, y), name="Öster")


@pytest.mark.parametrize("paper", ["a4", "a3"])
@pytest.mark.parametrize("way", ["liggande", "staende"])
def test_a_kilometre_on_the_ground_is_as_long_on_paper_as_the_scale_says(
    write: Write, client: FlaskClient, paper: str, way: str
) -> None:
    write(put_pair)
    query = f"?bbox={RINKEBY_BOX}&paper={paper}&orientation={way}"
    told = words_of(fetched(client, query))
    scale = int(told.partition("Skala 1:")[2].partition("(")[0].replace(" ", ""))
    assert f"({paper.upper()})" in told
    pixels = picture(fetched(client, f"{query}&format=png"))
    long, short = (420, 297) if paper == "a3" else (297, 210)
    size = (long, short) if way == "liggande" else (short, long)
    assert pixels.shape[:2] == pytest.approx((size[1] * DPMM, size[0] * DPMM), abs=1)
    across = coloured(pixels, HOUSING)
    # The sign of the legend is beside or below the map; the two signs of the map stand on one line.
    rows, counts = np.unique(across[:, 0], return_counts=True)
    widest = rows[np.argmax([np.ptp(across[across[:, 0] == row, 1]) for row in rows])]
    columns = across[across[:, 0] == widest, 1]
    left, right = np.split(columns, [int(np.argmax(np.diff(columns))) + 1])[:2]
    measured = ((right[right < left.max() + 1_000 * DPMM].mean()) - left.mean()) / DPMM
    assert counts.size
    assert measured == pytest.approx(1_000_000 / scale, rel=0.01)


def test_a_pdf_is_searchable_text_with_title_and_language(write: Write, client: FlaskClient) -> None:
    write(put_three)
    data = fetched(client, "?kind=bostad&kind=trafik")
    told = words_of(data)
    for text in ("Stadens projekt", "2 av 3 projekt · Bostad · Trafik", "Teckenförklaring", "Ytterstad", "Innerstad",
                 "Skala 1:", "På kartan: 2 av 2 projekt.", "Områden 2023 (schematiska gränser).", "Utskriven 20",
                 "Källa: Portföljkartan", "SWEREF 99 18 00 (EPSG:3011)", "Äppelgården", "Zebragatan",
                 "http://localhost/karta?kind=bostad&kind=trafik"):  # fmt: skip
        assert text in told
    assert "Title:           Stadens projekt" in facts_of(data)
    assert "CreationDate" not in facts_of(data)
    assert b"/Lang (sv" in data
    assert b"/DisplayDocTitle true" in data


@pytest.mark.parametrize("form", ["pdf", "png"])
def test_the_same_map_is_the_same_bytes(write: Write, client: FlaskClient, form: str) -> None:
    write(put_three)
    assert fetched(client, f"?format={form}") == fetched(client, f"?format={form}")


def test_only_what_the_map_shows_is_on_the_sheet(write: Write, client: FlaskClient) -> None:
    write(put_three)
    told = words_of(fetched(client, f"?bbox={RINKEBY_BOX}"))
    assert "Äppelgården" in told
    assert "Zebragatan" not in told
    assert "På kartan: 1 av 3 projekt. 1 projekt saknar läge." in told


def test_hidden_layers_stay_hidden_and_are_named(write: Write, client: FlaskClient) -> None:
    write(put_three)
    told = words_of(fetched(client, "?position=11/59.33/18/bostad,granser"))
    assert "Äppelgården" not in told
    assert "Zebragatan" in told
    assert "Dolt på kartan: bostad." in told
    assert "Ytterstad" not in told
    assert "http://localhost/karta#11/59.33/18/bostad,granser" in told


def put_secret(session: Session, actor: Actor) -> None:
    put(session, actor, "H-1", square(RINKEBY), name="Hemligheten").confidential = True


def test_confidential_projects_are_printed_for_those_who_see_them_and_the_sheet_says_so(
    write: Write, client: FlaskClient, sign_in: Callable[[Role], FlaskClient]
) -> None:
    write(put_three)
    write(put_secret)
    for browser in (client, sign_in(Role.READER)):
        assert "Hemligheten" not in words_of(fetched(browser, f"?bbox={RINKEBY_BOX}"))
        assert "Hemligheten" not in browser.get(f"/karta/utskrift?bbox={RINKEBY_BOX}").text
    told = words_of(fetched(sign_in(Role.CONTROLLER), f"?bbox={RINKEBY_BOX}"))
    assert "Hemligheten" in told
    assert "Intern: kan visa utkast och sekretessbelagda uppgifter" in told
    assert "Intern" not in words_of(fetched(client))


def test_many_projects_are_printed_as_counts(
    write: Write, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "LIMIT", 60)
    write(lambda session, _actor: put_many(session, 300))
    told = words_of(fetched(client))
    assert "Antal projekt; ringen visar slagens andelar" in told
    assert "På kartan: 300 av 300 projekt." in told


def put_hostile(session: Session, actor: Actor) -> None:
    put(session, actor, "X-1", square(RINKEBY), name=HOSTILE)
    x, y = RINKEBY
    put(
        session,
        actor,
        "X-2",
        square((x, y + 300)),
        name="$\\frac{1}{0}$ %s {x} `y` ' \" \\ 漢字 " + "mycket lång " * 18,
    )


@pytest.mark.parametrize("form", ["pdf", "png"])
def test_case_45_hostile_names_are_inert_and_readable_in_print(write: Write, client: FlaskClient, form: str) -> None:
    write(put_hostile)
    query = "?q=%60x%27%22%24%7Bx%7D%3C%2Fscript%3E%24a%24"
    assert client.get(f"{FILE}{query}&format={form}").status_code == 200
    data = fetched(client, f"?bbox={RINKEBY_BOX}&format={form}")
    if form == "pdf":
        told = words_of(data)
        assert "Kv `Ek` 'Al' \"Ask\" ${alert(1)} {{7*7}}" in told
        assert "$\\frac{1}{0}$ %s {x} `y`" in told
        heading = words_of(fetched(client, query))
        assert "”`x'\"${x}</script>$a$”" in heading
    page = client.get(f"/karta/utskrift{query}").text
    assert "</script>$a$" not in page


def test_very_long_addresses_and_words_have_an_end(client: FlaskClient) -> None:
    query = f"?q={'w' * 200}&" + "&".join(f"goal=G{number}" for number in range(400))
    data = client.get(f"{FILE}{query}")
    assert data.status_code == 200
    assert words_of(data.data)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?bbox=-74,40,-73,41", "ligger utanför staden"),
        ("?bbox=18,59,17,60", "minlon &lt; maxlon"),
        ("?bbox=hej", "fyra tal"),
        ("?areas=finnsinte", "finns"),
        ("?theme=antal-projekt&areas=finnsinte", "finns"),
    ],
)
@pytest.mark.parametrize("path", ["/karta/utskrift", FILE])
def test_what_cannot_be_printed_is_said(client: FlaskClient, path: str, query: str, sentence: str) -> None:
    answer = client.get(path + query)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Tillbaka till kartan" in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?kind=rymdbas&phase=x&region=y&year=abcd",
        "?bbox=-180,-90,180,90",
        "?q=finnsinte",
        "?goal=G99",
        "?at=1",
        "?since=x",
        "?theme=x",
        "?at=2005&hide=okant,klart",
    ],
)
def test_empty_maps_huge_boxes_and_unknown_words_are_printed(client: FlaskClient, query: str) -> None:
    assert client.get(f"/karta/utskrift{query}").status_code == 200
    assert words_of(fetched(client, query))


def put_timed(session: Session, actor: Actor) -> None:
    x, y = RINKEBY
    put(session, actor, "Å-1", square(RINKEBY), start_decided=date(2008, 1, 1), end_decided=date(2010, 1, 1))
    put(session, actor, "Å-2", square((x, y + 400)), start_decided=date(2003, 1, 1), end_decided=date(2005, 6, 1))


def test_a_year_is_printed_with_its_states(write: Write, client: FlaskClient) -> None:
    write(put_timed)
    told = words_of(fetched(client, "?at=2005"))
    for text in ("2 projekt · läget 2005", "Läget 2005", "Planerat", "Blir klart 2005", "Utan känd tid"):
        assert text in told
    told = words_of(fetched(client, "?at=2005&hide=planerat"))
    assert "1 av 2 projekt · läget 2005" in told
    assert "Å-2" in told
    assert "Å-1" not in told


def test_a_theme_is_printed_with_its_classes(write: Write, client: FlaskClient) -> None:
    write(put_three)
    told = words_of(fetched(client, "?theme=antal-projekt"))
    assert "Antal projekt, projekt" in told
    assert re.search(r"1 projekt \(2\)", told), told
    plain, filled = (picture(fetched(client, f"?format=png{more}")) for more in ("", "&theme=antal-projekt"))
    assert (plain != filled).any()
    assert "theme=antal-projekt" in told


def test_printing_takes_turns_over_processes(tmp_path: Path) -> None:
    with turn(tmp_path, 1), pytest.raises(BusyError), turn(tmp_path, 1):
        pass
    with turn(tmp_path, 2), turn(tmp_path, 2), pytest.raises(BusyError), turn(tmp_path, 2):
        pass
    with turn(tmp_path, 1):
        pass


def test_when_others_print_one_is_told_to_come_back(app: Flask, client: FlaskClient) -> None:
    with turn(Path(app.config["STATE_DIR"]), 1):
        answer = client.get(FILE + "?paper=a3")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Andra skriver ut kartor just nu" in answer.text
    assert "/karta/utskrift/fil?paper=a3" in answer.text
    assert client.get(FILE).status_code == 200


def test_how_often_an_address_may_print_is_limited(make_app: MakeApp) -> None:
    client = make_app(RATELIMIT_ENABLED=True, PRINT_LIMIT="2 per hour").test_client()
    given = [client.get(f"{FILE}?bbox=hej").status_code for _ in range(3)]
    assert given == [422, 422, 429]


def test_the_public_url_is_what_the_sheet_leads_to(make_app: MakeApp) -> None:
    client = make_app(PUBLIC_URL="https://karta.example/portfolj").test_client()
    told = words_of(client.get(f"{FILE}?kind=bostad").data)
    assert "https://karta.example/portfolj/karta?kind=bostad" in told


def test_every_sort_of_geometry_is_printed(write: Write, client: FlaskClient) -> None:
    x, y = RINKEBY
    ring = square(RINKEBY, 900).difference(square(RINKEBY, 300))
    line = shapely.LineString([(x, y), (x + 900, y + 900)])
    shapes = [
        ring, shapely.MultiLineString([line.coords, [(x, y), (x, y - 900)]]),
        shapely.MultiPoint([(x, y + 500), (x + 500, y)]),
        shapely.GeometryCollection([line, shapely.Point(x - 400, y), square((x + 900, y))]),
        shapely.MultiPolygon([square((x + 900, y)), square((x, y + 900))]), shapely.Point(x - 900, y),
    ]  # fmt: skip

    def put_all(session: Session, actor: Actor) -> None:
        for number, shape in enumerate(shapes):
            put(session, actor, f"G-{number}", shape, location_approximate=number % 2 == 0)

    write(put_all)
    told = words_of(fetched(client, f"?bbox={RINKEBY_BOX}"))
    assert "På kartan: 6 av 6 projekt." in told
    assert "Ungefärligt läge" in told


def test_the_frame_shows_the_box_of_the_page(write: Write, client: FlaskClient) -> None:
    """A point at the corner of the view is on the sheet; one just outside the frame is not."""
    corner = transformer(WEB_SRID, STORAGE_SRID).transform(17.9001, 59.3701)
    write(lambda session, actor: put(session, actor, "C-1", shapely.Point(*corner), name="Hörnet"))
    write(
        lambda session, actor: put(session, actor, "C-2", shapely.Point(corner[0] - 9_000, corner[1]), name="Utanför")
    )
    told = words_of(fetched(client, f"?bbox={RINKEBY_BOX}"))
    assert "På kartan: 1 av 2 projekt." in told
    assert "Hörnet" in told
