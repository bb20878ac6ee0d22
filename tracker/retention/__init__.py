"""Disposal (gallring): what may be removed, when, and only by a recorded decision."""
