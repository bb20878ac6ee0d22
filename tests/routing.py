"""The addresses' rules, compiled once for all applications of a test run: each test has an application of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing.rules import Rule

_COMPILED: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}


def remember_rules() -> None:
    """A rule builds addresses by its words alone; compiling two hundred takes longer than most tests."""
    compile_one = Rule._compile_builder

    def once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if rule.defaults:
            return compile_one(rule, append_unknown)
        key = (rule.rule, *rule._trace, append_unknown)
        if key not in _COMPILED:
            _COMPILED[key] = compile_one(rule, append_unknown)
        return _COMPILED[key]

    Rule._compile_builder = once  # type: ignore[method-assign, assignment]
