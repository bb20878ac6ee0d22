"""Inhabitants: stated, summed from areas on the same ground, or not known."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests.factories import find_area
from tracker.areas.populations import PopulationBook, population
from tracker.areas.queries import get_area_set, list_areas, parts_by_area


def test_a_stated_figure_is_given_with_its_source(session: Session) -> None:
    figure = population(session, find_area(session, "Bromma", "2007"), 2005)
    assert figure is not None
    assert (figure.year, figure.inhabitants, figure.summed_from) == (2005, 60_475, ())
    assert figure.source.startswith("Stockholms stads statistik")


def test_merged_areas_get_the_sum(session: Session) -> None:
    figure = population(session, find_area(session, "Järva", "2023"), 2011)
    assert figure is not None
    assert figure.inhabitants == 46_792 + 38_115
    assert figure.summed_from == ("Rinkeby-Kista", "Spånga-Tensta")


def test_an_unchanged_area_gets_the_figure_of_the_other_edition(session: Session) -> None:
    figure = population(session, find_area(session, "Skarpnäck", "1999"), 2000)
    assert figure is not None
    assert (figure.inhabitants, figure.summed_from) == (39_839, ("Skarpnäck",))


def test_a_figure_is_never_split_downward(session: Session) -> None:
    for name in ("Kista", "Rinkeby", "Katarina-Sofia", "Liljeholmen"):
        assert population(session, find_area(session, name, "1999"), 2005) is None
    assert population(session, find_area(session, "Rinkeby"), 2005) is None


def test_years_without_figures_are_not_known(session: Session) -> None:
    assert population(session, find_area(session, "Järva", "2023"), 2012) is None


def test_the_newest_figure_looks_back_from_a_year(session: Session) -> None:
    book = PopulationBook.load(session)
    kungsholmen = find_area(session, "Kungsholmen", "1999").id
    figures = [book.newest(kungsholmen, until) for until in (None, 2006, 2004, 2000, 1999)]
    assert [figure and (figure.year, figure.inhabitants) for figure in figures] == [
        (2011, 63_120), (2005, 54_673), (2004, 54_283), (2000, 52_245), None,
    ]  # fmt: skip
    maria = book.newest(find_area(session, "Maria-Gamla stan", "1999").id)
    assert maria is not None
    assert (maria.year, maria.inhabitants) == (2004, 64_150)


def test_the_whole_city_is_derived(session: Session) -> None:
    book, parts = PopulationBook.load(session), parts_by_area(session)
    areas = list_areas(session, get_area_set(session, "1999"))
    everything = frozenset[int]().union(*(parts[area.id] for area in areas))
    outer = frozenset[int]().union(*(parts[area.id] for area in areas if area.outer_city))
    whole, ring = book.sum_of(everything, 2005), book.sum_of(outer, 2005)
    assert whole is not None
    assert ring is not None
    assert (whole.inhabitants, ring.inhabitants) == (771_038, 482_152)
    assert book.sum_of(everything, 2004) is None
