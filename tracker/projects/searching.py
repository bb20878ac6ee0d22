"""What a search looks in: the open text of a project, and beside each mark the text that it hides."""

from __future__ import annotations

from tracker.projects.models import Project
from tracker.projects.secrecy import Secret, with_brought
from tracker.text import search_text


def write_search_text(project: Project) -> None:
    """Bring the texts in step with code, name, case numbers, stated area, and what of it is confidential."""
    hides = {
        Secret.CASE_NUMBERS: search_text(*(row.number for row in project.case_numbers)),
        Secret.GEOMETRY: search_text(project.stated_area),
    }
    secret = with_brought({row.field: row.ground for row in project.secret_fields})
    told = (text for one, text in hides.items() if one not in secret)
    project.search_text = search_text(project.code, project.name, *told)
    for row in project.secret_fields:
        row.search_text = hides.get(Secret(row.field), "")
