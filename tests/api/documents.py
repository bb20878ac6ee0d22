"""Documents for tests of the API."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

POINT = {"type": "Point", "coordinates": [18.06, 59.33]}


def document(code: str = "T-1", **changes: Any) -> dict[str, Any]:
    """The least that can be sent of a project."""
    least = {"code": code, "name": "Provgatan", "main_kind": "trafik", "confidential": False, "secret_fields": []}
    return least | changes


def full(code: str = "T-9") -> dict[str, Any]:
    """A project with something of everything."""
    return document(
        code,
        name="Ärvingegången & <b>Kista</b>",
        secondary_kinds=["bostad"],
        subtype="cykel",
        phase="planering",
        case_numbers=["2005-12345-67", "Dnr E2004-512-00321"],
        manager="manager@prov.se",
        deputy="controller@prov.se",
        start_decided="2005-03-01",
        end_decided="2007-10-31",
        start_forecast="2005-04-01",
        end_forecast="2008-01-15",
        description_public="Ny gång- och cykelbana.",
        description_internal="=HYPERLINK(1)",
        link="https://stad.exempel/projekt",
        city_share=87.5,
        geometry={"type": "LineString", "coordinates": [[17.94, 59.4], [17.941234567, 59.401], [17.95, 59.41]]},
        location_approximate=True,
        goals={
            "assessment": "bidrar",
            "tags": [{"goal": "G1", "weight": 3, "motivation": "Barriären byggs bort."}],
            "answers": [{"goal": "G1", "question": 1, "answer": "Ja."}],
        },
        serves=[{"area": "Kista (stadsdel)", "share": 66.67}, {"area": "Hela staden", "share": 33.33}],
        serves_motivation="De bor där.",
        volumes=[{"measure": "cykelvag-m", "year": 2006, "planned": 1200, "started": None, "completed": 0}],
        figures=[
            {"year": 2005, "outlay": {"budget": 1_250_000, "forecast": 1_300_000.5}, "income": {"budget": 0}},
            {"year": 2006, "outlay": {"forecast": 34_000_000_000}},
        ],
        decisions=[{"gate": "genomforandebeslut", "date": "2005-02-17", "body": "GFN", "outlay": 9_000_000,
                    "price_level": "2005", "paragraph": "14"}],
    )  # fmt: skip


def send(
    client: FlaskClient, method: str, code: str, sent: Any, etag: str | None = None, **further: Any
) -> TestResponse:
    """Change a project with the version that it has, or with another."""
    address = f"/api/v1/projects/{code}"
    tag = client.get(address).headers.get("ETag", "") if etag is None else etag
    headers = {"If-Match": tag} if tag else {}
    return client.open(address, method=method, json=sent, headers=headers | further.pop("headers", {}), **further)


def errors(answer: TestResponse) -> dict[str, str]:
    """Field → detail of a refusal."""
    return {one["field"]: one["detail"] for one in answer.get_json(force=True)["errors"]}
