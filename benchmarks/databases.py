"""Databases to measure on: a private PostGIS, or a SpatiaLite file, filled by the product's own commands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import create_engine, text

SECRET = "only for measuring, never for use"


def environment(url: str, state: Path) -> dict[str, str]:
    """What the product reads of the environment, in a benchmark."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    # A benchmark asks more often than any program may.
    unlimited = {"API_LIMIT": "999999 per second"}
    return kept | unlimited | {
        "SECRET_KEY": SECRET, "DATABASE_URL": url, "STATE_DIR": str(state), "APP_ENV": "development",
    }  # fmt: skip


def make_database(cluster_url: str, name: str) -> str:
    """A new empty database in the cluster; returns its URL."""
    engine = create_engine(cluster_url.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return cluster_url.format(name=name)


def fill(url: str, state: Path, projects: int) -> None:
    """Migrate, seed and generate projects through the console script; then let the planner count."""
    for words in (["migrate"], ["seed"], ["demo", "--projects", str(projects)]):
        command = [sys.executable, "-c", "from tracker.cli import main; main()", *words]
        subprocess.run(command, env=environment(url, state), check=True, stdout=subprocess.DEVNULL)
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()
