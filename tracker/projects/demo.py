"""Storing generated projects in bulk: published, marked as example values, with goals, areas, money and counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import orjson
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.apportion import IntArray
from tracker.errors import DomainError
from tracker.goals.models import Goal, GoalSet, GoalSetKind
from tracker.history.models import Action, HistoryEntry
from tracker.history.services import Actor
from tracker.measures.models import MainKind, Measure
from tracker.projects.bulk import Rows, Same, Values, reserve_ids, table_of, write_batches
from tracker.projects.display import Facts, display_columns, make_features
from tracker.projects.figures import Figure, Volume
from tracker.projects.generator import Place, Portfolio
from tracker.projects.locating import LocationRows, OutlineSet, load_outlines, locate, location_columns
from tracker.projects.models import GoalTag, Location, Project, ProjectDisplay, ServedArea
from tracker.projects.recording import entry_columns
from tracker.projects.vocabulary import RUNNING_PERIOD, WHOLE, Flow, Publication, Scope
from tracker.text import search_text, sort_key

CODE = "DEMO-{:06}"
BATCH = 5_000
FIRST_FORECAST = 2005
MOTIVATION = "Påhittad exempeluppgift."


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What generated projects refer to: ids and codes, in the order that the generator counts them."""

    cells: OutlineSet
    goal_ids: IntArray
    goal_codes: tuple[str, ...]
    measure_ids: dict[MainKind, int]

    @property
    def places(self) -> list[Place]:
        return [Place(name, shape) for name, shape in zip(self.cells.names, self.cells.shapes, strict=True)]


def load_catalogue(session: Session) -> Catalogue:
    """The stadsdelar, the aspects of the newest integration goals, and two measures."""
    newest = (
        select(GoalSet.id)
        .where(GoalSet.kind == GoalSetKind.INTEGRATION, exists().where(Goal.goal_set_id == GoalSet.id))
        .order_by(GoalSet.valid_from_year.desc())
        .limit(1)
        .scalar_subquery()
    )
    aspects = select(Goal.id, Goal.code).where(Goal.goal_set_id == newest, Goal.parent_id.is_not(None))
    goals = sorted(session.execute(aspects).all(), key=lambda row: row[1])
    measures = dict(session.execute(select(Measure.code, Measure.id)).all())
    if not goals or "arbetsplatser" not in measures:
        raise DomainError("Grunddata saknas. Lägg in den med: portfoljkartan seed")
    workplaces = measures["arbetsplatser"]
    return Catalogue(
        cells=load_outlines(session).lowest,
        goal_ids=np.array([goal_id for goal_id, _ in goals], dtype=np.int64),
        goal_codes=tuple(code for _, code in goals),
        measure_ids={
            MainKind.HOUSING: measures["bostader-ospecificerade"],
            MainKind.WORKPLACE: workplaces,
            MainKind.TRAFFIC: workplaces,
        },
    )


def store_portfolio(
    session: Session,
    portfolio: Portfolio,
    catalogue: Catalogue,
    actor: Actor,
    progress: Callable[[int], None] = lambda _: None,
) -> list[int]:
    """Insert the projects as DEMO-000001 … and return their ids; the caller has begun with `begin_writing`.

    Raises DomainError when generated projects are there already.
    """
    if session.scalar(select(exists().where(Project.code == CODE.format(1)))):
        raise DomainError("Det finns redan påhittade projekt (DEMO-000001 och framåt).")
    ids = np.array(reserve_ids(session, table_of(Project), len(portfolio)), dtype=np.int64)
    entries = reserve_ids(session, table_of(HistoryEntry), len(portfolio))
    located = locate(load_outlines(session), portfolio.geometries)
    writer = _Writer(portfolio, catalogue, actor, ids, entries, located)
    write_batches(session, writer.batches(), progress)
    return [int(one) for one in ids]


