"""What an installation says of the city's own sign-in (OpenID Connect); config.py reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from tracker.accounts.roles import Role
from tracker.errors import ConfigurationError
from tracker.messages import message

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
NEEDED = ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
FURTHER = ("OIDC_SCOPES", "OIDC_GROUPS_CLAIM", "OIDC_ROLE_GROUPS", "OIDC_DEFAULT_ROLE", "OIDC_NAME", "OIDC_ONLY",
           "OIDC_HOSTS")  # fmt: skip
DEFAULT_NAME = message("Logga in med stadens konto")
MAX_ISSUER = 400
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?")


@dataclass(frozen=True, slots=True)
class SsoSettings:
    """A provider, and what its groups mean here. `hosts` are all that we ever ask, each with its port if it has one."""

    issuer: str
    client_id: str
    client_secret: str
    role_groups: Mapping[Role, frozenset[str]]
    hosts: frozenset[str]
    scopes: str = "openid profile email"
    groups_claim: str = "groups"
    default_role: Role | None = None
    name: str = DEFAULT_NAME
    only: bool = False

    def __repr__(self) -> str:
        """Without the secret, for a settings object may end in a log."""
        return f"SsoSettings({self.issuer!r})"


def sso(env: Mapping[str, str], mode: str, public_url: str) -> SsoSettings | None:
    """The settings, or None where the city's sign-in is not switched on; raises ConfigurationError in Swedish."""
    issuer = env.get("OIDC_ISSUER", "").strip()
    if not issuer:
        _refuse_lonely(env)
        return None
    address = _checked_issuer(issuer, mode)
    missing = [name for name in NEEDED if not env.get(name, "").strip()]
    if missing:
        raise ConfigurationError(f"OIDC_ISSUER är satt men {missing[0]} saknas.")
    if mode == "production" and not public_url.startswith("https://"):
        raise ConfigurationError("OIDC_ISSUER kräver PUBLIC_URL med https://, dit inloggningen leder tillbaka.")
    role_groups, default_role = _role_groups(env.get("OIDC_ROLE_GROUPS", "")), _default_role(env)
    if not role_groups and default_role is None:
        raise ConfigurationError(
            "Ingen skulle få logga in med stadens konto: sätt OIDC_ROLE_GROUPS, till exempel "
            '"admin=pk-admin; reader=pk-alla", eller OIDC_DEFAULT_ROLE=reader.'
        )
    return SsoSettings(
        issuer=issuer,
        client_id=env["OIDC_CLIENT_ID"].strip(),
        client_secret=env["OIDC_CLIENT_SECRET"].strip(),
        role_groups=role_groups,
        hosts=frozenset({host_of(address), *_hosts(env)}),
        scopes=_scopes(env),
        groups_claim=env.get("OIDC_GROUPS_CLAIM", "").strip() or "groups",
        default_role=default_role,
        name=env.get("OIDC_NAME", "").strip() or DEFAULT_NAME,
        only=_switch(env, "OIDC_ONLY"),
    )


def host_of(address: SplitResult) -> str:
    """Host and port as they are compared: small letters, without the port that the scheme has anyway."""
    host = (address.hostname or "").lower()
    named = f"[{host}]" if ":" in host else host
    usual = {"https": 443, "http": 80}.get(address.scheme)
    return named if address.port in (None, usual) else f"{named}:{address.port}"


def _refuse_lonely(env: Mapping[str, str]) -> None:
    lonely = [name for name in (*NEEDED, *FURTHER) if env.get(name, "").strip()]
    if lonely:
        raise ConfigurationError(f"{lonely[0]} är satt men inte OIDC_ISSUER, adressen till den som loggar in.")


def _checked_issuer(issuer: str, mode: str) -> SplitResult:
    try:
        address = urlsplit(issuer)
        address.port  # noqa: B018 - raises where it is no number
    except ValueError as error:
        raise ConfigurationError(f"OIDC_ISSUER är {issuer!r}, som inte är någon adress.") from error
    near = mode == "development" and address.scheme == "http" and address.hostname in LOOPBACK
    wrong = {
        "ska börja med https:// (http:// tas bara emot för den egna datorn under utveckling)": (
            address.scheme != "https" and not near
        ),
        "saknar värdnamn": not address.hostname,
        "får inte innehålla användarnamn eller lösenord": "@" in address.netloc,
        "får inte ha ? eller #": "?" in issuer or "#" in issuer,
        "innehåller tecken som ingen adress har": not issuer.isascii() or not issuer.isprintable() or "\\" in issuer,
        "får inte innehålla blanksteg": " " in issuer,
        f"är längre än {MAX_ISSUER} tecken": len(issuer) > MAX_ISSUER,
    }
    for reason, holds in wrong.items():
        if holds:
            raise ConfigurationError(f"OIDC_ISSUER {reason}.")
    return address


def _hosts(env: Mapping[str, str]) -> list[str]:
    words = env.get("OIDC_HOSTS", "").lower().split()
    wrong = [word for word in words if not _HOST.fullmatch(word)]
    if wrong:
        raise ConfigurationError(
            f"OIDC_HOSTS har {wrong[0]!r}, men ska vara värdnamn med mellanslag emellan, som login.staden.example."
        )
    return words


def _scopes(env: Mapping[str, str]) -> str:
    words = env.get("OIDC_SCOPES", "").split() or ["openid", "profile", "email"]
    if "openid" not in words:
        raise ConfigurationError("OIDC_SCOPES ska innehålla openid, till exempel: openid profile email groups")
    return " ".join(dict.fromkeys(words))


def _role_groups(text: str) -> dict[Role, frozenset[str]]:
    """`role=group|group; role=group`: a group may hold spaces, commas and = as names in a directory do."""
    made: dict[Role, frozenset[str]] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        word, equals, names = part.partition("=")
        groups = [name.strip() for name in names.split("|")]
        if not equals or not all(groups) or word.strip() not in set(Role):
            raise ConfigurationError(
                f"OIDC_ROLE_GROUPS har {part!r}, men ska vara roll=grupp med | mellan grupper och ; mellan roller, "
                f'som "admin=pk-admin; controller=pk-controller|pk-ekonomi". Rollerna är {", ".join(Role)}.'
            )
        role = Role(word.strip())
        if role in made:
            raise ConfigurationError(f"OIDC_ROLE_GROUPS har rollen {role.value} två gånger; skriv grupperna med |.")
        made[role] = frozenset(groups)
    return made


def _default_role(env: Mapping[str, str]) -> Role | None:
    word = env.get("OIDC_DEFAULT_ROLE", "").strip()
    if word and word != Role.READER:
        # Whoever the directory holds would otherwise change the register by default.
        raise ConfigurationError(f"OIDC_DEFAULT_ROLE är {word!r} men kan bara vara reader, eller utelämnas.")
    return Role.READER if word else None


def _switch(env: Mapping[str, str], name: str) -> bool:
    word = env.get(name, "").strip()
    if word not in ("", "0", "1"):
        raise ConfigurationError(f"{name} är {word!r} men ska vara 1 eller 0.")
    return word == "1"
