"""The words of the register's own catalogues, loaded once for a file: goals, areas, people, programmes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import User
from tracker.areas.gazetteer import Gazetteer, Place
from tracker.areas.models import Area, AreaSet
from tracker.goals.models import Goal, GoalSet
from tracker.imports.values import UnreadableError
from tracker.messages import message
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, visible_to
from tracker.projects.vocabulary import Scope
from tracker.text import search_text

_LONGEST_ADDRESS = 400
_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+")
_SCOPES = {
    "hela staden": Scope.WHOLE_CITY, "hela-staden": Scope.WHOLE_CITY, "stockholm": Scope.WHOLE_CITY,
    "utanför staden": Scope.OUTSIDE, "utanfor-staden": Scope.OUTSIDE,
}  # fmt: skip

Served = tuple[Scope, tuple[int, ...]]
"""A scope and, for areas, the ids of the areas that a name can mean, the best first."""


@dataclass(frozen=True, slots=True)
class GoalWord:
    """A goal of one edition."""

    id: int
    goal_set_id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Catalogues:
    """Every question has an answer or raises UnreadableError with a Swedish reason."""

    goals: Mapping[str, list[GoalWord]]
    """Code, casefolded → the goals of that code, the edition of the year first, then the newest."""
    gazetteer: Gazetteer | None
    areas: Mapping[str, int]
    """"edition:code" → area id."""
    people: Mapping[str, set[int]]
    accounts: Collection[tuple[str, str]]
    """E-mail and name of everybody who has an account."""
    programmes: Mapping[str, int]

    @classmethod
    def load(cls, session: Session, year: int, viewer: Viewer, fields: set[str]) -> Self:
        """Only what these fields of a file ask for."""
        served = "serves" in fields
        accounts = _accounts(session) if fields & {"manager", "deputy"} else []
        return cls(
            goals=_goals(session, year) if "goals" in fields else {},
            gazetteer=Gazetteer.load(session) if served else None,
            areas=_areas(session) if served else {},
            people=_people(accounts),
            accounts=[(email, name or email) for _, email, name in accounts],
            programmes=_programmes(session, viewer) if "parent" in fields else {},
        )

    def goal(self, code: str) -> list[GoalWord]:
        """The goals that a code can mean."""
        found = self.goals.get(code.casefold())
        if not found:
            raise UnreadableError(message("Målet %(code)s finns inte i någon målutgåva.", code=code))
        return found

    def served(self, name: str) -> Served:
        """What a served name means; "Södermalm" can be several areas."""
        scope = _SCOPES.get(search_text(name))
        if scope is not None:
            return scope, ()
        if name in self.areas:
            return Scope.AREA, (self.areas[name],)
        places: tuple[Place, ...] = self.gazetteer.places(name) if self.gazetteer else ()
        if not places:
            raise UnreadableError(message("Området ”%(name)s” är okänt.", name=name))
        return Scope.AREA, tuple(place.area_id for place in places)

    def person(self, text: str) -> int:
        """A user by e-mail, or by a name that only one has."""
        address = _ADDRESS.search(text[:_LONGEST_ADDRESS])
        found = self.people.get(address.group().casefold() if address else search_text(text), set())
        if len(found) > 1:
            raise UnreadableError(message("Flera personer har det namnet. Ange e-postadressen."))
        if not found:
            raise UnreadableError(
                message("Personen har inget konto i Portföljkartan. Ange e-postadressen till någon som har.")
            )
        return next(iter(found))

    def address(self, text: str) -> str:
        """The e-mail of the person that a text means."""
        wanted = self.person(text)
        return next(email for email, _ in self.accounts if wanted in self.people[email.casefold()])

    @property
    def goal_options(self) -> tuple[tuple[str, str], ...]:
        """Codes to choose among, in order, with the goal's name."""
        return tuple(
            (meanings[0].code, f"{meanings[0].code} {meanings[0].name}") for _, meanings in sorted(self.goals.items())
        )

    @property
    def area_names(self) -> dict[int, str]:
        """Area id → "edition:code"."""
        return {area_id: name for name, area_id in self.areas.items()}

    def programme(self, code: str) -> int:
        """A project by its code."""
        if code not in self.programmes:
            raise UnreadableError(message("Programmet %(code)s finns inte i registret. Läs in det först.", code=code))
        return self.programmes[code]


def _goals(session: Session, year: int) -> dict[str, list[GoalWord]]:
    statement = select(
        Goal.id, Goal.goal_set_id, Goal.code, Goal.name_sv, GoalSet.valid_from_year, GoalSet.valid_to_year
    )
    rows = session.execute(statement.join(GoalSet, Goal.goal_set_id == GoalSet.id)).all()
    rows = sorted(rows, key=lambda row: (not (row[4] <= year <= (row[5] or year)), -row[4], row[2]))
    found: dict[str, list[GoalWord]] = defaultdict(list)
    for goal_id, goal_set_id, code, name, _, _ in rows:
        found[code.casefold()].append(GoalWord(goal_id, goal_set_id, code, name))
    return found


def _areas(session: Session) -> dict[str, int]:
    rows = session.execute(select(AreaSet.code, Area.code, Area.id).join(AreaSet, Area.area_set_id == AreaSet.id))
    return {f"{edition}:{code}": area_id for edition, code, area_id in rows}


def _accounts(session: Session) -> list[tuple[int, str, str]]:
    rows = session.execute(select(User.id, User.email, User.name).where(User.active.is_(True)))
    return [(user_id, email, name) for user_id, email, name in rows]


def _people(accounts: Iterable[tuple[int, str, str]]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for user_id, email, name in accounts:
        found[email.casefold()].add(user_id)
        if name:
            found[search_text(name)].add(user_id)
    return found


def _programmes(session: Session, viewer: Viewer) -> dict[str, int]:
    return dict(session.execute(select(Project.code, Project.id).where(*visible_to(viewer))).all())
