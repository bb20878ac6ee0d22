"""Projects on the map for these tests, made by the register's own services."""

from __future__ import annotations

from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from tests.factories import make_project
from tracker.history.services import Actor
from tracker.measures.models import MainKind
from tracker.projects.display import refresh_display
from tracker.projects.inputs import ProjectInput
from tracker.projects.models import Project
from tracker.projects.policies import SYSTEM_RIGHTS
from tracker.projects.reviewing import publish_project
from tracker.projects.services import register_project
from tracker.projects.vocabulary import Phase, Publication

RINKEBY = (145_850.0, 6_585_890.0)
"""EPSG:3011, easting and northing: a place well inside the stadsdel."""
FARSTA = (155_130.0, 6_570_860.0)
HOSTILE = (
    "Kv `Ek` 'Al' \"Ask\" ${alert(1)} {{7*7}} </script><script>window.hacked=1</script><img src=x onerror=hacked=1> & å"
)


def square(at: tuple[float, float], side: float = 200.0) -> shapely.Polygon:
    """A square of `side` metres around a place in EPSG:3011."""
    x, y = at
    return shapely.box(x - side / 2, y - side / 2, x + side / 2, y + side / 2)


def put(session: Session, actor: Actor, code: str, geometry: BaseGeometry | None, **values: Any) -> Project:
    """A published project with its location and map text."""
    kind = values.pop("kind", MainKind.HOUSING)
    given = ProjectInput(code, values.pop("name", f"Projekt {code}"), kind, geometry=geometry, **values)
    project = register_project(session, given, actor, SYSTEM_RIGHTS)
    publish_project(session, project, Publication.PUBLISHED, actor, SYSTEM_RIGHTS)
    return project


def put_three(session: Session, actor: Actor) -> None:
    """A housing area in Rinkeby, a street in Farsta, and a workplace that nobody has drawn."""
    put(session, actor, "B-1", square(RINKEBY), name="Äppelgården", phase=Phase.PLANNING)
    x, y = FARSTA
    street = shapely.LineString([(x - 300, y), (x + 300, y)])
    put(session, actor, "T-1", street, name="Zebragatan", kind=MainKind.TRAFFIC, phase=Phase.IMPLEMENTATION)
    put(session, actor, "A-1", None, name="Kontorshuset", kind=MainKind.WORKPLACE)


def put_many(session: Session, count: int) -> None:
    """A grid of `count` point projects over the city, past the services: only what the map reads."""
    kinds = list(MainKind)
    made = [
        make_project(
            session,
            f"M-{number:05d}",
            shapely.Point(143_000 + number % 100 * 160, 6_570_000 + number // 100 * 300),
            main_kind=kinds[number % 3],
        ).id
        for number in range(count)
    ]
    refresh_display(session, made)
