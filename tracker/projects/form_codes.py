"""The code of a project in its form: free, or refused with the next free one; an offered one is only a proposal."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import Problem
from tracker.messages import message
from tracker.projects import rules
from tracker.projects.form_filling import next_code
from tracker.projects.forms import ProjectForm
from tracker.projects.models import Project
from tracker.projects.services import taken_code
from tracker.text import clean


def check_code(session: Session, form: ProjectForm, project: Project | None) -> None:
    """Refuse a code that another project has; one that was offered and left as it was gives way to the next free one.

    Everybody who has the form for a new project open at once is offered the same.
    """
    code = clean(form.code.data)
    if not code or _holder(session, code) in (None, project.id if project else None):
        return
    year = _year(code)
    free = next_code(session, year) if year is not None else None
    if free and project is None and is_offered(form):
        form.code.data = form.code_offered.data = free
    elif free:
        text = message(
            "Projektkoden %(code)s används redan av ett annat projekt. Nästa lediga är %(free)s.", code=code, free=free
        )
        form.place(Problem("code", text))
    else:
        form.place(Problem("code", taken_code(code)))


def is_offered(form: ProjectForm) -> bool:
    """Whether the code stands as the form proposed it."""
    return bool(form.code_offered.data) and clean(form.code.data) == clean(form.code_offered.data)


def _holder(session: Session, code: str) -> int | None:
    return session.scalar(select(Project.id).where(Project.code == code))


def _year(code: str) -> int | None:
    """The year that a code is numbered in; None where codes of its kind are not numbered by year."""
    text = code.split("-")[0]
    numbered = text.isascii() and text.isdigit() and len(text) == 4 and int(text) in rules.YEARS
    return int(text) if numbered else None
