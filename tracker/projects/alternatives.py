"""Several things of which one is meant, in words."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from tracker.messages import message


def either(parts: Iterable[str]) -> str:
    """ "A eller B eller C"; of one thing that thing. Raises TypeError for none."""
    return reduce(lambda one, other: message("%(one)s eller %(other)s", one=one, other=other), parts)
