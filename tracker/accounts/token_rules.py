"""What a token may do: its scopes narrow what its owner's roles allow, and never widen it."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from tracker.accounts.roles import Permission
from tracker.messages import message

DEFAULT_DAYS = 90
LONGEST_DAYS = 365
OFFERED_DAYS = (30, DEFAULT_DAYS, 180, LONGEST_DAYS)
MOST_TOKENS = 20
"""Tokens that one person has in use at the same time."""
NAME_LENGTH = 80
NOTED_EVERY = timedelta(minutes=10)
"""How exact "last used" is: it is written no oftener."""


class TokenScope(StrEnum):
    """What a token was made for. Whoever reports or writes also reads."""

    READ = "read"
    REPORT = "report"
    WRITE = "write"

    @property
    def label(self) -> str:
        """The scope on screen."""
        return _LABELS[self.value]

    @property
    def help(self) -> str:
        """What it opens."""
        return _HELP[self.value]


_LABELS = {"read": message("Läsa"), "report": message("Rapportera"), "write": message("Registrera och ändra")}
_HELP = {
    "read": message("Allt som du själv får läsa, även utkast."),
    "report": message("Siffror, prognoser och status i öppna perioder, för dina projekt."),
    "write": message("Nya projekt och ändringar, med samma regler som i formuläret."),
}


_READING = frozenset(
    {
        Permission.VIEW_PUBLIC,
        Permission.VIEW_DRAFTS,
        Permission.VIEW_CONFIDENTIAL,
        Permission.EXPORT_INTERNAL,
    }
)
SCOPE_PERMISSIONS: dict[TokenScope, frozenset[Permission]] = {
    TokenScope.READ: _READING,
    TokenScope.REPORT: _READING | {Permission.REPORT_FIGURES},
    TokenScope.WRITE: _READING | {Permission.EDIT_PROJECT, Permission.EDIT_BUDGET, Permission.PUBLISH_PROJECT},
}
"""Accounts, catalogues, periods and the tokens themselves are managed by a person who is signed in, by no token."""


def scopes_of(words: list[str]) -> tuple[TokenScope, ...]:
    """Stored words as scopes, weakest first; a word that is none is left out, so that it opens nothing."""
    return tuple(scope for scope in TokenScope if scope.value in words)


def permissions_of(scopes: tuple[TokenScope, ...], owner: frozenset[Permission]) -> frozenset[Permission]:
    """What a token with these scopes may do for an owner with these permissions."""
    opened: frozenset[Permission] = frozenset()
    for scope in scopes:
        opened |= SCOPE_PERMISSIONS[scope]
    return opened & owner
