"""By which names an installation says that it is reached; config.py reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from tracker.errors import ConfigurationError

LOCAL = ("localhost", "127.0.0.1")
"""A request that names the machine itself comes from it: from its own checks, or from whoever tries the product."""
ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, never bound to
_HOST = re.compile(r"\.?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")


def trusted_hosts(env: Mapping[str, str], mode: str, public_url: str) -> list[str] | None:
    """The names that a request may give in Host, without ports; None lets it name any.

    `TRUSTED_HOSTS` has further names than that of PUBLIC_URL, with blanks between; one that begins with a dot stands
    for every name below it, `*` for all. While developing, with neither set, any name does.
    Raises ConfigurationError.
    """
    words = env.get("TRUSTED_HOSTS", "").lower().split()
    if "*" in words or (mode == "development" and not words):
        return None
    wrong = [word for word in words if not _HOST.fullmatch(word)]
    if wrong:
        raise ConfigurationError(
            f"TRUSTED_HOSTS har {wrong[0]!r}, men ska vara värdnamn med mellanslag emellan, som portfolj.staden.se "
            "eller .staden.se (alla under staden.se), utan https:// och port, eller * för alla."
        )
    bound = [] if env.get("HOST", "") in ("", *ANYWHERE) else [env["HOST"].lower()]
    public = urlsplit(public_url).hostname
    return list(dict.fromkeys([*words, *([public] if public else []), *bound, *LOCAL]))
