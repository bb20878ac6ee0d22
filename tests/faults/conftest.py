"""What the tests of faults share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.killing import empty_database


@pytest.fixture
def empty_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of the run's kind."""
    cluster = request.getfixturevalue("cluster_url") if backend == "postgis" else ""
    with empty_database(backend, cluster, tmp_path, "tom") as url:
        yield url
