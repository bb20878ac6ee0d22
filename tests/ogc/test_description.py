"""Whatever the description allows is answered as it says: never with a fault, never with something undescribed."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.ogc.conftest import Write, put_all

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
EXAMPLES = 12
OPERATIONS = (
    "getLandingPage", "getConformance", "getCollections", "getCollection", "getQueryables", "getSortables",
    "get_projects_items", "get_projects_item", "get_projects_unlocated_items", "get_areas_1999_items",
    "get_areas_1999_item",
)  # fmt: skip


def operation_named(app: Flask, name: str) -> Any:
    """An operation of the description as the service itself gives it."""
    schema = schemathesis.openapi.from_wsgi("/ogc/api?f=json", app)
    every: Any = schema.get_all_operations()
    found = (one.ok() for one in every)
    return next(one for one in found if one.definition.raw["operationId"] == name)


@pytest.mark.parametrize("name", OPERATIONS)
def test_schemathesis_finds_no_fault_and_nothing_undescribed(app: Flask, write: Write, name: str) -> None:
    write(put_all)
    operation = operation_named(app, name)
    modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
    asked = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes))

    @settings(max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=asked)
    def every(case: Any) -> None:
        case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})

    every()
