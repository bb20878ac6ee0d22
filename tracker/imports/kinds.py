"""What a file is, by its content: the suffix is only a hint, for people rename files."""

from __future__ import annotations

import codecs
import zipfile
from enum import StrEnum
from pathlib import Path

from tracker.errors import RefusedFileError
from tracker.messages import message

MAX_FILE_BYTES = 512 * 2**20
"""Of a file that the command reads; the web takes less."""
_HEAD = 65_536


class Kind(StrEnum):
    """Kinds of file that are read: value, the words for it, the suffixes that belong to it."""

    label: str
    suffixes: frozenset[str]

    def __new__(cls, value: str, label: str, suffixes: str) -> Kind:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.suffixes = frozenset(suffixes.split())
        return member

    XLSX = "xlsx", message("kalkylblad (Excel)"), ".xlsx .xlsm .xlsb"
    XLS = "xls", message("kalkylblad (äldre Excel)"), ".xls"
    ODS = "ods", message("kalkylblad (OpenDocument)"), ".ods"
    TEXT = "csv", message("texttabell (CSV)"), ".csv .txt .tsv"
    GEOPACKAGE = "gpkg", "GeoPackage", ".gpkg"
    GEOJSON = "geojson", "GeoJSON", ".geojson .json"
    FLATGEOBUF = "fgb", "FlatGeobuf", ".fgb"
    KML = "kml", "KML", ".kml"
    GML = "gml", "GML", ".gml .xml"
    DXF = "dxf", "DXF (CAD)", ".dxf"
    SHAPEFILE = "shp", "Shapefile", ".shp"
    ARCHIVE = "zip", message("packad fil (zip)"), ".zip .kmz .shz"

    @property
    def is_sheet(self) -> bool:
        """Read by calamine."""
        return self in (Kind.XLSX, Kind.XLS, Kind.ODS)


_REFUSED = {
    b"%PDF": message("en PDF"),
    b"\x1f\x8b": message("en gzip-fil; packa upp den först"),
    b"Rar!": message("ett RAR-arkiv; packa om den som zip"),
    b"7z\xbc\xaf": message("ett 7z-arkiv; packa om den som zip"),
    b"\x89PNG": message("en bild"),
    b"\xff\xd8\xff": message("en bild"),
    b"II*\x00": message("en bild"),
    b"AC10": message("en DWG-ritning; spara den som DXF"),
}
_MAGIC = {b"SQLite format 3\x00": Kind.GEOPACKAGE, b"fgb\x03": Kind.FLATGEOBUF, b"AutoCAD Binary DXF": Kind.DXF}
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def kind_of(path: Path, title: str = "") -> Kind:
    """The kind of a file. Raises RefusedFileError, with what it is instead where that can be told."""
    title = title or path.name
    size = path.stat().st_size
    if not size:
        raise RefusedFileError(message("%(title)s är tom.", title=title))
    if size > MAX_FILE_BYTES:
        raise RefusedFileError(
            message("%(title)s är för stor: högst %(most)s MB.", title=title, most=MAX_FILE_BYTES // 2**20)
        )
    with path.open("rb") as file:
        head = file.read(_HEAD)
    for magic, words in _REFUSED.items():
        if head.startswith(magic):
            raise RefusedFileError(
                message("%(title)s är %(words)s, och går inte att läsa projekt ur.", title=title, words=words)
            )
    found = next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), None)
    if found is None and head.startswith(b"PK"):
        found = _kind_of_zip(path, title)
    if found is None and head.startswith(b"\xd0\xcf\x11\xe0"):
        found = _kind_of_ole(path, title)
    if found is None and head.startswith(b"\x00\x00\x27\x0a"):
        found = Kind.SHAPEFILE
    return found or _kind_of_text(head, path, title)


def suffix_note(path: Path, kind: Kind, title: str = "") -> tuple[str, ...]:
    """A note when the name says another kind than the content does."""
    suffix = Path(title or path.name).suffix
    if not suffix or suffix.casefold() in kind.suffixes:
        return ()
    return (message("Filen heter %(suffix)s men är %(kind)s och har lästs så.", suffix=suffix, kind=kind.label),)


def _kind_of_zip(path: Path, title: str) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, EOFError) as error:
        raise RefusedFileError(
            message("%(title)s är skadad eller avkortad: innehållet går inte att packa upp.", title=title)
        ) from error
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return Kind.XLSX
    if "content.xml" in names and "mimetype" in names:
        return Kind.ODS
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        raise RefusedFileError(
            message(
                "%(title)s är ett Office-dokument utan kalkylblad. Spara tabellen som Excel eller CSV.", title=title
            )
        )
    return Kind.ARCHIVE


def _kind_of_ole(path: Path, title: str) -> Kind:
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise RefusedFileError(
            message("%(title)s är skyddad med lösenord. Ta bort lösenordet och skicka filen igen.", title=title)
        )
    if "WordDocument".encode("utf-16-le") in data and "Workbook".encode("utf-16-le") not in data:
        raise RefusedFileError(
            message("%(title)s är ett Word-dokument. Spara tabellen som Excel eller CSV.", title=title)
        )
    return Kind.XLS


def _kind_of_text(head: bytes, path: Path, title: str) -> Kind:
    unicode = next((name for mark, name in _BOMS if head.startswith(mark)), None)
    zeros = head.count(0) / len(head)
    utf16 = unicode is None and 0.2 < zeros < 0.6
    if zeros and unicode is None and not utf16:
        raise _unknown(title)
    encoding = unicode or (("utf-16-le" if head[1:2] == b"\x00" else "utf-16-be") if utf16 else "latin-1")
    text = head.decode(encoding, errors="ignore").lstrip()
    if text.startswith("<"):
        return _kind_of_xml(text.casefold(), title)
    if text[:1] in "{[" and text:
        return Kind.GEOJSON
    words = text.split(maxsplit=2)
    if words[:2] == ["0", "SECTION"] or (words[:1] == ["999"] and "SECTION" in text):
        return Kind.DXF
    suffix = Path(title).suffix.casefold() or path.suffix.casefold()
    first = text.splitlines()[0] if text else ""
    if suffix in Kind.TEXT.suffixes or (suffix not in _BINARY and any(mark in first for mark in ";\t,|")):
        return Kind.TEXT
    raise _unknown(title)


_BINARY = frozenset[str]().union(*(kind.suffixes for kind in Kind if kind not in (Kind.TEXT, Kind.GEOJSON, Kind.GML)))
_BINARY -= {".xls", ".xlsx"}
"""A text that is called so is broken; a text that is called .xls is often a CSV from another system."""


def _kind_of_xml(head: str, title: str) -> Kind:
    if "<kml" in head:
        return Kind.KML
    if "<!doctype html" in head or "<html" in head:
        raise RefusedFileError(
            message("%(title)s är en webbsida. Öppna den i Excel och spara den som Excel-arbetsbok.", title=title)
        )
    if "urn:schemas-microsoft-com:office:spreadsheet" in head:
        raise RefusedFileError(
            message("%(title)s är Excels XML-format från 2003. Spara den som Excel-arbetsbok (xlsx).", title=title)
        )
    if "opengis.net/gml" in head or "featurecollection" in head:
        return Kind.GML
    raise _unknown(title)


def _unknown(title: str) -> RefusedFileError:
    return RefusedFileError(
        message(
            "Filen %(title)s är ingen fil med projekt som går att läsa: varken kartfil, kalkylblad eller CSV.",
            title=title,
        )
    )
