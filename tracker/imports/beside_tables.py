"""Which tables of our GeoPackage stand beside the projects, and what is read from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ROW = "rad"
AMOUNTS = tuple(f"{flow}_{kind}_ore" for flow in ("utgift", "inkomst") for kind in ("budget", "utfall", "prognos"))
COUNTS = ("planerade", "paborjade", "fardiga")


@dataclass(frozen=True, slots=True)
class BesideTable:
    """A table by its name, the fields that make it ours, and those that are read where the audience got them."""

    name: str
    keys: tuple[str, ...]
    cells: tuple[str, ...]

    @property
    def header(self) -> str:
        """What its column is called."""
        return f"Tabellen {self.name}"


TABLES: Mapping[str, BesideTable] = {
    "goal_rows": BesideTable("mal", ("malutgava", "mal"), ("styrka", "motivering")),
    "served_rows": BesideTable("omraden", ("roll", "indelning", "omradeskod"), ("andel_procent",)),
    "money": BesideTable("ekonomi", ("ar",), AMOUNTS),
    "volume_rows": BesideTable("matt", ("mattkod", "ar"), COUNTS),
}
"""Field → the table that it is read from."""
