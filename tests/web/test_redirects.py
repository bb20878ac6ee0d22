"""No answer leads away from us because the question says so."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st

from tests.conftest import PASSWORD
from tracker.web.redirects import asked_next, own_address, own_or, this_address

ROOT = Path(__file__).resolve().parents[2]
OURS = "https://var.egen.se"
PIECES = ("/", "\\", "//", "%2f", "%5C", "%252f", "%09", "\t", "\n", " ", "\u200b", "\u2028", ".", "..", "@", ":", "?",
          "#", ";", "&", "elak.se", "https:", "javascript:", "data:", "projekt", "å")  # fmt: skip
"""What such addresses are made of."""
FOREIGN = ("https://elak.se", "//elak.se", "///elak.se", "\\\\elak.se", "/\\elak.se", "/\\/elak.se", "/%5celak.se",
           "/%2f/elak.se", "/%252f%252felak.se", "/%09/elak.se", "/\t/elak.se", "\t//elak.se", " //elak.se",
           "/\n/elak.se", "/%0d%0aLocation:%20//elak.se", "https:elak.se", "https:/elak.se", "javascript:alert(1)",
           "data:text/html,x", "//elak.se@var.egen.se", "/.//elak.se", "/..//elak.se", "/%2e%2e//elak.se",
           "elak.se", "", "?", "#", "/projekt/\u2028x", "/projekt/\u202exet", "/" + "a" * 5_000)  # fmt: skip
OWN = ("/", "/projekt", "/projekt?q=a%20b&area=rinkeby", "/karta#12/59.3/18.0", "/omraden/Norra Djurgården",
       "/projekt?link=https://exempel.se//x", "/projekt?q=..", "/projekt/B-1.2/redigera")  # fmt: skip


@pytest.mark.parametrize("text", OWN)
def test_a_page_of_ours_is_led_to(text: str) -> None:
    assert own_address(text) == text
    assert own_or(text, "/annan") == text


@pytest.mark.parametrize("text", [*FOREIGN, None])
def test_nowhere_else_is_led_to(text: str | None) -> None:
    assert own_address(text) is None
    assert own_or(text, "/annan") == "/annan"


def as_a_lax_browser(text: str) -> str:
    """Where a reader that turns every trick its worst way ends up; quoted signs count as if they were not."""
    for quoted, sign in (("%25", "%"), ("%2f", "/"), ("%5c", "\\"), ("%09", "\t"), ("%0a", "\n"), ("%0d", "\r")):
        text = text.replace(quoted, sign).replace(quoted.upper(), sign)
    bare = "".join(sign for sign in text.strip() if sign.isprintable())
    return urlsplit(urljoin(OURS + "/dar/man/ar", bare.replace("\\", "/"))).netloc


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=8).map("".join))
@example("/\\elak.se")
@example("/%2525252f/elak.se")
def test_whatever_is_let_through_stays_with_us(text: str) -> None:
    if own_address(text) is not None:
        assert as_a_lax_browser(text) == "var.egen.se"
        assert text.startswith("/")
        assert not {"\r", "\n", "\t", "\\"} & set(text)


@pytest.mark.parametrize("text", [one for one in FOREIGN if one])
def test_signing_in_leads_nowhere_else(client: FlaskClient, text: str) -> None:
    page = client.get("/logga-in", query_string={"next": text})
    assert page.status_code == 200
    actions = re.findall(r'<form[^>]* action="([^"]*)"', page.text)
    assert actions
    assert not any("elak" in action for action in actions)
    sent = {"email": "manager@prov.se", "password": PASSWORD, "next": text}
    answer = client.post("/logga-in", query_string={"next": text}, data=sent)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


def test_the_form_goes_before_the_address_and_the_prefix_is_kept(app: Flask) -> None:
    with app.test_request_context("/x?next=/mal", method="POST", data={"next": "/karta?q=1"}):
        assert asked_next("/annan") == "/karta?q=1"
    with app.test_request_context("/x?next=/mal", method="POST", data={"next": "//elak.se"}):
        assert asked_next("/annan") == "/mal"
    with app.test_request_context("/x?tillbaka=/mal", method="POST"):
        assert asked_next("/annan") == "/annan"
        assert asked_next("/annan", "tillbaka") == "/mal"
    with app.test_request_context("/projekt?q=å", base_url="https://staden.se/kartan/"):
        assert this_address() == "/kartan/projekt?q=å"
        assert own_address(this_address()) == this_address()


def test_below_a_prefix_signing_in_leads_back_below_it(client: FlaskClient) -> None:
    below = {"base_url": "https://staden.se/kartan/"}
    page = client.get("/projekt?kind=bostad", **below)
    assert 'href="/kartan/logga-in?next=/kartan/projekt?kind%3Dbostad"' in page.text
    refused = client.get("/projekt/ny", **below)
    assert refused.headers["Location"] == "/kartan/logga-in?next=/kartan/projekt/ny"
    sent = {"email": "manager@prov.se", "password": PASSWORD, "next": "/kartan/projekt/ny"}
    assert client.post("/logga-in", data=sent, **below).headers["Location"] == "/kartan/projekt/ny"


def test_slashes_too_many_lead_to_us(client: FlaskClient) -> None:
    """The router merges slashes by a redirect; a reader must not take what it leads to for a host."""
    for address in ("//elak.se/projekt", "//projekt", "/projekt//", "/\\elak.se", "//elak.se//..//mal"):
        answer = client.get("/", environ_overrides={"PATH_INFO": address})
        if answer.status_code in (301, 302, 307, 308):
            assert urlsplit(urljoin("http://localhost/", answer.headers["Location"])).netloc == "localhost", address
        else:
            assert answer.status_code in (200, 404), address


SAFE_CALLS = frozenset({"url_for", "own_address", "own_or", "asked_next"})
FROM_OUTSIDE = {"args", "form", "values", "json", "get_json", "data", "files", "headers", "cookies", "referrer"} | {
    "url", "full_path", "path", "base_url", "host_url", "url_root",
}  # fmt: skip


def redirects() -> Iterator[tuple[str, ast.FunctionDef, ast.Call]]:
    """Every redirect() of ours, with the function that it stands in."""
    for path in sorted((ROOT / "tracker").rglob("*.py")):
        for made in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(made, ast.FunctionDef):
                continue
            for call in ast.walk(made):
                if isinstance(call, ast.Call) and _name(call.func) == "redirect":
                    yield f"{path.relative_to(ROOT)}:{call.lineno}", made, call


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def takes_from_outside(node: ast.AST) -> bool:
    """Whether an expression reads the question itself, outside what makes an own address of it."""
    if isinstance(node, ast.Call) and _name(node.func) in SAFE_CALLS:
        return False
    if isinstance(node, ast.Attribute) and _name(node.value) == "request" and node.attr in FROM_OUTSIDE:
        return True
    return any(takes_from_outside(child) for child in ast.iter_child_nodes(node))


def _names(node: ast.AST) -> Iterator[str]:
    """The names of an expression, but for those that only fill an address of ours."""
    if isinstance(node, ast.Call) and _name(node.func) in SAFE_CALLS:
        return
    yield _name(node)
    for child in ast.iter_child_nodes(node):
        yield from _names(child)


def given_to(call: ast.Call, made: ast.FunctionDef) -> Iterator[ast.AST]:
    """What a redirect leads to: its argument, and whatever its names are set to in the same function."""
    wanted = {name for one in call.args for name in _names(one)} - {""}
    yield from call.args
    for node in ast.walk(made):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if wanted & {_name(one) for target in targets for one in ast.walk(target)}:
                yield node.value


def test_no_redirect_takes_an_address_from_the_question() -> None:
    found = [
        where for where, made, call in redirects() if any(takes_from_outside(node) for node in given_to(call, made))
    ]
    assert found == []
    assert len(list(redirects())) > 50


@pytest.mark.parametrize(
    "text",
    [
        "redirect(request.args['next'])", "redirect(request.form.get('a') or '/')", "redirect(request.referrer)",
        "x = request.args.get('n')\n  return redirect(x)", "redirect(f'/a{request.full_path}')",
    ],
)  # fmt: skip
def test_the_search_would_find_one(text: str) -> None:
    made = ast.parse(f"def view():\n  {text}").body[0]
    assert isinstance(made, ast.FunctionDef)
    call = next(one for one in ast.walk(made) if isinstance(one, ast.Call) and _name(one.func) == "redirect")
    assert any(takes_from_outside(node) for node in given_to(call, made))
