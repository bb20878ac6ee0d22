"""The map on the page of a goal: a project opens its popup, which leads on to its goals and areas."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.factories import find_area
from tests.maps.conftest import Write
from tests.maps.conftest import write as write  # a fixture for these tests as well
from tests.maps.projects import RINKEBY, put, square
from tracker.goals.queries import get_goal, get_goal_set
from tracker.history.services import Actor
from tracker.projects.display import refresh_display
from tracker.projects.models import GoalTag, ServedArea
from tracker.projects.vocabulary import Scope

pytestmark = pytest.mark.browser


def put_one(session: Session, actor: Actor) -> None:
    """It serves Rinkeby and the whole city, which has no page."""
    project = put(session, actor, "B-1", square(RINKEBY), name="Äppelgården")
    goal = get_goal(session, get_goal_set(session, "policy-2004"), "G1a")
    project.goal_tags = [GoalTag(goal_id=goal.id, weight=3)]
    rinkeby = find_area(session, "Rinkeby").id
    project.serves = [
        ServedArea(position=0, scope=Scope.AREA, area_id=rinkeby, share=5_000),
        ServedArea(position=1, scope=Scope.WHOLE_CITY, share=5_000),
    ]
    session.flush()
    refresh_display(session, [project.id])


def test_a_project_on_the_page_of_a_goal_leads_to_its_goals_and_areas(write: Write, page: Page) -> None:
    write(put_one)
    # A popup that needs room moves the map; what is still moving cannot be clicked for sure.
    page.emulate_media(reduced_motion="reduce")
    page.goto("/mal/G1a")
    expect(page.locator("#karta")).to_have_attribute("data-state", "klar")
    # The map is fitted to its only project, so that lies in the middle.
    page.locator("#karta .leaflet-container").click()
    popup = page.locator(".map-popup")
    expect(popup.locator("h2")).to_have_text("Äppelgården")
    expect(popup.locator("[data-slot=link]")).to_have_attribute("href", "/projekt/B-1")
    expect(popup.locator("[data-slot=goals] a")).to_have_attribute("href", "/mal/G1a")
    expect(popup.locator("[data-slot=areas] a")).to_have_text("Rinkeby")
    expect(popup.locator("[data-slot=areas] span")).to_have_text("Hela staden")
    popup.locator("[data-slot=areas] a").click()
    expect(page.locator("h1")).to_have_text("Järva")
