"""The first section: what the portfolio is, what it costs, where it is, and how it changed since earlier periods."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.contribution.places import ColumnKind
from tracker.contribution.rows import RowKind
from tracker.contribution.rules import CountingRule
from tracker.reports import charts
from tracker.reports.counted import PLACES, Counted, CountedPeriod
from tracker.reports.document_blocks import Block, Grid, Picture, Text, Title, Tone
from tracker.reports.keyfigures import Unit, key_figures
from tracker.reports.prose import (
    Tense,
    change_sentence,
    day_text,
    deviation_sentence,
    outlay_sentences,
    plural,
    projects,
    told,
    volume_sentence,
)
from tracker.reports.rounding import DEVIATION_RULE, NOT_GIVEN, NOTE, bare_mnkr, count_text, mnkr, percent

MONEY = ("utgift-budget", "utgift-utfall", "utgift-prognos")
MONEY_HEADER = ("Budget", "Utfall", "Prognos", "Avvikelse")
DWELLINGS = ("bostader-planerade", "bostader-paborjade", "bostader-fardiga")
WORKPLACES = ("arbetsplatser-planerade", "arbetsplatser-paborjade", "arbetsplatser-fardiga")


def summary_blocks(counted: Counted) -> Iterator[Block]:
    """The section Sammanfattning."""
    yield Title(1, "Sammanfattning")
    yield Text(" ".join(_first(counted)))
    if where := _where(counted):
        yield Text(where)
    if changes := _changes(counted):
        yield Text(" ".join(changes))
    if volumes := volumes_of(counted, counted.every_row, counted.every_column):
        yield Text(" ".join(volumes))
    yield _figures(counted)
    yield from _per_goal(counted)
    yield from _per_part(counted)
    if len(counted.periods) > 1:
        yield from _over_time(counted)


def money_of_cell(counted: CountedPeriod, row: int, column: int) -> tuple[int | None, int | None, int | None]:
    """Budget, outcome and forecast of outlays in whole öre."""
    budget, outcome, forecast = (counted.amount(row, column, key) for key in MONEY)
    return budget, outcome, forecast


def money_texts(counted: CountedPeriod, row: int, column: int) -> tuple[str, ...]:
    """Budget, outcome, forecast and deviation for a table."""
    return tuple(bare_mnkr(n) for n in (*money_of_cell(counted, row, column), counted.deviation(row, column)))


def against_budget(counted: Counted, row: int) -> str:
    """The forecast against the budget; in the annual report the outcome, where every project has both."""
    column = counted.every_column
    tense = Tense.of(counted.period.kind)
    if tense is Tense.PLANNED:
        return ""
    if tense is Tense.ONGOING:
        return deviation_sentence(counted.deviation(row, column), _same_projects(counted, row, "utgift-prognos"))
    budget, outcome, _ = money_of_cell(counted, row, column)
    if budget is None or outcome is None or not _same_projects(counted, row, "utgift-utfall"):
        return ""
    return deviation_sentence(budget - outcome, what="Utfallet")


def _same_projects(counted: Counted, row: int, key: str) -> bool:
    """Whether the projects of a row that have a budget of outlays are those that have another amount."""
    has = counted.has_fact[counted.behind(row, counted.every_column).project]
    return bool((has[:, PLACES["utgift-budget"]] == has[:, PLACES[key]]).all())


def volumes_of(counted: Counted, row: int, column: int) -> list[str]:
    """Dwellings and workplaces in words, where there are any."""
    tense = Tense.of(counted.period.kind)
    found = []
    for what, keys in (("Bostäder", DWELLINGS), ("Arbetsplatser", WORKPLACES)):
        planned, started, completed = (counted.amount(row, column, key) for key in keys)
        found.append(volume_sentence(what, planned, started, completed, tense))
    return [one for one in found if one]


def _first(counted: Counted) -> Iterator[str]:
    tense, every = Tense.of(counted.period.kind), counted.every_row
    number = projects(counted.project_count(every, counted.every_column))
    yield f"{counted.period.name} omfattar {number}; uppgifterna avser {day_text(counted.period.as_of)}."
    if not counted.project_count(every, counted.every_column):
        return
    yield from outlay_sentences(tense, *money_of_cell(counted, every, counted.every_column))
    if deviation := against_budget(counted, every):
        yield deviation


def _where(counted: Counted) -> str:
    """How much of the outlays is in the outer city: the outcome when there is one, else the budget."""
    for key, word in (("utgift-utfall", "utfallet"), ("utgift-budget", "budgeten")):
        whole = counted.amount(counted.every_row, counted.every_column, key)
        part = counted.amount(counted.every_row, counted.column_of("ytterstaden"), key)
        if whole and part is not None and 0 <= part <= whole:
            share = f"{mnkr(part)} ({percent(part, whole)})"
            touched = counted.rule is CountingRule.BEROR
            return f"Av {word} {f'rör {share}' if touched else f'ligger {share} i'} ytterstaden."
    return ""


def _changes(counted: Counted) -> list[str]:
    found = []
    now = counted.amount(counted.every_row, counted.every_column, "utgift-prognos")
    for one in counted.earlier:
        before = one.amount(one.every_row, one.every_column, "utgift-prognos")
        if Tense.of(counted.period.kind) is Tense.DONE:
            found.append(f"I {one.period.name} var prognosen {mnkr(before)}." if before is not None else "")
        else:
            found.append(change_sentence("Prognosen för utgifterna", one.period.name, before, now))
    return [one for one in found if one]


def _figures(counted: Counted) -> Grid:
    """The key figures with a column for each period."""
    keys = tuple(one.period.key for one in counted.periods)
    rows = tuple(
        (
            f"{one.label} ({one.unit})",
            *(bare_mnkr(n) if one.unit is Unit.MNKR else count_text(n) for n in one.values),
        )
        for one in key_figures(counted)
    )
    numbers = frozenset(range(1, len(keys) + 1))
    return Grid("Nyckeltal per period", ("Nyckeltal", *keys), rows, (5, *[2] * len(keys)), numbers)


def _per_goal(counted: Counted) -> Iterator[Block]:
    nodes = [at for at, row in enumerate(counted.reckoning.rows.rows) if row.depth == 1 and shown(counted, at)]
    column = counted.every_column
    rows = [
        (counted.row(at).label, count_text(counted.project_count(at, column)), *money_texts(counted, at, column))
        for at in (*nodes, counted.every_row)
    ]
    caption = f"Utgifter per mål (mnkr, stadens andel, {counted.rule.term})"
    yield Grid(
        caption, ("Mål", "Projekt", *MONEY_HEADER), tuple(rows), (6, 2, 2, 2, 2, 2), frozenset(range(1, 6)), total=True
    )
    yield Text(f"{NOTE} {DEVIATION_RULE.capitalize()}.", Tone.NOTE)
    if any(counted.amount(at, column, key) for at in nodes for key in MONEY):
        labels = [counted.row(at).label for at in nodes]
        series = series_of([[counted.amount(at, column, key) for at in nodes] for key in MONEY])
        yield Picture(caption, _said(labels, series), charts.bars(labels, series))


def shown(counted: Counted, row: int) -> bool:
    """A goal is shown although it is empty; the other rows only where a project stands on them."""
    kinds = (RowKind.GOAL, RowKind.ASPECT)
    return counted.row(row).kind in kinds or counted.project_count(row, counted.every_column) > 0


def series_of(values: list[list[int | None]]) -> list[charts.Series]:
    """Budget, outcome and forecast; a series without any value is left out."""
    looks = (("Budget", charts.BUDGET), ("Utfall", charts.OUTCOME), ("Prognos", charts.FORECAST))
    made = [charts.Series(name, colour, tuple(one)) for (name, colour), one in zip(looks, values, strict=True)]
    return [one for one in made if any(value is not None for value in one.values)]


def _said(labels: list[str], series: list[charts.Series]) -> str:
    """The values of a chart in words, for those who do not see it."""
    parts = [
        f"{told(label)}: " + ", ".join(f"{one.name.lower()} {bare_mnkr(one.values[at])}" for one in series)
        for at, label in enumerate(labels)
    ]
    return f"Stapeldiagram i mnkr. {'; '.join(parts)}."


PARTS = ("vasterort", "soderort", "ytterstaden", "innerstad")
OTHERS = (ColumnKind.WHOLE_CITY.value, ColumnKind.OUTSIDE.value, ColumnKind.UNLOCATED.value)


def _per_part(counted: Counted) -> Iterator[Block]:
    """The outer city beside the inner city, with kronor per inhabitant where every area's inhabitants are known."""
    found = [(key, counted.column_of(key)) for key in PARTS]
    found += [(key, at) for key in OTHERS if counted.project_count(counted.every_row, at := counted.column_of(key))]
    found.append((ColumnKind.ALL.value, counted.every_column))
    rows = [
        (
            part_label(counted, key, at), count_text(counted.project_count(counted.every_row, at)),
            *money_texts(counted, counted.every_row, at), _per_head(counted, key, at),
        )
        for key, at in found
    ]  # fmt: skip
    caption = f"Utgifter per del av staden (mnkr, stadens andel, {counted.rule.term})"
    header = ("Del av staden", "Projekt", *MONEY_HEADER, "Budget, kr per invånare")
    yield Grid(caption, header, tuple(rows), (5, 2, 2, 2, 2, 2, 3), frozenset(range(1, 7)), total=True)


