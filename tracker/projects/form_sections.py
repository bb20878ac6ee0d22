"""The sections of the project form and what each still lacks: the sticky index and the live check say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from tracker.projects.decisions import Course
from tracker.projects.doubts import doubts
from tracker.projects.form_reading import to_input
from tracker.projects.forms import Assessment, ProjectForm
from tracker.projects.presenters import SHUT_SECTIONS
from tracker.projects.secrecy import Secret
from tracker.projects.standing import limits, today
from tracker.projects.vocabulary import Phase

REQUIRED = {"code": _l("projektkod"), "name": _l("namn"), "main_kind": _l("huvudslag")}
"""What a project cannot be saved without; an empty one is missing, not wrong, until it is sent."""
BEFORE_DECISIONS = (Phase.IDEA, Phase.STUDY)
"""Phases that a project is in before anything needs to be decided."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its anchor, its title and the fields in it."""

    id: str
    title: object
    fields: tuple[str, ...]


SECTIONS = (
    Section(
        "grunduppgifter",
        _l("Grunduppgifter"),
        (
            "code", "name", "main_kind", "secondary_kinds", "subtype", "phase", "case_numbers", "manager_id",
            "deputy_id", "start_decided", "end_decided", "start_forecast", "end_forecast", "description_public",
            "description_internal", "link", "city_share", "confidential", "confidentiality_ground", "parent_code",
            "secret_fields",
        ),
    ),
    Section("lage", _l("Läge"), ("geometry", "location_approximate", "pasted")),
    Section("mal", _l("Mål"), ("goal_set", "assessment", "goals", "no_contribution_reason", "answers")),
    Section("omraden", _l("Områden"), ("serves", "serves_motivation")),
    Section("matt", _l("Mått"), ("volumes",)),
    Section("ekonomi", _l("Ekonomi"), ("figures",)),
    Section("beslut", _l("Beslut"), ("decisions",)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """Something refused: the field, the id to go to, the field's name for people, and the reason."""

    field: str
    id: str
    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class SectionState:
    """How a section stands; `state` is klart, saknas, varning or fel. `waiting`: something in it is asked about."""

    id: str
    title: str
    missing: tuple[str, ...]
    warnings: tuple[str, ...]
    faults: tuple[Fault, ...]
    waiting: bool = False

    @property
    def state(self) -> str:
        if self.faults:
            return "fel"
        if self.missing and not self.waiting:
            return "saknas"
        return "varning" if self.waiting or self.warnings else "klart"

    @property
    def word(self) -> str:
        """The state in a word or two, for it is never told by colour alone."""
        if self.faults:
            return str(ngettext("%(num)s fel", "%(num)s fel", len(self.faults)))
        if self.waiting:
            return str(_("väntar"))
        words = {"saknas": _("saknas"), "varning": _("se över"), "klart": _("klart")}
        return str(words[self.state])


def section_states(form: ProjectForm, *, has_shape: bool, waiting: bool) -> list[SectionState]:
    """Each section of a form that has been filled or checked.

    `has_shape`: something is drawn on the page. `waiting`: pasted coordinates stand in their box.
    """
    faults = all_faults(form)
    place = [_("koordinaterna är inte lagda på kartan")] if waiting else [] if has_shape else [_("ritat läge")]
    lacking = {"lage": place} | _lacking(form)
    warnings = {"mal": list(_goal_warnings(form)), "ekonomi": list(_money_warnings(form))} | _doubts(form)
    for section in {section for one in form.shut for section in SHUT_SECTIONS.get(one, ())} - {"grunduppgifter"}:
        lacking[section], warnings[section] = [], []
    return [
        SectionState(
            section.id,
            str(section.title),
            tuple(str(text) for text in lacking.get(section.id, ())),
            tuple(warnings.get(section.id, ())),
            tuple(fault for name, fault in faults if name in section.fields and not _only_empty(form, name)),
            waiting and section.id == "lage",
        )
        for section in SECTIONS
    ]


def all_faults(form: ProjectForm) -> list[tuple[str, Fault]]:
    """(top field, fault) of everything refused, in the order of the page."""
    order = [name for section in SECTIONS for name in section.fields]
    found = []
    for field, reason in form.faults():
        top = next((name for name in form._fields if field.name == name or field.name.startswith(f"{name}-")), "")
        found.append((top, Fault(field.id, _target(field.id), str(field.label.text), reason)))
    return sorted(found, key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order))


def _target(field_id: str) -> str:
    """Where a link to the field goes: radios and lists have no control of that very id."""
    return {"main_kind": "main_kind-0", "assessment": "assessment-0"}.get(field_id, field_id)


def _only_empty(form: ProjectForm, name: str) -> bool:
    return name in REQUIRED and not form[name].data


def _lacking(form: ProjectForm) -> dict[str, list[object]]:
    """What is not filled in; nothing of it but REQUIRED keeps a draft from being saved."""
    base: list[object] = [text for name, text in REQUIRED.items() if not form[name].data]
    if not any(form.case_numbers.data) and Secret.CASE_NUMBERS not in form.shut:
        base.append(_("diarienummer"))
    if form.manager_id.data is None and Secret.PEOPLE not in form.shut:
        base.append(_("projektledare"))
    if not form.description_public.data and Secret.DESCRIPTION_PUBLIC not in form.shut:
        base.append(_("beskrivning"))
    return {
        "grunduppgifter": base,
        "mal": _goals_lacking(form),
        "omraden": [] if form.used("serves") else [_("områden som betjänas")],
        "matt": [] if form.used("volumes") else [_("mått")],
        "ekonomi": [] if form.used("figures") else [_("belopp")],
        "beslut": []
        if form.used("decisions") or (form.phase.data or Phase.IDEA) in BEFORE_DECISIONS
        else [_("beslut")],
    }


def _goals_lacking(form: ProjectForm) -> list[object]:
    tagged = [goal_id for goal_id, row in form.goal_rows.items() if row.weight.data]
    if not tagged and form.assessment.data == Assessment.NOT_YET:
        return [_("bedömning")]
    bare = [form.choices.goals[goal_id].code for goal_id in tagged if not form.goal_rows[goal_id].motivation.data]
    return [_("motivering för %(goals)s", goals=", ".join(bare))] if bare else []


def _goal_warnings(form: ProjectForm) -> Iterator[str]:
    """A goal of measures in the outer city needs an area there: served, or else lain in."""
    rows = form.goal_rows
    outer = [
        goal for goal_id, goal in form.choices.goals.items() if goal.outer_city_measures and rows[goal_id].weight.data
    ]
    if not outer or form.assessment.data == Assessment.NOTHING:
        return
    served, areas = form.used("serves"), form.choices.areas
    reached = any(areas.meaning(row.area.data or "").area_id in areas.outer_city for row in served)
    if not (reached or (not served and form.located_outer.data == "ja")):
        goals = ", ".join(goal.code for goal in outer)
        yield _(
            "%(goals)s gäller insatser i ytterstaden, men projektet betjänar inget område där. "
            "Det redovisas som ”G1 utan ytterstad”.",
            goals=goals,
        )


def _doubts(form: ProjectForm) -> dict[str, list[str]]:
    """What the course of the project makes one doubt, by section."""
    given = to_input(form, None)
    names = {measure.id: measure.text for measure in form.choices.measures}
    course = Course(given.phase, given.decisions or (), given.figures, given.volumes, names)
    found: dict[str, list[str]] = {}
    for doubt in doubts(course, today(), limits()):
        found.setdefault(doubt.section, []).append(doubt.text)
    return found


def _money_warnings(form: ProjectForm) -> Iterator[str]:
    if form.city_share.data == 0 and form.used("figures"):
        yield _("Stadens andel är 0 %: inget av beloppen räknas i uppföljningen.")
