"""Area editions and their areas.

`AreaSet` is an edition; the set `stadsdelar` is the lowest level and holds the outlines once. The areas of the other
editions are groups of stadsdelar (`AreaPart`) with a materialised outline of their own.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.database import Base, UtcDateTime, text_enum
from tracker.geo.crs import STORAGE_SRID
from tracker.messages import message

LOWEST = "stadsdelar"
"""The code of the lowest level."""


class Region(StrEnum):
    """The three parts of the city that follow-up is summed by."""

    INNER_CITY = "innerstad"
    WEST = "vasterort"
    SOUTH = "soderort"

    @property
    def label(self) -> str:
        return {
            "innerstad": message("Innerstaden"), "vasterort": message("Västerort"), "soderort": message("Söderort"),
        }[self.value]  # fmt: skip

    @property
    def outer_city(self) -> bool:
        """Ytterstad: Västerort and Söderort."""
        return self is not Region.INNER_CITY


class AreaSet(Base):
    """An edition of the city's division into areas, valid from a date; never overwritten by a later one."""

    __tablename__ = "area_set"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    schematic: Mapped[bool] = mapped_column(default=True)
    """Whether any outline is our own sketch; said wherever it is shown."""
    own_outlines: Mapped[bool] = mapped_column(default=False)
    """Whether this edition's outlines were imported by themselves and so are not the union of the stadsdelar's."""
    outline_source: Mapped[str] = mapped_column(String(300), default="")
    outlines_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text, default="")

    areas: Mapped[list[Area]] = relationship(back_populates="area_set", order_by="Area.sort_key")


class Area(Base):
    """An area of one edition: MULTIPOLYGON in EPSG:3011."""

    __tablename__ = "area"
    __table_args__ = (UniqueConstraint("area_set_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    area_set_id: Mapped[int] = mapped_column(ForeignKey("area_set.id"), index=True)
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120))
    sort_key: Mapped[str] = mapped_column(String(200))
    region: Mapped[Region] = mapped_column(text_enum(Region))
    official_code: Mapped[str | None] = mapped_column(String(20))
    """The city's own number (Nyko 2), where it is known."""
    geom: Mapped[Any] = mapped_column(Geometry("MULTIPOLYGON", srid=STORAGE_SRID, spatial_index=False))

    area_set: Mapped[AreaSet] = relationship(back_populates="areas")
    populations: Mapped[list[AreaPopulation]] = relationship(order_by="AreaPopulation.year")
    aliases: Mapped[list[AreaAlias]] = relationship(order_by="AreaAlias.name")
    parts: Mapped[list[Area]] = relationship(
        secondary="area_part",
        primaryjoin="Area.id == AreaPart.area_id",
        secondaryjoin="Area.id == AreaPart.part_id",
        order_by="Area.sort_key",
        viewonly=True,
    )

    @property
    def outer_city(self) -> bool:
        """Whether the area is ytterstad."""
        return self.region.outer_city


class AreaPart(Base):
    """Which stadsdelar an area of an edition is made of; the crosswalk between editions follows from it."""

    __tablename__ = "area_part"
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("area.id"), primary_key=True, index=True)


class AreaPopulation(Base):
    """Inhabitants at the end of a year, with the source."""

    __tablename__ = "area_population"
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    inhabitants: Mapped[int]
    source: Mapped[str] = mapped_column(String(200), default="")


class AreaAlias(Base):
    """A former or everyday name that should find the area, or a spelling met in files."""

    __tablename__ = "area_alias"
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    search_text: Mapped[str] = mapped_column(String(200), index=True)
