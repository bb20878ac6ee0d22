"""The newest gap of each area: never later than the year, and only where the city has an outcome."""

from __future__ import annotations

from tracker.steering.facts import IndicatorFacts, IndicatorValueFacts
from tracker.steering.gaps import newest_gaps
from tracker.steering.vocabulary import Direction

KISTA, FARSTA, VANTOR = ("Kista", "1999"), ("Farsta", "1999"), ("Vantör", "1999")


def value(area: str, year: int, outcome: int | None) -> IndicatorValueFacts:
    return IndicatorValueFacts(
        area=area, area_set="1999" if area else "", year=year, target=None, forecast=None, outcome=outcome
    )


def test_the_newest_gap_up_to_a_year_with_the_one_before() -> None:
    values = (
        value("", 2003, 700), value("", 2004, None), value("", 2005, 720), value("", 2006, 730),
        value("Vantör", 2004, 500),
        value("Kista", 2003, 600), value("Kista", 2004, 610), value("Kista", 2005, 640), value("Kista", 2006, 500),
        value("Farsta", 2003, 710), value("Farsta", 2005, None),
    )  # fmt: skip
    indicator = IndicatorFacts("I1", "Trygg", "%", 1, Direction.HIGHER, "G2d", "", values)
    gaps = newest_gaps(indicator, 2005)
    assert list(gaps) == [KISTA, FARSTA]
    kista, farsta = gaps[KISTA], gaps[FARSTA]
    assert (kista.year, kista.difference, kista.before, kista.before_year) == (2005, -80, -100, 2003)
    assert (farsta.year, farsta.difference, farsta.before) == (2003, 10, None)
    assert VANTOR not in gaps