@dataclass(frozen=True, slots=True)
class _Writer:
    portfolio: Portfolio
    catalogue: Catalogue
    actor: Actor
    ids: IntArray
    entry_ids: Sequence[int]
    located: LocationRows

    def batches(self) -> Iterator[Rows]:
        for start in range(0, len(self.portfolio), BATCH):
            yield self._batch(start, min(start + BATCH, len(self.portfolio)))

    def _batch(self, start: int, stop: int) -> Rows:
        codes = [CODE.format(number) for number in range(start + 1, stop + 1)]
        ids = self.ids[start:stop].tolist()
        subjects = [(one, 1) for one in ids]
        entries = entry_columns(
            self.actor, Action.CREATED, self.entry_ids[start:stop], subjects, self._histories(codes, start)
        )
        return [
            (table_of(Project), self._projects(codes, start, stop)),
            (table_of(GoalTag), self._tags(start, stop)),
            (table_of(ServedArea), self._served(start, stop)),
            (table_of(Figure), self._figures(start, stop)),
            (table_of(Volume), self._volumes(start, stop)),
            (table_of(Location), location_columns(ids, self.located.of_rows(range(start, stop)))),
            (table_of(ProjectDisplay), self._display(codes, start, stop)),
            (table_of(HistoryEntry), entries),
        ]

    def _projects(self, codes: list[str], start: int, stop: int) -> dict[str, Values]:
        names = self.portfolio.names[start:stop]
        silent = ("subtype", "description_public", "description_internal", "link", "stated_area")
        return {
            "id": self.ids[start:stop],
            "code": codes,
            "name": names,
            "sort_key": [sort_key(name) for name in names],
            "search_text": [search_text(code, name) for code, name in zip(codes, names, strict=True)],
            "main_kind": self.portfolio.kinds[start:stop],
            "phase": self.portfolio.phases[start:stop],
            "secondary_kinds": Same("[]"),
            **dict.fromkeys((*silent, "confidentiality_ground"), Same("")),
            "city_share": Same(WHOLE),
            "confidential": Same(value=False),
            "publication": Same(Publication.PUBLISHED),
            "serves_motivation": Same(MOTIVATION),
            **dict.fromkeys(("location_approximate", "example_values"), Same(value=True)),
            "version": Same(1),
            **dict.fromkeys(("created_at", "updated_at"), Same(self.actor.at)),
            "geom": self.portfolio.geometries[start:stop],
        }

    def _tags(self, start: int, stop: int) -> dict[str, Values]:
        tags = self.portfolio.tags
        rows = _rows_of(tags.project, start, stop)
        return {
            "project_id": self.ids[tags.project[rows]],
            "goal_id": self.catalogue.goal_ids[tags.goal[rows]],
            "weight": tags.weight[rows],
            "motivation": Same(MOTIVATION),
        }

    def _served(self, start: int, stop: int) -> dict[str, Values]:
        served = self.portfolio.served
        rows = _rows_of(served.project, start, stop)
        return {
            "project_id": self.ids[served.project[rows]],
            "position": served.position[rows],
            "scope": Same(Scope.AREA),
            "area_id": self.catalogue.cells.area_ids[served.place[rows]],
            "share": served.share[rows],
        }

    def _figures(self, start: int, stop: int) -> dict[str, Values]:
        """Two rows a year. Years before 2005 have an outcome, later ones a forecast."""
        years = self.portfolio.years
        rows = _rows_of(years.project, start, stop)
        year = np.repeat(years.year[rows], 2)
        amount = np.column_stack([years.outlay_ore[rows], years.income_ore[rows]]).ravel()
        listed = list(zip(year.tolist(), amount.tolist(), strict=True))
        return {
            "project_id": np.repeat(self.ids[years.project[rows]], 2),
            "period": Same(RUNNING_PERIOD),
            "year": year,
            "flow": [Flow.OUTLAY, Flow.INCOME] * (len(year) // 2),
            "budget_ore": amount,
            "outcome_ore": [ore - ore // 20 if one < FIRST_FORECAST else None for one, ore in listed],
            "forecast_ore": [ore + ore // 30 if one >= FIRST_FORECAST else None for one, ore in listed],
            "budget_preliminary": Same(value=False),
        }

    def _volumes(self, start: int, stop: int) -> dict[str, Values]:
        years = self.portfolio.years
        rows = _rows_of(years.project, start, stop)
        counts = years.count[rows]
        kinds = [self.portfolio.kinds[one] for one in years.project[rows].tolist()]
        return {
            "project_id": self.ids[years.project[rows]],
            "period": Same(RUNNING_PERIOD),
            "measure_id": [self.catalogue.measure_ids[kind] for kind in kinds],
            "year": years.year[rows],
            "planned": counts,
            "started": counts // 2,
            "completed": counts // 3,
        }

    def _display(self, codes: list[str], start: int, stop: int) -> dict[str, Values]:
        goals, areas = self._words(start, stop)
        facts = [
            Facts(
                code, self.portfolio.names[one], self.portfolio.kinds[one], self.portfolio.phases[one],
                tuple(sorted(goals[one - start])), tuple(areas[one - start]), approximate=True,
            )
            for one, code in enumerate(codes, start=start)
        ]  # fmt: skip
        return display_columns(
            self.ids[start:stop].tolist(), make_features(self.portfolio.geometries[start:stop], facts)
        )

    def _words(self, start: int, stop: int) -> tuple[list[list[str]], list[list[str]]]:
        """Codes of goals and names of served areas of each project."""
        goals: list[list[str]] = [[] for _ in range(start, stop)]
        areas: list[list[str]] = [[] for _ in range(start, stop)]
        tags, served = self.portfolio.tags, self.portfolio.served
        rows = _rows_of(tags.project, start, stop)
        for project, goal in zip(tags.project[rows].tolist(), tags.goal[rows].tolist(), strict=True):
            goals[project - start].append(self.catalogue.goal_codes[goal])
        rows = _rows_of(served.project, start, stop)
        for project, place in zip(served.project[rows].tolist(), served.place[rows].tolist(), strict=True):
            areas[project - start].append(self.catalogue.cells.names[place])
        return goals, areas

    def _histories(self, codes: list[str], start: int) -> list[str]:
        return [
            orjson.dumps({"code": [None, code], "name": [None, self.portfolio.names[one]]}).decode()
            for one, code in enumerate(codes, start=start)
        ]


def _rows_of(project: IntArray, start: int, stop: int) -> slice:
    """The rows of the projects start … stop - 1; `project` is in ascending order."""
    return slice(int(np.searchsorted(project, start)), int(np.searchsorted(project, stop)))
