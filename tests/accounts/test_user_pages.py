"""Everybody's accounts: found, invited, changed, closed; never the last one that can manage them."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.accounts.coding import MANAGER
from tests.accounts.conftest import BASE, Login
from tests.conftest import PASSWORD
from tests.mail_servers import Post
from tracker.accounts.account_history import list_notes
from tracker.accounts.links import LinkKind
from tracker.accounts.models import User
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.accounts.services import create_user
from tracker.extensions import db
from tracker.history.services import Actor

SignIn = Callable[[Role], FlaskClient]
Letters = Callable[[], list[EmailMessage]]
LINK = re.compile(r'value="(https?://[^"]*/valj-losenord/[^"]+)"')
NEW = {"name": "Åsa Öberg", "email": "Asa.Oberg@Staden.se", "role": "controller"}
WORD = "hästen åt upp läxan"


def user_of(session: Session, email: str) -> User:
    db.session.rollback()
    user = find_user(session, email)
    assert user is not None
    return user


def page_of(session: Session, email: str) -> str:
    return f"/anvandare/{user_of(session, email).id}"


def path(address: str) -> str:
    return "/" + address.split("/", 3)[3].removeprefix("karta/")


def choose(app: Flask, address: str, word: str = WORD) -> bool:
    """Follow a link as its person does; whether a password could be chosen."""
    person = app.test_client()
    onward = person.get(path(address)).headers["Location"]
    return person.post(onward, data={"password": word, "password_confirm": word}).headers.get("Location") == "/logga-in"


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]+>([^<]+)</a>', page)


def test_the_list_and_its_search(session: Session, sign_in: SignIn, log_in: Login) -> None:
    log_in()
    admin = sign_in(Role.ADMIN)
    assert names(admin.get("/anvandare").text) == [
        "Administratör Prov", "Controller Prov", "Läsare Prov", "Projektledare Prov",
    ]  # fmt: skip
    assert names(admin.get("/anvandare?sok=PROJEKT+prov").text) == ["Projektledare Prov"]
    assert names(admin.get("/anvandare?sok=reader@").text) == ["Läsare Prov"]
    assert names(admin.get("/anvandare?roll=admin").text) == ["Administratör Prov"]
    assert names(admin.get("/anvandare?lage=stangt").text) == []
    assert names(admin.get("/anvandare?roll=skräp&lage=skräp&page=x").text) != []
    assert "Inget konto stämmer" in admin.get("/anvandare?sok=zzz").text
    assert re.search(r"Senast inloggad\">\d{4}-\d\d-\d\d", admin.get("/anvandare?sok=manager").text)


def test_an_invitation_by_letter(app: Flask, session: Session, sign_in: SignIn, letters: Letters) -> None:
    answer = sign_in(Role.ADMIN).post("/anvandare/ny", data=NEW | {"way": "brev"})
    assert answer.headers["Location"] == page_of(session, "asa.oberg@staden.se")
    (letter,) = letters()
    said = letter.get_content()
    assert "Administratör Prov har gett dig ett konto" in said
    found = re.search(rf"{BASE}/valj-losenord/\S+", said)
    assert found is not None
    assert choose(app, found[0])
    assert not choose(app, found[0], "en annan lång text")
    person = app.test_client()
    assert person.post("/logga-in", data={"email": "asa.oberg@staden.se", "password": WORD}).status_code == 302
    user = user_of(session, "asa.oberg@staden.se")
    assert ([role.name for role in user.roles], user.name) == (["controller"], "Åsa Öberg")
    entry = list_notes(session, user)[-1]
    assert (entry.note, entry.actor_name) == ("Skapade kontot", "Administratör Prov")
    assert entry.changes["role"] == [None, "controller"]


def test_an_invitation_to_hand_over_is_shown_once(app: Flask, session: Session, sign_in: SignIn) -> None:
    admin = sign_in(Role.ADMIN)
    answer = admin.post("/anvandare/ny", data=NEW | {"way": "lank"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    (address,) = LINK.findall(answer.text)
    assert LINK.findall(admin.get(page_of(session, "asa.oberg@staden.se")).text) == []
    assert "Inbjudet" in admin.get("/anvandare?sok=asa").text
    assert choose(app, address)


def test_a_letter_that_does_not_go_shows_the_link_instead(session: Session, sign_in: SignIn, post: Post) -> None:
    post.refused.add("asa.oberg@staden.se")
    answer = sign_in(Role.ADMIN).post("/anvandare/ny", data=NEW | {"way": "brev"})
    assert "kunde inte skickas" in answer.text
    assert len(LINK.findall(answer.text)) == 1
    assert LINK.findall(answer.text)[0].startswith(BASE)


def test_an_old_invitation_opens_nothing(
    app: Flask, session: Session, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = sign_in(Role.ADMIN).post("/anvandare/ny", data=NEW | {"way": "lank"})
    monkeypatch.setattr(LinkKind, "lifetime", property(lambda _kind: timedelta(seconds=-1)))
    assert not choose(app, LINK.findall(answer.text)[0])


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"email": "ingen adress"}, "ingen e-postadress"),
        ({"email": MANAGER}, "finns redan"),
        ({"email": MANAGER.upper()}, "finns redan"),
        ({"name": ""}, "Skriv ett namn"),
        ({"role": "kung"}, ""),
    ],
)
def test_a_bad_invitation_makes_nobody(session: Session, sign_in: SignIn, data: dict[str, str], told: str) -> None:
    answer = sign_in(Role.ADMIN).post("/anvandare/ny", data=NEW | {"way": "lank"} | data)
    assert answer.status_code == 422
    assert told in answer.text
    db.session.rollback()
    assert session.scalar(select(func.count()).select_from(User)) == 4


def test_another_role_name_and_address(
    session: Session, sign_in: SignIn, log_in: Login, letters: Letters
) -> None:  # fmt: skip
    person, page = log_in(), page_of(session, MANAGER)
    data = {"name": "Bo Ek", "email": "bo.ek@staden.se", "role": "controller"}
    assert sign_in(Role.ADMIN).post(page, data=data).headers["Location"] == page
    user = user_of(session, "bo.ek@staden.se")
    assert ([role.name for role in user.roles], user.name) == (["controller"], "Bo Ek")
    assert "Projektledare Prov" not in person.get("/").text
    (letter,) = letters()
    assert MANAGER in letter["To"]
    assert "bo.ek@staden.se" in letter.get_content()
    changes = {entry.note: entry.changes for entry in list_notes(session, user)}
    assert changes == {
        "Ändrade namn": {"name": ["Projektledare Prov", "Bo Ek"]},
        "Ändrade e-postadress": {"email": [MANAGER, "bo.ek@staden.se"]},
        "Ändrade roll": {"role": ["manager", "controller"]},
    }


def test_saving_the_same_changes_nothing_and_signs_nobody_out(session: Session, sign_in: SignIn, log_in: Login) -> None:
    person, page = log_in(), page_of(session, MANAGER)
    sign_in(Role.ADMIN).post(page, data={"name": "Projektledare Prov", "email": MANAGER, "role": "manager"})
    assert "Projektledare Prov" in person.get("/").text
    assert list_notes(session, user_of(session, MANAGER)) == []


def test_closing_and_opening_again(app: Flask, session: Session, sign_in: SignIn, log_in: Login) -> None:
    person, page, admin = log_in(), page_of(session, MANAGER), sign_in(Role.ADMIN)
    admin.post(f"{page}/stang")
    assert "Projektledare Prov" not in person.get("/").text
    assert app.test_client().post("/logga-in", data={"email": MANAGER, "password": PASSWORD}).status_code == 200
    assert names(admin.get("/anvandare?lage=stangt").text) == ["Projektledare Prov"]
    assert "Öppna det först" in admin.post(f"{page}/lank", data={"way": "lank"}, follow_redirects=True).text
    admin.post(f"{page}/oppna")
    log_in()
    notes = [entry.note for entry in list_notes(session, user_of(session, MANAGER))]
    assert notes == ["Öppnade kontot igen", "Stängde kontot"]


def test_signing_somebody_out_ends_links_too(app: Flask, session: Session, sign_in: SignIn, log_in: Login) -> None:
    person, page, admin = log_in(), page_of(session, MANAGER), sign_in(Role.ADMIN)
    (address,) = LINK.findall(admin.post(f"{page}/lank", data={"way": "lank"}).text)
    admin.post(f"{page}/logga-ut")
    assert "Projektledare Prov" not in person.get("/").text
    assert not choose(app, address)


def test_a_link_to_a_new_password_leaves_the_old_one_until_it_is_used(
    app: Flask, session: Session, sign_in: SignIn, log_in: Login
) -> None:
    page = page_of(session, MANAGER)
    (address,) = LINK.findall(sign_in(Role.ADMIN).post(f"{page}/lank", data={"way": "lank"}).text)
    log_in()
    assert choose(app, address)
    log_in(password=WORD)


def test_a_lost_second_factor_is_turned_off_and_told(
    app: Flask, session: Session, sign_in: SignIn, letters: Letters, log_in: Login
) -> None:
    user, page = user_of(session, MANAGER), page_of(session, MANAGER)
    user = user_of(session, MANAGER)
    user.tf_primary_method, user.tf_totp_secret, user.mf_recovery_codes = "authenticator", "x", ["a"]
    session.commit()
    sign_in(Role.ADMIN).post(f"{page}/kod-av")
    user = user_of(session, MANAGER)
    assert (user.tf_totp_secret, user.tf_primary_method, user.mf_recovery_codes) == (None, None, [])
    assert "En administratör har stängt av inloggning med kod" in letters()[0].get_content()
    log_in()
    assert list_notes(session, user_of(session, MANAGER))[0].actor_name == "Administratör Prov"


@pytest.mark.parametrize("invited", [False, True])
def test_the_last_administrator_stays(session: Session, sign_in: SignIn, actor: Actor, invited: bool) -> None:
    """Somebody who was invited and has not chosen a password yet cannot come in, and does not count."""
    if invited:
        create_user(session, "ny@prov.se", "Ny", Role.ADMIN, None, actor=actor)
        session.commit()
    page, admin = page_of(session, "admin@prov.se"), sign_in(Role.ADMIN)
    said = admin.post(f"{page}/stang", follow_redirects=True).text
    assert "enda öppna kontot" in said or "enda öppna konto" in said
    data = {"name": "Administratör Prov", "email": "admin@prov.se", "role": "reader"}
    answer = admin.post(page, data=data)
    assert (answer.status_code, "enda öppna konto" in answer.text) == (422, True)
    user = user_of(session, "admin@prov.se")
    assert (user.active, [role.name for role in user.roles]) == (True, ["admin"])


def test_two_administrators_cannot_put_each_other_out_at_once(
    app: Flask, session: Session, sign_in: SignIn, log_in: Login
) -> None:
    create_user(session, "andra@prov.se", "Andra", Role.ADMIN, PASSWORD)
    session.commit()
    first, second = sign_in(Role.ADMIN), log_in("andra@prov.se")
    pages = [page_of(session, "andra@prov.se"), page_of(session, "admin@prov.se")]
    db.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda pair: pair[0].post(f"{pair[1]}/stang"), zip((first, second), pages, strict=True)))
    open_ones = [user_of(session, email).active for email in ("admin@prov.se", "andra@prov.se")]
    assert sorted(open_ones) == [False, True]


def test_an_account_that_is_not_there(sign_in: SignIn) -> None:
    admin = sign_in(Role.ADMIN)
    assert admin.get("/anvandare/4711").status_code == 404
    assert admin.post("/anvandare/4711/stang").status_code == 404


def test_markup_in_a_name_is_text(session: Session, sign_in: SignIn) -> None:
    name = "<img src=x onerror=alert(1)>"
    admin = sign_in(Role.ADMIN)
    admin.post(page_of(session, MANAGER), data={"name": name, "email": MANAGER, "role": "manager"})
    for address in ("/anvandare", page_of(session, MANAGER)):
        assert name not in admin.get(address).text
