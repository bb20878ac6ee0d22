"""Running the product in a process of its own that is killed at a chosen point, and a place for it to stand."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from tests.shell import SECRET

WAIT_SECONDS = 240


def hold(told: Connection) -> None:
    """Say that the point is reached, and stay there until told to go on."""
    told.send("here")
    told.recv()


@contextmanager
def held(target: Callable[..., None], *given: Any) -> Iterator[tuple[Any, Connection]]:
    """A process that has reached its point; killed at the end of the block unless it has ended."""
    spawn = multiprocessing.get_context("spawn")
    mine, its = spawn.Pipe()
    process = spawn.Process(target=target, args=(its, *given))
    process.start()
    its.close()
    try:
        assert mine.poll(WAIT_SECONDS)
        assert mine.recv() == "here"
        yield process, mine
    finally:
        process.kill()
        process.join()
        mine.close()


def kill_at(target: Callable[..., None], *given: Any) -> None:
    """Run until the point, and kill."""
    with held(target, *given) as (process, _pipe):
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL


@contextmanager
def small_disk(folder: Path, mebibytes: int) -> Iterator[Path]:
    """A file system of that size in `folder`; only root can make one."""
    if os.geteuid() != 0:
        pytest.skip("bara root kan göra en liten disk att fylla")
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("den här datorn låter ingen göra en liten disk att fylla")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def empty_database(backend: str, cluster: str, folder: Path, name: str) -> Iterator[str]:
    """The URL of a database without anything."""
    if backend == "sqlite":
        yield f"sqlite:///{folder / f'{name}.db'}"
        return
    admin = create_engine(cluster.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield cluster.format(name=name)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


_KILLED = """
import os, signal
from importlib import import_module

def die(*_given, **_named):
    os.kill(os.getpid(), signal.SIGKILL)

module, original, calls = import_module({module!r}), None, []
original = getattr(module, {function!r})

def stop(*given, **named):
    calls.append(1)
    if {before} and len(calls) == {time}:
        die()
    result = original(*given, **named)
    if len(calls) == {time}:
        die()
    return result

setattr(module, {function!r}, stop)
{further}
from tracker.cli import main
main()
"""


@dataclass(frozen=True, slots=True)
class Point:
    """Where a command dies: at the `time`th call of a function, before it or when it has done its work."""

    module: str
    function: str
    time: int = 1
    before: bool = False
    further: str = ""
    """Lines of Python besides, before the command begins."""

    def __str__(self) -> str:
        return f"{'före' if self.before else 'efter'} {self.module.rpartition('.')[2]}.{self.function}"


def killed_command(point: Point, *words: str, **environment: str) -> None:
    """Run the console script in a process that is killed at the point."""
    program = _KILLED.format(
        module=point.module, function=point.function, time=point.time, before=point.before, further=point.further
    )
    env = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "SECRET_KEY": SECRET} | environment
    done = subprocess.run([sys.executable, "-c", program, *words], env=env, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
