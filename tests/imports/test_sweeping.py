"""Old files are swept when any page is asked for, and no page fails for it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from tracker.imports import upload_views, uploads


def test_a_busy_database_leaves_the_sweeping_for_another_time(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(app.config["STATE_DIR"]) / uploads.FOLDER / ("a" * 32)
    folder.mkdir(parents=True)
    os.utime(folder, (0, 0))

    def busy(_session: object) -> NoReturn:
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    with monkeypatch.context() as patched:
        patched.setattr("tracker.imports.upload_views.begin_writing", busy)
        upload_views.forget_sweep()
        assert client.get("/projekt").status_code == 200
        assert folder.is_dir()
    upload_views.forget_sweep()
    assert client.get("/projekt").status_code == 200
    assert not folder.is_dir()
