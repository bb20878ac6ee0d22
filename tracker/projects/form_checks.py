"""What keeps a filled-in form from being saved: the fields, the rows, the rules, and what only the database knows."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import Problem
from tracker.messages import Message, joined, message, told
from tracker.projects import rules
from tracker.projects.alternatives import either
from tracker.projects.form_codes import check_code
from tracker.projects.form_reading import to_input
from tracker.projects.form_rows import DecisionRow, FigureRow, ServedRow, VolumeRow, require, whole_or_none
from tracker.projects.form_secrecy import check_secrets
from tracker.projects.forms import Assessment, ProjectForm
from tracker.projects.models import Project
from tracker.projects.pasting import Order, Pasted, PastedError, Shape, read_pasted
from tracker.projects.policies import Viewer, visible_to
from tracker.projects.programmes import find_parent
from tracker.projects.vocabulary import SUBTYPES

MAX_LENGTHS = {"link": 500, "confidentiality_ground": 100, "subtype": 60}


def check(session: Session, form: ProjectForm, project: Project | None, viewer: Viewer) -> bool:
    """Ask everything, so that one answer says it all; True when the form can be saved."""
    form.validate()
    form.parent_id = _parent(session, form, project, viewer)
    _single_fields(form, viewer)
    check_secrets(form, project, viewer)
    _pasted(form)
    _case_numbers(form)
    _goals(form)
    _serves(form)
    _volumes(form)
    _figures(form)
    _decisions(form)
    for problem in rules.problems(to_input(form, project)):
        form.place(problem)
    check_code(session, form, project)
    return not form.form_errors and not any(True for _ in form.faults())


def _refuse(form: ProjectForm, field: str, reason: str) -> None:
    form.place(Problem(field, reason))


def _parent(session: Session, form: ProjectForm, project: Project | None, viewer: Viewer) -> int | None:
    """The programme that was named. One that the person may not know of stays, since the field did not show it."""
    code = form.parent_code.data
    if not code:
        hidden = project is not None and find_parent(session, project, viewer) is None
        return project.parent_id if project is not None and hidden else None
    found = session.scalar(select(Project.id).where(Project.code == code, *visible_to(viewer)))
    if found is None:
        _refuse(form, "parent_code", message("Det finns inget projekt med koden %(code)s.", code=code))
    return found


def _single_fields(form: ProjectForm, viewer: Viewer) -> None:
    if form.main_kind.data is None:
        _refuse(form, "main_kind", message("Välj projektets huvudslag."))
    if form.city_share.data is None:
        _refuse(form, "city_share", message("Skriv stadens andel; 100 om staden betalar allt."))
    if form.subtype.data and form.subtype.data not in SUBTYPES and form.subtype.data != form.subtype.object_data:
        _refuse(form, "subtype", message("Välj en undertyp i listan."))
    people = {user_id for user_id, _ in form.choices.managers}
    for field in (form.manager_id, form.deputy_id):
        if field.data is not None and field.data not in people:
            _refuse(form, field.short_name, message("Välj en person i listan."))
    for name, length in MAX_LENGTHS.items():
        if len(form[name].data or "") > length:
            _refuse(form, name, at_most(length))
    _secrecy(form, viewer)


def at_most(length: int) -> Message:
    """Why a longer text is refused."""
    return message("Högst %(length)s tecken.", length=length)


def _secrecy(form: ProjectForm, viewer: Viewer) -> None:
    """Nobody hides a project from themselves."""
    mine = viewer.user_id in (form.manager_id.data, form.deputy_id.data)
    if form.confidential.data and not viewer.confidential and not mine:
        reason = message("Välj dig själv som projektledare eller ersättare; annars kan du inte se projektet efteråt.")
        _refuse(form, "manager_id", reason)


def _pasted(form: ProjectForm) -> None:
    """Coordinates that still stand in their box become the shape if they are clear, and are asked about if not."""
    text = form.pasted.data
    if not text:
        return
    if form.geometry.typed or form.geometry.data is not None:
        reason = message("Det finns både en ritad form och koordinater här. Lägg till dem på kartan eller töm rutan.")
        _refuse(form, "pasted", reason)
        return
    try:
        pasted = read_pasted(text, whole_or_none(form.pasted_srid.data), order_named(form.pasted_order.data))
        reading, shape = pasted.reading, shape_named(form.pasted_shape.data)
        if reading is None:
            _refuse(form, "pasted", _which_way(pasted))
        elif pasted.needs_shape and shape is None:
            _refuse(form, "pasted", message("Ska koordinaterna bli punkter, en linje eller en yta? Välj form."))
        else:
            form.geometry.replace(pasted.geometry(reading, shape or Shape.POINTS))
            form.pasted.data = ""
    except PastedError as error:
        _refuse(form, "pasted", str(error))


def _which_way(pasted: Pasted) -> Message:
    ways = [
        message("%(system)s (%(example)s)", system=one.label, example=pasted.example(one)) for one in pasted.readings
    ]
    return message("Är koordinaterna %(ways)s? Välj system och ordning.", ways=either(ways))


def order_named(text: str | None) -> Order | None:
    """The order of that value, or None."""
    return next((order for order in Order if order.value == text), None)


def shape_named(text: str | None) -> Shape | None:
    """The shape of that value, or None."""
    return next((shape for shape in Shape if shape.value == text), None)


def _case_numbers(form: ProjectForm) -> None:
    for entry in form.case_numbers:
        if len(entry.data or "") > 100:
            entry.errors = [message("Ett diarienummer får ha högst 100 tecken.")]


def _goals(form: ProjectForm) -> None:
    rows = form.goal_rows.values()
    for row in rows:
        if row.motivation.data and row.weight.data is None and form.assessment.data != Assessment.NOTHING:
            row.refuse_field("weight", message("Välj hur starkt bidraget är, eller töm motiveringen."))
    if form.assessment.data == Assessment.CONTRIBUTES and not any(row.weight.data for row in rows):
        _refuse(form, "goals", message("Välj bidrag för minst ett mål, eller ”Inte bedömt än”."))


def _serves(form: ProjectForm) -> None:
    seen: set[object] = set()
    for row in form.used("serves"):
        _meaning(form, row)
        require(row, row.share, message("Skriv andelen i procent."))
        if row.share.data == 0:
            row.refuse_field("share", message("Andelen ska vara större än 0 %."))
        if row.scope is not None and (row.scope, row.area_id) in seen:
            row.refuse_field("area", message("Samma område är valt två gånger."))
        seen.add((row.scope, row.area_id))


def _meaning(form: ProjectForm, row: ServedRow) -> None:
    if not row.area.data:
        row.refuse_field("area", message("Välj ett område."))
        return
    meant = form.choices.areas.meaning(row.area.data)
    if meant.question:
        row.refuse_field("area", meant.question)
    if meant.scope is not None:
        row.scope, row.area_id = meant.scope, meant.area_id
        text = form.choices.areas.text_of(meant.scope, meant.area_id)
        row.reading = "" if told(text) == row.area.data else joined(" ", ("=", text))


def _volumes(form: ProjectForm) -> None:
    measures = {measure.id for measure in form.choices.measures}
    seen: set[object] = set()
    for row in form.used("volumes"):
        if row.measure_id.data not in measures:
            row.refuse_field("measure_id", message("Välj ett mått."))
        require(row, row.year, message("Skriv året."))
        if not any(field.given for field in row.counts):
            row.refuse_field("planned", message("Skriv minst ett antal, eller ta bort raden."))
        _once(row, (row.measure_id.data, row.year.data), seen, message("Samma mått och år finns två gånger."))


def _figures(form: ProjectForm) -> None:
    seen: set[object] = set()
    for row in form.used("figures"):
        require(row, row.year, message("Skriv året."))
        _once(row, row.year.data, seen, message("Samma år finns två gånger i ekonomin."))


def _decisions(form: ProjectForm) -> None:
    seen: set[object] = set()
    for row in form.used("decisions"):
        if row.gate.data is None:
            row.refuse_field("gate", message("Välj vilket beslut det är, eller ta bort raden."))
        for name, limit in rules.DECISION_LIMITS.items():
            if len(row[name].data or "") > limit:
                row.refuse_field(name, at_most(limit))
        if row.date.data is not None and row.date.data.year not in rules.YEARS:
            row.refuse_field("date", rules.outside_years())
        _twice(row, seen)


def _twice(row: DecisionRow, seen: set[object]) -> None:
    """Two rows that say the same are one decision; a revision differs in something."""
    fields = (row.body, row.case_number, row.paragraph, row.outlay, row.income, row.price_level)
    said = (row.gate.data, row.date.data, *(field.data or None for field in fields))
    if row.gate.data is not None and said in seen:
        row.refuse_field("gate", message("Samma beslut finns två gånger. Ta bort det ena."))
    seen.add(said)


def _once(row: VolumeRow | FigureRow, key: object, seen: set[object], reason: str) -> None:
    if key in seen and row.year.data is not None:
        row.refuse_field("year", reason)
    seen.add(key)
