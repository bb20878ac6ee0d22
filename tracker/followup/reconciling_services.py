"""Entering the budget's totals and explaining differences: the controller's writing."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tracker.errors import ConflictError, InvalidInputError, Problem
from tracker.followup.ledger_writing import hold_period
from tracker.followup.models import BudgetTotal, Explanation, Period
from tracker.followup.opening import SUBJECT
from tracker.followup.reconciling import explanations_of, reconcile
from tracker.followup.vocabulary import Target
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.messages import message
from tracker.money import LIMIT_ORE
from tracker.projects.policies import INTERNAL
from tracker.projects.rules import YEARS
from tracker.projects.vocabulary import Flow
from tracker.text import clean

LONGEST_SOURCE, LONGEST_TEXT = 300, 4_000


def enter_total(
    session: Session, period: Period, place: tuple[int, Flow], amount_ore: int | None, source: str, actor: Actor
) -> None:
    """Enter the adopted budget's total of a year and flow in whole öre; None takes it away.

    Raises InvalidInputError, and ConflictError for a closed period.
    """
    hold_period(session, period)
    year, flow = place
    if year not in YEARS:
        reason = message("Året ska vara mellan %(first)s och %(last)s.", first=YEARS[0], last=YEARS[-1])
        raise InvalidInputError([Problem("year", reason, str(year))])
    if amount_ore is not None and abs(amount_ore) >= LIMIT_ORE:
        reason = message("Beloppet är för stort. Är enheten rätt?")
        raise InvalidInputError([Problem(flow.value, reason, str(amount_ore))])
    kept = session.get(BudgetTotal, (period.id, year, flow))
    before = kept.amount_ore if kept else None
    told = clean(source)[:LONGEST_SOURCE]
    if before == amount_ore and (kept is None or kept.source == told):
        return
    if amount_ore is None:
        session.delete(kept)
    elif kept is None:
        session.add(BudgetTotal(period_id=period.id, year=year, flow=flow, amount_ore=amount_ore, source=told))
    else:
        kept.amount_ore, kept.source = amount_ore, told
    session.flush()
    changes: dict[str, list[object]] = {f"budget_total:{year}:{flow.value}": [before, amount_ore]}
    record(session, actor, (SUBJECT, period.id, period.version), Action.CHANGED, changes, told)


def explain(
    session: Session, period: Period, place: tuple[Target, int, Flow], difference_ore: int, text: str, actor: Actor
) -> None:
    """Explain a difference in writing; an empty text takes the explanation away.

    `difference_ore` is the one that was seen: the explanation covers no other. Raises ConflictError when it is another
    now or the period is closed, InvalidInputError for a difference of 0 and a text that is too long.
    """
    hold_period(session, period)
    target, year, flow = place
    lines = {(line.target, line.year, line.flow): line for line in reconcile(session, period, INTERNAL)}
    line = lines.get(place)
    if line is None or line.difference_ore != difference_ore:
        raise ConflictError(message("Skillnaden har ändrats sedan du läste sidan. Se över den och skriv igen."))
    told = clean(text)
    if difference_ore == 0 and told:
        reason = message("Summorna stämmer; det finns ingen skillnad att förklara.")
        raise InvalidInputError([Problem("text", reason, told)])
    if len(told) > LONGEST_TEXT:
        reason = message("Texten är för lång: högst %(most)s tecken.", most=LONGEST_TEXT)
        raise InvalidInputError([Problem("text", reason, told)])
    kept = explanations_of(session, period).get(place)
    before = kept.text if kept else ""
    if kept is not None and not told:
        session.delete(kept)
    elif told:
        kept = kept or Explanation(period_id=period.id, target=target, year=year, flow=flow)
        kept.difference_ore, kept.text = difference_ore, told
        kept.explained_by, kept.explained_at = actor.name[:200], actor.at
        session.add(kept)
    session.flush()
    changes: dict[str, list[object]] = {f"explanation:{target.value}:{year}:{flow.value}": [before, told]}
    record(session, actor, (SUBJECT, period.id, period.version), Action.CHANGED, changes)
