"""Run by the system's Python with QGIS: edit a GeoPackage of ours as a person does in QGIS, and save.

    python3 qgis_editing.py FILE CODE NEW_NAME

The point of the project CODE gets another name and moves ten metres east; nothing else is touched.
"""

import sys

from qgis.core import QgsApplication, QgsPointXY, QgsVectorLayer  # type: ignore[import-not-found]

path, code, name = sys.argv[1:]
app = QgsApplication([], False)
app.initQgis()
layer = QgsVectorLayer(f"{path}|layername=punkter", "punkter", "ogr")
assert layer.isValid(), "QGIS cannot open the layer"
(feature,) = [one for one in layer.getFeatures() if one["kod"] == code]
assert layer.startEditing()
assert layer.changeAttributeValue(feature.id(), layer.fields().indexOf("namn"), name)
point = feature.geometry().asPoint()
assert layer.moveVertex(point.x() + 10, point.y(), feature.id(), 0)
assert layer.commitChanges(), layer.commitErrors()
moved = QgsPointXY(layer.getFeature(feature.id()).geometry().asPoint())
print(layer.featureCount(), round(moved.x(), 3), round(moved.y(), 3), layer.crs().authid())
del layer
app.exitQgis()
