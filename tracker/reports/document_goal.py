"""The section of a goal: its text, its bidrag, where and how much, its aspects with their projects, and what else."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.contribution.places import ColumnKind
from tracker.contribution.rows import RowKind
from tracker.contribution.rules import CountingRule
from tracker.reports import charts
from tracker.reports.counted import Counted
from tracker.reports.document_blocks import Block, Grid, Picture, Text, Title, Tone
from tracker.reports.document_projects import project_blocks
from tracker.reports.document_steering import codes_below, goal_steering
from tracker.reports.document_summary import (
    MONEY_HEADER,
    against_budget,
    money_of_cell,
    money_texts,
    volumes_of,
)
from tracker.reports.prose import Tense, listing, outlay_sentences, projects, sentence, told
from tracker.reports.rounding import bare_mnkr, count_text, mnkr

RULE_WORDS = {
    CountingRule.FORDELAD: "Belopp och antal är den del av projekten som faller på målet, enligt regeln fördelad.",
    CountingRule.BEROR: "Belopp och antal är hela projektens, beloppen stadens andel, räknade enligt regeln berör.",
}
LARGEST = 5
"""So many areas are named with amounts; the workbook has them all."""


def goal_blocks(counted: Counted, node: int, told_at: dict[int, str]) -> Iterator[Block]:
    """The section of a goal; `told_at` is where projects were described before."""
    row = counted.row(node)
    yield Title(1, row.label)
    if text := _text_of(counted, row.key):
        yield Text(sentence(text), Tone.QUOTE)
    yield from _fulfilment(counted, row.key)
    yield Text(" ".join(contribution_sentences(counted, node, "målet")))
    if counted.project_count(node, counted.every_column):
        yield from _places(counted, node)
        yield from _aspects_table(counted, node)
        yield from _area_chart(counted, node)
    aspects = [at for at in counted.nodes_below(node) if counted.row(at).kind is RowKind.ASPECT]
    for at in aspects:
        yield Title(2, counted.row(at).label)
        if text := _text_of(counted, counted.row(at).key):
            yield Text(sentence(text), Tone.QUOTE)
        yield from _aspect(counted, at, told_at)
    yield from _own_projects(counted, node, bool(aspects), told_at)
    yield from goal_steering(counted, node)


def contribution_sentences(counted: Counted, node: int, what: str) -> Iterator[str]:
    """How many projects contribute and with what; an empty goal is said to be empty."""
    number, column = counted.project_count(node, counted.every_column), counted.every_column
    if not number:
        yield f"Inga projekt är märkta med {what}."
        if not any(set(one.goals) & codes_below(counted, node) for one in counted.facts.initiatives):
            yield f"Inga insatser är registrerade för {what}."
        return
    tense = Tense.of(counted.period.kind)
    verb = {Tense.PLANNED: "planeras bidra", Tense.ONGOING: "bidrar", Tense.DONE: "räknas som bidrag"}[tense]
    yield f"{projects(number)} {verb} till {what}."
    money = outlay_sentences(tense, *money_of_cell(counted, node, column))
    if money and counted.row(node).kind is RowKind.GOAL:
        yield RULE_WORDS[counted.rule]
    yield from money
    if deviation := against_budget(counted, node):
        yield deviation
    yield from volumes_of(counted, node, column)


def _text_of(counted: Counted, code: str) -> str:
    return next((one.text for one in counted.facts.goals if one.code == code), "")


def _fulfilment(counted: Counted, code: str) -> Iterator[Block]:
    for one in counted.facts.steering.fulfilments:
        if one.goal == code:
            yield Text(f"{one.level.label}. {sentence(one.motivation)}".strip(), lead="Måluppfyllelse: ")


def _places(counted: Counted, node: int) -> Iterator[Block]:
    """Outer city beside inner city, the largest areas, and the outer areas that have no project."""
    parts = []
    for key, place in (("ytterstaden", "ytterstaden"), ("innerstad", "innerstaden")):
        at = counted.column_of(key)
        if number := counted.project_count(node, at):
            money = counted.amount(node, at, "utgift-budget")
            parts.append(f"{projects(number)} når {place}" + (f" (budget {mnkr(money)})" if money else ""))
    if parts:
        yield Text(f"{listing(parts)}.")
    largest = _largest(counted, node)
    if largest:
        words = [f"{told(name)} ({mnkr(amount)})" for name, amount, _ in largest[:LARGEST]]
        yield Text(
            f"Störst del av budgeten avser {listing(words)}." if len(words) > 1 else f"Budgeten avser {words[0]}."
        )
    empty = [
        told(counted.reckoning.places.columns[at].label)
        for at in counted.area_columns
        if _outer_area(counted, at) and not counted.project_count(node, at)
    ]
    if empty:
        yield Text(f"Inget projekt för målet finns i ytterstadsområdena {listing(empty)}." if len(empty) > 1 else
                   f"Inget projekt för målet finns i ytterstadsområdet {empty[0]}.")  # fmt: skip


def _outer_area(counted: Counted, column: int) -> bool:
    one = counted.reckoning.places.columns[column]
    return one.kind is ColumnKind.AREA and one.part == "Ytterstaden"


def _largest(counted: Counted, node: int) -> list[tuple[str, int, bool]]:
    """Areas with a budget above 0, the largest first: name, öre, outer city or not."""
    columns = counted.reckoning.places.columns
    found = [
        (columns[at].label, counted.amount(node, at, "utgift-budget") or 0, columns[at].part == "Ytterstaden")
        for at in counted.area_columns
    ]
    return sorted((one for one in found if one[1] > 0), key=lambda one: -one[1])


def _area_chart(counted: Counted, node: int) -> Iterator[Block]:
    found = _largest(counted, node)[:12]
    if len(found) < 2:
        return
    labels, values = [told(one[0]) for one in found], [one[1] for one in found]
    colours = [charts.OUTER if one[2] else charts.INNER for one in found]
    legend = {"Ytterstaden": charts.OUTER, "Innerstaden": charts.INNER}
    said = "; ".join(f"{label} {bare_mnkr(value)}" for label, value in zip(labels, values, strict=True))
    caption = f"Budgeterade utgifter för {counted.row(node).key} per område (mnkr, {counted.rule.term})"
    yield Picture(caption, f"Stapeldiagram i mnkr. {said}.", charts.coloured_bars(labels, values, colours, legend))


def _aspects_table(counted: Counted, node: int) -> Iterator[Block]:
    """The aspects with what stands on the goal itself, and the goal as total."""
    below = [
        at for at in counted.nodes_below(node)
        if counted.row(at).kind is RowKind.ASPECT or counted.project_count(at, counted.every_column)
    ]  # fmt: skip
    outer, every = counted.column_of("ytterstaden"), counted.every_column
    rows = tuple(
        (
            counted.row(at).label, count_text(counted.project_count(at, every)), *money_texts(counted, at, every),
            bare_mnkr(counted.amount(at, outer, "utgift-budget")),
        )
        for at in (*below, node)
    )  # fmt: skip
    header = ("Aspekt", "Projekt", *MONEY_HEADER, "Budget i ytterstaden")
    caption = f"Bidrag till {counted.row(node).key} (utgifter i mnkr, stadens andel, {counted.rule.term})"
    yield Grid(caption, header, rows, (12, 4, 4, 4, 4, 5, 6), frozenset(range(1, 7)), total=True)


def _aspect(counted: Counted, node: int, told_at: dict[int, str]) -> Iterator[Block]:
    yield Text(" ".join(one for one in contribution_sentences(counted, node, "aspekten") if one))
    yield from project_blocks(counted, node, told_at)


def _own_projects(counted: Counted, node: int, has_aspects: bool, told_at: dict[int, str]) -> Iterator[Block]:
    """The projects of a goal without aspects, or those tagged with the goal itself."""
    if not has_aspects:
        yield from project_blocks(counted, node, told_at)
        return
    for at in counted.nodes_below(node):
        if counted.row(at).kind is RowKind.NO_ASPECT and counted.project_count(at, counted.every_column):
            yield Title(2, counted.row(at).label)
            yield from project_blocks(counted, at, told_at)
