"""Carrying the goal tags of projects over to a new goal edition along its crosswalk. The caller commits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tracker.errors import DomainError
from tracker.goals.models import Goal, GoalCrosswalk, GoalSet
from tracker.history.models import Action
from tracker.history.services import Actor
from tracker.messages import joined, message
from tracker.projects.bulk import blocks
from tracker.projects.display import refresh_display
from tracker.projects.models import GoalAssessment, GoalTag, Project
from tracker.projects.recording import record_many

BLOCK = 500
Tag = tuple[int, int, str]
"""Goal id, weight, motivation."""


@dataclass(frozen=True, slots=True)
class Continued:
    """A goal of the old edition, where it goes on, and how many projects are carried along."""

    code: str
    name: str
    onto: tuple[str, ...]
    projects: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What carrying over would do. `tags` and `reasons` are by project id; nothing that is there is touched."""

    source: GoalSet
    target: GoalSet
    goals: tuple[Continued, ...]
    tags: Mapping[int, tuple[Tag, ...]]
    reasons: Mapping[int, str]
    judged: int
    """Projects that have been judged within the new edition already and are left alone."""
    ended: tuple[tuple[str, str], ...]
    """(code, name) of projects whose every goal ends: they have to be judged anew."""

    @property
    def projects(self) -> int:
        """How many projects get a judgement within the new edition."""
        return len(self.tags) + len(self.reasons)


def plan_carrying(session: Session, target: GoalSet) -> Plan:
    """The plan from the edition before. Raises DomainError when there is none."""
    source = target.predecessor
    if source is None:
        raise DomainError(
            message("%(edition)s har ingen tidigare utgåva att föra över märkningar från.", edition=target.name)
        )
    old = {goal.id: goal for goal in session.scalars(select(Goal).where(Goal.goal_set_id == source.id))}
    new = {goal.id: goal for goal in session.scalars(select(Goal).where(Goal.goal_set_id == target.id))}
    onto = _crosswalk(session, old, new)
    judged = _judged(session, target)
    tags = _tags(session, source)
    reasons = {one: text for one, text in _reasons(session, source).items() if one not in judged}
    open_tags = {project_id: rows for project_id, rows in tags.items() if project_id not in judged}
    carried = {project_id: _carried(rows, onto) for project_id, rows in open_tags.items()}
    return Plan(
        source,
        target,
        tuple(_continued(old, new, onto, open_tags)),
        {project_id: rows for project_id, rows in carried.items() if rows},
        reasons,
        len(judged & (tags.keys() | _reasons(session, source).keys())),
        _named(session, [project_id for project_id, rows in carried.items() if not rows]),
    )


def _crosswalk(session: Session, old: Mapping[int, Goal], new: Mapping[int, Goal]) -> dict[int, list[int]]:
    """Old goal id → ids of the new edition's goals that it goes on in, in order of code."""
    onto: dict[int, list[int]] = defaultdict(list)
    for before, after in session.execute(select(GoalCrosswalk.from_goal_id, GoalCrosswalk.to_goal_id)):
        if before in old and after in new:
            onto[before].append(after)
    return {before: sorted(after, key=lambda one: new[one].code) for before, after in onto.items()}


def _judged(session: Session, goal_set: GoalSet) -> set[int]:
    tagged = select(GoalTag.project_id).join(Goal).where(Goal.goal_set_id == goal_set.id)
    found = set(session.scalars(tagged.distinct()))
    assessed = select(GoalAssessment.project_id).where(GoalAssessment.goal_set_id == goal_set.id)
    return found | set(session.scalars(assessed))


def _tags(session: Session, goal_set: GoalSet) -> dict[int, list[Tag]]:
    statement = select(GoalTag.project_id, GoalTag.goal_id, GoalTag.weight, GoalTag.motivation).join(Goal)
    rows: dict[int, list[Tag]] = defaultdict(list)
    for project_id, goal_id, weight, motivation in session.execute(
        statement.where(Goal.goal_set_id == goal_set.id).order_by(GoalTag.project_id, Goal.code)
    ):
        rows[project_id].append((goal_id, weight, motivation))
    return rows


def _reasons(session: Session, goal_set: GoalSet) -> dict[int, str]:
    statement = select(GoalAssessment.project_id, GoalAssessment.reason)
    return dict(session.execute(statement.where(GoalAssessment.goal_set_id == goal_set.id)).all())


def _carried(rows: Iterable[Tag], onto: Mapping[int, list[int]]) -> tuple[Tag, ...]:
    """Where two goals go on in one, the stronger weight holds and both motivations stand."""
    found: dict[int, tuple[int, list[str]]] = {}
    for goal_id, weight, motivation in rows:
        for after in onto.get(goal_id, ()):
            before = found.get(after, (0, []))
            found[after] = (max(before[0], weight), [*before[1], *([motivation] if motivation else [])])
    return tuple((after, weight, "\n".join(dict.fromkeys(texts))) for after, (weight, texts) in found.items())


