"""The measures in English: groups, kinds and refusals; what is stored and logged stays Swedish."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.english import in_english
from tests.measures.test_measures import NEW
from tracker.accounts.roles import Role
from tracker.measures.models import MainKind, Measure, MeasureGroup

SignIn = Callable[[Role], FlaskClient]


def test_the_table_and_the_choices_are_english(session: Session, sign_in: SignIn) -> None:
    browser = in_english(sign_in(Role.ADMIN))
    page = browser.get("/matt").text
    assert 'id="gang-och-cykel-grupp">Walking and cycling</th>' in page
    assert 'id="ytor-grupp">Floor area</th>' in page
    assert "</span>Traffic</span>" in page
    form = browser.get("/matt/nytt").text
    assert '<option value="bostad">Housing</option>' in form
    assert '<option value="gang-och-cykel">Walking and cycling</option>' in form
    assert browser.post("/matt/nytt", data=NEW).status_code == 302
    stored = session.execute(
        select(Measure.name_sv, Measure.group, Measure.kind).where(Measure.code == NEW["code"])
    ).one()
    assert tuple(stored) == ("Cykelparkeringar", MeasureGroup.CYCLE, MainKind.TRAFFIC)
    assert (MeasureGroup.CYCLE.label, MainKind.HOUSING.label_plural) == ("Gång och cykel", "Bostäder")


def test_a_refusal_is_english(sign_in: SignIn) -> None:
    browser = in_english(sign_in(Role.ADMIN))
    answer = browser.post("/matt/nytt", data=NEW | {"code": "cykelvag-m", "group": "annat"})
    assert (answer.status_code, "Not a valid choice." in answer.text) == (422, True)
    answer = browser.post("/matt/nytt", data=NEW | {"code": "cykelvag-m"})
    assert "The code cykelvag-m is already used by another measure." in answer.text
    page = browser.get("/matt/finns-inte")
    assert (page.status_code, "There is no measure with the code finns-inte." in page.text) == (404, True)
    unspecified = {"name_sv": "Bostäder", "unit": "st"}
    answer = browser.post("/matt/bostader-ospecificerade", data=unspecified)
    assert "The import of projects uses this measure. It cannot be taken out of use." in answer.text
