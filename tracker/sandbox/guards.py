"""What a child gives up before it opens a foreign file, and what the program that it is forked from gives up first.

Each guard that the system lacks is named, so that the log can say it; the clock of the caller holds everywhere.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import tracker
from tracker.sandbox import landlock
from tracker.sandbox.limits import MEBIBYTE, OPEN_FILES, WRITTEN_BYTES, Limits

_DIE_WITH_PARENT, _DUMPABLE = 1, 4
_PARTS = (".shx", ".dbf", ".prj", ".cpg", ".dat", ".map", ".id", ".ind", ".mid")
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000


def leave_the_network() -> bool:
    """Move this process, of one thread, where there is no network. False where the system does not allow it."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.unshare(_NEW_NET) == 0 or libc.unshare(_NEW_USER | _NEW_NET) == 0)


def missing_guards(*, network: bool) -> list[str]:
    """The guards that this system does not have; `network` says whether it still has one."""
    found = ["nätet kan inte stängas av"] if network and landlock.version() < 4 else []
    if not landlock.version():
        found.append("Landlock saknas: läsaren når andra filer")
    if sys.platform != "linux":
        found.append("gränser för minne gäller bara på Linux")
    return found


def give_up(limits: Limits, file: Path, folder: Path) -> None:
    """Bind this process for good: memory, time, files. `folder` is the only place where it may write."""
    _bind_to_parent()
    _bound("RLIMIT_CORE", 0)
    _bound("RLIMIT_CPU", limits.seconds, then=1)
    _bound("RLIMIT_FSIZE", WRITTEN_BYTES)
    _bound("RLIMIT_NOFILE", OPEN_FILES)
    if sys.platform == "linux":
        _bound("RLIMIT_AS", _address_space() + limits.memory_mb * MEBIBYTE)
    landlock.restrict([*readable(), *_beside(file)], [folder])


def readable() -> list[Path]:
    """Where programs and their data lie: nothing of the installation's own state."""
    named = ("stdlib", "platstdlib", "purelib", "platlib")
    places = {sysconfig.get_path(one) for one in named} | {str(Path(tracker.__file__).parent)}
    places |= {os.environ[one] for one in ("PROJ_DATA", "PROJ_LIB", "GDAL_DATA") if os.environ.get(one)}
    return [Path(one) for one in (*sorted(places), "/usr/lib", "/usr/share", "/lib", "/lib64", "/dev/null")]


def _beside(file: Path) -> Iterator[Path]:
    """The file, and the parts of a Shapefile or a MapInfo table that lie beside it."""
    whole = file.resolve()
    yield whole
    for suffix in _PARTS:
        yield from (whole.with_suffix(suffix), whole.with_suffix(suffix.upper()))


def _bind_to_parent() -> None:
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    libc.prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_DUMPABLE, 0, 0, 0, 0)


def _bound(name: str, most: int, then: int = 0) -> None:
    """A limit that cannot be raised again. A system that lacks it, or already has a lower one, keeps what it has.

    `then` is how much later the hard limit comes: that of the processor kills without a word, the soft one tells.
    """
    import resource

    which = getattr(resource, name, None)
    if which is None:
        return
    hard = resource.getrlimit(which)[1]
    last = most + then if hard == resource.RLIM_INFINITY else min(most + then, hard)
    try:
        resource.setrlimit(which, (min(most, last), last))
    except (ValueError, OSError):
        return


def _address_space() -> int:
    """What this process takes already, in bytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")
