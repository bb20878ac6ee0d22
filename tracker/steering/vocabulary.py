"""The words of steering: stored values in Swedish ASCII, labels for the screen."""

from __future__ import annotations

from enum import StrEnum


class Fulfilment(StrEnum):
    """The city's scale for how far a goal is met."""

    FULLY = "helt"
    PARTLY = "delvis"
    NOT = "inte"

    @property
    def label(self) -> str:
        return {"helt": "Uppfylls helt", "delvis": "Uppfylls delvis", "inte": "Uppfylls inte"}[self.value]


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "hogre"
    LOWER = "lagre"

    @property
    def label(self) -> str:
        return {"hogre": "Högre är bättre", "lagre": "Lägre är bättre"}[self.value]
