"""What a project says, in Swedish words: the name of each part (see history_parts.py) and its value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import User
from tracker.areas.models import Area, AreaSet
from tracker.geo.measure import flat_parts
from tracker.goals.models import Goal, GoalSet, StrategicQuestion
from tracker.history.models import Origin
from tracker.measures.models import MainKind, Measure
from tracker.money import NO_BREAK_SPACE, format_count, format_exact_mnkr
from tracker.projects.form_areas import area_text
from tracker.projects.form_lies import amount_text
from tracker.projects.history_parts import FLAGS
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, visible_to
from tracker.projects.secrecy import secret_named
from tracker.projects.vocabulary import RUNNING_PERIOD, SUBTYPES, WEIGHTS, Flow, Gate, Phase, Publication, Scope
from tracker.web.content import NOT_GIVEN, format_share

LABELS = {
    "code": _l("Projektkod"),
    "name": _l("Namn"),
    "main_kind": _l("Huvudslag"),
    "secondary_kinds": _l("Ytterligare slag"),
    "subtype": _l("Undertyp"),
    "phase": _l("Skede"),
    "case_numbers": _l("Diarienummer"),
    "manager_id": _l("Projektledare"),
    "deputy_id": _l("Ersättare"),
    "start_decided": _l("Start, beslutad"),
    "end_decided": _l("Slut, beslutat"),
    "start_forecast": _l("Start, prognos"),
    "end_forecast": _l("Slut, prognos"),
    "description_public": _l("Beskrivning för alla"),
    "description_internal": _l("Intern beskrivning"),
    "link": _l("Länk"),
    "city_share": _l("Stadens andel"),
    "parent_id": _l("Program"),
    "confidential": _l("Sekretess"),
    "confidentiality_ground": _l("Lagrum"),
    "secret_fields": _l("Sekretess för enskilda uppgifter"),
    "publication": _l("Publicering"),
    "reviewed_by": _l("Granskat av"),
    "published_by": _l("Publicerat av"),
    "geometry": _l("Läge på kartan"),
    "location_approximate": _l("Ungefärligt läge"),
    "stated_area": _l("Område enligt källan"),
    "lies_in": _l("Ligger i (räknat på nytt)"),
    "goals": _l("Mål"),
    "no_contribution": _l("Inget bidrag"),
    "answers": _l("Svar på strategiska frågor"),
    "serves": _l("Betjänade områden"),
    "serves_motivation": _l("Motivering till områdena"),
    "volumes": _l("Mått"),
    "figures": _l("Ekonomi"),
    "decisions": _l("Beslut"),
    "example_values": _l("Exempelvärden"),
}
"""Field → its name, in the order that a project is told."""
_PLACES = {name: place for place, name in enumerate(LABELS)}
DOORS = {
    Origin.FORM: _l("formuläret"),
    Origin.IMPORT: _l("import"),
    Origin.COMMAND: _l("kommando"),
    Origin.SEED: _l("grunddata"),
    Origin.API: _l("ett annat program"),
}
"""By which door a change came in."""
COLUMNS = {"budget": _l("budget"), "outcome": _l("utfall"), "forecast": _l("prognos")}
SHAPES = {0: (_l("Punkt"), _l("Punkter")), 1: (_l("Linje"), _l("Linjer")), 2: (_l("Yta"), _l("Ytor"))}


def label(name: str) -> str:
    """The name of a field."""
    return str(LABELS.get(name, name))


def place_of(key: str) -> int:
    """Where the field of a part stands when a project is told."""
    return _PLACES.get(key.split(":", 1)[0], len(_PLACES))


@dataclass(frozen=True, slots=True)
class Words:
    """What ids are called. A programme that the reader may not know of has no name here."""

    goals: Mapping[int, str]
    goal_sets: Mapping[int, str]
    questions: Mapping[int, str]
    areas: Mapping[int, str]
    people: Mapping[int, str]
    measures: Mapping[int, str]
    programmes: Mapping[int, str]

    def part(self, key: str) -> str:
        """The name of a part: "Mål G1a Bostäder", "Ekonomi 2005: utgift, budget"."""
        name, _colon, row = key.partition(":")
        if not row or name == "case_numbers":
            return label(name)
        return f"{label(name)}: {_ROW_NAMES[name](self, row.split(':'))}"

    def value(self, key: str, value: Any) -> str:
        """What a part says; "–" when it says nothing."""
        name, _colon, row = key.partition(":")
        if name in FLAGS:
            return str(_("Ja") if value else _("Nej"))
        if value is None or value in ("", []):
            return NOT_GIVEN
        if name == "case_numbers" and row:
            return row
        teller = _VALUES.get(name)
        return str(teller(self, value) if teller else value)

    def called(self, names: Mapping[int, str], number: Any) -> str:
        """The name of an id, or that it is gone."""
        return str(names.get(int(number)) or _("(finns inte längre, nr %(number)s)", number=number))


def load_words(session: Session, viewer: Viewer, programme_ids: Sequence[int] = ()) -> Words:
    """The names as they are today, in seven statements."""
    goals = session.execute(select(Goal.id, Goal.code, Goal.name_sv))
    areas = session.execute(select(Area.id, Area.name, AreaSet.code).join(AreaSet, Area.area_set_id == AreaSet.id))
    people = session.execute(select(User.id, User.name, User.email))
    programmes = select(Project.id, Project.code, Project.name).where(Project.id.in_(programme_ids))
    measures = session.execute(select(Measure.id, Measure.name_sv, Measure.unit))
    return Words(
        goals={one: f"{code} {name}" for one, code, name in goals},
        goal_sets=dict(session.execute(select(GoalSet.id, GoalSet.name)).all()),
        questions=dict(session.execute(select(StrategicQuestion.id, StrategicQuestion.text_sv)).all()),
        areas={one: area_text(name, code) for one, name, code in areas},
        people={one: name or email for one, name, email in people},
        measures={one: f"{name} ({unit})" for one, name, unit in measures},
        programmes={
            one: f"{code} {name}" for one, code, name in session.execute(programmes.where(*visible_to(viewer)))
        },
    )


def shape_words(wkt: str) -> str:
    """ "Yta 1,2 ha, 3 punkter": what a geometry (WKT, EPSG:3011) holds, its kinds of the highest dimension first."""
    kinds: dict[int, list[Any]] = {}
    for part in flat_parts(shapely.from_wkt(wkt)):
        kinds.setdefault(int(shapely.get_dimensions(part)), []).append(part)
    told = []
    for dimension, parts in sorted(kinds.items(), reverse=True):
        one, several = SHAPES[dimension]
        amount = sum({1: part.length, 2: part.area}.get(dimension, 1) for part in parts)
        size = "" if dimension == 0 else f"{NO_BREAK_SPACE}{amount_text(amount, dimension)}"
        if len(parts) == 1:
            told.append(f"{one}{size}")
        else:
            told.append(f"{len(parts)} {str(several).lower()}{',' if size else ''}{size}")
    return ", ".join(told)


def money_words(ore: int | None) -> str:
    """Exact mnkr with the unit."""
    return NOT_GIVEN if ore is None else f"{format_exact_mnkr(ore)}{NO_BREAK_SPACE}mnkr"


def _volume(_words: Words, counts: Sequence[int | None]) -> str:
    names = (_("planerat"), _("påbörjat"), _("färdigställt"))
    given = [f"{name} {format_count(count)}" for name, count in zip(names, counts, strict=True) if count is not None]
    return ", ".join(given) or NOT_GIVEN


def _figure(_words: Words, value: Any) -> str:
    """A budget is [öre, preliminary], an outcome or forecast öre alone."""
    if not isinstance(value, list):
        return money_words(value)
    ore, preliminary = value
    return f"{money_words(ore)} ({_('preliminär')})" if preliminary else money_words(ore)


def _decision(_words: Words, rest: Sequence[Any]) -> str:
    body, case_number, paragraph, outlay, income, price_level, note = rest
    told = [
        body, case_number, paragraph,
        outlay is not None and f"{_('utgift')} {money_words(outlay)}",
        income is not None and f"{_('inkomst')} {money_words(income)}",
        price_level, note,
    ]  # fmt: skip
    return "; ".join(one for one in told if one) or _("utan uppgifter")


def _serves(words: Words, rows: Sequence[Sequence[Any]]) -> str:
    return ", ".join(
        f"{words.called(words.areas, area_id) if area_id is not None else Scope(scope).label} {format_share(share)}"
        for scope, area_id, share in rows
    )


def _goal(_words: Words, value: Sequence[Any]) -> str:
    weight, motivation = value
    told = f"{weight} · {WEIGHTS.get(weight, weight)}"
    return f"{told}: {motivation}" if motivation else told


def _period(period: str) -> str:
    return "" if period == RUNNING_PERIOD else f" ({period})"


def _secret(_words: Words, row: Sequence[str]) -> str:
    secret = secret_named(row[0])
    return secret.label if secret else row[0]


_ROW_NAMES: dict[str, Callable[[Words, list[str]], str]] = {
    "goals": lambda words, row: words.called(words.goals, row[0]),
    "no_contribution": lambda words, row: words.called(words.goal_sets, row[0]),
    "answers": lambda words, row: words.called(words.questions, row[0]),
    "volumes": lambda words, row: f"{words.called(words.measures, row[1])} {row[2]}{_period(row[0])}",
    "figures": lambda _words, row: f"{row[1]} {Flow(row[2]).label.lower()}, {COLUMNS[row[3]]}{_period(row[0])}",
    "decisions": lambda _words, row: " ".join(filter(None, (Gate(row[0]).label, row[1]))),
    "secret_fields": _secret,
}
_VALUES: dict[str, Callable[[Words, Any], str]] = {
    "main_kind": lambda _words, value: MainKind(value).label,
    "secondary_kinds": lambda _words, value: ", ".join(MainKind(kind).label for kind in value),
    "subtype": lambda _words, value: SUBTYPES.get(value, value),
    "phase": lambda _words, value: Phase(value).label,
    "manager_id": lambda words, value: words.called(words.people, value),
    "deputy_id": lambda words, value: words.called(words.people, value),
    "city_share": lambda _words, value: format_share(value),
    "parent_id": lambda words, value: words.programmes.get(value) or _("ett program som du inte får se"),
    "publication": lambda _words, value: Publication(value).label,
    "geometry": lambda _words, value: shape_words(value),
    "goals": _goal,
    "answers": lambda _words, value: str(value[0]),
    "no_contribution": lambda _words, value: str(value[0]),
    "serves": _serves,
    "volumes": _volume,
    "figures": _figure,
    "decisions": _decision,
}
