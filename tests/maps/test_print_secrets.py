"""What a printed map tells: read as its reader does, with its text unpacked and its code decoded."""

from __future__ import annotations

import io
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from tests.exports.planted import put as put_planted
from tests.exports.planted import told, traces
from tests.maps.conftest import Write
from tests.maps.projects import RINKEBY, put, put_three, square
from tests.maps.test_print import facts_of, fetched, words_of
from tracker.accounts.roles import Role
from tracker.history.services import Actor
from tracker.projects.inputs import SecretInput
from tracker.projects.secrecy import Secret

SignIn = Callable[[Role], FlaskClient]
QUERIES = (
    "",
    "?kind=bostad",
    "?at=2005",
    "?theme=utgift-budget&theme_year=2005",
    "?theme=bostader-planerade&theme_year=2005&theme_form=cirkel",
    "?theme=antal-projekt&q=Åkern",
    "?since=2004-01-01",
    "?sized=budget&served=ja",
    "?sized=bostader",
)


@pytest.mark.parametrize("query", QUERIES)
def test_no_printed_map_tells_a_hidden_field(
    session: Session, actor: Actor, client: FlaskClient, sign_in: SignIn, query: str
) -> None:
    put_planted(session, actor)
    for reader in (client, sign_in(Role.READER)):
        data = fetched(reader, query)
        text = told(f"{words_of(data)} {facts_of(data)}".encode())
        assert [trace for trace in traces() if trace in text] == []


def test_a_hidden_place_is_on_no_sheet_but_the_controllers(write: Write, client: FlaskClient, sign_in: SignIn) -> None:
    def make(session: Session, actor: Actor) -> None:
        put_three(session, actor)
        secret = (SecretInput(Secret.GEOMETRY.value, "OSL 19 kap. 3 §"),)
        put(session, actor, "H-1", square(RINKEBY, 90), name="Gömstället", secret_fields=secret)

    write(make)
    for reader in (client, sign_in(Role.READER)):
        text = words_of(fetched(reader))
        assert "Äppelgården" in text
        assert "Gömstället" not in text
    assert "Gömstället" in words_of(fetched(sign_in(Role.CONTROLLER)))


@pytest.mark.parametrize("query", ["", "?kind=bostad&phase=planering&areas=1999", "?q=%C3%85sa+%26+%22B%22"])
def test_the_code_on_the_sheet_leads_to_the_map_that_was_printed(client: FlaskClient, query: str) -> None:
    """Read by a decoder that has nothing to do with what drew it; on wherever `zxing-cpp` is installed."""
    zxingcpp = pytest.importorskip("zxingcpp", reason="zxing-cpp läser QR-koden på utskriften; det är inte installerat")
    separator = "&" if query else "?"
    sheet = Image.open(io.BytesIO(fetched(client, f"{query}{separator}format=png"))).convert("L")
    found = zxingcpp.read_barcodes(np.asarray(sheet))
    assert len(found) == 1
    whole = urlsplit(found[0].text)
    assert (whole.scheme, whole.netloc, whole.path) == ("http", "localhost", "/karta")
    assert parse_qs(whole.query) == parse_qs(query.removeprefix("?"))
    assert client.get(f"{whole.path}?{whole.query}").status_code == 200
