"""The sub-project "Gemensamt" of a programme: the costs that no other part bears. The caller commits."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from tracker.errors import DomainError
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.messages import message
from tracker.projects.figures import Figure, Volume
from tracker.projects.inputs import ProjectInput
from tracker.projects.masking import hidden_from
from tracker.projects.models import Project, SecretField
from tracker.projects.policies import Rights
from tracker.projects.programmes import has_children, hold
from tracker.projects.recording import SUBJECT
from tracker.projects.reviewing import lose_review
from tracker.projects.secrecy import Secret
from tracker.projects.services import register_project
from tracker.projects.snapshots import changes_between, describe
from tracker.projects.vocabulary import RUNNING_PERIOD

LONGEST_CODE, LONGEST_NAME = 60, 300
MOVED_NOTE = message("Egna belopp och mått flyttade till delprojektet Gemensamt")
_FIGURE = ("period", "year", "flow", "budget_ore", "outcome_ore", "forecast_ore", "budget_preliminary")
_VOLUME = ("period", "measure_id", "year", "planned", "started", "completed")


def add_common(session: Session, programme: Project, actor: Actor, rights: Rights) -> Project:
    """A child "… – gemensamt" that takes over the programme's own amounts and counts, which count nowhere else.

    Asked for twice it is made once: the second time there is nothing left to move, and the answer is the same child.
    Raises DomainError when the project has no children, or hides its amounts or counts from this person.
    """
    hold(session, programme)
    if not has_children(session, programme, rights.viewer):
        raise DomainError(message("Projektet har inga delprojekt och är inget program."))
    if {Secret.FIGURES, Secret.VOLUMES} & set(hidden_from(programme, rights.viewer)):
        raise DomainError(message("Programmets belopp eller mått är sekretessmarkerade. Be en controller flytta dem."))
    present = _present(session, programme)
    if present is not None and not any(_running(programme)):
        return present
    child = register_project(session, _input(session, programme), actor, rights)
    _hide_alike(programme, child)
    session.flush()
    for project, change in ((child, _take_over), (programme, _give_away)):
        before = describe(project)
        change(programme, project)
        session.flush()
        _record(session, project, changes_between(before, describe(project)), actor, rights)
    return child


def _present(session: Session, programme: Project) -> Project | None:
    """The child that took over before."""
    children = select(Project).where(Project.parent_id == programme.id, Project.code == _code(programme.code, 1))
    return session.scalar(children)


def _input(session: Session, programme: Project) -> ProjectInput:
    return ProjectInput(
        code=_free_code(session, programme.code),
        name=f"{programme.name[: LONGEST_NAME - 12]} – gemensamt",
        main_kind=programme.main_kind,
        phase=programme.phase,
        manager_id=programme.manager_id,
        deputy_id=programme.deputy_id,
        city_share=programme.city_share,
        confidential=programme.confidential,
        confidentiality_ground=programme.confidentiality_ground,
        parent_id=programme.id,
        example_values=programme.example_values,
    )


def _free_code(session: Session, code: str) -> str:
    for number in range(1, 1000):
        wanted = _code(code, number)
        if session.scalar(select(Project.id).where(Project.code == wanted)) is None:
            return wanted
    raise DomainError(message("Det finns ingen ledig projektkod för gemensamma kostnader."))


def _code(code: str, number: int) -> str:
    end = "-G" if number == 1 else f"-G{number}"
    return f"{code[: LONGEST_CODE - len(end)]}{end}"


def _hide_alike(programme: Project, child: Project) -> None:
    """What hides the programme's amounts and counts hides them where they go."""
    hiding = {one.value for secret in (Secret.FIGURES, Secret.VOLUMES) for one in secret.hidden_by}
    child.secret_fields = [
        SecretField(field=row.field, ground=row.ground) for row in programme.secret_fields if row.field in hiding
    ]


def _take_over(programme: Project, child: Project) -> None:
    figures, volumes = _running(programme)
    child.figures = [Figure(**{name: getattr(row, name) for name in _FIGURE}) for row in figures]
    child.volumes = [Volume(**{name: getattr(row, name) for name in _VOLUME}) for row in volumes]


def _give_away(programme: Project, _project: Project) -> None:
    figures, volumes = _running(programme)
    programme.figures = [row for row in programme.figures if row not in figures]
    programme.volumes = [row for row in programme.volumes if row not in volumes]


def _running(project: Project) -> tuple[list[Figure], list[Volume]]:
    """What can still be moved; a period that was reported stays where it was."""
    figures = [row for row in project.figures if row.period == RUNNING_PERIOD]
    return figures, [row for row in project.volumes if row.period == RUNNING_PERIOD]


def _record(session: Session, project: Project, changes: dict[str, list[object]], actor: Actor, rights: Rights) -> None:
    if not changes:
        return
    changes |= lose_review(project, rights)
    project.updated_at = actor.at
    flag_modified(project, "updated_at")
    session.flush()
    record(session, actor, (SUBJECT, project.id, project.version), Action.CHANGED, changes, MOVED_NOTE)
