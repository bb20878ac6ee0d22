"""What a provider's claims say, and which role its groups give. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from email_validator import EmailNotValidError, validate_email

from tracker.accounts.roles import Role
from tracker.accounts.sso_settings import SsoSettings
from tracker.text import clean

MAX_NAME, MAX_SUBJECT, MAX_EMAIL = 200, 255, 255
"""As the columns have room for."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A person as the provider knows them. `email` is empty where there is none, or the provider doubts it.

    `email_verified` holds only where the provider has said so: many directories never say.
    """

    subject: str
    name: str
    email: str
    email_verified: bool
    groups: frozenset[str]


def read_claims(claims: Mapping[str, Any], settings: SsoSettings) -> Claimed:
    """The claims of a validated token. Raises ValueError for a subject that cannot be kept as it is."""
    subject = claims.get("sub")
    # It is compared and never shown: cut short or cleaned it could become somebody else's.
    if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT or not subject.isprintable():
        raise ValueError("the subject is no printable text of at most 255 characters")
    doubted = "email_verified" in claims and claims["email_verified"] is not True
    email = "" if doubted else address_of(claims.get("email"))
    return Claimed(
        subject=subject,
        name=_name_of(claims),
        email=email,
        email_verified=bool(email) and claims.get("email_verified") is True,
        groups=groups_of(claims, settings.groups_claim),
    )


def groups_of(claims: Mapping[str, Any], claim: str) -> frozenset[str]:
    """The groups in a claim: a list of texts, or one text, which is one group. Anything else gives none.

    The claim is looked for under its whole name first, then with its dots as steps (`realm_access.roles`).
    """
    found = claims[claim] if claim in claims else _step(claims, claim)
    if isinstance(found, str):
        found = [found]
    if not isinstance(found, list):
        return frozenset()
    return frozenset(group for group in found if isinstance(group, str) and group)


def role_for(groups: frozenset[str], settings: SsoSettings) -> Role | None:
    """The highest role that any of the groups gives, else the default one, else None: this person may not come in."""
    for role in reversed(Role):
        if settings.role_groups.get(role, frozenset()) & groups:
            return role
    return settings.default_role


def address_of(text: Any) -> str:
    """An e-mail address as accounts keep it, or the empty text for what is none."""
    if not isinstance(text, str):
        return ""
    try:
        checked = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return ""
    address = checked.normalized.casefold()
    return address if len(address) <= MAX_EMAIL else ""


def _step(claims: Mapping[str, Any], claim: str) -> Any:
    found: Any = claims
    for step in claim.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(step)
    return found


def _name_of(claims: Mapping[str, Any]) -> str:
    whole, *parts = [_plain(claims.get(name)) for name in ("name", "given_name", "family_name")]
    return (whole or " ".join(filter(None, parts)))[:MAX_NAME].strip()


def _plain(said: Any) -> str:
    """One line of what can be printed: half a surrogate pair, which JSON can hold, is no text that a database takes."""
    words = clean(said).split() if isinstance(said, str) else []
    return "".join(sign for sign in " ".join(words) if sign.isprintable()).strip()
