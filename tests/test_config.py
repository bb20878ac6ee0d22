"""What the product refuses to start with."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config import ConfigurationError, from_environment


def test_production_is_the_default_and_wants_a_secret() -> None:
    with pytest.raises(ConfigurationError, match="SECRET_KEY"):
        from_environment({})


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="kortare"):
        from_environment({"SECRET_KEY": "kort"})


def test_development_makes_a_secret_once_and_keeps_it_private(tmp_path: Path) -> None:
    env = {"APP_ENV": "development", "STATE_DIR": str(tmp_path)}
    first = from_environment(env)["SECRET_KEY"]
    assert from_environment(env)["SECRET_KEY"] == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("env", [{"APP_ENV": "test"}, {"PORT": "åtta"}, {"WEB_CONCURRENCY": "-1"}])
def test_words_that_are_not_known_are_refused(env: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError):
        from_environment({"SECRET_KEY": "long enough for this test"} | env)


def test_https_is_forced_only_when_asked_for() -> None:
    assert from_environment({"SECRET_KEY": "x" * 20})["SESSION_COOKIE_SECURE"] is False
    assert from_environment({"SECRET_KEY": "x" * 20, "FORCE_HTTPS": "1"})["SESSION_COOKIE_SECURE"] is True


def test_letters_need_a_sender_and_one_kind_of_encryption() -> None:
    env = {"SECRET_KEY": "x" * 20, "MAIL_SERVER": "post.staden.example"}
    with pytest.raises(ConfigurationError, match="MAIL_DEFAULT_SENDER"):
        from_environment(env)
    env |= {"MAIL_DEFAULT_SENDER": "Portföljkartan <karta@staden.example>", "MAIL_USE_TLS": "1"}
    assert from_environment(env)["MAIL_PORT"] == 25
    with pytest.raises(ConfigurationError, match="Välj en av dem"):
        from_environment(env | {"MAIL_USE_SSL": "1"})


SOURCE = {"SECRET_KEY": "x" * 20, "MAP_BACKGROUND_ATTRIBUTION": "© Staden"}
TILES = "https://kartor.example/{z}/{x}/{y}.png"


def test_the_map_has_no_background_until_one_is_set() -> None:
    assert from_environment({"SECRET_KEY": "x" * 20})["MAP_BACKGROUNDS"] == ()


def test_a_background_of_tiles_or_of_a_wms() -> None:
    (tiles,) = from_environment(SOURCE | {"MAP_BACKGROUND_URL": TILES})["MAP_BACKGROUNDS"]
    assert (tiles["url"], tiles["origin"], tiles["opacity"]) == (TILES, "https://kartor.example", 60)
    wms = {"MAP_BACKGROUND_WMS": "https://kartor.example:8443/wms?nyckel=1", "MAP_BACKGROUND_LAYERS": "stadskarta"}
    (one,) = from_environment(SOURCE | wms | {"MAP_BACKGROUND_CRS": "EPSG:3011"})["MAP_BACKGROUNDS"]
    assert (one["version"], one["crs"], one["origin"]) == ("1.3.0", "EPSG:3011", "https://kartor.example:8443")


def test_servers_a_b_and_c_are_one_origin_of_the_policy() -> None:
    (tiles,) = from_environment(SOURCE | {"MAP_BACKGROUND_URL": TILES.replace("//", "//{s}.")})["MAP_BACKGROUNDS"]
    assert tiles["origin"] == "https://*.kartor.example"


@pytest.mark.parametrize(
    ("env", "reason"),
    [
        ({"MAP_BACKGROUND_LAYERS": "a"}, "varken MAP_BACKGROUND_URL eller _WMS"),
        ({"MAP_BACKGROUND_URL": TILES, "MAP_BACKGROUND_ATTRIBUTION": ""}, "attribution"),
        ({"MAP_BACKGROUND_URL": "https://kartor.example/"}, "{z}"),
        ({"MAP_BACKGROUND_URL": "ftp://kartor.example/{z}/{x}/{y}"}, "https://"),
        ({"MAP_BACKGROUND_URL": "https://a.example; script-src */{z}/{x}/{y}"}, "värdnamnet"),
        ({"MAP_BACKGROUND_URL": "https://namn:ord@a.example/{z}/{x}/{y}"}, "värdnamnet"),
        ({"MAP_BACKGROUND_URL": TILES, "MAP_BACKGROUND_WMS": "https://a.example/"}, "antingen url eller wms"),
        ({"MAP_BACKGROUND_URL": TILES, "MAP_BACKGROUND_CRS": "EPSG:3011"}, "crs"),
        ({"MAP_BACKGROUND_URL": TILES, "MAP_BACKGROUND_OPACITY": "0"}, "1–100"),
        ({"MAP_BACKGROUND_WMS": "https://a.example/"}, "layers"),
        ({"MAP_BACKGROUND_URL": TILES, "MAP_BACKGROUND_NAME": "{{7*7}}"}, "{{, {% och {#"),
        (
            {
                "MAP_BACKGROUND_WMS": "https://a.example/",
                "MAP_BACKGROUND_LAYERS": "a",
                "MAP_BACKGROUND_VERSION": "1.3",
            },
            "version",
        ),
        ({"MAP_BACKGROUNDS": "/finns/inte.toml"}, "går inte att läsa"),
    ],
)
def test_a_background_that_cannot_work_stops_the_start(env: dict[str, str], reason: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(reason)):
        from_environment(SOURCE | env)


def test_several_backgrounds_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "bakgrunder.toml"
    first = f'[[background]]\nname = "Karta"\nurl = "{TILES}"\nattribution = "© Staden"\n'
    second = '[[background]]\nname = "Flygfoto"\nwms = "https://foto.example/wms"\nlayers = "foto"\nattribution = "F"\n'
    path.write_text(first + second, encoding="utf-8")
    env = {"SECRET_KEY": "x" * 20, "MAP_BACKGROUNDS": str(path)}
    made = from_environment(env)["MAP_BACKGROUNDS"]
    assert [(one["name"], one["origin"]) for one in made] == [
        ("Karta", "https://kartor.example"),
        ("Flygfoto", "https://foto.example"),
    ]
    path.write_text(first + second + 'crs = "EPSG:3011"\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match="samma koordinatsystem"):
        from_environment(env)
    path.write_text(first + first, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="olika namn"):
        from_environment(env)
    path.write_text(first + 'farg = "blå"\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match="farg är ingen inställning"):
        from_environment(env)
    path.write_text("background = 1\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=re.escape("[[background]]")):
        from_environment(env)


def test_the_public_address_is_one() -> None:
    env = {"SECRET_KEY": "x" * 20}
    assert from_environment(env)["PUBLIC_URL"] == ""
    assert from_environment(env | {"PUBLIC_URL": "https://a.example/karta/"})["PUBLIC_URL"] == "https://a.example/karta"
    with pytest.raises(ConfigurationError, match="PUBLIC_URL"):
        from_environment(env | {"PUBLIC_URL": "portfolj.staden.se"})


def test_who_may_embed_the_map_is_a_list_of_origins_and_nobody_by_default() -> None:
    env = {"SECRET_KEY": "x" * 20}
    assert from_environment(env)["EMBED_ORIGINS"] == ()
    named = from_environment(env | {"EMBED_ORIGINS": " https://A.example  http://*.b.example:8080 https://a.example"})
    assert named["EMBED_ORIGINS"] == ("https://a.example", "http://*.b.example:8080")
    assert from_environment(env | {"EMBED_ORIGINS": "https://a.example *"})["EMBED_ORIGINS"] == ("*",)


@pytest.mark.parametrize(
    "word", ["a.example", "https://a.example/karta", "https://a.example;", "'self'", "https://", "https://*", "data:"]
)
def test_what_is_no_origin_is_refused(word: str) -> None:
    with pytest.raises(ConfigurationError, match="EMBED_ORIGINS"):
        from_environment({"SECRET_KEY": "x" * 20, "EMBED_ORIGINS": f"https://b.example {word}"})


def test_a_limit_of_prints_that_cannot_be_read_is_refused() -> None:
    env = {"SECRET_KEY": "x" * 20}
    assert from_environment(env)["PRINT_LIMIT"] == "10 per minute"
    assert from_environment(env | {"PRINT_LIMIT": "100 per hour"})["PRINT_LIMIT"] == "100 per hour"
    with pytest.raises(ConfigurationError, match="PRINT_LIMIT"):
        from_environment(env | {"PRINT_LIMIT": "ofta"})


def test_the_contact_on_public_pages_is_an_office_that_can_be_written_to() -> None:
    env = {"SECRET_KEY": "x" * 20}
    assert from_environment(env)["CONTACT_NAME"] == from_environment(env)["CONTACT_EMAIL"] == ""
    given = {
        "CONTACT_NAME": " Gatu- och fastighetskontoret ",
        "CONTACT_EMAIL": "gfk@staden.se",
        "CONTACT_PHONE": "08-1",
    }
    found = from_environment(env | given)
    assert (found["CONTACT_NAME"], found["CONTACT_EMAIL"]) == ("Gatu- och fastighetskontoret", "gfk@staden.se")
    for wrong in ("gfk", "gfk@staden", 'a"@b.se', "a b@c.se", "<a@b.se>"):
        with pytest.raises(ConfigurationError, match="CONTACT_EMAIL"):
            from_environment(env | {"CONTACT_EMAIL": wrong})
