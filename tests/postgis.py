"""A private PostGIS for one test run: on a socket in a folder of its own, no TCP, gone afterwards."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PORT = 54321
USER = "portfolj-test"
ROOM = 6 * 1024**3
MISSING = "PostGIS saknas: testerna körs mot båda databaserna (Debian: postgresql-15-postgis-3)."


def _programs() -> Path:
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    path = found[-1] if found else shutil.which("initdb")
    if path is None:
        raise RuntimeError(MISSING)
    return Path(path).parent


def _as_owner(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root, so root hands over to a user of the tests' own."""
    if os.geteuid() != 0:
        return command
    return ["runuser", "-u", USER, "--", *command]


def _owner_exists() -> None:
    if os.geteuid() == 0 and USER not in {entry.pw_name for entry in pwd.getpwall()}:
        subprocess.run(["useradd", "--system", "--shell", "/bin/bash", USER], check=True)


def roomy_folder() -> str:
    """Where databases that live for a test are put: in memory when there is plenty, for they are many."""
    memory = Path("/dev/shm")  # noqa: S108 - what is made in it has a name of its own
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return str(memory) if roomy else "/tmp"  # noqa: S108


@contextmanager
def private_cluster(*settings: str) -> Iterator[str]:
    """Yield a URL with `{name}` for the database's name. `settings` are those of the server ("work_mem=64MB")."""
    programs = _programs()
    _owner_exists()
    folder = Path(tempfile.mkdtemp(prefix="pk-pg-", dir=roomy_folder()))
    folder.chmod(0o755)
    data = folder / "data"
    if os.geteuid() == 0:
        shutil.chown(folder, USER)
    quick = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c jit=off -c max_wal_size=256MB"
    further = "".join(f" -c {setting}" for setting in settings)
    options = f"-k {folder} -c listen_addresses='' -p {PORT} {quick}{further}"
    initdb = [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    quiet = {"check": True, "stdout": subprocess.DEVNULL}
    subprocess.run(_as_owner([*initdb, "--locale=C.UTF-8", "--no-sync"]), **quiet)  # type: ignore[call-overload]
    start = [
        str(programs / "pg_ctl"),
        "-D",
        str(data),
        "-w",
        "-l",
        str(folder / "log"),
        "-o",
        options,
        "start",
    ]
    subprocess.run(_as_owner(start), **quiet)  # type: ignore[call-overload]
    try:
        yield f"postgresql+psycopg://postgres@/{{name}}?host={folder}&port={PORT}"
    finally:
        stop = [str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"]
        subprocess.run(_as_owner(stop), **quiet)  # type: ignore[call-overload]
        shutil.rmtree(folder, ignore_errors=True)
