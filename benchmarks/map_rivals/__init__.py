"""The servers that the map's data is measured against, and what they read."""
