"""OGC API – Features over projects, areas and contributions, at /ogc."""
