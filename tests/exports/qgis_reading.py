"""Run by the system's Python, which has PyQGIS: opens each source that is named and prints what QGIS made of it."""

import json
import os
import sys
from typing import Any

from qgis.core import QgsApplication, QgsVectorLayer  # type: ignore[import-not-found]


def plain(value: Any) -> str | int | float | bool | None:
    """A cell as JSON can hold it: a day as its text, NULL as None."""
    if isinstance(value, str | int | float | bool):
        return value
    return str(value.toString("yyyy-MM-dd")) if hasattr(value, "toString") and not value.isNull() else None


def told_of(feature: Any) -> dict[str, Any]:
    """A feature's cells by name, and its shape."""
    cells = {field.name(): plain(feature[field.name()]) for field in feature.fields()}
    return cells | {"shape": feature.geometry().asWkt(3) if feature.hasGeometry() else None}


QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
told = []
for source in sys.argv[1:]:
    layer = QgsVectorLayer(source, "prov", "ogr")
    renderer: Any = layer.renderer() if layer.isValid() else None
    categories = renderer.categories() if renderer is not None and renderer.type() == "categorizedSymbol" else []
    told.append(
        {
            "valid": layer.isValid(),
            "crs": layer.crs().authid(),
            "count": layer.featureCount(),
            "renderer": renderer.type() if renderer is not None else None,
            "attribute": renderer.classAttribute() if categories else None,
            "colours": {one.value(): one.symbol().color().name() for one in categories},
            "aliases": {field.name(): layer.attributeDisplayName(place) for place, field in enumerate(layer.fields())},
            "types": {field.name(): field.typeName() for field in layer.fields()},
            "read_only": [
                field.name() for place, field in enumerate(layer.fields()) if layer.editFormConfig().readOnly(place)
            ],
            "rows": [told_of(feature) for feature in layer.getFeatures()],
        }
    )
print(json.dumps(told))
sys.stdout.flush()
os._exit(0)  # PyQGIS falls when its layers outlive it
