"""What may not stand in a log is taken out of a text: secrets, people's addresses and numbers, what was typed.

The texts are those of other people's errors and of tracebacks. Our own lines are made without such from the start.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit

GONE = "[dolt]"
_SECRET_NAME = re.compile(r"SECRET|PASSWORD|TOKEN|SALT|_KEY$")
_URL_NAME = re.compile(r"(?:_URL|_URI|_SERVER)$")
_SHORTEST = 6
_PATTERNS = (
    # PostgreSQL and SQLAlchemy tell which values were refused.
    (re.compile(r"^((?:DETAIL|CONTEXT|HINT):[ \t]*).*$", re.M), rf"\g<1>{GONE}"),
    (re.compile(r"^(\[parameters: ).*\]$", re.M), rf"\g<1>{GONE}]"),
    (re.compile(r"(invalid input syntax for [\w ]+: ).*$", re.M), rf"\g<1>{GONE}"),
    # The look behind lets it begin once in a run of letters, not at each of them.
    (re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), GONE),
    (re.compile(r"\b(?:19|20)?\d{6}[-+]\d{4}\b"), GONE),
    (re.compile(r"(?i)\b(bearer|basic) +[\w.~+/=-]+"), rf"\g<1> {GONE}"),
    (re.compile(r"(?i)\b((?:password|passwd|secret|token|session)=)[^\s&;,)'\"]+"), rf"\g<1>{GONE}"),
    (re.compile(r"(?<=://)[^/\s@:]+:[^/\s@]+(?=@)"), GONE),
    # What somebody searched for, in the address of a question that failed before it was read.
    (re.compile(r"(?<=/)([\w.%~-]*)\?[^\s'\"]+"), rf"\g<1>?{GONE}"),
    # gunicorn repeats what it could not read, from whom, and which address failed.
    (re.compile(r"\bip=\S+(?=:|$)"), f"ip={GONE}"),
    (re.compile(r"(Invalid HTTP [\w ]+: ).*$", re.M), rf"\g<1>{GONE}"),
    (re.compile(r"(Error handling request ).*$", re.M), rf"\g<1>{GONE}"),
)


class Scrubber:
    """Knows the secrets of this installation by their values, and the rest by its looks."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {form for one in secrets for form in (one, quote(one, safe="")) if len(one) >= _SHORTEST}
        self._known = re.compile("|".join(map(re.escape, sorted(known, key=len, reverse=True)))) if known else None

    def clean(self, text: str) -> str:
        """The text without what may not be kept; line breaks stay."""
        if self._known is not None:
            text = self._known.sub(GONE, text)
        for pattern, instead in _PATTERNS:
            text = pattern.sub(instead, text)
        return text


def secrets_of(settings: Mapping[str, Any]) -> set[str]:
    """The values of settings that are secret by their names, and the passwords inside addresses."""
    texts = {name: value for name, value in settings.items() if isinstance(value, str)}
    found = {value for name, value in texts.items() if _SECRET_NAME.search(name) and len(value) >= _SHORTEST}
    found -= {value for name, value in texts.items() if name.startswith("SECURITY_PASSWORD_") and name[18:] != "SALT"}
    passwords = (urlsplit(value).password for name, value in texts.items() if _URL_NAME.search(name))
    return found | {form for one in passwords if one for form in (one, unquote(one))}
