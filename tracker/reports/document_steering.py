"""What stands beside the projects of a goal: initiatives, assignments, and indicators with the gap to the city."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.contribution.rows import RowKind
from tracker.followup.vocabulary import PeriodKind
from tracker.initiatives.facts import InitiativeFacts
from tracker.money import NO_BREAK_SPACE
from tracker.reports.counted import Counted
from tracker.reports.document_blocks import Block, Grid, Text, Title, Tone
from tracker.reports.prose import gap_sentence, listing, sentence, told
from tracker.reports.rounding import NOT_GIVEN, scaled
from tracker.steering.facts import IndicatorFacts
from tracker.steering.gaps import Gap, newest_gaps

WHOLE_CITY = "Hela staden"


def codes_below(counted: Counted, node: int) -> set[str]:
    """The codes of a goal and its aspects."""
    coded = (RowKind.GOAL, RowKind.ASPECT)
    rows = [counted.row(at) for at in (node, *counted.nodes_below(node))]
    return {row.key for row in rows if row.kind in coded}


def goal_steering(counted: Counted, node: int) -> Iterator[Block]:
    """Initiatives, assignments and indicators of a goal and its aspects, those that there are."""
    codes = codes_below(counted, node)
    initiatives = [one for one in counted.facts.initiatives if codes & set(one.goals)]
    if initiatives:
        yield Title(2, f"Insatser för {counted.row(node).key}")
        yield from (initiative_text(counted, one) for one in initiatives)
    steering = counted.facts.steering
    assignments = [one for one in steering.assignments if codes & set(one.goals)]
    if assignments:
        yield Title(2, f"Uppdrag för {counted.row(node).key}")
        rows = tuple(
            (told(one.text), one.due.isoformat() if one.due else NOT_GIVEN, one.status.label,
             sentence(one.report) or "Ingen redovisning i perioden.")
            for one in assignments
        )  # fmt: skip
        yield Grid(
            "Uppdrag från budgeten", ("Uppdrag", "Klart", "Läge", "Redovisning"), rows, (6, 2, 2, 5), frozenset()
        )
    indicators = [one for one in steering.indicators if one.goal in codes]
    if indicators:
        yield Title(2, f"Indikatorer för {counted.row(node).key}")
    for indicator in indicators:
        yield from indicator_blocks(counted, indicator)


def told_under_goals(counted: Counted, one: InitiativeFacts) -> bool:
    """Whether an initiative stands under any goal of the report."""
    coded = (RowKind.GOAL, RowKind.ASPECT)
    return any(row.kind in coded and row.key in one.goals for row in counted.reckoning.rows.rows)


def initiative_text(counted: Counted, one: InitiativeFacts) -> Text:
    """What was done when something was reported, else what it is; for whom and where."""
    said = one.done if counted.period.kind is not PeriodKind.PLAN and one.done else one.description
    where = listing([told(area) for area in one.areas]) or "hela staden"
    parts = [sentence(said), f"Var: {where}."]
    if one.for_whom.strip():
        parts.append(f"För vem: {sentence(one.for_whom)}")
    mark = " (sekretessmarkerad)" if one.confidential else ""
    return Text(" ".join(part for part in parts if part), Tone.BULLET, f"{told(one.name)}{mark}. ")


def indicator_blocks(counted: Counted, one: IndicatorFacts) -> Iterator[Block]:
    """The newest gaps in words, and the values of the last years in a table."""
    sentences = [_gap_text(one, area, gap) for (area, _), gap in newest_gaps(one, counted.period.year).items()]
    source = f" Källa: {sentence(one.source)}" if one.source.strip() else ""
    about = f"{one.direction.label}.{source}"
    yield Text(" ".join([about, *sentences]), lead=f"{told(one.name)}. ")
    first = counted.period.year - 2
    values = [value for value in one.values if first <= value.year <= counted.period.year]
    rows = tuple(
        (told(value.area) or WHOLE_CITY, str(value.year),
         *(scaled(n, one.decimals) for n in (value.target, value.forecast, value.outcome)))
        for value in values
    )  # fmt: skip
    if rows:
        header = ("Område", "År", "Mål", "Prognos", "Utfall")
        yield Grid(f"{told(one.name)} ({told(one.unit)})", header, rows, (5, 2, 2, 2, 2), frozenset((2, 3, 4)))


def _gap_text(one: IndicatorFacts, place: str, gap: Gap) -> str:
    points = "procentenheter" if one.unit.strip() == "%" else told(one.unit)
    area, city = (f"{scaled(n, one.decimals)}{NO_BREAK_SPACE}{told(one.unit)}" for n in (gap.outcome, gap.city))
    start = f"År {gap.year} var utfallet {area} i {told(place)} och {city} i hela staden"
    if not gap.difference:
        return f"{start}, alltså inget gap."
    size = f"{scaled(abs(gap.difference), one.decimals)}{NO_BREAK_SPACE}{points}"
    before = None if gap.before is None else f"{scaled(abs(gap.before), one.decimals)}{NO_BREAK_SPACE}{points}"
    change = gap_sentence(gap.before, gap.difference, str(gap.before_year), before or "")
    return f"{start}, ett gap på {size}." + (f" {change}" if change else "")
