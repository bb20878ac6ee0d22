"""The keyboard alone: Tab until something has the focus, where every stop on the way is seen to have it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.conftest import PASSWORD

MOST_STOPS = 250
FAULT = """
() => {
  const one = document.activeElement;
  if (!one || one === document.body) return "";
  const name = `${one.tagName} ${one.id || one.name || one.textContent.trim().slice(0, 40)}`;
  const near = [one, one.closest("label"), one.labels?.[0], one.nextElementSibling].filter(Boolean);
  const ringed = (part) => {
    const style = getComputedStyle(part);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  };
  if (!near.some(ringed)) return `${name}: no sign of focus`;
  const shown = (part) => {
    const boxes = [...part.getClientRects()];
    return boxes.some((box) => {
      const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
      const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
      if (right - left < 2 || bottom - top < 2) return false;
      for (const x of [0.08, 0.5, 0.92]) for (const y of [0.15, 0.5, 0.85]) {
        const hit = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
        if (hit && (part.contains(hit) || hit.contains(part) && hit.tagName === "LABEL")) return true;
      }
      return false;
    });
  };
  return near.slice(0, 3).some(shown) ? "" : `${name}: has the focus but is not seen`;
}
"""
"""What is wrong with the stop where one stands: no ring, outside the window, or covered; else nothing."""


def stand_still(page: Page) -> None:
    """What gets the focus is scrolled to at once, for whoever asks for less motion."""
    page.emulate_media(reduced_motion="reduce")


def stop(page: Page, key: str = "Tab") -> None:
    """To the next stop, which must be seen to have the focus; on a page that is under way Tab would lead out of it."""
    page.wait_for_load_state()
    page.keyboard.press(key)
    fault = page.evaluate(FAULT)
    assert not fault, fault


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Tab until the target has the focus; it may be on a page that is still to come."""
    expect(target).to_have_count(1)
    for _press in range(MOST_STOPS):
        stop(page, key)
        if target.evaluate("(one) => one === document.activeElement"):
            return
    raise AssertionError(f"{key} never reaches {target}")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    """Go to the target and press it."""
    tab_to(page, target)
    page.keyboard.press(key)


def write(page: Page, target: Locator, text: str) -> None:
    """Go to a field and put the text in the place of what stood there."""
    tab_to(page, target)
    type_again(page, text)


def from_summary(page: Page, name: str, field: Locator) -> None:
    """After a refusal one stands at the summary; its link leads to the field, which says what is wrong with it."""
    expect(page.locator("[data-error-summary]")).to_be_focused()
    press(page, page.locator("[data-error-summary]").get_by_role("link", name=name, exact=True))
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    told = page.locator(f"#{field.get_attribute('aria-describedby').split()[-1]}")  # type: ignore[union-attr]
    expect(told).not_to_be_empty()


def type_again(page: Page, text: str) -> None:
    """In the place of what stands in the field where one is."""
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def sign_in(page: Page, email: str, onward: str) -> None:
    """As somebody who has no mouse does."""
    stand_still(page)
    page.goto(f"/logga-in?next={onward}")
    expect(page.get_by_label("E-post")).to_be_focused()
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/logga-in" not in address)
