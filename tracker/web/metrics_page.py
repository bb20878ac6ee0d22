"""`/metrics`: off until METRICS_TOKEN or METRICS_NETWORKS says who may read it."""

from __future__ import annotations

import hmac
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from ipaddress import ip_address

from flask import Flask, Response, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from tracker.web.logs_requests import current_note

logger = logging.getLogger("tracker.metrics")
MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
"""The library's own variable: where processes leave their numbers. `serve` sets it."""
Readings = Mapping[str, tuple[str, Callable[[], float]]]
"""Name → what it says, and how it is read; each may fail by itself."""


def init_metrics_page(app: Flask, readings: Readings) -> None:
    """The address; `readings` are taken from the database each time it is asked."""
    app.add_url_rule("/metrics", "metrics", lambda: metrics(readings))


def metrics(readings: Readings) -> Response:
    """All numbers of all processes, to whoever may read them."""
    if not current_app.config["METRICS"]:
        return _refusal(404)
    if not _may_read():
        return _refusal(401)
    registry = CollectorRegistry()
    if os.environ.get(MULTIPROCESS):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        registry.register(_Readings(readings))
        text = generate_latest(registry)
    else:
        registry.register(_Readings(readings))
        text = generate_latest(REGISTRY) + generate_latest(registry)
    answer = Response(text, content_type=CONTENT_TYPE_LATEST)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _refusal(status: int) -> Response:
    answer = Response(f"{status}\n", status, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="metrics"'
    return answer


def _may_read() -> bool:
    return _has_token() or _is_near()


def _has_token() -> bool:
    token = current_app.config["METRICS_TOKEN"]
    kind, _space, sent = request.headers.get("Authorization", "").partition(" ")
    return bool(token) and kind.casefold() == "bearer" and hmac.compare_digest(sent.strip().encode(), token.encode())


def _is_near() -> bool:
    networks = current_app.config["METRICS_NETWORKS"]
    # Behind a proxy that nobody has told us to trust, everybody in the world has the proxy's address.
    note = current_note()
    if not networks or note is None or (note.passed_on and not current_app.config["TRUSTED_PROXIES"]):
        return False
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return False
    return any(address in network for network in networks)


class _Readings(Collector):
    """What is read when it is asked for; what cannot be read just now is left out and logged."""

    def __init__(self, readings: Readings) -> None:
        self._readings = readings

    def collect(self) -> Iterator[Metric]:
        """One gauge for each, and the version of the product."""
        for name, (said, read) in self._readings.items():
            try:
                yield GaugeMetricFamily(f"portfoljkartan_{name}", said, value=read())
            except Exception:  # the database is away: the other numbers are wanted all the more
                logger.warning("%s could not be read", name)
        build = GaugeMetricFamily("portfoljkartan_build_info", "The version that runs.", labels=("version",))
        build.add_metric((version("portfoljkartan"),), 1)
        yield build
