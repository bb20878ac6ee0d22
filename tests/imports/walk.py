"""Walking through the wizard with the test client."""

from __future__ import annotations

import io
import re
from html import unescape
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart


def send(client: FlaskClient, name: str, data: bytes, **more: str) -> TestResponse:
    """Upload a file. Encoded here, for the client's own way with large files leaves one of its own open."""
    boundary, body = encode_multipart({"file": FileStorage(io.BytesIO(data), name, "file"), **more})
    return client.post("/import", data=body, content_type=f"multipart/form-data; boundary={boundary}")


def send_file(client: FlaskClient, path: Path) -> str:
    """Upload a file that is good; its token."""
    return token_of(send(client, path.name, path.read_bytes()))


def token_of(answer: TestResponse) -> str:
    """The token in the address that an upload leads to."""
    found = re.fullmatch(r"/import/([\w-]{43})", answer.headers.get("Location", ""))
    assert found, (answer.status_code, text_of(answer))
    return found[1]


def text_of(answer: TestResponse) -> str:
    """What a person reads in the main part of a page, with single spaces."""
    main = re.search(r"<main.*?</main>", answer.text, re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main[0] if main else answer.text)).split())


def fields_of(answer: TestResponse, action: str = "") -> dict[str, Any]:
    """What the page's form would send as it stands: of the form with that action, else of the step's own."""
    forms = re.findall(r"<form\b([^>]*)>(.*?)</form>", re.search(r"<main.*?</main>", answer.text, re.S)[0], re.S)  # type: ignore[index]
    wanted = [inner for head, inner in forms if (f'action="{action}"' in head if action else "action=" not in head)]
    assert wanted, answer.text
    fields: dict[str, Any] = {}
    for tag in re.findall(r"<input\b[^>]*>", wanted[0]):
        kind, name, value = (_attribute(tag, one) for one in ("type", "name", "value"))
        if name and kind != "file" and (kind not in ("radio", "checkbox") or re.search(r"\schecked\b", tag)):
            fields[name] = value or ""
    for head, options in re.findall(r"<select\b([^>]*)>(.*?)</select>", wanted[0], re.S):
        chosen = re.search(r"<option\b[^>]*\sselected\b[^>]*>", options) or re.search(r"<option\b[^>]*>", options)
        fields[_attribute(head, "name") or ""] = (_attribute(chosen[0], "value") or "") if chosen else ""
    return fields


def _attribute(tag: str, name: str) -> str | None:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else None


def step(client: FlaskClient, address: str, **changes: str) -> TestResponse:
    """Send the form of a step as it is proposed, with some fields changed."""
    page = client.get(address)
    assert page.status_code == 200, text_of(page)
    return client.post(address, data=fields_of(page) | changes)


def walk_to_plan(client: FlaskClient, token: str) -> TestResponse:
    """Say yes to all that is proposed, and leave unknown words empty; the page of the plan."""
    address = f"/import/{token}"
    for _number in range(8):
        answer = client.get(address)
        if answer.status_code == 200 and address.endswith("/plan"):
            return answer
        address = answer.headers["Location"] if answer.status_code == 302 else address
        if answer.status_code == 302:
            continue
        fields = {name: "" if value == "?" else value for name, value in fields_of(answer).items()}
        answer = client.post(address, data=fields)
        assert answer.status_code == 302, text_of(answer)
        address = answer.headers["Location"]
    raise AssertionError(address)


def apply(client: FlaskClient, token: str, page: TestResponse, **changes: str) -> TestResponse:
    """Go ahead with the plan on this page."""
    return client.post(f"/import/{token}/genomfor", data=fields_of(page, f"/import/{token}/genomfor") | changes)
