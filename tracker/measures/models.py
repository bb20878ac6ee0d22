"""Measures: data, so that a department can count what it needs."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base, text_enum


class MainKind(StrEnum):
    """What a project mainly is; also which measures it is asked for first."""

    HOUSING = "bostad"
    WORKPLACE = "arbetsplats"
    TRAFFIC = "trafik"

    @property
    def label(self) -> str:
        return {"bostad": "Bostad", "arbetsplats": "Arbetsplats", "trafik": "Trafik"}[self.value]

    @property
    def label_plural(self) -> str:
        return {"bostad": "Bostäder", "arbetsplats": "Arbetsplatser", "trafik": "Trafik"}[self.value]


class MeasureGroup(StrEnum):
    """What belongs together. Dwellings by tenure sum to dwellings; elsewhere units differ and nothing is added."""

    DWELLINGS = "bostader"
    WORKPLACES = "arbetsplatser"
    FLOOR_AREA = "ytor"
    SERVICE = "service"
    STREET = "gata"
    TRANSIT = "kollektivtrafik"
    CYCLE = "gang-och-cykel"
    SAFETY = "trygghet"
    ELECTRONIC = "elektronisk-infrastruktur"
    GREEN = "park-och-plats"

    @property
    def label(self) -> str:
        return {
            "bostader": "Bostäder",
            "arbetsplatser": "Arbetsplatser",
            "ytor": "Ytor",
            "service": "Service",
            "gata": "Gata",
            "kollektivtrafik": "Kollektivtrafik",
            "gang-och-cykel": "Gång och cykel",
            "trygghet": "Trygghet och säkerhet",
            "elektronisk-infrastruktur": "Elektronisk infrastruktur",
            "park-och-plats": "Park och plats",
        }[self.value]


class Measure(Base):
    """Something that is counted for a project, per year: unit, the kind it belongs to, and its group."""

    __tablename__ = "measure"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name_sv: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    unit: Mapped[str] = mapped_column(String(40))
    kind: Mapped[MainKind | None] = mapped_column(text_enum(MainKind))
    """The main kind that is asked for it first; None for all kinds."""
    group: Mapped[MeasureGroup] = mapped_column("measure_group", text_enum(MeasureGroup))
    position: Mapped[int]
    help_sv: Mapped[str] = mapped_column(Text, default="")
    active: Mapped[bool] = mapped_column(default=True)
