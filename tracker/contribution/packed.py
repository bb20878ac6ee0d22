"""Many frozen facts of one kind, of which few are objects at a time.

A hundred thousand projects with what they report are half a gigabyte of Python objects, and every writer reads them one
after another. Here they are JSON texts beside each other, in memory while they are few and in an unnamed temporary file
when they are many; each becomes an object when it is asked for.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar, overload

import msgspec
import numpy as np

from tracker.apportion import IntArray
from tracker.messages import Message

T = TypeVar("T")

SPILL_BYTES = 4_000_000
"""Texts that are longer together lie in a file."""
READ_ROWS = 256
"""So many are read at a time by whoever goes through them all."""
PIECE_BYTES = 1_000_000


class Packed(Sequence[T], Generic[T]):
    """An immutable sequence; `kind` is the dataclass of its items. Made by `pack` and `pack_texts`."""

    def __init__(self, kind: type[T], store: _Store, ends: IntArray) -> None:
        self._decoder = msgspec.json.Decoder(kind)
        self._store = store
        self._ends = ends
        self._last: tuple[int, T] | None = None

    def __len__(self) -> int:
        return int(self._ends.size)

    @overload
    def __getitem__(self, place: int) -> T: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[T, ...]: ...

    def __getitem__(self, place: int | slice) -> T | tuple[T, ...]:
        if isinstance(place, slice):
            return tuple(self[at] for at in range(*place.indices(len(self))))
        at = place + len(self) if place < 0 else place
        if not 0 <= at < len(self):
            raise IndexError(place)
        # Lines of a sheet ask for the same project several times after each other.
        last = self._last
        if last is not None and last[0] == at:
            return last[1]
        found = self._decoder.decode(self._store.read(self._start(at), int(self._ends[at])))
        self._last = (at, found)
        return found

    def __iter__(self) -> Iterator[T]:
        for first in range(0, len(self), READ_ROWS):
            base, ends = self._start(first), self._ends[first : first + READ_ROWS].tolist()
            texts, start = memoryview(self._store.read(base, ends[-1])), base
            for end in ends:
                yield self._decoder.decode(texts[start - base : end - base])
                start = end + 1

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(other) != len(self):
            return NotImplemented if not isinstance(other, Sequence) else False
        return all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def texts(self) -> Iterator[bytes]:
        """The JSON of all items with commas between them, in pieces."""
        size = int(self._ends[-1]) if len(self) else 0
        for start in range(0, size, PIECE_BYTES):
            yield self._store.read(start, min(size, start + PIECE_BYTES))

    def _start(self, at: int) -> int:
        return int(self._ends[at - 1]) + 1 if at else 0


class _Store:
    """Bytes that are written once and read anywhere, by several threads too."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._file: int | None = None

    def write(self, text: bytes) -> None:
        """Add to the end."""
        self._held += text
        if len(self._held) > (SPILL_BYTES if self._file is None else PIECE_BYTES):
            self._spill()

    def close(self) -> None:
        """Nothing more is written."""
        if self._file is not None:
            self._spill()

    def read(self, start: int, end: int) -> bytes:
        """The bytes from `start` up to `end`."""
        if self._file is None:
            return bytes(memoryview(self._held)[start:end])
        return os.pread(self._file, end - start, start)

    def _spill(self) -> None:
        if self._file is None:
            with tempfile.TemporaryFile(prefix="portfolj-") as file:
                self._file = os.dup(file.fileno())
            weakref.finalize(self, os.close, self._file)
        view = memoryview(self._held)
        while view:
            view = view[os.write(self._file, view) :]
        view.release()
        self._held = bytearray()


def batched(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The items in parts of a size, the last one shorter."""
    return (items[first : first + size] for first in range(0, len(items), size))


def pack(kind: type[T], items: Iterable[T]) -> Packed[T]:
    """Pack items, which are asked for one at a time."""
    return pack_texts(kind, map(msgspec.json.Encoder(enc_hook=_plain).encode, items))


def _plain(value: object) -> object:
    """What is kept is Swedish: a message is its text."""
    if isinstance(value, Message):
        return value.plain()
    raise NotImplementedError(f"no {type(value)} is packed")


def pack_texts(kind: type[T], texts: Iterable[bytes | msgspec.Raw]) -> Packed[T]:
    """Pack items that are JSON already."""
    store, ends, end = _Store(), array("q"), -1
    for text in texts:
        plain = bytes(text)
        store.write(plain if end < 0 else b"," + plain)
        end += 1 + len(plain)
        ends.append(end)
    store.close()
    return Packed(kind, store, np.frombuffer(ends, dtype=np.int64))
