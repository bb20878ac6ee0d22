"""Paging of lists."""

from __future__ import annotations

from dataclasses import dataclass

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Which slice of a list is shown; numbers begin at 1."""

    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    @property
    def first_row(self) -> int:
        return min(self.total, self.offset + 1)

    @property
    def last_row(self) -> int:
        return min(self.total, self.offset + self.size)

    @property
    def neighbours(self) -> list[int]:
        """The page numbers to offer: the first, the last, and two on each side; 0 stands for a gap."""
        near = {1, self.last, *range(self.number - 2, self.number + 3)}
        numbers = sorted(number for number in near if 1 <= number <= self.last)
        offered: list[int] = []
        for number in numbers:
            if offered and number > offered[-1] + 1:
                offered.append(0)
            offered.append(number)
        return offered


def page_number(text: str | None, total: int, size: int = PAGE_SIZE) -> Page:
    """A page that exists, whatever the address says."""
    wanted = int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 1
    last = max(1, -(-total // size))
    return Page(min(max(1, wanted), last), total, size)
