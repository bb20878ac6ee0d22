"""What is sent from the pages of a ledger file, into answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from tracker.imports.ledger_choices import LedgerChoices
from tracker.imports.ledger_columns import ALIASES, CHOSEN_FLOWS, LedgerColumns, amount_column
from tracker.imports.ledger_questions import Question
from tracker.web.forms import BaseForm

AUTOMATIC = "auto"
UNITS = ("kr", "tkr", "mnkr")


class ApplyLedgerForm(BaseForm):
    """Going ahead with the plan that was seen."""

    fingerprint = HiddenField()
    zero_lacking = BooleanField(_l("Sätt utfallet till 0 för projekt som huvudboken saknar"))
    accept_sums = BooleanField(_l("Läs in fast summaraden inte stämmer med raderna"))


def answer_questions(choices: LedgerChoices, asked: Sequence[Question], given: Mapping[str, str]) -> LedgerChoices:
    """The choices with those answers that are among the offered ones; what is not answered is asked again."""
    columns, answers, layer = dict(choices.columns), dict(choices.answers), choices.layer
    for place, question in enumerate(asked):
        value = given.get(f"svar-{place}")
        if value is None or value not in {one for one, _ in question.options}:
            continue
        kind, _, field = question.name.partition(":")
        if kind == "column":
            columns[field] = value
        elif question.name == "layer":
            layer = value
        else:
            answers[question.name] = value
    return replace(choices, columns=columns, answers=answers, layer=layer)


def read_otherwise(
    choices: LedgerChoices, headers: Sequence[str], columns: LedgerColumns, given: Mapping[str, str]
) -> LedgerChoices:
    """The choices with the columns and units of the form "Läs filen på ett annat sätt"."""
    chosen = {field: given.get(f"kolumn-{field}", "") for field in ALIASES}
    chosen = {field: header for field, header in chosen.items() if header in headers or not header}
    for field in CHOSEN_FLOWS:
        header = given.get(f"kolumn-{field}", AUTOMATIC)
        if header in headers:
            chosen[field] = header
    units = dict(choices.units)
    for place, column in enumerate(columns.amounts):
        unit = given.get(f"enhet-{place}")
        if unit in UNITS and not states_unit(column.header):
            units[column.header] = unit
    answers = {} if given.get("fraga-igen") else choices.answers
    return replace(choices, columns=chosen, units=units, answers=answers)


def states_unit(header: str) -> bool:
    """Whether a header says its unit itself."""
    stated = amount_column(header)
    return stated is not None and stated.unit is not None
