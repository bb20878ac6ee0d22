"""The facts of a period as bytes that are read for ever, and back to the same facts.

JSON packed with zlib: it names its fields, so that a later version of the product knows what it meets, and whoever has
no product at all can read it with two lines of any language. Arrays are base64 of little-endian whole numbers. Why, and
how a later format keeps the earlier ones readable: docs/decisions/0007-frozen-periods.md.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import typing
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, replace
from typing import Any, TypeVar

import msgspec
import numpy as np

from tracker.contribution.amounts import AMOUNTS
from tracker.contribution.material import Material
from tracker.contribution.packed import Packed, pack_texts
from tracker.errors import DomainError
from tracker.messages import Message, message
from tracker.reports.amount_order import reordered
from tracker.reports.facts import FORMAT_VERSION, BoardFacts, EarlierPeriod

LEVEL = 6
AMOUNT_KEYS = tuple(amount.key for amount in AMOUNTS)
Kept = TypeVar("Kept", BoardFacts, EarlierPeriod, Material)
Upgrade = Callable[[dict[str, Any]], dict[str, Any]]
UPGRADES: Mapping[int, Upgrade] = {}
"""Format → what makes the next one of its plain JSON. One is added with each format; none is ever removed."""


class UnreadableSnapshotError(DomainError):
    """Bytes that are no snapshot, or one of a later version of the product."""


class _Head(msgspec.Struct):
    """All that is read before it is known how to read the rest."""

    format: int


class _Envelope(msgspec.Struct):
    """`amounts` are the keys that the columns of the facts index, in their order when they were written."""

    amounts: tuple[str, ...]
    facts: msgspec.Raw


def encode(facts: BoardFacts) -> bytes:
    """The same facts give the same bytes. What is packed goes in as it is, a piece at a time."""
    packed: list[Packed[Any]] = []
    mark = f"<{secrets.token_hex(16)}>"

    def to_plain(value: object) -> object:
        if isinstance(value, Packed):
            packed.append(value)
            return mark
        if isinstance(value, Message):
            return value.plain()
        return _to_plain(value)

    envelope = {"format": FORMAT_VERSION, "amounts": AMOUNT_KEYS, "facts": replace(facts, snapshot_sha256="")}
    first, *rest = msgspec.json.encode(envelope, enc_hook=to_plain).split(f'"{mark}"'.encode())
    packer = zlib.compressobj(LEVEL)
    found = [packer.compress(first)]
    for rows, text in zip(packed, rest, strict=True):
        found += [packer.compress(piece) for piece in (b"[", *rows.texts(), b"]", text)]
    return b"".join((*found, packer.flush()))


def decode(content: bytes) -> BoardFacts:
    """The facts, with the sum of the bytes in them. Raises UnreadableSnapshotError."""
    try:
        facts = _opened(zlib.decompress(content))
    except (zlib.error, msgspec.MsgspecError, ValueError) as error:
        raise UnreadableSnapshotError(message("Underlaget går inte att läsa: %(why)s.", why=str(error))) from error
    return replace(facts, snapshot_sha256=sum_of(content))


def _opened(text: bytes) -> BoardFacts:
    version = msgspec.json.decode(text, type=_Head).format
    if version > FORMAT_VERSION:
        reason = message(
            "Underlaget har format %(version)s, som hör till en senare version av Portföljkartan.", version=version
        )
        raise UnreadableSnapshotError(reason)
    if version < FORMAT_VERSION:
        plain = msgspec.json.decode(text)
        for step in range(version, FORMAT_VERSION):
            plain = UPGRADES[step](plain)
        text = msgspec.json.encode(plain)
    envelope = msgspec.json.decode(text, type=_Envelope)
    return reordered(_read(BoardFacts, envelope.facts), envelope.amounts, AMOUNT_KEYS)


def _read(kind: type[Kept], text: msgspec.Raw) -> Kept:
    """A dataclass whose projects, of which there may be very many, are packed and not made objects at once."""
    given = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    hints = typing.get_type_hints(kind)
    required = {one.name for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING}
    if lost := required - given.keys():
        raise ValueError(f"a snapshot lacks {sorted(lost)}")
    return kind(**{name: _field(hints[name], given[name]) for name in hints.keys() & given.keys()})


def _field(kind: Any, text: msgspec.Raw) -> Any:
    if kind is Material:
        return _read(Material, text)
    if kind == tuple[EarlierPeriod, ...]:
        return tuple(_read(EarlierPeriod, one) for one in msgspec.json.decode(text, type=list[msgspec.Raw]))
    if typing.get_origin(kind) is Sequence:
        return pack_texts(typing.get_args(kind)[0], _checked(typing.get_args(kind)[0], text))
    return msgspec.json.decode(text, type=kind, dec_hook=_from_plain)


def _checked(kind: type, text: msgspec.Raw) -> Iterator[bytes]:
    """The JSON of each item of a list, which has been read once: what is wrong is found here, and not in a writer."""
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(kind)
    for one in msgspec.json.decode(text, type=list[msgspec.Raw]):
        decoder.decode(one)
        yield bytes(one)


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
