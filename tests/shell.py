"""Running the console script in a process of its own, forked from one that has imported it already.

Starting Python and importing everything takes seconds, and hundreds of tests run a command. A process forked from the
server is as separate as a started one: its own environment, exit code, standard streams and database connections.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import CompletedProcess

SECRET = "a secret that is long enough"
_CONTEXT = multiprocessing.get_context("forkserver")
PAGES = ("tracker.maps.routes", "tracker.ogc.routes", "tracker.api.routes", "tracker.imports.wizard_views")
"""What an application imports when it is made."""
_CONTEXT.set_forkserver_preload(["tracker.cli", "tracker.app", *PAGES, "tests.shell"])


def run(*words: str, **environment: str) -> CompletedProcess[str]:
    """Run a command with nothing of this process's environment but what is said."""
    env = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "SECRET_KEY": SECRET} | environment
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        process = _CONTEXT.Process(target=_command, args=(words, env, str(out), str(err)))
        process.start()
        process.join()
        code = process.exitcode
        process.close()
        assert code is not None
        return CompletedProcess(list(words), code, out.read_text("utf-8"), err.read_text("utf-8"))


def _command(words: Sequence[str], env: Mapping[str, str], out: str, err: str) -> None:
    """In the process: take the environment and streams that a shell would have given, and be the console script."""
    os.environ.clear()
    os.environ.update(env)
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - the process's own streams, open to its end
    for name, path in (("stdout", out), ("stderr", err)):
        setattr(sys, name, open(path, "w", encoding="utf-8"))  # noqa: SIM115
        os.dup2(getattr(sys, name).fileno(), {"stdout": 1, "stderr": 2}[name])
    sys.argv = ["portfoljkartan", *words]
    from tracker.cli import main

    main()
