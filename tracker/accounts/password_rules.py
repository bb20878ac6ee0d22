"""What a password must be: long, and not what anybody would try first. No rules on which signs it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tracker.accounts.common_passwords import ROWS, WHOLE, WORDS
from tracker.messages import message

MIN_LENGTH = 12
MAX_LENGTH = 1000
"""Longer texts cost work to hash and are no safer."""
LEAST_OF_OWN = 8
"""Signs that must stand besides one's own name and address."""
_SHORTEST_NAME = 3
_LEAST_KINDS = 4


def password_problem(password: str, owner: Iterable[str] = ()) -> str:
    """Why a password is refused, as a Swedish sentence, or "". `owner` is the account's address and name (NFC)."""
    if len(password) < MIN_LENGTH:
        return message("Lösenordet ska ha minst %(least)s tecken.", least=MIN_LENGTH)
    if len(password) > MAX_LENGTH:
        return message("Lösenordet får ha högst %(most)s tecken.", most=MAX_LENGTH)
    bare = _bare(password)
    if len(set(password.casefold())) < _LEAST_KINDS or _is_repeated(bare):
        return message("Lösenordet upprepar samma tecken. Välj ett som är svårare att gissa.")
    if _is_common(bare):
        return message("Lösenordet är ett av de vanligaste och prövas först av den som gissar. Välj ett annat.")
    if _is_own(bare, owner):
        return message("Lösenordet är nästan bara ditt namn eller din adress. Välj ett annat.")
    return ""


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _is_repeated(bare: str) -> bool:
    """Whether the text is one to four signs over and over."""
    return any(
        len(bare) >= 2 * size and (bare[:size] * len(bare)).startswith(bare) for size in range(1, _LEAST_KINDS + 1)
    )


def _is_common(bare: str) -> bool:
    if bare in WHOLE or bare.strip("0123456789") in WORDS:
        return True
    runs = [row + row for row in ROWS]
    return bool(bare) and any(bare in run or bare[::-1] in run for run in runs)


def _is_own(bare: str, owner: Iterable[str]) -> bool:
    """Whether little is left when the parts of the name and the address are taken out."""
    parts = {part for text in owner for part in (_bare(text), *re.split(r"[\W_]+", text.casefold()))}
    left, found = bare, False
    for part in sorted(parts, key=len, reverse=True):
        if len(part) >= _SHORTEST_NAME and part in left:
            left, found = left.replace(part, ""), True
    return found and len(left) < LEAST_OF_OWN
