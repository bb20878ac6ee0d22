"""The closed projects of an archive: those without secrets in the open part, the rest under their ground as well."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.archiving.choosing import Chosen, folder_of, ground_of, read_projects
from tracker.archiving.fields import PROJECT_TABLES, offered
from tracker.archiving.rows import Names, Tables, counted_rows, history_rows, project_row, read_names, related_rows
from tracker.archiving.sheets import write_sheet
from tracker.archiving.writing import write_table
from tracker.geo.stored import from_stored
from tracker.projects.figures import Figure, Volume
from tracker.projects.history_reading import tell_contents
from tracker.projects.masking import marks, shown_to, without_hidden
from tracker.projects.models import Project
from tracker.projects.policies import INTERNAL, PUBLIC, SHELL, Viewer
from tracker.projects.programmes import find_parent
from tracker.projects.secrecy import Hidden, Secret
from tracker.projects.snapshots import describe
from tracker.projects.telling import Words, load_words
from tracker.text import slug

OPEN, SECRET = "projekt", "sekretess"
_UNPUBLIC = frozenset({"manager_id", "deputy_id", "description_internal", "secret_fields", "confidential",
                       "confidentiality_ground"})  # fmt: skip


def write_projects(
    session: Session, ids: Sequence[int], chosen: Chosen, root: Path, progress: Callable[[int], None]
) -> dict[str, int]:
    """Write every project; how many went into each part ("projekt", "sekretess/osl-19-3/projekt")."""
    names = read_names(session)
    viewer = PUBLIC if chosen.public else SHELL
    kept: dict[str, Tables] = defaultdict(lambda: defaultdict(list))
    counts: dict[str, int] = defaultdict(int)
    words = {who: load_words(session, who) for who in (viewer, INTERNAL)}
    for project in read_projects(session, ids):
        for part, who in _parts(project, chosen, viewer):
            _add(session, kept[part], project, who, names)
            _write_sheet(session, root / part / "blad", project, who, words[who])
            counts[part] += 1
        progress(1)
    for part, tables in kept.items():
        for table in offered(PROJECT_TABLES, public=chosen.public):
            write_table(root / part, table, tables[table.name])
    return dict(counts)


def _parts(project: Project, chosen: Chosen, viewer: Viewer) -> Iterable[tuple[str, Viewer]]:
    """Where the project is written, and for whom it is told there."""
    if not project.confidential:
        yield OPEN, viewer
    if (ground := ground_of(project)) and not chosen.public:
        yield f"{SECRET}/{folder_of(ground)}/{OPEN}", INTERNAL


def _add(session: Session, tables: Tables, project: Project, viewer: Viewer, names: Names) -> None:
    hidden: Hidden = {} if viewer.confidential else marks(project)
    shown = shown_to(project, viewer)
    tables["projekt"].append(project_row(shown, find_parent(session, project, viewer)))
    figures = select(Figure).where(Figure.project_id == project.id)
    volumes = select(Volume).where(Volume.project_id == project.id)
    counted = counted_rows(
        shown,
        [] if Secret.FIGURES in hidden else list(session.scalars(figures)),
        [] if Secret.VOLUMES in hidden else list(session.scalars(volumes)),
    )
    further = [*related_rows(shown, names), *counted]
    if viewer is not PUBLIC:
        further += history_rows(session, project, hidden)
    for table, row in further:
        tables[table].append(row)


def _write_sheet(session: Session, folder: Path, project: Project, viewer: Viewer, words: Words) -> None:
    hidden: Hidden = {} if viewer.confidential else marks(project)
    folder.mkdir(parents=True, exist_ok=True)
    contents = without_hidden(describe(project), hidden)
    if viewer is PUBLIC:
        contents = {name: value for name, value in contents.items() if name not in _UNPUBLIC}
    parent = find_parent(session, project, viewer)
    contents["parent_id"] = None
    said = [(name, values) for name, values in tell_contents(contents, words, hidden) if values]
    if parent is not None:
        said.append(("Program", [f"{parent.code} {parent.name}"]))
    geometry = None if Secret.GEOMETRY in hidden else from_stored(project.geom)
    name = f"{slug(project.code) or 'projekt'}-{project.id}.pdf"
    write_sheet(folder / name, f"{project.code} {project.name}", said, geometry)
