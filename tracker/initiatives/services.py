"""Writes of initiatives. The caller commits."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.areas.models import Area
from tracker.errors import ConflictError, DomainError, InvalidInputError, Problem
from tracker.goals.models import Assignment, Goal
from tracker.history.changes import created
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.initiatives.contents import SUBJECT, describe, differences, input_of
from tracker.initiatives.inputs import InitiativeInput
from tracker.initiatives.models import Initiative, PerspectiveAnswer
from tracker.initiatives.policies import refuse_other
from tracker.initiatives.rules import problems
from tracker.messages import message
from tracker.projects.models import Project
from tracker.projects.policies import Rights, visible_to
from tracker.projects.vocabulary import Publication
from tracker.text import sort_key


def register_initiative(session: Session, given: InitiativeInput, actor: Actor, rights: Rights) -> Initiative:
    """A new one, as a draft. Raises InvalidInputError."""
    found = list(problems(given))
    if session.scalar(select(Initiative.id).where(Initiative.code == given.code)) is not None:
        reason = message("Koden %(code)s används redan av en annan insats.", code=given.code)
        found.append(Problem("code", reason, given.code))
    if found:
        raise InvalidInputError(found)
    given = replace(given, project_ids=_seen(session, given.project_ids, rights))
    initiative = Initiative(code=given.code, name="", sort_key="", created_at=actor.at, updated_at=actor.at)
    _fill(session, initiative, given)
    session.add(initiative)
    session.flush()
    changes = created({"code": given.code, **describe(session, given)})
    record(session, actor, (SUBJECT, initiative.id, initiative.version), Action.CREATED, changes)
    return initiative


def change_initiative(
    session: Session,
    initiative: Initiative,
    given: InitiativeInput,
    expected_version: int,
    actor: Actor,
    rights: Rights,
) -> None:
    """Change everything but the code; by whoever may not publish, a published one becomes a draft again.

    Raises ConflictError when it is no longer the version that was read, ForbiddenError when it is somebody else's,
    InvalidInputError.
    """
    refuse_other(initiative, rights)
    if initiative.version != expected_version:
        raise ConflictError(message("Någon annan sparade insatsen medan du arbetade."))
    if found := list(problems(given)):
        raise InvalidInputError(found)
    stored = input_of(initiative)
    hidden = stored.project_ids - _seen(session, stored.project_ids, rights)
    given = replace(given, code=initiative.code, project_ids=_seen(session, given.project_ids, rights) | hidden)
    changes = differences(describe(session, stored), describe(session, given))
    if not changes:
        return
    _fill(session, initiative, given)
    if initiative.publication is not Publication.DRAFT and (not rights.publish or initiative.confidential):
        changes["publication"] = [initiative.publication.value, Publication.DRAFT.value]
        initiative.publication = Publication.DRAFT
    initiative.updated_at = actor.at
    session.flush()
    record(session, actor, (SUBJECT, initiative.id, initiative.version), Action.CHANGED, changes)


def publish_initiative(
    session: Session,
    initiative: Initiative,
    publication: Publication,
    expected_version: int,
    actor: Actor,
    rights: Rights,
) -> None:
    """Draft ↔ published. Raises DomainError for who may not and for what is confidential, ConflictError."""
    if not rights.publish:
        raise DomainError(message("Bara controller och administratör publicerar insatser."))
    if publication is Publication.PUBLISHED and initiative.confidential:
        raise DomainError(message("En sekretessmarkerad insats kan inte publiceras."))
    if initiative.publication is publication:
        return
    if initiative.version != expected_version:
        raise ConflictError(
            message("Insatsen har ändrats sedan du läste den. Läs det som gäller nu och publicera igen.")
        )
    changes: dict[str, list[object]] = {"publication": [initiative.publication.value, publication.value]}
    initiative.publication, initiative.updated_at = publication, actor.at
    session.flush()
    record(session, actor, (SUBJECT, initiative.id, initiative.version), Action.PUBLISHED, changes)


def _seen(session: Session, project_ids: frozenset[int], rights: Rights) -> frozenset[int]:
    seen = select(Project.id).where(Project.id.in_(project_ids), *visible_to(rights.viewer))
    return frozenset(session.scalars(seen))


def _fill(session: Session, initiative: Initiative, given: InitiativeInput) -> None:
    for field in (
        "name", "description", "for_whom", "start_date", "end_date", "owner_id", "confidential",
        "confidentiality_ground",
    ):  # fmt: skip
        setattr(initiative, field, getattr(given, field))
    initiative.sort_key = sort_key(given.name)
    initiative.goals = list(session.scalars(select(Goal).where(Goal.id.in_(given.goal_ids))))
    initiative.assignments = list(session.scalars(select(Assignment).where(Assignment.id.in_(given.assignment_ids))))
    initiative.areas = list(session.scalars(select(Area).where(Area.id.in_(given.area_ids))))
    initiative.projects = list(session.scalars(select(Project).where(Project.id.in_(given.project_ids))))
    kept = {one.perspective_id: one for one in initiative.answers}
    answers = []
    for perspective_id, text in given.answers.items():
        if text:
            answer = kept.get(perspective_id) or PerspectiveAnswer(perspective_id=perspective_id, answer="")
            answer.answer = text
            answers.append(answer)
    initiative.answers = answers
