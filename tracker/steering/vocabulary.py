"""The words of steering: stored values in Swedish ASCII, labels for the screen."""

from __future__ import annotations

from enum import StrEnum

from tracker.messages import message


class Fulfilment(StrEnum):
    """The city's scale for how far a goal is met."""

    FULLY = "helt"
    PARTLY = "delvis"
    NOT = "inte"

    @property
    def label(self) -> str:
        return {
            "helt": message("Uppfylls helt"), "delvis": message("Uppfylls delvis"), "inte": message("Uppfylls inte"),
        }[self.value]  # fmt: skip


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "hogre"
    LOWER = "lagre"

    @property
    def label(self) -> str:
        return {"hogre": message("Högre är bättre"), "lagre": message("Lägre är bättre")}[self.value]
