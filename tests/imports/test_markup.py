"""Descriptions in HTML: their words, and nothing taken from what is no HTML."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.imports.files import write_csv, write_geojson
from tests.imports.walk import apply, send_file, text_of, walk_to_plan
from tracker.accounts.roles import Role
from tracker.imports.candidates import interpret
from tracker.imports.choices import Choices
from tracker.imports.markup import is_html, read_description
from tracker.imports.sources import read_table
from tracker.imports.values import read_text
from tracker.projects.models import Project

PLACE = {"type": "Point", "coordinates": [17.9293, 59.3885]}


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<p>F&ouml;rslag till <strong>v&auml;g</strong> 649.</p>", "Förslag till väg 649."),
        ("<p><b>Vad:</b> A.<br /><b>Varf&ouml;r:</b> B.</p>\n<p>C&nbsp;</p>", "Vad: A.\nVarför: B.\nC"),
        ("<P CLASS='x'>Ett\n två</P><div>tre</div>", "Ett två\ntre"),
        ("<ul>\n<li>Ett</li>\n<li>Två &amp; tre</li>\n</ul>", "Ett\nTvå & tre"),
        ('Se <a href="https://a.se/?x=1&amp;y=2">sidan</a>', "Se sidan"),
        ("Rad ett\nRad <em>två</em>", "Rad ett\nRad två"),
        ("<p>Längd 3 < 5 km, bredd > 2 m</p>", "Längd 3 < 5 km, bredd > 2 m"),
        ("<p>Avkortad <stro", "Avkortad"),
        ("<p>Avkortad <span style='color", "Avkortad"),
        ("<p>&lt;p&gt; &auml;r en tagg</p>", "<p> är en tagg"),
        ("<p>Ett<!-- dold --> två</p><!--", "Ett två"),
    ],
)
def test_html_becomes_its_words(cell: str, text: str) -> None:
    assert read_description(cell) == text


@pytest.mark.parametrize(
    "cell",
    [
        "Längd 3 < 5 km", "a<b>c", "Se <okänd> och <https://a.se>", "F&ouml;rslag", "Ett & två", "<a och b> saknas",
        "rad ett\nrad två", "x <- y -> z", "<pris>", "<brygga>",
    ],
)  # fmt: skip
def test_what_is_no_html_stays_as_it_is(cell: str) -> None:
    assert not is_html(cell)
    assert read_description(cell) == cell


@given(st.text(alphabet="abp <>/&;\n=\"'å", max_size=60))
def test_a_text_without_real_tags_is_never_touched(text: str) -> None:
    if not is_html(text):
        assert read_description(text) == read_text(text)


def test_html_in_a_file_is_told_and_the_same_words_from_another_file_change_nothing(
    sign_in: Callable[[Role], FlaskClient], session: Session, tmp_path: Path
) -> None:
    manager = sign_in(Role.MANAGER)
    cells = ("<p>F&ouml;rslag &ndash; ett.</p><p>Mer.</p>", "<p>Nytt</p>", "Vanlig text", None)
    features = [
        ({"Projektnr": f"H-{number}", "Namn": "Väg", "Beskrivning": cell}, PLACE) for number, cell in enumerate(cells)
    ]
    token = send_file(manager, write_geojson(tmp_path / "html.geojson", features))
    page = walk_to_plan(manager, token)
    assert "2 beskrivningar innehöll HTML och blev vanlig text." in text_of(page)
    apply(manager, token, page)
    stored = dict(session.execute(select(Project.code, Project.description_public)).all())
    words = ("Förslag – ett.\nMer.", "Nytt", "Vanlig text", "")
    assert stored == {f"H-{number}": text for number, text in enumerate(words)}
    rows = [(f"H-{number}", "Väg", text) for number, text in enumerate(words)]
    again = send_file(manager, write_csv(tmp_path / "text.csv", rows, ("Projektnr", "Namn", "Beskrivning")))
    told = text_of(walk_to_plan(manager, again))
    assert "0 nya projekt, 0 ändras, 4 oförändrade, 0 avvisas" in told
    assert "HTML" not in told


def test_one_description_is_told_in_the_singular_and_the_internal_one_counts(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [("A-1", "Ett", "<p>x</p>")], ("Kod", "Namn", "Anteckningar"))
    found = interpret(read_table(path))
    assert found.value("description_internal", 0) == "x"
    assert "1 beskrivning innehöll HTML och blev vanlig text." in found.notes


@pytest.mark.shared
def test_the_road_authoritys_two_files_agree_on_what_they_share(shared_data: Path) -> None:
    names = (
        "trafikverket_projekt_sweref99tm_nocrs.geojson", "trafikverket_projekt_semikolon_decimalkomma_cp1252.csv",
    )  # fmt: skip
    found = [interpret(read_table(shared_data / "projects" / name), Choices(srid=3006)) for name in names]
    assert "540 beskrivningar innehöll HTML och blev vanlig text." in found[0].notes
    html, text = (dict(zip(one.values["code"], one.values["description_public"], strict=True)) for one in found)
    differing = {code for code in html if html[code] != text[code]}
    assert len(html) == 663
    assert len(differing) == 30
    # The spreadsheet ran paragraphs together in 24 and cut off or lost letters of 6.
    assert sum("".join((html[code] or "").split()) == "".join((text[code] or "").split()) for code in differing) == 24
    assert not any(is_html(one) for one in html.values() if one)
