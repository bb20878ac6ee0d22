"""The columns of old facts in today's order: a snapshot counts its amounts as they were listed when it was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tracker.contribution.control import Control
from tracker.contribution.material import Material
from tracker.reports.facts import BoardFacts


def reordered(facts: BoardFacts, written: Sequence[str], now: Sequence[str]) -> BoardFacts:
    """The same facts over the amounts of today. Raises ValueError for an amount that is not known any more."""
    if tuple(written) == tuple(now):
        return facts
    if lost := set(written) - set(now):
        raise ValueError(f"a snapshot counts what is not known any more: {sorted(lost)}")
    earlier = tuple(replace(one, material=_material(one.material, written, now)) for one in facts.earlier)
    return replace(facts, material=_material(facts.material, written, now), earlier=earlier)


def _material(material: Material, written: Sequence[str], now: Sequence[str]) -> Material:
    places = np.array([now.index(key) for key in written], dtype=np.int64)
    facts = replace(material.facts, column=places[material.facts.column])
    control = material.control
    registered, portfolio = (_totals(one, written, now) for one in (control.registered, control.portfolio))
    return replace(material, facts=facts, control=Control(registered, portfolio, control.projects))


def _totals(totals: Sequence[int], written: Sequence[str], now: Sequence[str]) -> tuple[int, ...]:
    """What was not counted then is 0."""
    known = dict(zip(written, totals, strict=True))
    return tuple(known.get(key, 0) for key in now)
