"""The facts of a period as bytes that are read for ever, and back to the same facts.

JSON packed with zlib: it names its fields, so that a later version of the product knows what it meets, and whoever has
no product at all can read it with two lines of any language. Arrays are base64 of little-endian whole numbers. Why, and
how a later format keeps the earlier ones readable: docs/decisions/0007-frozen-periods.md.
"""

from __future__ import annotations

import base64
import hashlib
import typing
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np

from tracker.contribution.amounts import AMOUNTS
from tracker.errors import DomainError
from tracker.reports.amount_order import reordered
from tracker.reports.facts import FORMAT_VERSION, BoardFacts

LEVEL = 6
AMOUNT_KEYS = tuple(amount.key for amount in AMOUNTS)
Upgrade = Callable[[dict[str, Any]], dict[str, Any]]
UPGRADES: Mapping[int, Upgrade] = {}
"""Format → what makes the next one of its plain JSON. One is added with each format; none is ever removed."""


class UnreadableSnapshotError(DomainError):
    """Bytes that are no snapshot, or one of a later version of the product."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """`amounts` are the keys that the columns of the facts index, in their order when they were written."""

    format: int
    amounts: tuple[str, ...]
    facts: BoardFacts


class _Head(msgspec.Struct):
    """All that is read before it is known how to read the rest."""

    format: int


def encode(facts: BoardFacts) -> bytes:
    """The same facts give the same bytes."""
    envelope = Envelope(FORMAT_VERSION, AMOUNT_KEYS, replace(facts, snapshot_sha256=""))
    return zlib.compress(msgspec.json.encode(envelope, enc_hook=_to_plain), LEVEL)


def decode(content: bytes) -> BoardFacts:
    """The facts, with the sum of the bytes in them. Raises UnreadableSnapshotError."""
    try:
        envelope = _opened(zlib.decompress(content))
        facts = reordered(envelope.facts, envelope.amounts, AMOUNT_KEYS)
    except (zlib.error, msgspec.MsgspecError, ValueError) as error:
        raise UnreadableSnapshotError(f"Underlaget går inte att läsa: {error}.") from error
    return replace(facts, snapshot_sha256=sum_of(content))


def _opened(text: bytes) -> Envelope:
    version = msgspec.json.decode(text, type=_Head).format
    if version == FORMAT_VERSION:
        return msgspec.json.decode(text, type=Envelope, dec_hook=_from_plain)
    if version > FORMAT_VERSION:
        reason = f"Underlaget har format {version}, som hör till en senare version av Portföljkartan."
        raise UnreadableSnapshotError(reason)
    plain = msgspec.json.decode(text)
    for step in range(version, FORMAT_VERSION):
        plain = UPGRADES[step](plain)
    return msgspec.convert(plain, Envelope, dec_hook=_from_plain)


def sum_of(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _to_plain(value: object) -> object:
    if isinstance(value, np.ndarray) and value.ndim == 1 and value.dtype in (np.int64, np.bool_):
        form = "<i8" if value.dtype == np.int64 else "|b1"
        return base64.b64encode(value.astype(form).tobytes()).decode("ascii")
    raise NotImplementedError(f"a snapshot keeps no {type(value)}")


def _from_plain(kind: type, value: object) -> object:
    if typing.get_origin(kind) is np.ndarray and isinstance(value, str):
        element = typing.get_args(typing.get_args(kind)[1])[0]
        packed = base64.b64decode(value, validate=True)
        return np.frombuffer(packed, dtype="<i8" if element is np.int64 else "|b1").astype(element)
    raise NotImplementedError(f"a snapshot keeps no {kind}")
