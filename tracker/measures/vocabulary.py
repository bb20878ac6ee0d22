"""The words of the measures: stored values in Swedish ASCII, labels for the screen."""

from __future__ import annotations

from enum import StrEnum

from tracker.messages import message


class MainKind(StrEnum):
    """What a project mainly is; also which measures it is asked for first."""

    HOUSING = "bostad"
    WORKPLACE = "arbetsplats"
    TRAFFIC = "trafik"

    @property
    def label(self) -> str:
        return _KINDS[self.value]

    @property
    def label_plural(self) -> str:
        return _PLURALS[self.value]


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
        return _GROUPS[self.value]


_KINDS = {"bostad": message("Bostad"), "arbetsplats": message("Arbetsplats"), "trafik": message("Trafik")}
_PLURALS = {"bostad": message("Bostäder"), "arbetsplats": message("Arbetsplatser"), "trafik": message("Trafik")}
_GROUPS = {
    "bostader": message("Bostäder"),
    "arbetsplatser": message("Arbetsplatser"),
    "ytor": message("Ytor"),
    "service": message("Service"),
    "gata": message("Gata"),
    "kollektivtrafik": message("Kollektivtrafik"),
    "gang-och-cykel": message("Gång och cykel"),
    "trygghet": message("Trygghet och säkerhet"),
    "elektronisk-infrastruktur": message("Elektronisk infrastruktur"),
    "park-och-plats": message("Park och plats"),
}
