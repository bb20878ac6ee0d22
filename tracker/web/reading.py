"""Views that are sent much but write nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "__reads_only__"


def reads_only(view: View) -> View:
    """Mark a view whose POST only asks, so that it does not wait for, or hold, the right to write."""
    setattr(view, _MARK, True)
    return view


def is_reading(view: Callable[..., Any] | None) -> bool:
    """Whether a view is marked; decorators that keep the view's attributes keep the mark."""
    return bool(getattr(view, _MARK, False))
