"""The remark of an entry of the history as a page says it.

It is stored in Swedish. What the program wrote is known by its form and said in the reader's language; what a person
wrote stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from tracker.messages import joined, message
from tracker.projects.commons import MOVED_NOTE
from tracker.projects.restoring import restored_note
from tracker.projects.reviewing import CHANGED_NOTE

BETWEEN = " · "
_WHOLE = {str.__str__(text): text for text in (CHANGED_NOTE, MOVED_NOTE)}
_FORMS: Mapping[re.Pattern[str], Callable[..., str]] = {
    re.compile(r"återställd från version (?P<version>\d+)"): restored_note,
    re.compile(r"rapporterad i (?P<period>.+)"): lambda period: message("rapporterad i %(period)s", period=period),
    re.compile(r"Fil: (?P<name>.+)"): lambda name: message("Fil: %(name)s", name=name),
    re.compile(r"Huvudbok (?P<key>\S+): (?P<name>.+)"): lambda key, name: message(
        "Huvudbok %(key)s: %(name)s", key=key, name=name
    ),
}
"""As they are written by restoring.py, and by the reports, imports and ledgers of the floors above."""


def note_words(note: str) -> str:
    """The same text, and a message where the program wrote it."""
    return joined(BETWEEN, map(_part, note.split(BETWEEN))) if note else ""


def _part(text: str) -> str:
    if text in _WHOLE:
        return _WHOLE[text]
    for form, say in _FORMS.items():
        found = form.fullmatch(text)
        if found is not None:
            return say(**found.groupdict())
    return text
