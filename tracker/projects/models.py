"""The project itself and what belongs to it alone: case numbers, tags, served areas, location."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.accounts.models import User
from tracker.areas.models import Area
from tracker.database import Base, UtcDateTime, WordList, text_enum
from tracker.geo.crs import STORAGE_SRID
from tracker.geo.stored import StoredGeometry
from tracker.goals.models import Goal, GoalSet, StrategicQuestion
from tracker.measures.models import MainKind
from tracker.projects.figures import Decision, Figure, Volume
from tracker.projects.vocabulary import RUNNING_PERIOD, WHOLE, Phase, Publication, Scope


class Project(Base):
    """A project of the department. Geometry of any simple-feature type in EPSG:3011, or none yet."""

    __tablename__ = "project"
    __table_args__ = (
        CheckConstraint("city_share BETWEEN 0 AND 10000", name="city_share"),
        Index("ix_project_sort_key_id", "sort_key", "id"),
        # What a count of a list asks of a project stands in one index, so that no row is read for it.
        Index("ix_project_visible", "publication", "confidential", "main_kind", "secondary_kinds", "phase"),
        # SQLite takes an index that filters before one that orders; this one does both for the public list.
        Index("ix_project_visible_name", "publication", "confidential", "sort_key", "id"),
        Index("ix_project_updated_at_id", "updated_at", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    sort_key: Mapped[str] = mapped_column(String(600))
    search_text: Mapped[str] = mapped_column(Text)
    main_kind: Mapped[MainKind] = mapped_column(text_enum(MainKind))
    secondary_kinds: Mapped[list[str]] = mapped_column(WordList, default=list)
    subtype: Mapped[str] = mapped_column(String(60), default="")
    phase: Mapped[Phase] = mapped_column(text_enum(Phase), default=Phase.IDEA)
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    start_decided: Mapped[date | None]
    start_forecast: Mapped[date | None]
    end_decided: Mapped[date | None]
    end_forecast: Mapped[date | None]
    description_public: Mapped[str] = mapped_column(Text, default="")
    description_internal: Mapped[str] = mapped_column(Text, default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    stated_area: Mapped[str] = mapped_column(String(300), default="")
    """The area as the source wrote it, kept to compare with where the geometry lies."""
    city_share: Mapped[int] = mapped_column(default=WHOLE)
    """The city's part of the financing in hundredths of a percent; only that counts in totals."""
    confidential: Mapped[bool] = mapped_column(default=False)
    confidentiality_ground: Mapped[str] = mapped_column(String(100), default="")
    publication: Mapped[Publication] = mapped_column(text_enum(Publication), default=Publication.DRAFT)
    reviewed_by: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Who reviewed it last, by name; empty when the present contents have not been reviewed."""
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by: Mapped[str] = mapped_column(String(200), default="", server_default="")
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    serves_motivation: Mapped[str] = mapped_column(Text, default="")
    location_approximate: Mapped[bool] = mapped_column(default=False)
    example_values: Mapped[bool] = mapped_column(default=False)
    """Figures and volumes are made up for the example data and say so wherever shown ("exempelvärden")."""
    geom: Mapped[Any | None] = mapped_column(StoredGeometry("GEOMETRY", srid=STORAGE_SRID, spatial_index=False))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's name

    manager: Mapped[User | None] = relationship(foreign_keys=[manager_id])
    deputy: Mapped[User | None] = relationship(foreign_keys=[deputy_id])
    parent: Mapped[Project | None] = relationship(remote_side="Project.id")
    case_numbers: Mapped[list[CaseNumber]] = relationship(
        order_by="CaseNumber.position", cascade="all, delete-orphan", passive_deletes=True
    )
    goal_tags: Mapped[list[GoalTag]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    goal_assessments: Mapped[list[GoalAssessment]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    answers: Mapped[list[StrategicAnswer]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    serves: Mapped[list[ServedArea]] = relationship(
        order_by="ServedArea.position", cascade="all, delete-orphan", passive_deletes=True
    )
    locations: Mapped[list[Location]] = relationship(
        order_by="Location.area_set_id, Location.place", cascade="all, delete-orphan", passive_deletes=True
    )
    # The register's own position alone: what was reported in a period is read where periods are followed up.
    volumes: Mapped[list[Volume]] = relationship(
        primaryjoin=f"and_(Project.id == Volume.project_id, Volume.period == '{RUNNING_PERIOD}')",
        order_by="Volume.measure_id, Volume.year",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    figures: Mapped[list[Figure]] = relationship(
        primaryjoin=f"and_(Project.id == Figure.project_id, Figure.period == '{RUNNING_PERIOD}')",
        order_by="Figure.year, Figure.flow.desc()",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    decisions: Mapped[list[Decision]] = relationship(
        order_by="Decision.date, Decision.id", cascade="all, delete-orphan", passive_deletes=True
    )
    secret_fields: Mapped[list[SecretField]] = relationship(
        order_by="SecretField.field", cascade="all, delete-orphan", passive_deletes=True
    )


class SecretField(Base):
    """A single field that is confidential while the rest of the project is open, with its ground in OSL.

    `field` is a name as the history writes it ("geometry", "figures", "description_public", …).
    """

    __tablename__ = "secret_field"
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    field: Mapped[str] = mapped_column(String(60), primary_key=True)
    ground: Mapped[str] = mapped_column(String(100))
    search_text: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What the field adds to a search by those who may see it; the project's own text leaves it out."""


