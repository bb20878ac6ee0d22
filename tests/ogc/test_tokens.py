"""A token widens what is seen to what its owner may see, and never what anybody else gets."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.bearing import bearing
from tests.ogc.conftest import LOCATED, Write, codes, put_all
from tracker.accounts.roles import Role
from tracker.accounts.token_rules import TokenScope
from tracker.maps.data_views import map_keeper

ADDRESS = "/ogc/collections/projects/items"
DATED = f"{ADDRESS}?filter=start IS NOT NULL"


@pytest.mark.parametrize(
    ("role", "more", "dated"), [(Role.READER, ["U-1"], []), (Role.CONTROLLER, ["G-1", "H-1", "U-1"], ["Y-2"])]
)
def test_a_token_widens_what_is_seen(
    app: Flask, write: Write, client: FlaskClient, role: Role, more: list[str], dated: list[str]
) -> None:
    write(put_all)
    with app.app_context():
        map_keeper().read()
    holder = bearing(app, role, [TokenScope.READ])
    found = holder.get(ADDRESS)
    assert codes(json.loads(found.data)) == sorted([*LOCATED, *more])
    assert found.cache_control.private
    assert not found.cache_control.public
    assert codes(json.loads(holder.get(DATED).data)) == sorted(["P-1", "Y-1", "Y-3", *dated])
    everybody = client.get(ADDRESS, headers={"If-None-Match": found.headers["ETag"]})
    assert everybody.status_code == 200
    assert codes(json.loads(everybody.data)) == LOCATED


def test_a_token_that_is_none_is_refused(write: Write, client: FlaskClient) -> None:
    write(put_all)
    answer = client.get(ADDRESS, headers={"Authorization": "Bearer hittepå"})
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
