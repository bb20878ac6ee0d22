"""What a project says, in Swedish words: the name of each part (see history_parts.py) and its value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import User
from tracker.areas.models import Area, AreaSet
from tracker.goals.models import Goal, GoalSet, StrategicQuestion
from tracker.history.models import Origin
from tracker.measures.models import MainKind, Measure
from tracker.messages import joined, message
from tracker.money import NO_BREAK_SPACE, format_count, format_exact_mnkr
from tracker.projects.form_areas import area_text
from tracker.projects.history_parts import FLAGS
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, visible_to
from tracker.projects.secrecy import secret_named
from tracker.projects.shape_words import shape_words
from tracker.projects.vocabulary import RUNNING_PERIOD, SUBTYPES, WEIGHTS, Flow, Gate, Phase, Publication, Scope
from tracker.web.content import NOT_GIVEN, format_share

LABELS = {
    "code": message("Projektkod"),
    "name": message("Namn"),
    "main_kind": message("Huvudslag"),
    "secondary_kinds": message("Ytterligare slag"),
    "subtype": message("Undertyp"),
    "phase": message("Skede"),
    "case_numbers": message("Diarienummer"),
    "manager_id": message("Projektledare"),
    "deputy_id": message("Ersättare"),
    "start_decided": message("Start, beslutad"),
    "end_decided": message("Slut, beslutat"),
    "start_forecast": message("Start, prognos"),
    "end_forecast": message("Slut, prognos"),
    "description_public": message("Beskrivning för alla"),
    "description_internal": message("Intern beskrivning"),
    "link": message("Länk"),
    "city_share": message("Stadens andel"),
    "parent_id": message("Program"),
    "confidential": message("Sekretess"),
    "confidentiality_ground": message("Lagrum"),
    "secret_fields": message("Sekretess för enskilda uppgifter"),
    "publication": message("Publicering"),
    "reviewed_by": message("Granskat av"),
    "published_by": message("Publicerat av"),
    "geometry": message("Läge på kartan"),
    "location_approximate": message("Ungefärligt läge"),
    "stated_area": message("Område enligt källan"),
    "lies_in": message("Ligger i (räknat på nytt)"),
    "goals": message("Mål"),
    "no_contribution": message("Inget bidrag"),
    "answers": message("Svar på strategiska frågor"),
    "serves": message("Betjänade områden"),
    "serves_motivation": message("Motivering till områdena"),
    "volumes": message("Mått"),
    "figures": message("Ekonomi"),
    "decisions": message("Beslut"),
    "example_values": message("Exempelvärden"),
}
"""Field → its name, in the order that a project is told."""
_PLACES = {name: place for place, name in enumerate(LABELS)}
DOORS = {
    Origin.FORM: message("formuläret"),
    Origin.IMPORT: message("import"),
    Origin.COMMAND: message("kommando"),
    Origin.SEED: message("grunddata"),
    Origin.API: message("ett annat program"),
}
"""By which door a change came in."""
OUTSIDE = message("utanför staden")
"""What the history keeps of a place outside; see relocating.py."""
COLUMNS = {"budget": message("budget"), "outcome": message("utfall"), "forecast": message("prognos")}


def label(name: str) -> str:
    """The name of a field."""
    return LABELS.get(name, name)


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
        return message("%(label)s: %(row)s", label=label(name), row=self.row(key))

    def row(self, key: str) -> str:
        """The name of a row without that of its field."""
        name, _colon, row = key.partition(":")
        return _ROW_NAMES[name](self, row.split(":"))

    def value(self, key: str, value: Any) -> str:
        """What a part says; "–" when it says nothing."""
        name, _colon, row = key.partition(":")
        if name in FLAGS:
            return message("Ja") if value else message("Nej")
        if value is None or value in ("", []):
            return NOT_GIVEN
        if name == "case_numbers" and row:
            return row
        teller = _VALUES.get(name)
        return teller(self, value) if teller else str(value)

    def place(self, scope: str, area_id: int | None) -> str:
        """An area, or "Hela staden" and the like."""
        return Scope(scope).label if area_id is None else self.called(self.areas, area_id)

    def called(self, names: Mapping[int, str], number: Any) -> str:
        """The name of an id, or that it is gone."""
        return names.get(int(number)) or message("(finns inte längre, nr %(number)s)", number=number)


def load_words(session: Session, viewer: Viewer, programme_ids: Sequence[int] = ()) -> Words:
    """The names as they are today, in seven statements."""
    goals = session.execute(select(Goal.id, Goal.code, Goal.name_sv))
    areas = session.execute(select(Area.id, Area.name, AreaSet.code).join(AreaSet, Area.area_set_id == AreaSet.id))
    people = session.execute(select(User.id, User.name, User.email))
    programmes = select(Project.id, Project.code, Project.name).where(Project.id.in_(programme_ids))
    measures = session.execute(select(Measure.id, Measure.name_sv, Measure.unit))
    return Words(
        goals={one: joined(" ", (code, name)) for one, code, name in goals},
        goal_sets=dict(session.execute(select(GoalSet.id, GoalSet.name)).all()),
        questions=dict(session.execute(select(StrategicQuestion.id, StrategicQuestion.text_sv)).all()),
        areas={one: area_text(name, code) for one, name, code in areas},
        people={one: name or email for one, name, email in people},
        measures={one: f"{name} ({unit})" for one, name, unit in measures},
        programmes={
            one: f"{code} {name}" for one, code, name in session.execute(programmes.where(*visible_to(viewer)))
        },
    )


def money_words(ore: int | None) -> str:
    """Exact mnkr with the unit."""
    return NOT_GIVEN if ore is None else f"{format_exact_mnkr(ore)}{NO_BREAK_SPACE}mnkr"


def _volume(_words: Words, counts: Sequence[int | None]) -> str:
    names = (message("planerat"), message("påbörjat"), message("färdigställt"))
    given = [(name, format_count(count)) for name, count in zip(names, counts, strict=True) if count is not None]
    return joined(", ", (joined(" ", one) for one in given)) or NOT_GIVEN


def _figure(_words: Words, value: Any) -> str:
    """A budget is [öre, preliminary], an outcome or forecast öre alone."""
    if not isinstance(value, list):
        return money_words(value)
    ore, preliminary = value
    return message("%(amount)s (preliminär)", amount=money_words(ore)) if preliminary else money_words(ore)


def _decision(_words: Words, rest: Sequence[Any]) -> str:
    body, case_number, paragraph, outlay, income, price_level, note = rest
    told = [
        body, case_number, paragraph,
        outlay is not None and message("utgift %(amount)s", amount=money_words(outlay)),
        income is not None and message("inkomst %(amount)s", amount=money_words(income)),
        price_level, note,
    ]  # fmt: skip
    return joined("; ", (one for one in told if one)) or message("utan uppgifter")


def _serves(words: Words, rows: Sequence[Sequence[Any]]) -> str:
    return joined(", ", (joined(" ", (words.place(scope, one), format_share(share))) for scope, one, share in rows))


def _goal(_words: Words, value: Sequence[Any]) -> str:
    weight, motivation = value
    told = joined(" · ", (str(weight), WEIGHTS.get(weight, str(weight))))
    return joined(": ", (told, motivation)) if motivation else told


def _period(period: str) -> str:
    return "" if period == RUNNING_PERIOD else f" ({period})"


def _secret(_words: Words, row: Sequence[str]) -> str:
    secret = secret_named(row[0])
    return secret.label if secret else row[0]


_ROW_NAMES: dict[str, Callable[[Words, list[str]], str]] = {
    "goals": lambda words, row: words.called(words.goals, row[0]),
    "no_contribution": lambda words, row: words.called(words.goal_sets, row[0]),
    "answers": lambda words, row: words.called(words.questions, row[0]),
    "volumes": lambda words, row: joined("", (words.called(words.measures, row[1]), f" {row[2]}{_period(row[0])}")),
    "figures": lambda _words, row: message(
        "%(year)s %(flow)s, %(column)s%(period)s",
        year=row[1],
        flow=Flow(row[2]).label.lower(),
        column=COLUMNS[row[3]],
        period=_period(row[0]),
    ),
    "decisions": lambda _words, row: joined(" ", filter(None, (Gate(row[0]).label, row[1]))),
    "secret_fields": _secret,
}
_VALUES: dict[str, Callable[[Words, Any], str]] = {
    "main_kind": lambda _words, value: MainKind(value).label,
    "secondary_kinds": lambda _words, value: joined(", ", (MainKind(kind).label for kind in value)),
    "subtype": lambda _words, value: SUBTYPES.get(value, value),
    "phase": lambda _words, value: Phase(value).label,
    "manager_id": lambda words, value: words.called(words.people, value),
    "deputy_id": lambda words, value: words.called(words.people, value),
    "city_share": lambda _words, value: format_share(value),
    "parent_id": lambda words, value: words.programmes.get(value) or message("ett program som du inte får se"),
    "publication": lambda _words, value: Publication(value).label,
    "geometry": lambda _words, value: shape_words(value),
    "lies_in": lambda _words, value: OUTSIDE if value == OUTSIDE else value,
    "goals": _goal,
    "answers": lambda _words, value: str(value[0]),
    "no_contribution": lambda _words, value: str(value[0]),
    "serves": _serves,
    "volumes": _volume,
    "figures": _figure,
    "decisions": _decision,
}
