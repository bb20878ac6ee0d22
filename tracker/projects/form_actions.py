"""Buttons of the form that draw it anew and save nothing: the way without a script."""

from __future__ import annotations

from tracker.projects.forms import ProjectForm

ADDABLE = ("case_numbers", "serves", "volumes", "figures", "decisions")


def redraw(form: ProjectForm, action: str) -> bool:
    """Do what the button says and tell whether it was one of these; everything typed stays."""
    if action == "edition":
        return True
    if action == "repair":
        if form.geometry.fault is not None and form.geometry.fault.repaired is not None:
            form.geometry.replace(form.geometry.fault.repaired)
        return True
    if action.startswith("add-") and action.removeprefix("add-") in ADDABLE:
        listed = form[action.removeprefix("add-")]
        if listed.max_entries is None or len(listed) < listed.max_entries:
            listed.append_entry()
        return True
    return False
