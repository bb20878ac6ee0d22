"""The folders in the system's temporary one where reports are made, and what a killed process left of them."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

CLOSING, PDF = "portfolj-", "portfoljkartan-pdf-"
"""How the names of our folders begin."""
OLD_SECONDS = 24 * 3600
"""Nothing of ours takes so long."""


@contextmanager
def working_folder(prefix: str) -> Iterator[Path]:
    """A folder that goes when the block ends; those that killed processes left are swept first."""
    sweep()
    with tempfile.TemporaryDirectory(prefix=prefix) as folder:
        yield Path(folder)


def sweep(now: float | None = None) -> list[Path]:
    """Take away what is ours by name and owner and older than a day; what went."""
    oldest = (time.time() if now is None else now) - OLD_SECONDS
    gone = []
    for prefix in (CLOSING, PDF):
        for path in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
            with suppress(OSError):
                there = path.lstat()
                # A link, or what anybody else has put there under our name, is left alone.
                if path.is_dir() and not path.is_symlink() and there.st_uid == os.getuid() and there.st_mtime < oldest:
                    shutil.rmtree(path)
                    gone.append(path)
    return gone
