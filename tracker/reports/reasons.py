"""Why a project brings something else than in the period before, in Swedish, from what it was and what it became."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from tracker.contribution.amounts import Amount
from tracker.contribution.explaining import goal_names, place_names
from tracker.contribution.material import Material
from tracker.exports.arithmetic import percent_text, share_text
from tracker.exports.presenters import UNIT_WORDS, exact
from tracker.messages import joined, message
from tracker.projects.vocabulary import WHOLE
from tracker.reports.aligning import Aligned
from tracker.reports.comparing import Cause, Comparison, ProjectChange


def reasons_of(found: Comparison, change: ProjectChange, words: Mapping[Cause, str], amount: Amount) -> tuple[str, ...]:
    """One sentence for each cause with its part, and one for a changed phase."""
    told: list[str] = []
    for cause, part in change.parts:
        sign = "+" if part > 0 else ""
        what = _what(found, change.place, cause)
        said = joined(" ", [words[cause], f"{sign}{exact(amount, part)}", UNIT_WORDS[amount.unit]])
        told.append(joined(": ", [said, what]) if what else said)
    was, became = (one.material.projects[change.place] for one in (found.old, found.new))
    in_both = found.old.there[change.place] and found.new.there[change.place]
    if in_both and was.phase is not became.phase:
        told.append(message("skede: %(before)s → %(after)s", before=was.phase.label, after=became.phase.label))
    return tuple(told)


def _what(found: Comparison, place: int, cause: Cause) -> str:
    old, new = found.old.material, found.new.material
    if cause is Cause.FINANCING:
        before, after = (percent_text(Fraction(one.projects[place].city_share, WHOLE)) for one in (old, new))
        return message("%(before)s → %(after)s av beloppet är stadens", before=before, after=after)
    if cause is Cause.GOALS:
        return joined(" → ", [_goals(found.old, found, place), _goals(found.new, found, place)])
    if cause is Cause.AREAS:
        return joined(" → ", [_areas(old, place), _areas(new, place)])
    return ""


def _goals(one: Aligned, found: Comparison, place: int) -> str:
    """ "G1a 3/5, G2d 2/5", or what stands in their place."""
    tags = one.material.tags
    at = np.flatnonzero(tags.project == place)
    if not at.size:
        return message("inget bidrag") if one.material.no_contribution[place] else message("ej bedömt")
    codes = [goal.code for goal in one.material.goals]
    names = codes + goal_names(one.material, found.rows)[len(codes) :]
    whole = int(tags.weight[at].sum())
    told = (
        joined(" ", [names[int(tags.goal[tag])], share_text(Fraction(int(tags.weight[tag]), whole))])
        for tag in at[np.argsort(tags.goal[at])].tolist()
    )
    return joined(", ", told)


def _areas(material: Material, place: int) -> str:
    """ "Rinkeby 40 %, Kista 60 %", chosen or by where it lies."""
    names = place_names(material)
    for rows in (material.serves, material.lies_in):
        at = np.flatnonzero(rows.project == place)
        if at.size:
            shares = ((names[int(rows.place[row])], Fraction(int(rows.share[row]), WHOLE)) for row in at)
            told = joined(", ", (joined(" ", [name, percent_text(share)]) for name, share in shares))
            return told if rows is material.serves else message("%(areas)s (enligt läge)", areas=told)
    return message("oplacerat")
