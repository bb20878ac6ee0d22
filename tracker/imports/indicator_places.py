"""Which area a name in a file of values means: of the year's edition first, of another edition, a former name last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.areas.models import LOWEST
from tracker.areas.queries import Gazetteer, list_area_sets
from tracker.errors import NotFoundError
from tracker.messages import message
from tracker.text import slug

WHOLE_CITY = {"hela-staden", "staden", "stockholm", "stockholms-stad", "totalt", "hela-stockholm"}


@dataclass(frozen=True, slots=True)
class Found:
    """An area (None is the whole city) with its name and edition, and what a person should know of the reading."""

    area_id: int | None
    name: str
    edition: str
    note: str = ""


class Places:
    """Names of places to areas: of the year's edition first, then of another; a former name last.

    A former name of a part never stands for the whole: Rinkeby in 2024 is the area Rinkeby of an earlier edition, not
    Järva.
    """

    def __init__(self, session: Session) -> None:
        self.gazetteer = Gazetteer.load(session)
        self.editions = list_area_sets(session)
        self.names = {one.code: one.name for one in self.editions} | {LOWEST: message("Stadsdelar")}

    def find(self, name: str, year: int | None) -> Found:
        """The area. Raises NotFoundError when the name is not known or means several."""
        if not name:
            raise NotFoundError(message("Området saknas. Skriv ”Hela staden” för hela staden."))
        if slug(name) in WHOLE_CITY:
            return Found(None, message("Hela staden"), "")
        own = [place for place in self.gazetteer.places(name) if not place.by_alias]
        known = own or list(self.gazetteer.places(name))
        for code in self._order(year):
            found = [place for place in known if place.set_code == code]
            if len(found) > 1:
                raise NotFoundError(
                    message(
                        "”%(name)s” är flera områden i %(edition)s. Skriv vilket.", name=name, edition=self.names[code]
                    )
                )
            if found:
                note = self._note(name, found[0].name, code, self._valid(year), former=not own)
                return Found(found[0].area_id, found[0].name, code, note)
        raise NotFoundError(message("”%(name)s” är inget känt område.", name=name))

    def _note(self, name: str, area: str, code: str, valid: str, *, former: bool) -> str:
        edition = self.names[code]
        if former:
            return message(
                "”%(name)s” är ett tidigare namn och tas som %(area)s i %(edition)s.",
                name=name,
                area=area,
                edition=edition,
            )
        if valid and code != valid:
            return message(
                "”%(name)s” finns inte i %(valid)s och tas som %(area)s i %(edition)s.",
                name=name,
                valid=self.names[valid],
                area=area,
                edition=edition,
            )
        return ""

    def _valid(self, year: int | None) -> str:
        valid = [one.code for one in self.editions if year is not None and one.valid_from.year <= year]
        return valid[-1] if valid else ""

    def _order(self, year: int | None) -> Iterator[str]:
        """The edition of the year, earlier ones the newest first, later ones, the stadsdelar."""
        earlier = [one.code for one in self.editions if year is not None and one.valid_from.year <= year]
        yield from reversed(earlier)
        yield from (one.code for one in self.editions if one.code not in earlier)
        yield LOWEST
