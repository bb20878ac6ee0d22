"""What looks wrong with the reports of some projects, for the pages that show a project's findings beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from tracker.followup.checks import look
from tracker.followup.checks_reading import read_report_facts, rules_of
from tracker.followup.checks_words import Finding
from tracker.followup.models import Period
from tracker.projects.policies import Viewer


def checks_of(
    session: Session, period: Period, project_ids: Sequence[int], viewer: Viewer, today: date | None = None
) -> dict[int, tuple[Finding, ...]]:
    """Project id → what is found on its report in the period, the gravest first; () where all is well.

    Projects that the viewer does not see, or that do not report in the period, are not in the answer, and amounts, days
    and counts that are hidden from the viewer take no part. Five statements, whatever the number of projects. A
    Finding has `code`, `severity` (with `label`) and `text`, a Swedish sentence. Without `today` a missing report is
    never called late.
    """
    rules = replace(rules_of(period), today=today)
    facts = read_report_facts(session, period, project_ids, viewer)
    return {project_id: look(one, rules) for project_id, one in facts}
