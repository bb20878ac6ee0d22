"""Examples to copy, with the addresses of this very installation; a test runs every one of them as it stands."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from tracker.web.addresses import whole_address


@dataclass(frozen=True, slots=True)
class Example:
    """`language` is bash, python, r, javascript or qgis; `gives` says what it answers, with today's numbers."""

    key: str
    title: str
    language: str
    code: str
    gives: str


def list_examples(projects: int, code: str | None) -> list[Example]:
    """In order of reading; `projects` and `code` are how many projects anybody gets, and one of them."""
    made = [*_files(projects), *_services(), *_programs(projects), *_figures()]
    return [*made, _identifier(code)] if code else made


def _files(projects: int) -> list[Example]:
    csv = whole_address("exports.projects", format="csv")
    housing = whole_address("exports.projects", format="geojson", kind="bostad")
    return [
        Example("curl-csv", _("Hämta alla projekt som CSV"), "bash", f'curl -sf -o projekt.csv "{csv}"',
                _("En rad för varje projekt, %(count)s rader och en rubrikrad. Semikolon och UTF-8.", count=projects)),
        Example("curl-geojson", _("Hämta ett urval som GeoJSON"), "bash", f'curl -sf -o bostad.geojson "{housing}"',
                _("Alla bostadsprojekt. Samma urval som i listan: kopiera listans adress och byt till den här.")),
    ]  # fmt: skip


def _services() -> list[Example]:
    ogc = whole_address("ogc.landing")
    return [
        Example("ogr2ogr", _("Läs med GDAL till GeoPackage"), "bash",
                f'ogr2ogr -f GPKG projekt.gpkg "OAPIF:{ogc}" projects',
                _("Alla projekt med läge, genom OGC API – Features.")),
        Example("qgis", _("Öppna i QGIS"), "qgis", ogc,
                _("Lager → Lägg till lager → WFS / OGC API – Features → Ny. Klistra in adressen och välj OGC API.")),
    ]  # fmt: skip


def _programs(projects: int) -> list[Example]:
    data = whole_address("opendata.oc4ids_package")
    window = whole_address("maps.data", bbox="17.90,59.37,17.96,59.40", zoom="15")
    python = f"""import json
from urllib.request import urlopen

with urlopen("{data}") as answer:
    package = json.load(answer)
print(len(package["projects"]), "projekt")"""
    script = f"""const answer = await fetch("{window}");
const map = await answer.json();
console.log(map.total, "projekt", map.features.length, "tecken på kartan");"""
    return [
        Example("python", _("Läs projekten i Python"), "python", python,
                _("Skriver ut: %(count)s projekt. Inget behöver installeras.", count=projects)),
        Example("javascript", _("Rita projekten på en egen karta"), "javascript", script,
                _("GeoJSON för en ruta, lagom noggrann för zoomnivån: samma data som vår egen karta ritar.")),
    ]  # fmt: skip


def _figures() -> list[Example]:
    csv, feed = whole_address("opendata.contributions_csv"), whole_address("opendata.feed", event="beslut")
    frame = f"""import pandas as pd

rows = pd.read_csv("{csv}")
shared = rows[(rows.rakneregel == "fordelad") & (rows.niva == "detalj") & (rows.matt == "utgift-budget")]
print(shared.groupby(["period", "mal"]).varde.sum() / 100, "kr")"""
    r = f"""rows <- read.csv("{csv}")
shared <- subset(rows, rakneregel == "fordelad" & niva == "detalj" & matt == "bostader-planerade")
aggregate(varde ~ period + omrade_namn, shared, sum)"""
    return [
        Example("pandas", _("Summera budgeten per mål med pandas"), "python", frame,
                _("Budgeterad utgift per period och mål i kronor.")),
        Example("r", _("Summera bostäder per område i R"), "r", r, _("Planerade bostäder per period och område.")),
        Example("feed", _("Följ besluten"), "bash", f'curl -sf "{feed}"',
                _("Ett Atom-flöde. Läggs också in i en vanlig flödesläsare; lägg till &area=jarva för ett område.")),
    ]  # fmt: skip


def _identifier(code: str) -> Example:
    address = whole_address("opendata.project_id", kod=code)
    code = f'curl -sfL -H "Accept: application/json" "{address}"'
    return Example("identifier", _("Slå upp ett projekt"), "bash", code,
                   _("Projektet som GeoJSON. Utan Accept leder adressen till projektets sida."))  # fmt: skip
