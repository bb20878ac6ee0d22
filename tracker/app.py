"""The application factory: settings, extensions, blueprints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, current_app, request
from sqlalchemy import func, select
from werkzeug.middleware.proxy_fix import ProxyFix

from config import ROOT, from_environment
from tracker import schema as _schema  # noqa: F401 - every model is registered
from tracker.accounts.login import PERMISSION_MARK, can, init_accounts
from tracker.accounts.roles import Permission
from tracker.accounts.sso_client import init_sso
from tracker.accounts.token_bearing import init_tokens
from tracker.database import begin_writing, engine_options, prepare_engine
from tracker.extensions import babel, compress, csrf, db, limiter, mail
from tracker.history.revision import revision, watch_writes
from tracker.sandbox.limits import Limits, configure
from tracker.web.bounds import init_bounds
from tracker.web.content import init_templates
from tracker.web.faults import init_faults
from tracker.web.headers import init_headers
from tracker.web.language import init_language
from tracker.web.logs_requests import init_request_notes, init_request_rules
from tracker.web.reading import is_reading

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def create_app(settings: dict[str, Any] | None = None, *, pages: bool = True) -> Flask:
    """A ready application. `settings` replaces the environment, for tests.

    Without `pages`, for a command that shows none, what only they need (maps, GDAL) takes neither time nor memory.
    """
    app = Flask(
        "tracker",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(ROOT / "instance"),
    )
    app.config.from_mapping(settings if settings is not None else from_environment())
    Path(app.config["STATE_DIR"]).mkdir(parents=True, exist_ok=True)
    configure(app.config.get("IMPORT_LIMITS", Limits()))
    _init_database(app)
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops, hops)  # type: ignore[method-assign]
    init_request_rules(app)
    init_bounds(app)
    if pages:
        _init_probes(app)
    init_tokens(app)
    compress.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    mail.init_app(app)
    init_headers(app)
    init_templates(app)
    init_language(app, babel)
    setattr(app.view_functions["language.choose"], PERMISSION_MARK, Permission.VIEW_PUBLIC)
    init_faults(app)
    init_accounts(app)
    init_sso(app)
    for blueprint in _blueprints() if pages else ():
        app.register_blueprint(blueprint)
    if pages:
        _init_operation(app)
    return app


def _init_probes(app: Flask) -> None:
    """Before all that a question passes: they answer when nothing else does."""
    from tracker.web.health import init_probes

    init_probes(app)


def _init_operation(app: Flask) -> None:
    """What those who run it ask: whether it lives and can do its work, its numbers, and a line for each question."""
    from flask_migrate import Migrate

    from tracker.projects.models import Project
    from tracker.web import metrics
    from tracker.web.health import PROBES, init_health
    from tracker.web.logs import log_request
    from tracker.web.metrics_database import watch_database, watch_pool
    from tracker.web.metrics_page import Readings, init_metrics_page

    Migrate(app, db, directory=str(ROOT / "migrations"), compare_type=False)
    init_health(app, lambda: can(Permission.MANAGE_USERS))
    count = select(func.count()).select_from(Project)
    readings: Readings = {
        "register_revision": ("Grows with every save.", lambda: revision(db.session())),
        "projects": ("Projects in the register, drafts included.", lambda: db.session().scalar(count) or 0),
    }
    init_metrics_page(app, readings)
    for endpoint in PROBES:
        setattr(app.view_functions[endpoint], PERMISSION_MARK, Permission.VIEW_PUBLIC)
    with app.app_context():
        watch_database(db.engine)
        if counting := bool(app.config["METRICS"]):
            watch_pool(db.engine)
            metrics.init_metrics(app)
    begun = (metrics.begin_request,) if counting else ()
    init_request_notes(app, begun, (log_request, metrics.count_request) if counting else (log_request,))


def _blueprints() -> tuple[Blueprint, ...]:
    """Every page, imported when first asked for."""
    from tracker.accounts.sso_views import bp as sso_bp
    from tracker.accounts.token_views import bp as tokens_bp
    from tracker.api.routes import bp as api_bp
    from tracker.areas.views import bp as areas_bp
    from tracker.exports import steering_views as _steering_views  # noqa: F401 - files of assignments on exports_bp
    from tracker.exports.views import bp as exports_bp
    from tracker.followup.routes import bp as followup_bp
    from tracker.goals.views import bp as goals_bp
    from tracker.handbook.views import bp as handbook_bp
    from tracker.imports import indicator_views as _indicator_views  # noqa: F401 - files of indicators on imports_bp
    from tracker.imports.shape_views import bp as shapes_bp
    from tracker.imports.wizard_views import bp as imports_bp
    from tracker.initiatives.routes import bp as initiatives_bp
    from tracker.maps.routes import bp as maps_bp
    from tracker.measures.views import bp as measures_bp
    from tracker.ogc.routes import bp as ogc_bp
    from tracker.opendata.routes import bp as opendata_bp
    from tracker.projects import routes as _routes  # noqa: F401 - pages of projects_bp in modules of their own
    from tracker.projects.views import bp as projects_bp
    from tracker.reports.routes import bp as reports_bp
    from tracker.steering.routes import bp as steering_bp

    return (
        projects_bp, goals_bp, areas_bp, measures_bp, maps_bp, exports_bp, imports_bp, shapes_bp, followup_bp,
        initiatives_bp, steering_bp, reports_bp, opendata_bp, ogc_bp, api_bp, tokens_bp,
        sso_bp,
        handbook_bp,
    )  # fmt: skip


def _init_database(app: Flask) -> None:
    url = app.config["DATABASE_URL"]
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine, app.config["SPATIALITE_LIBRARY_PATH"])
        watch_writes(db.engine)
    app.before_request(_begin_writing_requests)


def _begin_writing_requests() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method not in SAFE_METHODS and not is_reading(view):
        begin_writing(db.session())
