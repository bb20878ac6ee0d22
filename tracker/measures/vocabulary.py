"""The words of the measures: stored values in Swedish ASCII, labels for the screen."""

from __future__ import annotations

from enum import StrEnum


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
