"""The description of the tidy contributions: Frictionless Table Schema and Data Package, in Swedish.

`FIELDS` is the one list that the files, the schema and the page for developers are made of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tracker.contribution.rules import CountingRule
from tracker.exports.audience import Audience
from tracker.messages import message
from tracker.opendata.contribution_blocks import Block
from tracker.opendata.contribution_rows import MEASURES, Row

Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its name and type in the Table Schema, what it means, and how a row says it."""

    name: str
    type: str
    title: str
    description: str
    read: Callable[[Block, Row], Value]
    constraints: Mapping[str, Any] = field(default_factory=dict)


_NEEDED = {"required": True}
FIELDS: tuple[Field, ...] = (
    Field("period", "string", "Period",
          message("Uppföljningsperiodens kod, som 2005-T1; lopande är registret just nu."),
          lambda block, _row: block.period, {**_NEEDED, "pattern": r"lopande|\d{4}-[A-Z0-9]{2}"}),
    Field("version", "integer", "Version",
          message("Periodens version: 1, och 2 och uppåt för rättelser. 0 för lopande."),
          lambda block, _row: block.version, {**_NEEDED, "minimum": 0}),
    Field("ar", "year", "År", message("Kalenderåret som värdet gäller."), lambda block, _row: block.year, _NEEDED),
    Field("per_dag", "date", "Per dag", message("Dagen som uppgifterna gäller."),
          lambda block, _row: block.as_of.isoformat(), _NEEDED),
    Field("omfattning", "string", "Omfattning",
          message("offentlig: publicerade projekt. oppen: även utkast. intern: även sekretess; sprids inte."),
          lambda block, _row: block.audience, {**_NEEDED, "enum": [one.value for one in Audience]}),
    Field("rakneregel", "string", "Räkneregel",
          message("fordelad: beloppet delas mellan mål och områden, och detaljraderna summerar till totalen. beror: "
                  "beloppet räknas fullt ut för varje mål och område som projektet berör, och kan inte läggas ihop."),
          lambda block, _row: block.rule, {**_NEEDED, "enum": [one.value for one in CountingRule]}),
    Field("niva", "string", "Nivå",
          message("Bara rader med detalj får läggas ihop, och bara när räkneregeln är fordelad."),
          lambda _block, row: row.level, {**_NEEDED, "enum": ["detalj", "delsumma", "totalt"]}),
    Field("malutgava", "string", "Målutgåva", message("Kod för målkatalogens utgåva."),
          lambda block, _row: block.goal_set, _NEEDED),
    Field("mal", "string", "Mål eller aspekt",
          message("Målets eller aspektens kod, eller ett ord för det som inget mål täcker: ej-bedomt, inget-bidrag, "
                  "utan-motsvarighet, <kod>-utan-aspekt, <kod>-utan-ytterstad; alla är summan."),
          lambda _block, row: row.goal, _NEEDED),
    Field("mal_namn", "string", "Målets namn",
          message("Kod och namn på målet."), lambda _block, row: row.goal_name, _NEEDED),
    Field("aspekt_namn", "string", "Aspektens namn", message("Kod och namn på aspekten; tomt för ett helt mål."),
          lambda _block, row: row.aspect_name),
    Field("omradesutgava", "string", "Områdesutgåva", message("Kod för områdesindelningen."),
          lambda block, _row: block.area_set, _NEEDED),
    Field("omrade", "string", "Område",
          message("Områdets kod, eller ett ord: hela-staden, utanfor-staden, oplacerat, ej-uppdelat:<del>:<kod>, eller "
                  "för summor vasterort, soderort, innerstad, ytterstaden, alla."),
          lambda _block, row: row.area, _NEEDED),
    Field("omrade_namn", "string", "Områdets namn", message("Områdets eller summans namn."),
          lambda _block, row: row.area_name, _NEEDED),
    Field("del_av_staden", "string", "Del av staden", message("Ytterstaden, Innerstaden, Hela staden, …"),
          lambda _block, row: row.part, _NEEDED),
    Field("region", "string", "Region", message("Västerort, Söderort eller Innerstaden; tomt för övriga."),
          lambda _block, row: row.region),
    Field("matt", "string", "Mått", message("Vad värdet är."),
          lambda _block, row: row.measure, {**_NEEDED, "enum": list(MEASURES)}),
    Field("matt_namn", "string", "Måttets namn", message("Måttet i ord."),
          lambda _block, row: MEASURES[row.measure][0], _NEEDED),
    Field("enhet", "string", "Enhet", message("öre (hela), st eller projekt."),
          lambda _block, row: MEASURES[row.measure][1], {**_NEEDED, "enum": ["öre", "st", "projekt"]}),
    Field("varde", "integer", "Värde", message("Heltal, stadens andel. Belopp i hela ören: 1250075 är 12 500,75 kr."),
          lambda _block, row: row.value, _NEEDED),
    Field("exempelvarden", "boolean", "Exempelvärden",
          message("Sant när något projekt i perioden har påhittade belopp."),
          lambda block, _row: block.example_values, _NEEDED),
)  # fmt: skip
KEY = ("period", "version", "ar", "omfattning", "rakneregel", "malutgava", "mal", "omradesutgava", "omrade", "matt")
"""What no two rows have alike."""


def values_of(block: Block, row: Row) -> list[Value]:
    """A row in the order of FIELDS."""
    return [one.read(block, row) for one in FIELDS]


def table_schema() -> dict[str, Any]:
    """Frictionless Table Schema."""
    fields = []
    for one in FIELDS:
        told: dict[str, Any] = {"name": one.name, "type": one.type, "title": one.title, "description": one.description}
        if one.type == "boolean":
            told |= {"trueValues": ["true"], "falseValues": ["false"]}
        fields.append(told | ({"constraints": dict(one.constraints)} if one.constraints else {}))
    return {
        "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
        "fields": fields,
        "primaryKey": list(KEY),
        "missingValues": [""],
    }


@dataclass(frozen=True, slots=True)
class Package:
    """What the data package says of where it stands: whole addresses, the licence and who publishes."""

    home: str
    csv: str
    json: str
    licence: str
    publisher: str


def data_package(package: Package) -> dict[str, Any]:
    """Frictionless Data Package of the contributions."""
    common = {"profile": "tabular-data-resource", "encoding": "utf-8", "schema": table_schema()}
    dialect = {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "header": True}
    contributor = [{"title": package.publisher, "role": "publisher"}] if package.publisher else []
    told = {
        "profile": "tabular-data-package",
        "name": "bidrag-till-malen",
        "id": package.csv,
        "title": "Bidrag till integrationsmålen",
        "description": "Vad stadens projekt bidrar med till målen, per period, område och mått.",
        "homepage": package.home,
        "licenses": [{"path": package.licence}],
        "resources": [
            {"name": "bidrag", "path": package.csv, "format": "csv", "mediatype": "text/csv", "dialect": dialect}
            | common,
            {"name": "bidrag-json", "path": package.json, "format": "json", "mediatype": "application/json"} | common,
        ],
    }
    return told | ({"contributors": contributor} if contributor else {})
