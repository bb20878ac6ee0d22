"""Sharing whole amounts (öre, or counts) by integer weights, so that the parts sum to the amount exactly.

Largest remainder: each part is its exact share rounded down, and what is then missing goes, one unit each, to
the parts with the largest remainders. Equal remainders favour the earlier part, so whoever calls orders the
parts by code (goal code, then area code) and never by row id: the same projects then give the same öre on
every database.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]

WHOLE = 10_000
"""The whole of a share, in hundredths of a percent."""

WEIGHT_LIMIT = 2**31
"""A group's weights sum to less than this, so that remainder × weight stays under 2^62."""


def apportion(amount: int, weights: Sequence[int]) -> list[int]:
    """Share an amount in öre by integer weights; the parts sum to the amount exactly.

    Largest remainder; ties go to the earlier part. A negative amount mirrors the positive one. Integers of
    any size. Raises ValueError when a weight is negative or the weights sum to zero.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights must be at least 0 and sum to more than 0")
    magnitude = abs(amount)
    parts = [magnitude * weight // total for weight in weights]
    remainders = [magnitude * weight % total for weight in weights]
    by_remainder = sorted(range(len(parts)), key=lambda place: -remainders[place])
    for place in by_remainder[: magnitude - sum(parts)]:
        parts[place] += 1
    return parts if amount >= 0 else [-part for part in parts]


def apportion_groups(amounts: IntArray, weights: IntArray) -> IntArray:
    """Share many amounts at once; row i of the answer is `apportion(amounts[i], weights[i])`.

    `amounts` has shape (groups,), `weights` and the answer (groups, parts); a group with fewer parts is
    padded with weight 0, which always gets 0. Exact in int64: the amount is divided by the sum of the
    weights first, and only the rest, which is smaller than that sum, is multiplied by a weight. Raises
    ValueError when a weight is negative or a row's weights do not sum to 1 … 2^31 - 1.
    """
    totals = weights.sum(axis=1)
    if amounts.size and (weights.min() < 0 or totals.min() <= 0 or totals.max() >= WEIGHT_LIMIT):
        raise ValueError("weights must be at least 0 and sum to 1 … 2^31 - 1 in each group")
    whole, rest = np.divmod(np.abs(amounts), totals)
    numerators = rest[:, np.newaxis] * weights
    floors = numerators // totals[:, np.newaxis]
    remainders = numerators - floors * totals[:, np.newaxis]
    missing = rest - floors.sum(axis=1)
    parts = whole[:, np.newaxis] * weights + floors
    short = np.flatnonzero(missing)
    parts[short] += _largest(remainders[short], missing[short])
    return np.asarray(np.where(amounts[:, np.newaxis] < 0, -parts, parts), dtype=np.int64)


def _largest(remainders: IntArray, wanted: IntArray) -> npt.NDArray[np.bool_]:
    """Mark the `wanted[i]` ≥ 1 largest remainders of row i, the earlier of equal ones first.

    Missing units are fewer than the non-zero remainders of their row, so `wanted` < parts always holds.
    """
    parts = remainders.shape[1]
    # One key orders by remainder and then by place; all keys of a row differ.
    keys = remainders * parts + np.arange(parts - 1, -1, -1)
    least = np.take_along_axis(np.sort(keys, axis=1), (parts - wanted)[:, np.newaxis], axis=1)
    return np.asarray(keys >= least)


def counted_amounts(amounts: IntArray, city_shares: IntArray) -> IntArray:
    """The city's part of each amount: `apportion(amount, [share, 10 000 - share])[0]`, whole arrays.

    `city_shares` (same shape as `amounts`) is the city's financing share in hundredths of a percent, 0 … 10
    000. Raises ValueError outside that range. Half an öre goes to the city, away from zero.
    """
    if city_shares.size and (city_shares.min() < 0 or city_shares.max() > WHOLE):
        raise ValueError("a financing share is 0 … 10 000 hundredths of a percent")
    whole, rest = np.divmod(np.abs(amounts), WHOLE)
    # Of two parts the first takes a missing unit when its remainder is at least half: rounding half up.
    parts = whole * city_shares + (rest * city_shares + WHOLE // 2) // WHOLE
    return np.asarray(np.where(amounts < 0, -parts, parts), dtype=np.int64)
