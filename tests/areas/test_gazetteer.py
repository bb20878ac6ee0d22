"""Names in any spelling: stadsdelar, areas, aliases, boards, lists."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import find_area
from tracker.areas.gazetteer import Gazetteer, Place, name_key
from tracker.areas.models import LOWEST
from tracker.areas.outlines import district_facts
from tracker.areas.queries import get_area_set, list_areas
from tracker.extensions import db


def names_of(gazetteer: Gazetteer, session: Session, text: str) -> list[str]:
    names = {area.id: area.name for area in list_areas(session, get_area_set(session, LOWEST))}
    return sorted(names[district] for district in gazetteer.covered(text).districts)


@pytest.mark.parametrize(
    ("text", "districts"),
    [
        ("Gärdet", ["Ladugårdsgärdet"]),
        ("HÄGERSTEN", ["Hägersten"]),
        (unicodedata.normalize("NFD", "Hägerstensåsen"), ["Hägerstensåsen"]),
        ("  vasastan ", ["Vasastaden"]),
        ("Skarpnäck", ["Skarpnäcks gård"]),
        ("Södermalm", ["Södermalm (västra delen)", "Södermalm (östra delen)"]),
        ("Hammarby Sjöstad", ["Södra Hammarbyhamnen"]),
        ("ULVSUNDA INDUSTRIOMR.", ["Ulvsunda industriområde"]),
        ("Kista stadsdelsnämnd", ["Akalla", "Hansta", "Husby", "Kista"]),
        ("stadsdelen Kista", ["Kista"]),
        ("Hagsätra, Rågsved", ["Hagsätra", "Rågsved"]),
        ("Hagsätra och Rågsved", ["Hagsätra", "Rågsved"]),
        ("Hammarby sjöstad / Hammarbyhöjden", ["Hammarbyhöjden", "Södra Hammarbyhamnen"]),
    ],
)
def test_free_names_find_stadsdelar(session: Session, text: str, districts: list[str]) -> None:
    assert names_of(Gazetteer.load(session), session, text) == districts


@pytest.mark.parametrize(
    ("text", "edition", "name"),
    [
        ("Hässelby - Vällingby", "2023", "Hässelby-Vällingby"),
        ("Hässelby–Vällingby", "1999", "Hässelby-Vällingby"),
        ("ENSKEDE ÅRSTA VANTÖR", "2007", "Enskede-Årsta-Vantör"),
        ("Kista-Rinkeby", "2020", "Rinkeby-Kista"),
        ("Skarpnäcks stadsdelsnämnd", "2023", "Skarpnäck"),
        ("Södermalms stadsdelsförvaltning", "2007", "Södermalm"),
        ("Farsta stadsdelsområde", "1999", "Farsta"),
        ("SDN Bromma", "2023", "Bromma"),
        ("Hornstull", "1999", "Maria-Gamla stan"),
    ],
)
def test_names_of_boards_find_areas(session: Session, text: str, edition: str, name: str) -> None:
    assert Gazetteer.load(session).areas(text, edition) == (find_area(session, name, edition).id,)


def test_the_word_board_means_the_area_first(session: Session) -> None:
    gazetteer = Gazetteer.load(session)
    assert gazetteer.places("Skarpnäck")[0].set_code == LOWEST
    assert gazetteer.places("Skarpnäcks stadsdelsnämnd")[0].set_code == "2023"
    assert len(gazetteer.districts("Skarpnäcks stadsdelsnämnd")) == 9


def test_own_names_come_before_aliases(session: Session) -> None:
    gazetteer = Gazetteer.load(session)
    liljeholmen = gazetteer.places("Liljeholmen")
    assert [(place.set_code, place.by_alias) for place in liljeholmen] == [(LOWEST, False), ("1999", False)]
    assert gazetteer.areas("Enskede", LOWEST) == (find_area(session, "Gamla Enskede").id,)


def test_unknown_names_in_a_list_are_named(session: Session) -> None:
    gazetteer = Gazetteer.load(session)
    covered = gazetteer.covered("Kista, Atlantis; Husby")
    assert covered.unknown == ("Atlantis",)
    assert len(covered.districts) == 2
    assert gazetteer.places("Atlantis") == ()
    assert gazetteer.covered("").districts == frozenset()


def test_asking_makes_no_query(session: Session) -> None:
    gazetteer = Gazetteer.load(session)
    with counted_statements(db.engine) as queries:
        for fact in district_facts():
            assert gazetteer.covered(fact.name).districts
    assert len(queries) == 0


DISTRICTS = [fact.name for fact in district_facts()]
CHANGES: list[Callable[[str], str]] = [
    str.upper,
    str.lower,
    str.title,
    lambda name: unicodedata.normalize("NFD", name),
    lambda name: f"  {name}\t",
    lambda name: name.replace(" ", "  "),
    lambda name: name.replace("-", " – "),
]


@given(st.sampled_from(DISTRICTS), st.lists(st.sampled_from(CHANGES), max_size=4))
def test_spelling_never_matters(name: str, changes: list[Callable[[str], str]]) -> None:
    place = Place(1, LOWEST, "x", name, frozenset({1}))
    written = name
    for change in changes:
        written = change(written)
    assert Gazetteer([(name, place)]).places(written) == (place,)


def test_different_names_stay_different() -> None:
    assert len({name_key(name) for name in DISTRICTS}) == len(DISTRICTS)
