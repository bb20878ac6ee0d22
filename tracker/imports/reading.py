"""Reading a foreign file in this process, whatever its kind: called by sandbox_jobs.py in a child, and by tests.

Vector files through GDAL (pyogrio), spreadsheets through calamine, text through the csv module. Nothing is
interpreted here: cells come as the file has them, None where they are empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tracker.errors import RefusedFileError
from tracker.imports.kinds import Kind
from tracker.imports.opening import Source, opened
from tracker.imports.sheets import Sheet, to_sheet
from tracker.imports.sources import Table
from tracker.imports.texts import read_text_grid
from tracker.imports.together import passed_over, project_layers, read_together
from tracker.imports.vectors import VectorLayer, VectorTable, list_vector_layers, read_vector
from tracker.imports.workbooks import read_grids
from tracker.messages import message


def read_table_here(path: Path, layer: str | None = None, header_row: int | None = None, title: str = "") -> Table:
    """What sources.read_table promises, without its protection."""
    with opened(path, title) as sources:
        first = sources[0]
        if first.kind.is_sheet:
            return _from_workbook(first, layer, header_row)
        if first.kind is Kind.TEXT:
            text = read_text_grid(first.path, first.title)
            return _from_sheet(first, to_sheet(text.rows, first.title, header_row), first.title, (text.note,))
        layers = list_vector_layers(sources)
        ours = project_layers(layers) if layer is None else ()
        return _from_ours(layers, ours, first) if ours else _from_layer(_chosen(layers, layer, first.title))


def _from_workbook(source: Source, layer: str | None, header_row: int | None) -> Table:
    grids = read_grids(source.path, source.title, layer)
    if len(grids) != 1:
        if not grids:
            raise RefusedFileError(message("%(title)s är tom.", title=source.title))
        raise RefusedFileError(
            message(
                "%(title)s har flera blad med innehåll. Välj ett med --layer: %(names)s.",
                title=source.title,
                names=", ".join(grids),
            )
        )
    ((name, grid),) = grids.items()
    return _from_sheet(
        source,
        to_sheet(grid, source.title, header_row),
        message("%(title)s, bladet %(name)s", title=source.title, name=name),
        (),
    )


def _from_sheet(source: Source, sheet: Sheet, name: str, notes: tuple[str, ...]) -> Table:
    return Table(name, sheet.rows, sheet.columns, geometries=None, srid=None, notes=(*source.notes, *notes))


def _chosen(layers: Sequence[VectorLayer], wanted: str | None, title: str) -> VectorLayer:
    names = ", ".join(one.name for one in layers)
    if wanted is not None:
        found = [one for one in layers if one.name == wanted]
        if not found:
            raise RefusedFileError(
                message(
                    "Filen %(title)s har inget lager ”%(wanted)s”. Den har: %(names)s.",
                    title=title,
                    wanted=wanted,
                    names=names,
                )
            )
        return found[0]
    if not layers:
        raise RefusedFileError(message("%(title)s har inga lager.", title=title))
    if len(layers) > 1:
        raise RefusedFileError(
            message("Filen %(title)s har flera lager. Välj ett med --layer: %(names)s.", title=title, names=names)
        )
    return layers[0]


def _from_ours(layers: Sequence[VectorLayer], ours: Sequence[VectorLayer], source: Source) -> Table:
    read = read_together(ours, source.title)
    notes = dict.fromkeys(note for one in ours for note in one.source.notes)
    return _from_vector(read, source.title, (*notes, *read.notes, *passed_over(layers, ours)))


def _from_layer(layer: VectorLayer) -> Table:
    read = read_vector(layer)
    name = message("%(title)s, lagret %(layer)s", title=layer.source.title, layer=layer.name)
    return _from_vector(read, name, (*layer.source.notes, *read.notes))


def _from_vector(read: VectorTable, name: str, notes: tuple[str, ...]) -> Table:
    count = len(read.geometries) if read.geometries is not None else max(map(len, read.columns.values()), default=0)
    if not count:
        raise RefusedFileError(message("%(name)s har inga objekt.", name=name))
    return Table(name, range(1, count + 1), read.columns, read.geometries, read.srid, notes)
