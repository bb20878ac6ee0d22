"""The wizard: each module below hangs its addresses on the blueprint when it is imported."""

from __future__ import annotations

from tracker.imports import (
    apply_views,
    column_views,
    conflict_views,
    layer_views,
    ledger_match_views,
    ledger_plan_views,
    ledger_views,
    place_views,
    plan_views,
    upload_views,
    value_views,
)
from tracker.imports.blueprint import bp

__all__ = [
    "apply_views",
    "bp",
    "column_views",
    "conflict_views",
    "layer_views",
    "ledger_match_views",
    "ledger_plan_views",
    "ledger_views",
    "place_views",
    "plan_views",
    "upload_views",
    "value_views",
]
