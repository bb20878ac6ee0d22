"""Saying no to a question that cannot be meant: 400 with what is wrong, in Swedish."""

from __future__ import annotations

from typing import NoReturn

from tracker.web.problems import ProblemError

MOST_SHOWN = 80
TITLE = "Frågan går inte att besvara"


def refuse(parameter: str, reason: str, value: str = "") -> NoReturn:
    """Raise the refusal of a parameter."""
    raise refusal(parameter, reason, value)


def refusal(parameter: str, reason: str, value: str = "") -> ProblemError:
    """What is wrong with a parameter; what stood there is repeated, cut short."""
    shown = value if len(value) <= MOST_SHOWN else f"{value[:MOST_SHOWN]}…"
    detail = f"{parameter}: {reason}." + (f" Det stod ”{shown}”." if value else "")
    return ProblemError(400, detail, TITLE, parameter=parameter)
