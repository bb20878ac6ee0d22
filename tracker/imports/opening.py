"""A file made ready for its reader: sniffed, checked, unpacked or given its true suffix in a folder that disappears."""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import RefusedFileError
from tracker.imports.archives import safe_stem, unpack
from tracker.imports.extents import check_sheet, entities
from tracker.imports.findings import all_of
from tracker.imports.kinds import Kind, kind_of, suffix_note
from tracker.imports.shapefiles import Dbf, read_dbf
from tracker.messages import message

_PACKED = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})
_WHOLE = frozenset({".gpkg", ".geojson", ".json", ".kml", ".gml", ".dxf", ".fgb"})
_TABLES = frozenset({".xlsx", ".xls", ".ods", ".csv", ".txt"})
_ARCHIVES = frozenset({".zip", ".kmz", ".7z", ".rar"})
_OUR_TABLES = frozenset({"projekt_utan_lage", "projekt_samlingar"})


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to read: a file on disk of a known kind, with what had to be said on the way."""

    kind: Kind
    path: Path
    title: str
    """The name that the person knows the file by."""
    encoding: str | None = None
    """Of the texts in a Shapefile."""
    notes: tuple[str, ...] = ()


@contextmanager
def opened(path: Path, title: str = "") -> Iterator[tuple[Source, ...]]:
    """The sources of a file: one, or the Shapefiles of an archive. Raises RefusedFileError with one sentence."""
    title = title or path.name
    kind = kind_of(path, title)
    notes = suffix_note(path, kind, title)
    with tempfile.TemporaryDirectory(prefix="portfoljkartan-") as name:
        folder = Path(name)
        if kind is Kind.ARCHIVE:
            yield _from_archive(path, folder, title)
            return
        _check(path, kind, title)
        if kind is Kind.TEXT or kind.is_sheet:
            yield (Source(kind, path, title, notes=notes),)
            return
        if kind is Kind.SHAPEFILE:
            yield (_shapefile(path, title, notes),)
            return
        link = folder / f"{safe_stem(Path(title).stem)}.{kind.value}"
        link.symlink_to(path.resolve())
        yield (Source(kind, link, title, notes=notes),)


def _check(path: Path, kind: Kind, title: str) -> None:
    if kind.is_sheet:
        check_sheet(path, kind, title)
    if kind in (Kind.KML, Kind.GML):
        _refuse_entities(path, title)


def _refuse_entities(path: Path, title: str) -> None:
    """A document type can declare entities that grow without end or fetch other files; no map needs one."""
    words = [word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("ascii", "utf-16-le", "utf-16-be")]
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if any(data.find(word) >= 0 for word in words):
            raise entities(title)


def _from_archive(path: Path, folder: Path, title: str) -> tuple[Source, ...]:
    found = unpack(path, folder, title, _PACKED | _WHOLE | _TABLES | _ARCHIVES)
    shapes = [one for one in found if one.suffix == ".shp"]
    shapes += _without_shapes(found)
    if shapes:
        return tuple(_shapefile(one, title, ()) for one in shapes)
    whole = [one for one in found if one.suffix in _WHOLE | _TABLES]
    if len(whole) == 1:
        kind = kind_of(whole[0], title=f"{title} ({whole[0].name})")
        _check(whole[0], kind, title)
        note = message("Filen är uppackad ur %(title)s.", title=title)
        return (Source(kind, whole[0], title, notes=(note,)),)
    if whole:
        names = ", ".join(sorted(one.name for one in whole))
        raise RefusedFileError(
            message("%(title)s innehåller flera filer. Skicka en i taget: %(names)s.", title=title, names=names)
        )
    if any(one.suffix in _ARCHIVES for one in found):
        raise RefusedFileError(
            message("%(title)s innehåller bara andra arkiv. Packa upp dem och skicka en fil i taget.", title=title)
        )
    if found:
        raise RefusedFileError(
            message(
                "%(title)s innehåller ingen karta och ingen tabell. En Shapefile behöver åtminstone .shp, .shx och "
                ".dbf.",
                title=title,
            )
        )
    raise RefusedFileError(message("%(title)s innehåller ingen karta och ingen tabell.", title=title))


def _without_shapes(found: Sequence[Path]) -> list[Path]:
    """The projects that our own export cannot give a shape in a Shapefile: a table alone beside the others."""
    tables = [one for one in found if one.suffix == ".dbf" and one.stem in _OUR_TABLES]
    return [one for one in tables if _beside(one, ".shp") is None]


def _shapefile(path: Path, title: str, notes: tuple[str, ...]) -> Source:
    needed = () if path.suffix == ".dbf" else (".dbf", ".shx")
    missing = [suffix for suffix in needed if _beside(path, suffix) is None]
    if missing:
        raise RefusedFileError(
            message(
                "%(title)s: Shapefilen %(name)s saknar %(missing)s. Packa .shp, .shx, .dbf och .prj tillsammans i en "
                "zip.",
                title=title,
                name=path.stem,
                missing=all_of(missing),
            )
        )
    texts: Dbf = read_dbf(_beside(path, ".dbf"), _beside(path, ".cpg"))
    return Source(Kind.SHAPEFILE, path, title, texts.encoding, (*notes, *texts.notes))


def _beside(path: Path, suffix: str) -> Path | None:
    return next((one for one in (path.with_suffix(suffix), path.with_suffix(suffix.upper())) if one.exists()), None)
