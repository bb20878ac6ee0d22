"""Recording a decision, seeing what it would remove, and carrying it out. The caller commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.errors import ConflictError, InvalidInputError, NotFoundError, Problem
from tracker.retention.disposing import WAYS, old_uploads
from tracker.retention.models import Disposal, DisposalDecision
from tracker.retention.rules import BY_WORD, RULES, Rule, day_here, oldest_kept
from tracker.text import clean


@dataclass(frozen=True, slots=True)
class Due:
    """What a rule says may go now."""

    rule: Rule
    days: int
    before: datetime
    count: int
    decisions: tuple[str, ...]
    """The numbers of the decisions that cover the rule, the latest first."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What went, by rule, and the uploads whose folders are to go once it is committed."""

    removed: tuple[Due, ...]
    uploads: tuple[str, ...]


def record_decision(
    session: Session, number: str, decided_on: date, decided_by: str, what: str, rules: Sequence[str], now: datetime,
    recorded_by: str,
) -> DisposalDecision:  # fmt: skip
    """Write down a decision that was made. Raises InvalidInputError and ConflictError for a number that is taken."""
    said = {"number": clean(number), "decided_by": clean(decided_by), "what": clean(what)}
    problems = [Problem(name, "Uppgiften saknas.") for name, value in said.items() if not value]
    problems += [Problem("rules", f"Regeln {word} finns inte.", word) for word in rules if word not in BY_WORD]
    if not rules:
        problems.append(Problem("rules", "Beslutet gäller ingen regel."))
    if decided_on > day_here(now):
        problems.append(Problem("decided_on", "Beslutet är inte fattat än.", decided_on.isoformat()))
    if problems:
        raise InvalidInputError(problems)
    if session.scalar(select(DisposalDecision.id).where(DisposalDecision.number == said["number"])) is not None:
        raise ConflictError(f"Beslutet {said['number']} är redan infört och ändras inte. Inför ett nytt.")
    decision = DisposalDecision(
        **said, decided_on=decided_on, rules=sorted(set(rules)), recorded_at=now, recorded_by=recorded_by
    )
    session.add(decision)
    session.flush()
    return decision


def get_decision(session: Session, number: str) -> DisposalDecision:
    """Raises NotFoundError."""
    found = session.scalar(select(DisposalDecision).where(DisposalDecision.number == number))
    if found is None:
        raise NotFoundError(
            f"Gallringsbeslutet {number} är inte infört. Inget gallras utan beslut; inför det med: retention record"
        )
    return found


def list_due(session: Session, days: Mapping[str, int], now: datetime) -> list[Due]:
    """Every rule, in order."""
    decisions = session.scalars(
        select(DisposalDecision).order_by(DisposalDecision.decided_on.desc(), DisposalDecision.number)
    ).all()
    covered = {rule.word: tuple(one.number for one in decisions if rule.word in one.rules) for rule in RULES}
    return [_due(session, rule, days, now, covered[rule.word]) for rule in RULES]


def apply_decision(session: Session, number: str, days: Mapping[str, int], now: datetime, by: str) -> Applied:
    """Remove what the decision's rules say, and write down what was removed. Raises NotFoundError."""
    decision = get_decision(session, number)
    removed, uploads = [], list[str]()
    for rule in RULES:
        if rule.word not in decision.rules:
            continue
        before = oldest_kept(now, days[rule.setting])
        if rule.word == "uppladdningar":
            uploads.extend(old_uploads(session, before))
        count = WAYS[rule.word].remove(session, before)
        session.add(Disposal(decision_id=decision.id, rule=rule.word, before=before, removed=count, at=now, by=by))
        removed.append(Due(rule, days[rule.setting], before, count, (number,)))
    session.flush()
    return Applied(tuple(removed), tuple(uploads))


def count_disposed(session: Session, decision: DisposalDecision) -> int:
    """How much has gone by a decision so far."""
    total = select(func.coalesce(func.sum(Disposal.removed), 0)).where(Disposal.decision_id == decision.id)
    return int(session.scalar(total) or 0)


def _due(session: Session, rule: Rule, days: Mapping[str, int], now: datetime, decisions: tuple[str, ...]) -> Due:
    before = oldest_kept(now, days[rule.setting])
    return Due(rule, days[rule.setting], before, WAYS[rule.word].count(session, before), decisions)
