"""The other people's programs that the tests open our files and addresses with; bin/system-test installs them."""

from __future__ import annotations

import shutil
import subprocess

import pytest

SYSTEM_PYTHON = "/usr/bin/python3"
"""Debian's, which has PyQGIS."""


def need_program(name: str, package: str = "gdal-bin") -> None:
    """Fail where a program is missing: a test that is left out would hide it."""
    if shutil.which(name) is None:
        pytest.fail(f"{name} saknas (Debian: {package})")


def need_qgis() -> None:
    """The same of QGIS for Python."""
    probe = subprocess.run([SYSTEM_PYTHON, "-c", "import qgis.core"], capture_output=True, check=False)
    if probe.returncode:
        pytest.fail("QGIS för Python saknas (Debian: python3-qgis)")
