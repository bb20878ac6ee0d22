"""Searching finds areas by their stadsdelar and former names, and says which area of which edition holds them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tracker.areas.queries import find_areas
from tracker.extensions import db


def test_a_stadsdel_is_found_with_its_areas(session: Session) -> None:
    first, *others = find_areas(session, "rinkeby")
    assert (first.set_code, first.name) == ("stadsdelar", "Rinkeby")
    assert [(holder.set_code, holder.name) for holder in first.held_by] == [
        ("2023", "Järva"), ("2020", "Rinkeby-Kista"), ("2007", "Rinkeby-Kista"), ("1999", "Rinkeby"),
    ]  # fmt: skip
    assert [(other.set_code, other.name) for other in others] == [
        ("1999", "Rinkeby"), ("2020", "Rinkeby-Kista"), ("2007", "Rinkeby-Kista"),
    ]  # fmt: skip


def test_an_alias_is_found_and_named(session: Session) -> None:
    (found,) = find_areas(session, "GÄRDET ")[:1]
    assert (found.name, found.alias) == ("Ladugårdsgärdet", "Gärdet")
    assert found.label == "Gärdet: Ladugårdsgärdet (stadsdel), i Norra innerstaden 2023"


def test_an_edition_that_would_split_holds_nothing(session: Session) -> None:
    jarva = next(found for found in find_areas(session, "järva") if found.set_code == "2023")
    assert jarva.held_by == ()


def test_plain_letters_find_swedish_ones_but_not_the_other_way(session: Session) -> None:
    assert {found.name for found in find_areas(session, "hagerstensasen")} == {"Hägerstensåsen"}
    plain = [found.name for found in find_areas(session, "arsta")]
    assert plain[0] == "Årsta"
    assert "Farsta" in plain
    swedish = {found.name for found in find_areas(session, "årsta")}
    assert swedish == {"Årsta", "Enskede-Årsta", "Enskede-Årsta-Vantör", "Liljeholmen"}


def test_nothing_is_found_for_nothing(session: Session) -> None:
    assert find_areas(session, "  ") == []
    assert find_areas(session, "atlantis") == []
    assert find_areas(session, "%") == []


def test_the_number_of_queries_does_not_grow(session: Session) -> None:
    find_areas(session, "värmer upp")
    with counted_statements(db.engine) as few:
        assert len(find_areas(session, "gärdet")) == 1
    with counted_statements(db.engine) as many:
        assert len(find_areas(session, "a", limit=100)) == 100
    assert len(few) == len(many)
