"""A PostGIS of a test's own that can be stopped and started again, frozen and thawed."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.postgis import _as_owner, _programs, private_cluster


class Cluster:
    """Its URL has `{name}` for the database's name."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.data = Path(parse_qs(urlsplit(url).query)["host"][0]) / "data"

    def url_of(self, name: str) -> str:
        return self.url.format(name=name)

    def stop(self) -> None:
        """As an operator does: whoever is connected is cut off."""
        self._control("stop", "-m", "fast")

    def start(self) -> None:
        """With the settings that it had."""
        program, *options = shlex.split((self.data / "postmaster.opts").read_text("utf-8"))
        assert Path(program).name == "postgres"
        # The first two name the folder, which the control program gives by itself.
        self._control("start", "-l", str(self.data.parent / "log"), "-o", shlex.join(options[2:]))

    def freeze(self) -> None:
        """It is there and says nothing, as behind a broken network."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        main = int((self.data / "postmaster.pid").read_text("utf-8").splitlines()[0])
        children = Path(f"/proc/{main}/task/{main}/children").read_text("utf-8").split()
        for process in (main, *map(int, children)):
            os.kill(process, number)

    def _control(self, *words: str) -> None:
        command = [str(_programs() / "pg_ctl"), "-D", str(self.data), "-w", *words]
        subprocess.run(_as_owner(command), check=True, stdout=subprocess.DEVNULL)


@contextmanager
def own_cluster() -> Iterator[Cluster]:
    """Running at the start and, whatever the test did, able to be stopped at the end."""
    with private_cluster() as url:
        cluster = Cluster(url)
        try:
            yield cluster
        finally:
            if not (cluster.data / "postmaster.pid").exists():
                cluster.start()
            cluster.thaw()
