"""A theme as it is told: each area with its figure, its class and its symbol, and what lies outside the map.

Pure: nothing is read from a database. Figures are whole öre or counts; what is written of them is rounded first and
classed as it is written, so that the legend, the map and the table never disagree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tracker.contribution.places import OUTER_CITY, Column, ColumnKind
from tracker.contribution.rules import CountingRule
from tracker.exports.audience import Audience
from tracker.maps.theme_asking import ShownAs, ThemeAsked
from tracker.maps.theme_classes import ThemeClass, class_of, legend_sizes, make_classes, radius
from tracker.maps.theme_numbers import NOTHING, Told, Way, ways_of
from tracker.maps.theme_pages import MISSING, VALUE, ZERO, LegendClass, ThemeLine, ThemePage
from tracker.maps.theme_reading import ThemeSource
from tracker.messages import joined, message

OUTSIDE = (ColumnKind.UNDIVIDED, ColumnKind.WHOLE_CITY, ColumnKind.OUTSIDE, ColumnKind.UNLOCATED)
Ways = Mapping[ShownAs, Way]
Columns = Sequence[tuple[Column, Told]]


def theme_page(source: ThemeSource, asked: ThemeAsked, filter_text: str) -> ThemePage:
    """The theme of a source as it was asked for. `filter_text` is the filter in words."""
    told, total = _told_columns(source), _total(source)
    ways = ways_of(asked.measure, [one for _, one in told], total)
    way = ways[asked.shown_as]
    areas, classes, largest = _areas(told, ways, way)
    return ThemePage(
        heading=_heading(source, asked, way, filter_text),
        label=asked.measure.label,
        year=asked.year,
        rule=asked.rule.value,
        units={one.value: ways[one].unit for one in ShownAs},
        shown_as=asked.shown_as.value,
        decimals=way.decimals,
        area_set=source.area_edition.code,
        area_set_name=source.area_edition.name,
        schematic=source.area_edition.schematic,
        areas=tuple(areas),
        outside=tuple(_line(column, one, ways) for column, one in told if _stands_outside(column, one)),
        on_map=_on_map(told, asked, ways),
        total=_line(source.cells.columns[-1], total, ways),
        classes=tuple(_legend(one, way, areas) for one in classes),
        zeros=sum(one.status == ZERO for one in areas),
        missing=sum(one.status == MISSING for one in areas),
        sizes=tuple((radius(one, largest), way.round_text(one)) for one in legend_sizes(largest)),
        people_text=_people_text(source),
        notes=tuple(_notes(asked, ways)),
    )


def _areas(told: Columns, ways: Ways, way: Way) -> tuple[list[ThemeLine], tuple[ThemeClass, ...], int]:
    """The areas with class and symbol, the classes, and the largest value."""
    found = [(column, one, way.value(one)) for column, one in told if column.kind is ColumnKind.AREA]
    known = [value for _, _, value in found if value is not None]
    classes, largest = make_classes(known), max((abs(value) for value in known), default=0)
    areas = []
    for column, one, value in found:
        line = replace(_line(column, one, ways), outer_city=column.part == OUTER_CITY)
        if value is not None:
            its = class_of(classes, value)
            line = replace(
                line,
                value=value,
                status=VALUE if value else ZERO,
                tone=its.tone if its else 0,
                radius=radius(value, largest),
            )
        areas.append(line)
    return areas, classes, largest


def _legend(one: ThemeClass, way: Way, areas: Sequence[ThemeLine]) -> LegendClass:
    return LegendClass(
        one.tone, one.low, one.high, way.span(one.low, one.high), sum(one.tone == area.tone for area in areas)
    )


def _line(column: Column, told: Told, ways: Ways) -> ThemeLine:
    texts = {one.value: way.text(told) for one, way in ways.items()}
    return ThemeLine(column.key, column.label, told.amount, told.projects, told.people, told.people_year, texts)


def _told_columns(source: ThemeSource) -> list[tuple[Column, Told]]:
    cells = source.cells
    found = []
    for column, amount, given, projects in zip(
        cells.columns, cells.amounts.tolist(), cells.given.tolist(), cells.projects.tolist(), strict=True
    ):
        people = source.people.get(column.key) if column.kind is ColumnKind.AREA else None
        found.append((column, Told(amount if given else None, projects, *(people or (None, None)))))
    return found


def _total(source: ThemeSource) -> Told:
    amount, projects = int(source.cells.amounts[-1]), int(source.cells.projects[-1])
    people = source.all_people
    return Told(
        amount if source.cells.given[-1] else None,
        projects,
        people.inhabitants if people else None,
        people.year if people else None,
    )


def _stands_outside(column: Column, told: Told) -> bool:
    """Rows outside the map are always there but those of areas that no project is in."""
    return column.kind in OUTSIDE and (column.kind is not ColumnKind.UNDIVIDED or bool(told.projects))


def _on_map(told: Columns, asked: ThemeAsked, ways: Ways) -> ThemeLine | None:
    """The sum of the areas, where areas may be added."""
    if asked.rule is CountingRule.BEROR or not asked.measure.parts:
        return None
    given = [one.amount for column, one in told if column.kind is ColumnKind.AREA and one.amount is not None]
    line = _line(told[-1][0], Told(sum(given) if given else None, 0, None, None), ways)
    return replace(line, key="kartan", label=message("Summa på kartan"))


def _heading(source: ThemeSource, asked: ThemeAsked, way: Way, filter_text: str) -> str:
    """Everything that the theme is, in one line."""
    row = source.cells.row
    words = [
        joined(", ", (asked.measure.label, way.unit)),
        message("alla år") if asked.year is None else str(asked.year),
        source.period_name,
        row.label if row.depth else message("alla mål"),
        message("räkneregel %(rule)s", rule=asked.rule.term),
        filter_text,
    ]
    return joined(" · ", [word for word in words if word])


def _people_text(source: ThemeSource) -> str:
    """Which year the inhabitants are counted at the end of."""
    years = sorted({year for _, year in source.people.values()})
    if not years:
        return ""
    return str(years[0]) if len(years) == 1 else f"{years[0]}{NOTHING}{years[-1]}"


def _notes(asked: ThemeAsked, ways: Ways) -> list[str]:
    notes: list[str] = []
    if asked.audience is Audience.PUBLIC and asked.measure.unit == "kr":
        notes.append(message("Bara budgetar som är fastställda ingår."))
    if asked.rule is CountingRule.BEROR:
        notes.append(
            message(
                "Räkneregeln berör räknar ett projekt fullt ut i varje område som det berör, så områdena kan inte "
                "läggas ihop."
            )
        )
    elif not asked.measure.parts:
        notes.append(message("Ett projekt kan räknas i flera områden, så områdena kan inte läggas ihop."))
    if not ways[ShownAs.SHARE].known:
        notes.append(message("Andel av stadens summa sägs inte när summan är noll eller beloppen har olika tecken."))
    return notes
