"""Money and counts of a project in OC4IDS: budget, forecasts, metrics. Pure.

The public gets what was decided: the latest decided budget and each year's budget. Outcome, forecast and a manager's
preliminary budget are for those inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from tracker.exports.audience import Audience
from tracker.exports.oc4ids_codes import CURRENCY, UNIT_CODES, UNIT_SCHEME
from tracker.exports.oc4ids_publishing import beginning, year_period
from tracker.exports.oc4ids_reading import Facts, Shared
from tracker.measures.models import Measure
from tracker.money import ORE_PER_KRONA
from tracker.projects.decisions import decided_budgets
from tracker.projects.inputs import DecisionInput
from tracker.projects.vocabulary import Flow

Json = dict[str, Any]
EXAMPLE = "Exempelvärden, påhittade för att visa produkten."
CURRENT_PRICES = "löpande priser"
NO_LEVEL = "prisnivå ej angiven"


def value(ore: int) -> Json:
    """An amount in kronor: a whole number where it is one, else with its öre."""
    whole, rest = divmod(ore, ORE_PER_KRONA)
    return {"amount": ore / ORE_PER_KRONA if rest else whole, "currency": CURRENCY}


def budget(facts: Facts, audience: Audience, today: date) -> Json:
    """The latest decided outlay, and the budget of each year; empty where there is neither."""
    found: Json = {}
    decided = None if facts.programme else decided_budgets(facts.decisions, today)
    texts = [EXAMPLE] if facts.row.example_values else []
    if decided and decided.latest.outlay_ore is not None and decided.latest.date:
        found["amount"] = value(decided.latest.outlay_ore)
        found["approvalDate"] = beginning(decided.latest.date)
        texts.insert(0, _decided_text(decided.latest))
    if groups := [group for flow in Flow if (group := _breakdown(facts, flow, audience))]:
        found["budgetBreakdowns"] = groups
    return {"description": " ".join(texts), **found} if found and texts else found


def _decided_text(decision: DecisionInput) -> str:
    words = [f"{decision.gate.label} {decision.date}", decision.body, price_words(decision)]
    return f"Beslutad utgift enligt {', '.join(word for word in words if word)}."


def price_words(decision: DecisionInput) -> str:
    """The price level of decided sums, in words."""
    return f"prisnivå {decision.price_level}" if decision.price_level else NO_LEVEL


def _breakdown(facts: Facts, flow: Flow, audience: Audience) -> Json | None:
    """The budget of each year in one flow; a sum over the registered years is no decided budget, and is not made."""
    rows = [row for row in facts.figures if row.flow is flow and row.budget_ore is not None]
    if audience is Audience.PUBLIC:
        rows = [row for row in rows if not row.budget_preliminary]
    entries = [
        {
            "id": f"{flow.value}-{row.year}",
            "description": f"{flow.label} {row.year}{', preliminär' if row.budget_preliminary else ''}",
            "amount": value(row.budget_ore),
            "period": year_period(row.year),
        }
        for row in rows
    ]
    words = f"{flow.label} per år enligt budget, {CURRENT_PRICES}."
    example = f" {EXAMPLE}" if facts.row.example_values else ""
    return {"id": f"{flow.value}-per-ar", "description": words + example, "budgetBreakdown": entries} if rows else None


def forecasts(facts: Facts, shared: Shared, audience: Audience) -> list[Json]:
    """What is planned: the newest number of each measure, and inside the office the forecast of money."""
    found = [
        _metric(measure, "planerat", "planerat", [(row.year, row.planned)], facts, f"Enligt läget {row.year}. ")
        for measure, rows in _by_measure(facts, shared)
        if (row := next((row for row in reversed(rows) if row.planned is not None), None))
    ]
    return found + (_money(facts, "forecast_ore", "prognos") if audience is not Audience.PUBLIC else [])


def metrics(facts: Facts, shared: Shared, audience: Audience) -> list[Json]:
    """What has come: started and completed of each measure and year, and inside the office the outcome of money."""
    found = [
        _metric(measure, column_key, words, years, facts)
        for measure, rows in _by_measure(facts, shared)
        for column, column_key, words in (("started", "paborjat", "påbörjat"), ("completed", "fardigt", "färdigställt"))
        if (years := [(row.year, getattr(row, column)) for row in rows if getattr(row, column) is not None])
    ]
    return found + (_money(facts, "outcome_ore", "utfall") if audience is not Audience.PUBLIC else [])


def _by_measure(facts: Facts, shared: Shared) -> list[tuple[Measure, list[Any]]]:
    """Each measure with its rows by year, in the catalogue's order."""
    found: dict[int, list[Any]] = {}
    for row in facts.volumes:
        found.setdefault(row.measure_id, []).append(row)
    pairs = [(shared.measures[one], rows) for one, rows in found.items()]
    return sorted(pairs, key=lambda pair: (pair[0].position, pair[0].code))


def _metric(
    measure: Measure, key: str, words: str, years: Sequence[tuple[int, int]], facts: Facts, note: str = ""
) -> Json:
    notes = (note + (EXAMPLE if facts.row.example_values else "")).strip()
    unit = {"name": measure.unit}
    if measure.unit in UNIT_CODES:
        unit |= {"scheme": UNIT_SCHEME, "id": UNIT_CODES[measure.unit]}
    observations: list[Json] = [
        {
            "id": f"{measure.code}-{key}-{year}",
            "period": year_period(year),
            "measure": number,
            **({"unit": unit} if measure.unit else {}),
            **({"notes": notes} if notes else {}),
        }
        for year, number in years
    ]
    said = {"description": measure.help_sv} if measure.help_sv.strip() else {}
    title = f"{measure.name_sv}, {words}"
    return {"id": f"{measure.code}-{key}", "title": title, **said, "observations": observations}


def _money(facts: Facts, column: str, word: str) -> list[Json]:
    """An amount of each year, outlay and income apart."""
    found: list[Json] = []
    notes = {"notes": EXAMPLE} if facts.row.example_values else {}
    for flow in Flow:
        rows = [row for row in facts.figures if row.flow is flow and getattr(row, column) is not None]
        observations = [
            {
                "id": f"{flow.value}-{word}-{row.year}",
                "period": year_period(row.year),
                "value": value(getattr(row, column)),
                **notes,
            }
            for row in rows
        ]
        title = f"{flow.label}, {word} per år, {CURRENT_PRICES}"
        if observations:
            found.append({"id": f"{flow.value}-{word}", "title": title, "observations": observations})
    return found
