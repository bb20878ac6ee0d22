"""The addresses' rules, compiled once for all applications of a test run: each test has an application of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing.rules import Rule

_COMPILED: dict[tuple[Any, ...], dict[str, Any]] = {}
_BUILDERS = ("_build", "_build_unknown")


def remember_rules() -> None:
    """A rule is matched and built by its words alone; compiling two hundred takes longer than most tests."""
    compile_one = Rule.compile

    def once(rule: Rule) -> None:
        if rule.defaults or rule.host or rule.subdomain or rule.map is None:
            compile_one(rule)
            return
        key = (rule.rule, rule.merge_slashes, *(rule.map.converters.values() if "<" in rule.rule else ()))
        known = _COMPILED.get(key)
        if known is None:
            compile_one(rule)
            _COMPILED[key] = _compiled(rule)
            return
        rule._parts, rule._trace, rule._converters = known["parts"], known["trace"], known["converters"]
        rule.arguments |= known["arguments"]
        for name in _BUILDERS:
            setattr(rule, name, known[name].__get__(rule, None))

    Rule.compile = once  # type: ignore[method-assign, assignment]


def _compiled(rule: Rule) -> dict[str, Any]:
    builders: dict[str, Callable[..., Any]] = {name: getattr(rule, name).__func__ for name in _BUILDERS}
    return {
        "parts": rule._parts,
        "trace": rule._trace,
        "converters": rule._converters,
        "arguments": frozenset(rule.arguments),
        **builders,
    }