def part_label(counted: Counted, key: str, column: int) -> str:
    """The name of a part of the city."""
    names = {"vasterort": "Västerort", "soderort": "Söderort", "ytterstaden": "Ytterstaden", "innerstad": "Innerstaden"}
    return names.get(key) or counted.reckoning.places.columns[column].label


def _per_head(counted: Counted, key: str, column: int) -> str:
    budget = counted.amount(counted.every_row, column, "utgift-budget")
    people = inhabitants(counted, key)
    return NOT_GIVEN if budget is None or not people else count_text(_rounded(budget, people * 100))


def inhabitants(counted: Counted, key: str) -> int | None:
    """The inhabitants of a part of the city; None where an area's are not known."""
    columns = {one.key: one for one in counted.reckoning.places.columns}
    part = {
        "vasterort": ("region", "Västerort"),
        "soderort": ("region", "Söderort"),
        "innerstad": ("part", "Innerstaden"),
        "ytterstaden": ("part", "Ytterstaden"),
    }.get(key)
    if part is None:
        return None
    numbers = [
        area.inhabitants for area in counted.facts.areas if getattr(columns.get(area.code), part[0], "") == part[1]
    ]
    return None if not numbers or None in numbers else sum(number or 0 for number in numbers)


def _rounded(number: int, divisor: int) -> int:
    """Half away from zero, in whole numbers."""
    magnitude = (abs(number) * 2 + divisor) // (2 * divisor)
    return -magnitude if number < 0 else magnitude


def _over_time(counted: Counted) -> Iterator[Block]:
    values = [[one.amount(one.every_row, one.every_column, key) for one in counted.periods] for key in MONEY]
    series = series_of(values)
    if not series:
        return
    labels = [one.period.key for one in counted.periods]
    alternative = _said(labels, series).replace("Stapeldiagram", "Linjediagram")
    number = plural(len(labels), "period", "perioder")
    yield Picture(f"Utgifter från plan till utfall, {number} (mnkr)", alternative, charts.lines(labels, series))
