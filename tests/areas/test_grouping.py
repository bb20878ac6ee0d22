"""The way upward, the edition of a year, and the crosswalk between editions."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.factories import find_area, make_area_set
from tests.geometries import square
from tracker.areas.models import LOWEST
from tracker.areas.queries import (
    area_set_for_year,
    areas_upward,
    crosswalk,
    get_area,
    get_area_set,
    list_area_sets,
    list_areas,
    newest_set,
)
from tracker.errors import NotFoundError


def upward(session: Session, edition: str) -> dict[tuple[str, str], str | None]:
    """(edition, name) of every area → the name of the area of `edition` that holds it."""
    sets = [get_area_set(session, LOWEST), *list_area_sets(session)]
    names = {area.id: (one.code, area.name) for one in sets for area in list_areas(session, one)}
    found = areas_upward(session, get_area_set(session, edition))
    assert set(found) == set(names)
    return {names[area]: names[holder][1] if holder else None for area, holder in found.items()}


def test_old_areas_are_held_by_the_merged_ones(session: Session) -> None:
    to_2007, to_2023 = upward(session, "2007"), upward(session, "2023")
    assert to_2007["1999", "Kista"] == to_2007["1999", "Rinkeby"] == "Rinkeby-Kista"
    assert to_2023["2007", "Rinkeby-Kista"] == to_2023["1999", "Rinkeby"] == "Järva"
    assert to_2023["1999", "Maria-Gamla stan"] == to_2023["1999", "Katarina-Sofia"] == "Södermalm"
    assert to_2023[LOWEST, "Rinkeby"] == "Järva"
    assert to_2023["2023", "Farsta"] == "Farsta"


def test_what_would_have_to_be_split_has_no_holder(session: Session) -> None:
    to_1999 = upward(session, "1999")
    assert to_1999["2007", "Rinkeby-Kista"] is None
    assert to_1999["2023", "Järva"] is None
    assert to_1999["2007", "Södermalm"] is None
    assert to_1999["2023", "Skarpnäck"] == "Skarpnäck"
    assert to_1999[LOWEST, "Södermalm (östra delen)"] == "Katarina-Sofia"


def test_an_area_of_one_stadsdel_can_be_said_at_the_lowest_level(session: Session) -> None:
    lowest = upward(session, LOWEST)
    assert lowest["1999", "Rinkeby"] == "Rinkeby"
    assert lowest["1999", "Kista"] is None
    assert lowest[LOWEST, "Kista"] == "Kista"


def test_upward_from_1999_is_never_in_doubt(session: Session) -> None:
    for edition in ("1999", "2007", "2020", "2023"):
        found = upward(session, edition)
        assert [name for (code, name), holder in found.items() if code in ("1999", LOWEST) and holder is None] == []


def test_areas_without_stadsdelar_have_no_holder(session: Session) -> None:
    make_area_set(session, "egen", {"Torget": square(150_000, 6_580_000, 100)})
    found = areas_upward(session, get_area_set(session, "2023"))
    assert found[find_area(session, "Torget", "egen").id] is None


@pytest.mark.parametrize(
    ("year", "code"),
    [(1999, "1999"), (2005, "1999"), (2006, "1999"), (2007, "2007"), (2019, "2007"), (2020, "2020"), (2022, "2020"),
     (2023, "2023"), (2030, "2023")],
)  # fmt: skip
def test_the_edition_of_a_year_is_that_of_its_last_day(session: Session, year: int, code: str) -> None:
    assert area_set_for_year(session, year).code == code


def test_a_year_before_the_first_edition_has_none(session: Session) -> None:
    with pytest.raises(NotFoundError, match="31 december 1998"):
        area_set_for_year(session, 1998)


def test_editions_come_in_order_without_the_lowest_level(session: Session) -> None:
    assert [edition.code for edition in list_area_sets(session)] == ["1999", "2007", "2020", "2023"]
    assert newest_set(session).code == "2023"


def test_unknown_codes_are_said(session: Session) -> None:
    with pytest.raises(NotFoundError, match="1997"):
        get_area_set(session, "1997")
    with pytest.raises(NotFoundError, match="atlantis"):
        get_area(session, "2023", "atlantis")
    assert get_area(session, "2023", "jarva").name == "Järva"


def rows(session: Session, before: str, after: str) -> list[tuple[list[str], list[str], str]]:
    found = crosswalk(session, get_area_set(session, before), get_area_set(session, after))
    return [([a.name for a in row.before], [a.name for a in row.after], row.change) for row in found]


def test_the_crosswalk_tells_what_merged(session: Session) -> None:
    found = rows(session, "2020", "2023")
    assert [row for row in found if row[2] != "oförändrat"] == [
        (["Norrmalm", "Östermalm"], ["Norra innerstaden"], "sammanslaget"),
        (["Rinkeby-Kista", "Spånga-Tensta"], ["Järva"], "sammanslaget"),
    ]
    assert len(found) == 11


def test_the_crosswalk_goes_both_ways(session: Session) -> None:
    found = rows(session, "2023", "1999")
    assert (["Järva"], ["Kista", "Rinkeby", "Spånga-Tensta"], "delat") in found
    assert (["Farsta"], ["Farsta"], "oförändrat") in found
    assert len(found) == 11


def test_a_crosswalk_without_common_ground_keeps_every_area(session: Session) -> None:
    make_area_set(session, "egen", {"Torget": square(150_000, 6_580_000, 100)}, valid_from=date(2030, 1, 1))
    found = rows(session, "egen", "2023")
    assert found[:2] == [(["Torget"], [], "saknar motsvarighet"), ([], ["Bromma"], "saknar motsvarighet")]
    assert len(found) == 12
