"""What the share menu hands on: absolute addresses with filter and choices, and code that can be pasted."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.apps import MakeApp


def attribute(text: str, name: str) -> str:
    found = re.search(rf'{name}="([^"]*)"', text)
    assert found, name
    return unescape(found[1])


def test_the_link_is_absolute_and_holds_filter_and_choices(client: FlaskClient) -> None:
    text = client.get("/karta?kind=bostad&kind=trafik&at=2005&theme=antal-projekt&page=1&sort=slag").text
    link = attribute(text, "data-link")
    assert urlsplit(link).netloc == "localhost"
    assert parse_qs(urlsplit(link).query) == {
        "kind": ["bostad", "trafik"], "at": ["2005"], "theme": ["antal-projekt"],
    }  # fmt: skip


def test_the_public_url_goes_first(make_app: MakeApp) -> None:
    text = make_app(PUBLIC_URL="https://karta.example/p").test_client().get("/karta?q=a%26b%20%C3%A5").text
    assert attribute(text, "data-link") == "https://karta.example/p/karta?q=a%26b+%C3%A5"


def test_the_letter_holds_the_same_link(client: FlaskClient) -> None:
    text = client.get("/karta?q=a%26b%20%C3%A5&area=rinkeby&areas=1999").text
    letter, link = attribute(text, "data-letter"), attribute(text, "data-link")
    assert letter.startswith("mailto:?subject=Portf%C3%B6ljkartan%3A%20")
    # As the script writes it, which looks for the link to put the view in its place.
    body = letter.partition("&body=")[2]
    assert unquote(body).splitlines() == ["Se kartan här:", link]
    assert "&" not in body
    assert "/" not in body


def test_without_origins_the_menu_says_that_embedding_is_off(client: FlaskClient) -> None:
    text = client.get("/karta").text
    assert "Att visa kartan på andra webbplatser är inte påslaget här" in text
    assert "&lt;iframe" not in text


def test_the_code_can_be_pasted_and_nothing_breaks_out_of_it(make_app: MakeApp) -> None:
    client = make_app(EMBED_ORIGINS=("https://start.example",)).test_client()
    text = client.get("/karta?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").text
    assert "<script>alert(1)" not in text
    code = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL)[1])  # type: ignore[index]
    assert re.fullmatch(
        r'<iframe src="http://localhost/karta/inbaddad\?q=[^"<>]+" title="[^"<>]+" width="640" height="480" '
        r'loading="lazy" allowfullscreen></iframe>',
        code,
    )
    assert "Får visas på https://start.example." in text
    sizes = [unescape(one) for one in re.findall(r'<option value="(&lt;iframe[^"]*)"', text)]
    assert [re.search(r'width="([^"]+)" height="(\d+)"', one).groups() for one in sizes] == [  # type: ignore[union-attr]
        ("640", "480"), ("400", "360"), ("960", "640"), ("100%", "560"),
    ]  # fmt: skip


@pytest.mark.parametrize("origins", [("*",)])
def test_everybody_needs_no_list(make_app: MakeApp, origins: tuple[str, ...]) -> None:
    text = make_app(EMBED_ORIGINS=origins).test_client().get("/karta").text
    assert "Får visas på" not in text
    assert "&lt;iframe" in text


def test_the_print_line_of_the_page_has_day_source_and_address(client: FlaskClient) -> None:
    text = client.get("/karta?kind=bostad").text
    assert re.search(r"Utskriven \d{4}-\d\d-\d\d\. Källa: Portföljkartan", text)
    assert "http://localhost/karta?kind=bostad</span>" in text
