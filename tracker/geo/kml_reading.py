"""What a child process reads of a KML that somebody pasted: its shapes."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from tracker.errors import RefusedFileError
from tracker.messages import message
from tracker.sandbox import wire

UNREADABLE = message("KML-texten går inte att läsa. Klistra in hela filen eller ett helt Placemark.")


def shapes(path: Path, _title: str) -> bytes:
    """All shapes of all layers, in longitude and latitude."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # By number: a layer without a name is called by the file that it is read from.
            layers = range(len(pyogrio.list_layers(path)))
            found = [pyogrio.raw.read(path, layer=number, columns=[])[2] for number in layers]
        read = [shapely.from_wkb(wkb) for wkb in found if wkb is not None]
    except (DataSourceError, DataLayerError, ValueError, shapely.errors.ShapelyError) as error:
        raise RefusedFileError(UNREADABLE) from error
    return wire.pack(np.concatenate([*read, np.empty(0, dtype=object)]))
