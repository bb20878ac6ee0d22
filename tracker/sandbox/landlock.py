"""Landlock (Linux 5.13 and later): a process gives up all files but those it names, and all of TCP, for good.

The numbers are from the kernel's include/uapi/linux/landlock.h. There is no wrapper in the C library.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446
"""The system calls; the same on every processor."""
_VERSION, _PATH_BENEATH = 1, 1
_EXECUTE, _READ_FILE, _READ_DIR, _IOCTL = 1, 1 << 2, 1 << 3, 1 << 15
_RIGHTS = {(1 << 13) - 1: 1, 1 << 13: 2, 1 << 14: 3, _IOCTL: 5}
"""Rights over files, with the version that knows them; the last but one are to move between folders and to cut."""
_WITH_NET = 4
_TCP = 0b11
_NO_NEW_PRIVILEGES = 38


def version() -> int:
    """Of the kernel's Landlock; 0 where there is none."""
    if sys.platform != "linux":
        return 0
    return max(int(_libc().syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint(_VERSION))), 0)


def restrict(readable: Iterable[Path], writable: Iterable[Path]) -> bool:
    """Keep only these paths and what lies below them. False where the kernel cannot; then nothing is given up."""
    known = version()
    if not known:
        return False
    every = sum(right for right, since in _RIGHTS.items() if known >= since)
    attributes = struct.pack("=QQ", every, _TCP if known >= _WITH_NET else 0)
    size = 16 if known >= _WITH_NET else 8
    libc = _libc()
    rules = libc.syscall(_CREATE, attributes, ctypes.c_size_t(size), ctypes.c_uint(0))
    if rules < 0:
        return False
    try:
        for path in readable:
            _allow(libc, rules, path, _READ_FILE | _READ_DIR)
        for path in writable:
            _allow(libc, rules, path, every & ~(_EXECUTE | _IOCTL))
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return bool(libc.syscall(_RESTRICT, ctypes.c_int(rules), ctypes.c_uint(0)) == 0)
    finally:
        os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, path: Path, access: int) -> None:
    """A path that is not there needs no rule; a file takes no rule about folders."""
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        given = access if path.is_dir() else access & ~_READ_DIR
        rule = struct.pack("=Qi", given, opened)
        libc.syscall(_ADD, ctypes.c_int(rules), ctypes.c_int(_PATH_BENEATH), rule, ctypes.c_uint(0))
    finally:
        os.close(opened)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
