"""Every address of the product: asked with what is there, and with what never was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

CODE = "H-1"
NEVER = "finns-inte"
KNOWN: tuple[tuple[str, dict[str, str]], ...] = (
    ("/static", {"filename": "css/site.css"}),
    ("/data/mal", {"edition": "policy-2004", "kod": "G1"}),
    ("/id/mal", {"edition": "policy-2004", "kod": "G1"}),
    ("/mal", {"edition": "policy-2004", "kod": "G1", "code": "G1"}),
    ("/id/omrade", {"edition": "1999", "kod": "rinkeby"}),
    ("/omraden", {"edition": "1999", "kod": "rinkeby"}),
    ("/matt", {"code": "bostader-hyresratt"}),
    ("/ogc", {"collection_id": "projects", "feature_id": CODE}),
    ("/uppfoljning", {"key": "2005-T1", "kod": CODE, "audience": "publik", "rule": "beror", "form": "csv"}),
    ("", {"kod": CODE, "code": CODE, "key": "2005-T1", "version": "1", "number": "1"}),
)
"""What stands in addresses below each beginning; the first that fits holds."""
ENDS = frozenset({"security.logout", "accounts.leave_everywhere"})
"""Ends who asks, and so what is asked after it."""


@dataclass(frozen=True, slots=True)
class Question:
    """One address and how it is asked."""

    method: str
    address: str
    rule: Rule

    @property
    def endpoint(self) -> str:
        return str(self.rule.endpoint)


def questions(app: Flask, *, known: bool, methods: frozenset[str] | None = None) -> Iterator[Question]:
    """Every rule with each of its methods; `known` fills it with what the planted register has."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: str(one.rule)):
        if rule.endpoint in ENDS:
            continue
        with app.test_request_context():
            address = app.url_for(str(rule.endpoint), **values_of(rule, known=known))
        for method in sorted(rule.methods or ()):
            if methods is None or method in methods:
                yield Question(method, address, rule)


def values_of(rule: Rule, *, known: bool) -> dict[str, Any]:
    """What the parts of its address are filled with."""
    filled = next(values for start, values in KNOWN if rule.rule.startswith(start)) if known else {}
    return {name: filled.get(name, _never(rule, name)) for name in rule.arguments}


def _never(rule: Rule, name: str) -> str | int:
    whole = "int" in type(rule._converters[name]).__name__.lower()
    return 987_654 if whole else NEVER
