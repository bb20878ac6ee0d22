"""Comparing frozen facts, arrays and all."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

import numpy as np

from tracker.contribution.material import Material
from tracker.contribution.packed import Packed
from tracker.contribution.reckoning import reckon_material
from tracker.contribution.rules import CountingRule


def difference(one: object, other: object, path: str = "") -> str:
    """Where two facts first differ; "" when they are the same in values and in types. Packed projects are a tuple."""
    one, other = (tuple(each) if isinstance(each, Packed) else each for each in (one, other))
    if type(one) is not type(other):
        return f"{path}: {type(one)} against {type(other)}"
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return "" if one.dtype == other.dtype and np.array_equal(one, other) else path
    if is_dataclass(one):
        parts = [(field.name, getattr(one, field.name), getattr(other, field.name)) for field in fields(one)]
    elif isinstance(one, tuple) and isinstance(other, tuple):
        if len(one) != len(other):
            return f"{path}: {len(one)} against {len(other)}"
        parts = [(str(at), mine, its) for at, (mine, its) in enumerate(zip(one, other, strict=True))]
    else:
        return "" if one == other else f"{path}: {one!r} against {other!r}"
    return next((found for name, mine, its in parts if (found := difference(mine, its, f"{path}.{name}"))), "")


def reckoned_alike(one: Material, other: Material) -> bool:
    """Whether both rules give the same cells, numbers of projects and lines behind them."""
    for rule in CountingRule:
        first, second = reckon_material(one, rule), reckon_material(other, rule)
        arrays = [
            (getattr(getattr(first, part), name), getattr(getattr(second, part), name))
            for part, names in (("cube", ("amounts", "projects", "portfolio")), ("details", ("project", "amounts")))
            for name in names
        ]
        if not all(np.array_equal(*pair) for pair in arrays) or first.basis != second.basis:
            return False
    return True
