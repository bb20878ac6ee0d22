"""Board facts counted by one rule: what every writer of files takes. Pure; nothing is read from a database."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tracker.apportion import IntArray
from tracker.contribution.amounts import AMOUNTS
from tracker.contribution.completing import BoolArray
from tracker.contribution.counting import count, touched_sums
from tracker.contribution.details import Behind, projects_behind
from tracker.contribution.material import Material
from tracker.contribution.places import ColumnKind
from tracker.contribution.portfolio import Facts
from tracker.contribution.reckoning import Reckoning, portfolio_of, reckon_material
from tracker.contribution.rows import Row, RowKind
from tracker.contribution.rules import CountingRule
from tracker.exports.report import RULE_TEXTS, Report, basis_text, control_lines, secrets_text
from tracker.followup.facts import PeriodFacts
from tracker.money import format_count
from tracker.projects.vocabulary import WHOLE, Flow
from tracker.reports.facts import BoardFacts
from tracker.web.content import format_moment

PLACES = {amount.key: place for place, amount in enumerate(AMOUNTS)}
"""The place of an amount in the cube, by its key: "utgift-budget", "bostader-fardiga"."""


FLOW_KEYS = {Flow.OUTLAY: ("utgift-budget", "utgift-prognos"), Flow.INCOME: ("inkomst-budget", "inkomst-prognos")}


@dataclass(frozen=True, eq=False, slots=True)
class CountedPeriod:
    """One period's material, counted. `given`, `comparable` are (row nodes, column nodes, AMOUNTS)."""

    period: PeriodFacts
    reckoning: Reckoning
    has_fact: BoolArray
    """(projects, AMOUNTS): whether the project has the amount at all."""
    given: IntArray
    """How many projects behind the cell have the amount at all; an amount of 0 is given."""
    comparable: IntArray
    """The amounts of those projects that have both budget and forecast of the flow."""

    def amount(self, row: int, column: int, key: str) -> int | None:
        """A cell in whole öre or a count; None where no project behind it has the amount."""
        if not self.has(row, column, key):
            return None
        return self.reckoning.cube.amount(row, column, PLACES[key])

    def has(self, row: int, column: int, key: str) -> bool:
        """Whether any project behind the cell has the amount."""
        return bool(self.given[row, column, PLACES[key]])

    def deviation(self, row: int, column: int, flow: Flow = Flow.OUTLAY) -> int | None:
        """Budget less forecast in whole öre, of the projects that have both; None where none has."""
        budget, forecast = (PLACES[key] for key in FLOW_KEYS[flow])
        if not (self.given[row, column, budget] and self.given[row, column, forecast]):
            return None
        cell = self.comparable[row, column]
        return int(cell[budget]) - int(cell[forecast])

    def behind(self, row: int, column: int) -> Behind:
        """The projects of a cell."""
        one = self.reckoning
        return projects_behind(one.details, one.rows.tree, one.places.tree, one.cube.rule, row, column)

    def project_count(self, row: int, column: int) -> int:
        """The number of different projects of a cell."""
        return self.reckoning.cube.project_count(row, column)

    @property
    def every_row(self) -> int:
        """The node of all goals."""
        return self.reckoning.cube.rows.root

    @property
    def every_column(self) -> int:
        """The node of all places."""
        return self.reckoning.cube.columns.root

    def column_of(self, key: str) -> int:
        """The node of a column by its key: an area's code, "ytterstaden", "innerstad" …"""
        return next(at for at, one in enumerate(self.reckoning.places.columns) if one.key == key)

    def row_of(self, key: str) -> int | None:
        """The node of a row by its key: a goal's code, "ej-bedomt" …; None in an edition without it."""
        return next((at for at, one in enumerate(self.reckoning.rows.rows) if one.key == key), None)


@dataclass(frozen=True, eq=False, slots=True)
class Counted(CountedPeriod):
    """The period that is told of, with those before it; `report` is what the tables of a contribution report take."""

    facts: BoardFacts
    rule: CountingRule
    report: Report
    earlier: tuple[CountedPeriod, ...]

    @property
    def periods(self) -> tuple[CountedPeriod, ...]:
        """All periods in order of time, the one that is told of last."""
        return (*self.earlier, self)

    @property
    def goal_nodes(self) -> tuple[int, ...]:
        """The nodes of the goals themselves, without aspects and special rows."""
        return tuple(at for at, row in enumerate(self.reckoning.rows.rows) if row.kind is RowKind.GOAL)

    def nodes_below(self, node: int) -> tuple[int, ...]:
        """The nodes right under a row."""
        return tuple(np.flatnonzero(self.reckoning.rows.tree.parent == node).tolist())

    def row(self, node: int) -> Row:
        """A row."""
        return self.reckoning.rows.rows[node]

    @property
    def area_columns(self) -> tuple[int, ...]:
        """The columns of areas, in order of reading; undivided areas where any project lies in them."""
        cube, kinds = self.reckoning.cube, (ColumnKind.AREA, ColumnKind.UNDIVIDED)
        touched = cube.projects[cube.rows.root]
        return tuple(
            at
            for at, one in enumerate(self.reckoning.places.columns)
            if one.kind in kinds and (one.kind is ColumnKind.AREA or touched[at])
        )


