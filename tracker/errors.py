"""Domain errors. Raised anywhere, mapped to a status and a page in one table (web/faults.py).

The text is Swedish and written for the person who reads it: what, where and why.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracker.messages import joined


class DomainError(Exception):
    """Something that the rules of the register refuse. `str(error)` is a Swedish sentence."""

    heading = ""
    """What stands over it on the error page, where that of its status would mislead."""


class NotFoundError(DomainError):
    """What was asked for does not exist, or not for this reader."""


class ForbiddenError(DomainError):
    """The person may not do this."""


class ConflictError(DomainError):
    """Somebody else changed the same thing in between."""


class InvalidInputError(DomainError):
    """One or more fields are refused."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(joined(" ", [problem.reason for problem in problems]))
        self.problems = problems


class RefusedFileError(DomainError):
    """A file that cannot be taken, with the reason."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a value is refused: the field's name in code, the reason in Swedish, and the value as given."""

    field: str
    reason: str
    value: str = ""


class ConfigurationError(Exception):
    """The environment asks for something that the product refuses to start with."""