def _continued(
    old: Mapping[int, Goal],
    new: Mapping[int, Goal],
    onto: Mapping[int, list[int]],
    tags: Mapping[int, list[Tag]],
) -> Iterable[Continued]:
    counts: dict[int, int] = defaultdict(int)
    for rows in tags.values():
        for goal_id, _weight, _motivation in rows:
            counts[goal_id] += 1
    for goal in sorted(old.values(), key=lambda one: one.code):
        after = tuple(joined(" ", (new[one].code, new[one].name_sv)) for one in onto.get(goal.id, ()))
        yield Continued(goal.code, goal.name_sv, after, counts[goal.id])


def _named(session: Session, ids: list[int]) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for block in blocks(ids, BLOCK):
        rows = session.execute(select(Project.code, Project.name).where(Project.id.in_(block)))
        found += [(row.code, row.name) for row in rows]
    return tuple(sorted(found))


def carry_over(session: Session, target: GoalSet, actor: Actor) -> Plan:
    """Give every project that has no judgement within the edition the one that its crosswalk says.

    Sent twice, the second changes nothing. Each project gets a line in its history; its review stays, for what the
    goals were translated to was reviewed with the edition.
    """
    plan = plan_carrying(session, target)
    for block in blocks(sorted({*plan.tags, *plan.reasons}), BLOCK):
        before = _goals_of(session, block)
        session.add_all(
            GoalTag(project_id=one, goal_id=goal_id, weight=weight, motivation=motivation)
            for one in block
            for goal_id, weight, motivation in plan.tags.get(one, ())
        )
        session.add_all(
            GoalAssessment(project_id=one, goal_set_id=target.id, reason=plan.reasons[one])
            for one in block
            if one in plan.reasons
        )
        session.flush()
        _note(session, block, before, plan, actor)
        refresh_display(session, block)
    session.expire_all()
    return plan


def _goals_of(session: Session, ids: list[int]) -> dict[int, list[list[object]]]:
    """Project id → its tags of every edition, as the history keeps them."""
    found: dict[int, list[list[object]]] = {one: [] for one in ids}
    statement = select(GoalTag.project_id, GoalTag.goal_id, GoalTag.weight, GoalTag.motivation)
    for project_id, *tag in session.execute(
        statement.where(GoalTag.project_id.in_(ids)).order_by(GoalTag.project_id, GoalTag.goal_id)
    ):
        found[project_id].append(list(tag))
    return found


def _note(session: Session, ids: list[int], before: Mapping[int, list[list[object]]], plan: Plan, actor: Actor) -> None:
    session.execute(
        update(Project)
        .where(Project.id.in_(ids))
        .values(version=Project.version + 1, updated_at=actor.at)
        .execution_options(synchronize_session=False)
    )
    versions = dict(session.execute(select(Project.id, Project.version).where(Project.id.in_(ids))).all())
    after, reasons = _goals_of(session, ids), _all_reasons(session, ids)
    entries = []
    for one in ids:
        changes: dict[str, list[object]] = {}
        if before[one] != after[one]:
            changes["goals"] = [before[one], after[one]]
        if one in plan.reasons:
            kept = [row for row in reasons[one] if row[0] != plan.target.id]
            changes["no_contribution"] = [kept, reasons[one]]
        entries.append((one, versions[one], changes))
    record_many(session, actor, Action.CHANGED, entries)


def _all_reasons(session: Session, ids: list[int]) -> dict[int, list[list[object]]]:
    found: dict[int, list[list[object]]] = {one: [] for one in ids}
    statement = select(GoalAssessment.project_id, GoalAssessment.goal_set_id, GoalAssessment.reason)
    for project_id, *row in session.execute(
        statement.where(GoalAssessment.project_id.in_(ids)).order_by(GoalAssessment.goal_set_id)
    ):
        found[project_id].append(list(row))
    return found


def waiting_count(session: Session, target: GoalSet) -> int:
    """How many projects are tagged within the edition before and not judged within this one."""
    if target.predecessor_id is None:
        return 0
    old = select(GoalTag.project_id).join(Goal).where(Goal.goal_set_id == target.predecessor_id)
    new = select(GoalTag.project_id).join(Goal).where(Goal.goal_set_id == target.id)
    assessed = select(GoalAssessment.project_id).where(GoalAssessment.goal_set_id == target.id)
    statement = select(func.count(Project.id)).where(
        Project.id.in_(old), Project.id.not_in(new), Project.id.not_in(assessed)
    )
    return session.scalar(statement) or 0
