"""The areas that a project can serve, as text: what the form offers and what a written name means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.areas.gazetteer import Gazetteer, Place, name_key
from tracker.areas.models import LOWEST, Area, AreaAlias, AreaSet
from tracker.messages import message, told
from tracker.projects.alternatives import either
from tracker.projects.vocabulary import Scope

WHOLE_SCOPES = (Scope.WHOLE_CITY, Scope.OUTSIDE)


@dataclass(frozen=True, slots=True)
class AreaOption:
    """A line of the list: the text that is written into the field, and another name that should find it."""

    text: str
    also: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a written name means: a scope with an area, or a question in Swedish when it is unclear."""

    scope: Scope | None = None
    area_id: int | None = None
    question: str = ""


@dataclass(frozen=True, slots=True)
class AreaChoices:
    """Every area by its text; asking makes no query."""

    options: tuple[AreaOption, ...]
    """The newest edition and the stadsdelar, each also under its other names."""
    texts: dict[int, str]
    outer_city: frozenset[int]
    offered_sets: tuple[str, ...]
    gazetteer: Gazetteer

    def text_of(self, scope: Scope, area_id: int | None) -> str:
        """What stands in the field for a stored row."""
        return self.texts[area_id] if area_id is not None else scope.label

    def meaning(self, text: str) -> Meaning:
        """What somebody meant. The text of the list is always clear; a bare name is asked about if it is not."""
        for scope in WHOLE_SCOPES:
            if _says(text, scope.label):
                return Meaning(scope)
        exact = [area_id for area_id, full in self.texts.items() if _says(text, full)]
        if exact:
            return Meaning(Scope.AREA, exact[0])
        found = self._best(self.gazetteer.places(text))
        if len(found) == 1:
            return Meaning(Scope.AREA, found[0].area_id)
        if not found:
            return Meaning(question=message("Området ”%(name)s” finns inte. Välj ur listan.", name=text))
        names = [message("”%(name)s”", name=self.texts[place.area_id]) for place in found]
        question = message("”%(name)s” kan vara flera områden. Skriv %(names)s.", name=text, names=either(names))
        return Meaning(question=question)

    def _best(self, places: Iterable[Place]) -> list[Place]:
        """Own names before aliases, what is offered before older editions; same ground in two editions is one."""
        found = list(places)
        offered = [place for place in found if place.set_code in self.offered_sets] or found
        own = [place for place in offered if not place.by_alias] or offered
        by_ground: dict[frozenset[int], Place] = {}
        for place in own:
            by_ground.setdefault(place.districts, place)
        return list(by_ground.values())


def load_area_choices(session: Session, offered_sets: tuple[str, ...]) -> AreaChoices:
    """Three queries, whatever the number of areas."""
    rows = session.execute(
        select(Area.id, Area.name, Area.region, AreaSet.code)
        .join(AreaSet)
        .order_by((AreaSet.code == LOWEST), AreaSet.valid_from.desc(), Area.sort_key)
    ).all()
    texts = {row.id: area_text(row.name, row.code) for row in rows}
    offered = {row.id: row.name for row in rows if row.code in offered_sets}
    return AreaChoices(
        options=tuple(_options(session, texts, offered)),
        texts=texts,
        outer_city=frozenset(row.id for row in rows if row.region.outer_city),
        offered_sets=offered_sets,
        gazetteer=Gazetteer.load(session),
    )


def area_text(name: str, set_code: str) -> str:
    """ "Rinkeby (stadsdel)", "Järva (område 2023)": the same name can be a stadsdel and an area."""
    if set_code == LOWEST:
        return message("%(name)s (stadsdel)", name=name)
    return message("%(name)s (område %(edition)s)", name=name, edition=set_code)


def _says(written: str, text: str) -> bool:
    """Whether that is what was written, in Swedish or in the language of the page."""
    wanted, here = name_key(written), told(text)
    return wanted == name_key(text) or (here != text and wanted == name_key(here))


def _options(session: Session, texts: dict[int, str], offered: dict[int, str]) -> Iterable[AreaOption]:
    for scope in WHOLE_SCOPES:
        yield AreaOption(scope.label)
    aliases: dict[int, list[str]] = {}
    for area_id, name in session.execute(select(AreaAlias.area_id, AreaAlias.name).order_by(AreaAlias.search_text)):
        aliases.setdefault(area_id, []).append(name)
    for area_id in offered:
        yield AreaOption(texts[area_id])
        yield from (AreaOption(texts[area_id], also) for also in aliases.get(area_id, ()))