def count_facts(facts: BoardFacts, rule: CountingRule, underlag_sha256: str = "") -> Counted:
    """Count the period and those before it by the same rule."""
    now = _count_period(facts.period, facts.material, rule)
    report = Report(
        year=facts.period.year,
        rule=rule,
        audience=facts.audience,
        produced=facts.produced,
        title=facts.period.name,
        heading=_heading(facts, now.reckoning, rule, underlag_sha256),
        control=tuple(control_lines(now.reckoning)),
        reckoning=now.reckoning,
    )
    earlier = tuple(_count_period(one.period, one.material, rule) for one in facts.earlier)
    return Counted(now.period, now.reckoning, now.has_fact, now.given, now.comparable, facts, rule, report, earlier)


def _count_period(period: PeriodFacts, material: Material, rule: CountingRule) -> CountedPeriod:
    reckoning = reckon_material(material, rule)
    rows, columns, facts = reckoning.rows, reckoning.places, material.facts
    portfolio, _ = portfolio_of(material, rows, columns)
    ones = Facts(facts.project, facts.column, np.ones_like(facts.amount))
    given = touched_sums(portfolio, rows.tree, columns.tree, ones, len(AMOUNTS))
    has = np.zeros((len(material.projects), len(AMOUNTS)), dtype=np.bool_)
    has[facts.project, facts.column] = True
    kept = _both_known(facts, has)
    comparable = reckoning.cube.amounts
    if not kept.all():
        both = Facts(facts.project[kept], facts.column[kept], facts.amount[kept])
        shared, _ = portfolio_of(replace(material, facts=both), rows, columns)
        comparable = count(shared, rows.tree, columns.tree, rule).amounts
    return CountedPeriod(period, reckoning, has, given, comparable)


def _both_known(facts: Facts, has: BoolArray) -> BoolArray:
    """Which facts are of a project that has both budget and forecast of the flow."""
    kept: BoolArray = np.ones(facts.column.size, dtype=np.bool_)
    for keys in FLOW_KEYS.values():
        places = [PLACES[key] for key in keys]
        both: BoolArray = np.logical_and.reduce(has[:, places], axis=1)
        kept &= ~np.isin(facts.column, places) | both[facts.project]
    return kept


def _heading(facts: BoardFacts, reckoning: Reckoning, rule: CountingRule, underlag: str) -> tuple[tuple[str, str], ...]:
    goal_set, area_set, period = reckoning.goal_set, reckoning.area_set, facts.period
    outlines = "schematiska gränser" if area_set.schematic else f"gränser: {area_set.outline_source or 'importerade'}"
    pairs = [
        ("Period", f"{period.name}, {period.key}, uppgifter per {period.as_of.isoformat()}"),
        ("Läge", _state_text(period)),
        ("Räkneregel", RULE_TEXTS[rule]),
        ("Målutgåva", f"{goal_set.name} ({goal_set.code})"),
        ("Områdesindelning", f"{area_set.name} ({area_set.code}), {outlines}"),
        ("Områdesandelar", basis_text(reckoning)),
        ("Belopp", _amounts_text(reckoning)),
        ("Sekretess", secrets_text(reckoning)),
        ("Rättelse", period.reason if period.version > 1 else ""),
        ("Omfattning", facts.audience.text),
        ("Framställd", format_moment(facts.produced)),
        ("Underlag (SHA-256)", underlag),
    ]
    return tuple((label, text) for label, text in pairs if text)


def _state_text(period: PeriodFacts) -> str:
    if period.closed_at is None:
        return "PRELIMINÄR: perioden är inte stängd och uppgifterna kan ändras."
    return f"Stängd {format_moment(period.closed_at)}; uppgifterna ändras inte mer."


def _amounts_text(reckoning: Reckoning) -> str:
    shared = sum(one.city_share < WHOLE for one in reckoning.projects)
    examples = sum(one.example_values for one in reckoning.projects)
    text = "Bidrag till mål och områden är stadens andel, räknad i hela ören."
    if shared:
        text += f" {format_count(shared)} projekt har fler finansiärer."
    if examples:
        text += f" {format_count(examples)} projekt har påhittade exempelvärden."
    return text
