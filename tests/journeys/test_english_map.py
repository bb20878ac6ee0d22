"""The map in English in a real browser: filter, year, theme, popup and place, and no Swedish word in any panel."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.maps.conftest import Write
from tests.maps.conftest import write as write  # a fixture for these tests as well
from tests.maps.projects import RINKEBY, put, put_three, square
from tests.maps.theme_portfolio import put_portfolio
from tracker.areas.models import Area, AreaSet
from tracker.extensions import db
from tracker.goals.models import Goal, GoalSet
from tracker.history.services import Actor
from tracker.projects.models import Project

pytestmark = pytest.mark.browser
TEXTS = """() => {
  const said = [];
  const main = document.querySelector("main");
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const silent = node.nodeType !== Node.TEXT_NODE || node.parentElement.closest("script, style, noscript");
    if (!silent) said.push(node.data);
    for (const name of ["aria-label", "title", "placeholder", "alt", "aria-roledescription"]) {
      if (node.getAttribute?.(name)) said.push(node.getAttribute(name));
    }
  }
  return said.filter((one) => one.trim());
}"""
"""What stands below the head of the page, seen or only heard."""
NAMES = (Area.name, AreaSet.name, Goal.name_sv, GoalSet.name, Project.name)
TERMS = ("Portföljkartan", "berör", "Berör", "fördelad", "Fördelad", "Svenska", "Västerort", "Söderort")
"""Names, and terms that keep their Swedish form in English."""
ADDRESS = re.compile(r"https?://\S+")
SWEDISH = re.compile(
    r"[åäö]|\b(alla|antal|arbetsplats\w*|av|avbryter|bild|bostad\w*|bostäder|datum|de|det|efter|eller|en|ett|filtret|har|"
    r"hela|hittar|inga|inget|inom|inte|karta\w*|klart|lagret|lista\w*|med|mot|namn|och|om|projekt|projekten|"
    r"rensa|samma|sedan|skede\w*|slag|slut|som|stad|staden\w*|stort|summa|tangenter|tecken|tema\w*|till|trafik|utan|"
    r"utgift|visa|visas|zooma)\b",
    re.IGNORECASE,
)


def put_both(session: Session, actor: Actor) -> None:
    put_three(session, actor)
    put(
        session,
        actor,
        "N-1",
        square(RINKEBY),
        name="Norra torget",
        start_decided=date(2005, 1, 1),
        end_decided=date(2007, 6, 1),
    )
    put_portfolio(session, 12)


def settled(page: Page) -> None:
    expect(page.locator("#karta")).to_have_attribute("data-state", "klar")


def swedish(app: Flask, page: Page) -> list[str]:
    """Pieces of the page below its head with a Swedish word that is nobody's name."""
    with app.app_context():
        names = {one for column in NAMES for one in db.session.scalars(select(column)) if one}
    known = sorted({*names, *TERMS}, key=len, reverse=True)
    found = []
    for piece in page.evaluate(TEXTS):
        rest = ADDRESS.sub("", piece)
        for name in known:
            rest = rest.replace(name, "")
        if SWEDISH.search(rest):
            found.append(" ".join(piece.split()))
    return found


def test_no_panel_of_the_map_says_a_swedish_word(app: Flask, write: Write, page: Page) -> None:
    write(put_both)
    page.goto("/sprak/en?next=/karta?areas=1999")
    settled(page)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert swedish(app, page) == []

    page.locator("#filter-kind").select_option(label="Housing")
    expect(page).to_have_url(re.compile("kind=bostad"))
    settled(page)
    expect(page.locator("#karta-rad")).to_contain_text(re.compile(r"\d+ of \d+ projects · Housing", re.IGNORECASE))

    page.get_by_label("The position in one year").check()
    page.locator("[data-time-range]").fill("2007")
    page.locator("[data-time-range]").dispatch_event("change")
    expect(page).to_have_url(re.compile("at=2007"))
    settled(page)
    expect(page.locator("#karta-tid")).to_contain_text("Completed in 2007")
    assert swedish(app, page) == []

    page.locator("[data-theme-box] summary").click()
    page.locator("#tema-theme").select_option(label="Outlay budget")
    expect(page).to_have_url(re.compile("theme=utgift-budget"))
    settled(page)
    expect(page.locator("#karta-temaforklaring")).to_contain_text("Outlay budget, mnkr")
    assert swedish(app, page) == []

    page.locator("tr[data-code=N-1] [data-locate]").click()
    popup = page.locator(".map-popup")
    expect(popup).to_contain_text("Housing")
    expect(popup).to_contain_text("Open the project")
    page.keyboard.press("Escape")
    page.locator(".leaflet-container").first.focus()
    page.keyboard.press("h")
    expect(page.locator("#karta-har")).to_contain_text("What happens here?")
    assert swedish(app, page) == []
