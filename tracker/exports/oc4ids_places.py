"""Where a project lies, and for whom it is, as OC4IDS locations. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from tracker.areas.models import Area, AreaSet
from tracker.exports.oc4ids_publishing import Publishing
from tracker.exports.oc4ids_reading import Facts, Shared
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import WHOLE
from tracker.text import clean
from tracker.web.content import format_share

Json = dict[str, Any]
OUTSIDE = "utanför staden"


def locations(facts: Facts, shared: Shared, publishing: Publishing) -> list[Json]:
    """The drawn shapes one by one, the areas that they lie in, and the area that the source stated."""
    approximate = {"description": "Ungefärligt läge"} if facts.row.location_approximate else {}
    found: list[Json] = [
        {"id": f"lage-{number}", **approximate, "geometry": orjson.Fragment(shape)}
        for number, shape in enumerate(facts.shapes, start=1)
    ]
    for area_set, shares in _lies_in(facts, shared):
        found.append(_lies_in_location(area_set, shares, shared, publishing))
    if Secret.GEOMETRY not in facts.hidden and (stated := clean(facts.row.stated_area).strip()):
        found.append({"id": "kalla", "description": "Område enligt källan", "address": {"locality": stated}})
    return found


def _lies_in(facts: Facts, shared: Shared) -> Iterator[tuple[AreaSet, dict[int | None, int]]]:
    """Stadsdelar, then the areas of the newest edition that they belong to, each with its share."""
    parts = [(area, share) for area_set, area, share in facts.lies_in if area_set == shared.lowest.id]
    if not any(area is not None for area, _ in parts):
        return
    yield shared.lowest, dict(parts)
    own = [(area, share) for area_set, area, share in facts.lies_in if area_set == shared.newest.id]
    grouped: dict[int | None, int] = {}
    for area, share in own or parts:
        above = area if own or area is None else shared.upward.get(area)
        grouped[above] = grouped.get(above, 0) + share
    if any(area is not None for area in grouped):
        yield shared.newest, grouped


def _lies_in_location(
    area_set: AreaSet, shares: Mapping[int | None, int], shared: Shared, publishing: Publishing
) -> Json:
    areas = {area: shared.areas[area][1] for area in shares if area is not None}
    whole = sum(shares.values())
    words = [
        f"{areas[area].name if area is not None else OUTSIDE}"
        + (f" ({format_share(round(share * WHOLE / whole))})" if len(shares) > 1 else "")
        for area, share in shares.items()
    ]
    found: Json = {
        "id": area_set.code if area_set is shared.lowest else f"omraden-{area_set.code}",
        "description": f"Ligger i {', '.join(words)}; {area_set.name}",
        "gazetteer": gazetteer(area_set, list(areas.values())),
    }
    address = publishing.address("area", next(iter(areas.values())).code, areas=area_set.code)
    return found | ({"uri": address} if address and len(areas) == 1 else {})


def gazetteer(area_set: AreaSet, areas: Sequence[Area]) -> Json:
    """Codes of the register's own catalogue of areas, which the scheme names with its edition."""
    return {"scheme": f"portfoljkartan-{area_set.code}", "identifiers": list(dict.fromkeys(one.code for one in areas))}


def benefits(facts: Facts, shared: Shared, publishing: Publishing) -> list[Json]:
    """The areas that the project serves, as those whom it is for; none where none are chosen."""
    several = len(facts.serves) > 1
    found = []
    for scope, area_id, share in facts.serves:
        area_set, area = shared.areas.get(area_id, (None, None)) if area_id is not None else (None, None)
        name = area.name if area else scope.label
        told: Json = {"description": f"Betjänar {name}" + (f", {format_share(share)}" if several else "")}
        if area_set and area:
            place: Json = {
                "id": f"{area_set.code}-{area.code}",
                "description": f"{area.name}; {area_set.name}",
                "gazetteer": gazetteer(area_set, [area]),
            }
            address = publishing.address("area", area.code, areas=area_set.code)
            told["location"] = place | ({"uri": address} if address else {})
        found.append(told)
    unique = list({orjson.dumps(one): one for one in found}.values())
    return [{"title": "Betjänade områden", "beneficiaries": unique}] if unique else []
