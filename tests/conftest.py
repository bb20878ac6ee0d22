"""Fixtures: every test that touches a database runs on SpatiaLite and on PostGIS.

A template database of each kind is migrated and seeded once; each test gets a copy of its own.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flask_migrate
import psycopg
import pytest
from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, column, delete, table
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.apps import app_at as app_at
from tests.apps import close_app, make_settings
from tests.apps import make_app as make_app
from tests.connections import none_left_open
from tests.postgis import private_cluster, roomy_folder
from tests.routing import remember_rules
from tests.statements import remember_statements
from tracker.accounts.models import User
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.accounts.services import create_user
from tracker.app import create_app
from tracker.cli.seeding import seed_catalogues
from tracker.extensions import db
from tracker.history.models import Origin
from tracker.history.services import Actor

BACKENDS = ("sqlite", "postgis")
PASSWORD = "ett långt lösenord"
NOW = datetime(2005, 5, 2, 8, 30, tzinfo=UTC)
KEPT_SYSTEMS = (0, -1, *range(3006, 3019), 3857, 4326)
_numbers = itertools.count(1)

remember_rules()
remember_statements()
# No test depends on how fast a machine is; each example of a property starts from the same fixtures. A run gives the
# same everywhere, since its examples are the same; WANDER=1 looks for others.
settings.register_profile(
    "any-machine",
    deadline=None,
    derandomize="WANDER" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("any-machine")


def _fill_template(url: str, state: Path) -> None:
    app = create_app(make_settings(url, state))
    with app.app_context():
        flask_migrate.upgrade()
        seed_catalogues(db.session())
        for role in Role:
            create_user(db.session(), f"{role.value}@prov.se", f"{role.label} Prov", role, PASSWORD)
        db.session.commit()
        db.engine.dispose()
        _shrink(db.engine)


def _shrink(engine: Engine) -> None:
    """A copy is made for every test: most of a fresh database is coordinate systems that nobody here asks about."""
    lite = engine.dialect.name == "sqlite"
    with engine.begin() as connection:
        for name in ["spatial_ref_sys_aux", "spatial_ref_sys"][0 if lite else 1 :]:
            systems = table(name, column("srid"))
            connection.execute(delete(systems).where(systems.c.srid.not_in(KEPT_SYSTEMS)))
    # Outside every transaction, which both our engine and psycopg would begin.
    raw = engine.raw_connection()
    if not lite:
        setattr(raw.driver_connection, "autocommit", True)  # noqa: B010 - psycopg's, behind a wider type
    raw.cursor().execute("VACUUM" if lite else "VACUUM FULL")
    raw.close()
    engine.dispose()


@pytest.fixture(autouse=True)
def connections_closed() -> Iterator[None]:
    """A test closes what it connected; it is set up before all others, and so looks after them."""
    with none_left_open():
        yield


@pytest.fixture(scope="session")
def cluster_url() -> Iterator[str]:
    """The URL of the run's PostGIS, with `{name}` for the database."""
    with private_cluster() as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated and seeded SpatiaLite file."""
    folder = tmp_path_factory.mktemp("template")
    path = folder / "template.db"
    _fill_template(f"sqlite:///{path}", folder)
    # WAL leaves the newest pages in a file beside it until a checkpoint; the last close has made one.
    assert not path.with_name("template.db-wal").exists()
    return path


@pytest.fixture(scope="session")
def on_cluster(cluster_url: str) -> Iterator[Callable[[str], object]]:
    """Run a statement beside every database; by a connection that lives as long as the run."""
    address = cluster_url.format(name="postgres").replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        yield lambda statement: connection.execute(statement.encode())


@pytest.fixture(scope="session")
def postgis_template(
    cluster_url: str, on_cluster: Callable[[str], object], tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The name of a migrated and seeded PostGIS database."""
    on_cluster("CREATE DATABASE template_pk")
    _fill_template(cluster_url.format(name="template_pk"), tmp_path_factory.mktemp("state"))
    return "template_pk"


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of database of this run of the test."""
    return str(request.param)


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A seeded database of the test's own."""
    if backend == "sqlite":
        with tempfile.TemporaryDirectory(prefix="pk-db-", dir=roomy_folder()) as folder:
            path = Path(folder) / "test.db"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            yield f"sqlite:///{path}"
        return
    template, on_cluster = request.getfixturevalue("postgis_template"), request.getfixturevalue("on_cluster")
    name = f"test_{next(_numbers)}"
    on_cluster(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield request.getfixturevalue("cluster_url").format(name=name)
    on_cluster(f"DROP DATABASE {name} WITH (FORCE)")


class Browser(FlaskClient):
    """A client whose requests do not inherit who was signed in: a test's own app context outlives them."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if has_app_context():
            g.pop("_login_user", None)
        return super().open(*args, **kwargs)


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Every test has an application of its own; the pages are the same."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(database_url: str, tmp_path: Path, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """An application on that database."""
    app = create_app(make_settings(database_url, tmp_path))
    app.jinja_env.bytecode_cache = compiled_templates
    app.test_client_class = Browser
    yield app
    close_app(app)


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session inside an application context."""
    with app.app_context():
        yield db.session()
        db.session.rollback()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a login."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Role], FlaskClient]:
    """Make a browser that is signed in with a role (the accounts are in the template database)."""

    def as_role(role: Role) -> FlaskClient:
        browser = app.test_client()
        with app.app_context():
            user = find_user(db.session(), f"{role.value}@prov.se")
            assert isinstance(user, User)
            mark = user.fs_uniquifier
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = mark
            cookie["_fresh"] = True
        return browser

    return as_role


@pytest.fixture
def actor() -> Actor:
    """Who does things in tests of services."""
    return Actor(name="Prov", origin=Origin.COMMAND, at=NOW)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The example files beside the checkout; a test that needs them is skipped where they are not."""
    folder = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("exempelfilerna (../shared/data) finns inte bredvid projektet")
    return folder
