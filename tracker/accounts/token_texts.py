"""The text of a token: `pfk_<public id>_<secret><checksum>`.

The prefix lets a scanner for leaked secrets find it, the public id lets it be looked up without the secret, and the
checksum tells a mistyped one without asking the database.

The secret is 256 random bits, and is kept as plain SHA-256. Slow salted hashes (argon2) protect passwords that
people choose, because those can be guessed; nobody can try 2^256 secrets, and a question with a token must not cost
the tenth of a second that argon2 takes.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string
import zlib
from dataclasses import dataclass

PREFIX = "pfk"
PUBLIC_LENGTH = 16
_SECRET_LENGTH = 43
_CHECKSUM_LENGTH = 6
_ALPHABET = string.digits + string.ascii_letters
_TEXT = re.compile(rf"{PREFIX}_([0-9A-Za-z]{{{PUBLIC_LENGTH}}})_([0-9A-Za-z]{{{_SECRET_LENGTH}}})([0-9A-Za-z]{{6}})")
LOOKS_LIKE = re.compile(rf"{PREFIX}_[0-9A-Za-z]{{{PUBLIC_LENGTH}}}_[0-9A-Za-z]{{20,}}")
"""Whatever is or was meant to be a token, for whoever looks for leaked ones."""


@dataclass(frozen=True, slots=True)
class TokenText:
    """A token in its parts. `repr` does not tell the secret, so that no log does."""

    public_id: str
    secret: str

    def __repr__(self) -> str:
        return f"TokenText({self.public_id!r})"

    def text(self) -> str:
        """What its owner keeps."""
        return f"{PREFIX}_{self.public_id}_{self.secret}{_checksum(self.public_id, self.secret)}"

    def hashed(self) -> str:
        """What the register keeps: SHA-256 of the secret in hexadecimal."""
        return hashlib.sha256(self.secret.encode("ascii")).hexdigest()

    def matches(self, stored_sha256: str) -> bool:
        """Whether the secret is the stored one, in a time that does not tell how much of it is right."""
        return hmac.compare_digest(self.hashed(), stored_sha256)


def new_token() -> TokenText:
    """43 of 62 signs are 256 bits."""
    return TokenText(_random(PUBLIC_LENGTH), _random(_SECRET_LENGTH))


def read_token(text: str) -> TokenText | None:
    """The parts of a token's text; None for what is none, or has been mistyped."""
    found = _TEXT.fullmatch(text)
    if found is None or found[3] != _checksum(found[1], found[2]):
        return None
    return TokenText(found[1], found[2])


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _checksum(public_id: str, secret: str) -> str:
    rest, signs = zlib.crc32(f"{public_id}_{secret}".encode("ascii")), ""
    for _ in range(_CHECKSUM_LENGTH):
        rest, sign = divmod(rest, len(_ALPHABET))
        signs = _ALPHABET[sign] + signs
    return signs
