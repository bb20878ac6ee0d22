"""How deep a shape that was sent as text is nested.

GEOS reads a collection inside a collection by calling itself, and some ten thousand levels end the whole process: no
exception is raised. So the brackets are counted first, by numpy, for a drawn shape may be megabytes of text.
"""

from __future__ import annotations

import numpy as np

from tracker.messages import message

MOST_LEVELS = 64
"""Of brackets of any kind. A polygon in a collection of a feature has some ten."""
TOO_DEEP = message("Formen har för många nivåer i varandra. Rita om den, eller dela upp den.")
_STEP = np.zeros(256, dtype=np.int8)
_STEP[[ord(sign) for sign in "([{"]] = 1
_STEP[[ord(sign) for sign in ")]}"]] = -1


def is_too_deep(text: str) -> bool:
    """Whether brackets stand more than MOST_LEVELS deep in each other; those in quoted text count too."""
    if sum(map(text.count, "([{")) <= MOST_LEVELS:
        return False
    steps = _STEP[np.frombuffer(text.encode("utf-8", errors="replace"), dtype=np.uint8)]
    return bool(np.cumsum(steps, dtype=np.int32).max() > MOST_LEVELS)