class CaseNumber(Base):
    """A diarienummer: free text, for every authority and decade writes them its own way."""

    __tablename__ = "case_number"
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(100), index=True)


class GoalTag(Base):
    """A project contributes to a goal or an aspect: weight 3 main purpose, 2 clear, 1 indirect."""

    __tablename__ = "goal_tag"
    __table_args__ = (CheckConstraint("weight BETWEEN 1 AND 3", name="weight"),)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), primary_key=True, index=True)
    weight: Mapped[int]
    motivation: Mapped[str] = mapped_column(Text, default="")

    goal: Mapped[Goal] = relationship()


class GoalAssessment(Base):
    """Assessed within one goal edition and found to contribute to nothing, with the reason."""

    __tablename__ = "goal_assessment"
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    goal_set_id: Mapped[int] = mapped_column(ForeignKey("goal_set.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)

    goal_set: Mapped[GoalSet] = relationship()


class StrategicAnswer(Base):
    """The answer that a manager gave to one strategic question."""

    __tablename__ = "strategic_answer"
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("strategic_question.id"), primary_key=True)
    answer: Mapped[str] = mapped_column(Text)

    question: Mapped[StrategicQuestion] = relationship()


class ServedArea(Base):
    """A row of "betjänar": an area of any edition, the whole city or outside it, with its share.

    The shares of a project sum to 10 000 or there are no rows.
    """

    __tablename__ = "served_area"
    __table_args__ = (CheckConstraint("(scope = 'omrade') = (area_id IS NOT NULL)", name="scope"),)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[Scope] = mapped_column(text_enum(Scope), default=Scope.AREA)
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    share: Mapped[int]

    area: Mapped[Area | None] = relationship()


class Location(Base):
    """A row of "ligger i", computed from the geometry: `area_id` is None for the part outside the city.

    Stored for the lowest level and for editions with outlines of their own; other editions are groups of the
    lowest. The shares of one project in one set sum to 10 000.
    """

    __tablename__ = "project_location"
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    # No foreign key: the area has one to its set, and to ask again costs a large import an eighth of its time.
    area_set_id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    share: Mapped[int]

    area: Mapped[Area | None] = relationship()


class ProjectDisplay(Base):
    """The ready-made map text of a project, kept by the services that write projects (see display.py).

    `head` followed by `shape`, or by another end, is a GeoJSON feature in EPSG:4326 with the public properties.
    `shape_far` is for maps zoomed out, None where it is drawn as `point`; `lon`, `lat` a point
    inside it; `extent_metres` the longer side of its bounding box, so that small shapes can be drawn as points.
    `size…` are the bytes of a feature with each end.
    """

    __tablename__ = "project_display"
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    lon: Mapped[float]
    lat: Mapped[float]
    extent_metres: Mapped[float]
    vertices: Mapped[int] = mapped_column(BigInteger)
    format: Mapped[int]
    """Of display.FORMAT; rows of an older one are made anew by `migrate`."""
    size: Mapped[int]
    size_far: Mapped[int]
    size_point: Mapped[int]
    head: Mapped[str] = mapped_column(Text)
    point: Mapped[str] = mapped_column(Text)
    shape: Mapped[str] = mapped_column(Text)
    shape_far: Mapped[str | None] = mapped_column(Text)

    @hybrid_property
    def feature(self) -> str:
        """The whole feature with its exact shape."""
        return self.head + self.shape
