"""The sheets of steering: assignments, indicators with gaps between areas and the city, fulfilment, initiatives."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tracker.exports.tables import Cell, Field, Level, Line, Table
from tracker.reports.counted import Counted
from tracker.reports.workbook_projects import as_day
from tracker.steering.facts import IndicatorFacts
from tracker.steering.gaps import Gap, gaps_of

WHOLE_CITY = "Hela staden"


def assignment_table(counted: Counted) -> Table:
    """Each assignment as it stood in the period."""
    fields = _widths(
        "Kod", "Uppdrag", "Ansvarig nämnd", "Budgetår", "Ska vara klart", "Läge", "Redovisning", "Mål", "Projekt"
    )
    steering = counted.facts.steering
    return Table(
        "Uppdrag",
        fields,
        (
            Line(
                Level.DETAIL,
                (
                    one.code, one.text, one.owner_board, str(one.budget_year), as_day(one.due), one.status.label,
                    one.report, ", ".join(one.goals), ", ".join(one.projects),
                ),
            )
            for one in steering.assignments
        ),
    )  # fmt: skip


def fulfilment_table(counted: Counted) -> Table:
    """The board's judgement of each goal."""
    fields = _widths("Mål", "Motivering", "Måluppfyllelse", "", "", "", "", "", "")
    lines = (
        Line(Level.DETAIL, (one.goal, one.motivation, one.level.label, *[""] * 6))
        for one in counted.facts.steering.fulfilments
    )
    return Table("Måluppfyllelse", fields, lines)


def indicator_table(counted: Counted) -> Table:
    """Every value, with the gap between the area and the city where both have an outcome of the same year."""
    fields = _widths(
        "Kod", "Indikator", "Område", "År", "Mål", "Prognos", "Utfall", "Gap = område − staden", "Enhet och källa"
    )
    return Table("Indikatorer", fields, _indicator_lines(counted))


def _indicator_lines(counted: Counted) -> Iterator[Line]:
    for one in counted.facts.steering.indicators:
        gaps = {(*place, gap.year): gap for place, gaps in gaps_of(one).items() for gap in gaps}
        for value in one.values:
            gap = gaps.get((value.area, value.area_set, value.year))
            numbers = (_number(one, n) for n in (value.target, value.forecast, value.outcome))
            about = f"{one.unit}, {one.direction.label.lower()}" + (f". Källa: {one.source}" if one.source else "")
            area = value.area or WHOLE_CITY
            yield Line(
                Level.DETAIL,
                (one.code, f"{one.name} ({one.goal})", area, str(value.year), *numbers, _gap(one, gap), about),
            )


def _number(indicator: IndicatorFacts, number: int | None) -> Cell:
    """Decimals as the indicator has them; whole numbers stay whole."""
    if number is None:
        return ""
    return float(Decimal(number).scaleb(-indicator.decimals)) if indicator.decimals else number


def _gap(indicator: IndicatorFacts, gap: Gap | None) -> Cell:
    return "" if gap is None else _number(indicator, gap.difference)


def initiative_sheet(counted: Counted) -> Table:
    """Measures without money or place on a map."""
    fields = (
        Field("Kod", 13), Field("Insats", 30), Field("Vad som görs eller har gjorts", 50), Field("För vem", 28),
        Field("Mål", 12), Field("Områden", 22), Field("Uppdrag", 14), Field("Projekt", 16), Field("Start", 11),
        Field("Slut", 11),
    )  # fmt: skip
    lines = (
        Line(
            Level.DETAIL,
            (
                one.code, one.name, one.done or one.description, one.for_whom, ", ".join(one.goals),
                ", ".join(one.areas) or WHOLE_CITY, ", ".join(one.assignments), ", ".join(one.projects),
                as_day(one.start), as_day(one.end),
            ),
        )
        for one in counted.facts.initiatives
    )  # fmt: skip
    return Table("Insatser", fields, lines)


NUMBERS = ("Prognos", "Utfall", "Gap = område − staden")
_WIDTHS = (13, 50, 20, 10, 12, 14, 40, 16, 26)


def _widths(*labels: str) -> tuple[Field, ...]:
    """The three tables stand below each other on one sheet, so they share its columns."""
    return tuple(Field(label, width, label in NUMBERS) for label, width in zip(labels, _WIDTHS, strict=True))
