"""Gunicorn's settings, as `portfoljkartan serve` starts it; what an installation may change it says in the environment.

Read by gunicorn as `-c python:tracker.cli.running_gunicorn`. A file of one's own can begin with
`from tracker.cli.running_gunicorn import *` and change what follows.
"""

from __future__ import annotations

import logging.config
import os
import shutil
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from config import from_environment
from tracker.web.logs import log_settings
from tracker.web.operation_settings import metrics_folder

_settings = from_environment()
_shared_memory = "/dev/shm"  # noqa: S108 - the files that gunicorn makes there have no name

wsgi_app = "tracker.wsgi:app"
bind = [f"{_settings['HOST']}:{_settings['PORT']}"]
"""Left aside when systemd hands over a socket."""
workers = _settings["WEB_CONCURRENCY"]
worker_class = "gthread"
threads = _settings["WEB_THREADS"]
"""Of each process: closing a period takes minutes, and neither stops the others nor is killed for it."""
timeout = 120
"""Of a process that stands still as a whole; with threads, no limit to a question."""
graceful_timeout = _settings["GRACEFUL_SECONDS"]
"""For what is under way when the server is asked to stop. What is cut off then is undone whole."""
keepalive = 65
"""Longer than nginx keeps a connection here (60 s), so that it is never the server that hangs up on a question."""
worker_connections = 1000
backlog = 1024
max_requests = _settings["MAX_REQUESTS"]
max_requests_jitter = max_requests // 5
limit_request_line = 8190
limit_request_fields = 60
limit_request_field_size = 8190
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""
"""Gunicorn itself believes nobody: by TRUSTED_PROXIES alone (tracker/app.py) is told who asks, how and where."""
control_socket_disable = True
worker_tmp_dir = _shared_memory if os.access(_shared_memory, os.W_OK) else None
proc_name = "portfoljkartan"

if _settings["METRICS"]:
    # Before anything counts: the library looks once.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(metrics_folder(_settings))


class QuietLogger(Logger):  # type: ignore[misc]
    """Gunicorn's own words as lines of our log; its access log is ours (tracker/web/logs.py), without addresses."""

    def setup(self, cfg: Any) -> None:
        """Also at a reload."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        logging.config.dictConfig(log_settings(_settings))

    def access(self, *_request: Any) -> None:
        """Nothing."""


logger_class = QuietLogger


def on_starting(_server: Any) -> None:
    """The numbers of the processes of a server that is no more would be added for ever."""
    if _settings["METRICS"]:
        folder = metrics_folder(_settings)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, mode=0o750)


def child_exit(_server: Any, worker: Any) -> None:
    """What a process counted stays; what it was in the midst of is over."""
    if _settings["METRICS"]:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
