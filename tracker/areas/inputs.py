"""What the forms of the area catalogue ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PopulationInput:
    """Inhabitants on 31 December of a year, with the source."""

    year: int
    inhabitants: int
    source: str


@dataclass(frozen=True, slots=True)
class AreaInput:
    """What may be changed of an area; its name is a fact of the edition. An empty code means not known."""

    official_code: str
    aliases: tuple[str, ...]
    populations: tuple[PopulationInput, ...]


@dataclass(frozen=True, slots=True)
class EditionInput:
    """A new edition made from the newest."""

    code: str
    name: str
    valid_from: date
    note: str


@dataclass(frozen=True, slots=True)
class MergeInput:
    """Areas, by code, that become one."""

    codes: tuple[str, ...]
    name: str
