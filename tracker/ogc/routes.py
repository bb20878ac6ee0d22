"""Every page of the blueprint, registered by importing its module."""

from __future__ import annotations

from tracker.ogc.blueprint import bp

__all__ = ["bp"]
