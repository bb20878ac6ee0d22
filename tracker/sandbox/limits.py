"""How much a foreign file may take. Set once for the process; what is not set is what the README says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.errors import ConfigurationError

MEBIBYTE = 2**20
WRITTEN_BYTES = 512 * MEBIBYTE
"""Of one file that a child may write: the largest that an archive may hold."""
OPEN_FILES = 64
LEAST_MEMORY_MB, LEAST_SECONDS = 128, 5


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one file: address space beyond what the readers themselves take, and seconds of processor and of clock."""

    memory_mb: int = 1024
    seconds: int = 60

    @property
    def answer_bytes(self) -> int:
        """What a child may answer. It holds the file, the cells and the answer at once, so an honest one has less."""
        return self.memory_mb * MEBIBYTE // 4


class _Current:
    limits = Limits()


def configure(limits: Limits) -> None:
    """Let these hold for every file that this process reads from now on."""
    _Current.limits = limits


def current() -> Limits:
    """What holds now."""
    return _Current.limits


def limits_from(env: Mapping[str, str]) -> Limits:
    """IMPORT_MEMORY_MB and IMPORT_SECONDS. Raises ConfigurationError in Swedish."""
    usual = Limits()
    return Limits(
        _at_least(env, "IMPORT_MEMORY_MB", LEAST_MEMORY_MB, usual.memory_mb),
        _at_least(env, "IMPORT_SECONDS", LEAST_SECONDS, usual.seconds),
    )


def _at_least(env: Mapping[str, str], name: str, least: int, usual: int) -> int:
    text = env.get(name) or str(usual)
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text) >= least):
        raise ConfigurationError(f"{name} är {text!r} men ska vara ett heltal från {least}.")
    return int(text)
