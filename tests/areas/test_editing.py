"""What an admin may change: codes, aliases, inhabitants, notes; a new edition, merging in it, discarding it."""

from __future__ import annotations

from datetime import date

import pytest
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.areas.outline_makers import current_outlines
from tests.factories import find_area, make_project
from tracker.areas import editions, services
from tracker.areas.inputs import AreaInput, EditionInput, MergeInput, PopulationInput
from tracker.areas.models import LOWEST, Area, AreaSet
from tracker.areas.policies import is_open
from tracker.areas.queries import (
    Gazetteer,
    area_set_for_year,
    areas_upward,
    get_area,
    get_area_set,
    list_area_sets,
    list_areas,
    parts_by_area,
    population,
)
from tracker.errors import DomainError, InvalidInputError
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.projects.models import ServedArea
from tracker.projects.vocabulary import Scope

NEW = EditionInput("2027", "Stadsdelsområden 2027", date(2027, 1, 1), "Prov")
MERGE = MergeInput(("farsta", "skarpnack"), "Farsta-Skarpnäck")


def entries(session: Session, kind: str, subject_id: int) -> list[dict[str, list[object]]]:
    found = session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.subject_kind == kind, HistoryEntry.subject_id == subject_id)
        .order_by(HistoryEntry.id)
    )
    return [entry.changes for entry in found]


def test_an_area_gets_code_names_and_inhabitants(session: Session, actor: Actor) -> None:
    area = find_area(session, "Järva", "2023")
    row = PopulationInput(2024, 91_234, "Områdesfakta")
    services.change_area(session, area, AreaInput("25", ("Norra Järva",), (row,)), actor)
    assert area.official_code == "25"
    assert Gazetteer.load(session).areas("norra järva", "2023") == (area.id,)
    figure = population(session, area, 2024)
    assert figure is not None
    assert (figure.inhabitants, figure.source, figure.summed_from) == (91_234, "Områdesfakta", ())
    assert entries(session, "area", area.id) == [
        {
            "official_code": ["", "25"],
            "aliases": [[], ["Norra Järva"]],
            "populations": [[], [[2024, 91_234, "Områdesfakta"]]],
        }
    ]


def test_saving_what_stands_records_nothing(session: Session, actor: Actor) -> None:
    area = find_area(session, "Bromma", "2007")
    current = services.area_input(session, area)
    assert (current.official_code, len(current.populations)) == ("06", 4)
    services.change_area(session, area, current, actor)
    assert entries(session, "area", area.id) == []


def test_rows_can_be_removed(session: Session, actor: Actor) -> None:
    area = find_area(session, "Hässelby-Vällingby", "2007")
    services.change_area(session, area, AreaInput("", (), ()), actor)
    assert services.area_input(session, area) == AreaInput("", (), ())
    assert area.official_code is None


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (AreaInput("18", (), ()), "Koden 18 har redan Farsta."),
        (AreaInput("", ("Ettan", "ETTAN"), ()), "Namnet står två gånger: ettan."),
        (AreaInput("", (), (PopulationInput(2004, 1, "x"), PopulationInput(2004, 2, "x"))), "År 2004 står 2 gånger."),
        (AreaInput("", (), (PopulationInput(1804, 1, "x"),)), "År 1804 är inte rimligt."),
        (AreaInput("", (), (PopulationInput(2004, 1, ""),)), "Skriv källan för varje folkmängd."),
    ],
)
def test_what_cannot_be_is_refused(session: Session, actor: Actor, wanted: AreaInput, reason: str) -> None:
    area = find_area(session, "Bromma", "2007")
    with pytest.raises(InvalidInputError) as refusal:
        services.change_area(session, area, wanted, actor)
    assert [problem.reason for problem in refusal.value.problems] == [reason]
    assert area.official_code == "06"


def test_the_note_of_an_edition_is_changed_with_history(session: Session, actor: Actor) -> None:
    edition = get_area_set(session, "1999")
    old = edition.note
    services.change_note(session, edition, "Ny anmärkning", actor)
    services.change_note(session, edition, "Ny anmärkning", actor)
    assert entries(session, "area_set", edition.id) == [{"note": [old, "Ny anmärkning"]}]


def test_a_new_edition_is_a_copy_that_ends_the_former(session: Session, actor: Actor) -> None:
    source = get_area_set(session, "2023")
    new = editions.copy_edition(session, source, NEW, actor)
    assert (source.valid_to, new.valid_from, new.valid_to) == (date(2026, 12, 31), date(2027, 1, 1), None)
    assert [area.name for area in list_areas(session, new)] == [area.name for area in list_areas(session, source)]
    assert area_set_for_year(session, 2026).code == "2023"
    assert area_set_for_year(session, 2027).code == "2027"
    parts = parts_by_area(session)
    assert parts[find_area(session, "Järva", "2027").id] == parts[find_area(session, "Järva", "2023").id]
    assert find_area(session, "Farsta", "2027").official_code == "18"
    old, copy = current_outlines(session, "2023"), current_outlines(session, "2027")
    assert all(old[name].equals(copy[name]) for name in old)
    assert (new.schematic, new.own_outlines, new.outline_source) == (True, False, source.outline_source)
    assert entries(session, "area_set", source.id) == [{"valid_to": [None, "2026-12-31"]}]


