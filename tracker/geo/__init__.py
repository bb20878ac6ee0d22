"""Geometry: coordinate systems, validity, measures, stored form. Pure; knows shapely and pyproj, no database session.

Everywhere in memory and in storage x is easting (or longitude) and y is northing (or latitude).
"""