def test_areas_of_a_new_edition_can_be_merged(session: Session, actor: Actor) -> None:
    new = editions.copy_edition(session, get_area_set(session, "2023"), NEW, actor)
    area = editions.merge_areas(session, new, MERGE, actor)
    names = [one.name for one in list_areas(session, new)]
    assert len(names) == 10
    assert "Farsta-Skarpnäck" in names
    assert "Farsta" not in names
    old = current_outlines(session, "2023")
    whole = shapely.union(old["Farsta"], old["Skarpnäck"])
    assert current_outlines(session, "2027")["Farsta-Skarpnäck"].equals(whole)
    upward = areas_upward(session, new)
    assert upward[find_area(session, "Farsta", "2023").id] == area.id
    assert upward[find_area(session, "Bagarmossen").id] == area.id
    assert Gazetteer.load(session).areas("Skarpnäcks stadsdelsnämnd", "2027") == (area.id,)
    assert len(list_areas(session, get_area_set(session, "2023"))) == 11
    merged = [changes for changes in entries(session, "area_set", new.id) if "merged" in changes]
    assert merged == [{"merged": [["Farsta", "Skarpnäck"], "Farsta-Skarpnäck"]}]


def test_a_merged_area_may_keep_one_of_the_names(session: Session, actor: Actor) -> None:
    new = editions.copy_edition(session, get_area_set(session, "2023"), NEW, actor)
    area = editions.merge_areas(session, new, MergeInput(("farsta", "skarpnack"), "Farsta"), actor)
    assert get_area(session, "2027", "farsta").id == area.id
    assert services.area_input(session, area).aliases == ("Skarpnäck",)


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (MergeInput(("farsta",), "Farsta"), "Välj minst två områden att slå ihop."),
        (MergeInput(("farsta", "atlantis"), "Farsta"), "Välj minst två områden att slå ihop."),
        (MergeInput(("farsta", "bromma"), "Farma"), "Områdena ska ligga i samma region."),
        (MergeInput(("farsta", "skarpnack"), "JÄRVA"), "Utgåvan har redan Järva."),
        (MergeInput(("farsta", "skarpnack"), "–"), "Namnet behöver bokstäver eller siffror."),
    ],
)
def test_a_merge_that_makes_no_sense_is_refused(
    session: Session, actor: Actor, wanted: MergeInput, reason: str
) -> None:
    new = editions.copy_edition(session, get_area_set(session, "2023"), NEW, actor)
    with pytest.raises(InvalidInputError, match=reason):
        editions.merge_areas(session, new, wanted, actor)
    assert len(list_areas(session, new)) == 11


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (EditionInput("2023", "x", date(2027, 1, 1), ""), "Det finns redan en utgåva 2023."),
        (EditionInput(LOWEST, "x", date(2027, 1, 1), ""), "Det finns redan en utgåva stadsdelar."),
        (EditionInput("Å 1", "x", date(2027, 1, 1), ""), "Koden ska vara små bokstäver"),
        (EditionInput("2023b", "x", date(2023, 7, 1), ""), "Utgåvan ska börja gälla efter"),
    ],
)
def test_an_impossible_edition_is_refused(session: Session, actor: Actor, wanted: EditionInput, reason: str) -> None:
    with pytest.raises(InvalidInputError, match=reason):
        editions.copy_edition(session, get_area_set(session, "2023"), wanted, actor)
    assert get_area_set(session, "2023").valid_to is None


def test_seeded_and_followed_editions_are_never_overwritten(session: Session, actor: Actor) -> None:
    for code in (LOWEST, "1999", "2023"):
        edition = get_area_set(session, code)
        assert not is_open(session, edition)
        with pytest.raises(DomainError, match="ändras inte"):
            editions.merge_areas(session, edition, MERGE, actor)
        with pytest.raises(DomainError, match="ändras inte"):
            editions.discard_edition(session, edition, actor)
    with pytest.raises(DomainError, match="görs av den nyaste"):
        editions.copy_edition(session, get_area_set(session, "2020"), NEW, actor)
    first = editions.copy_edition(session, get_area_set(session, "2023"), NEW, actor)
    assert is_open(session, first)
    editions.copy_edition(session, first, EditionInput("2030", "x", date(2030, 1, 1), ""), actor)
    assert not is_open(session, first)


def test_an_unused_edition_can_be_discarded(session: Session, actor: Actor) -> None:
    new = editions.copy_edition(session, get_area_set(session, "2023"), NEW, actor)
    editions.discard_edition(session, new, actor)
    assert [edition.code for edition in list_area_sets(session)] == ["1999", "2007", "2020", "2023"]
    assert get_area_set(session, "2023").valid_to is None
    assert session.scalar(select(AreaSet).where(AreaSet.code == "2027")) is None


def test_what_a_project_serves_is_neither_merged_nor_discarded(session: Session, actor: Actor) -> None:
    new = editions.copy_edition(session, get_area_set(session, "2023"), NEW, actor)
    project = make_project(session, "A-1")
    farsta = find_area(session, "Farsta", "2027")
    session.add(ServedArea(project_id=project.id, position=0, scope=Scope.AREA, area_id=farsta.id, share=10_000))
    session.flush()
    for change in (
        lambda: editions.merge_areas(session, new, MERGE, actor),
        lambda: editions.discard_edition(session, new, actor),
    ):
        with pytest.raises(DomainError, match="Projekt använder redan"):
            change()
        assert len(session.scalars(select(Area.id).where(Area.area_set_id == new.id)).all()) == 11
    assert services.area_input(session, farsta).official_code == "18"
