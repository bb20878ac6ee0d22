"""A virtual environment for each rival, made once in a scratch folder with uv."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PACKAGES = {
    "tipg": ("tipg==1.6.1", "uvicorn[standard]==0.54.0"),
    "pygeoapi": ("pygeoapi==0.21.0", "gunicorn==27.0.1", "sqlalchemy", "psycopg2-binary", "geoalchemy2"),
    "geodjango": (
        "django==5.2.19", "djangorestframework==3.18.3", "djangorestframework-gis==1.3.0", "django-filter==26.2",
        "psycopg[binary]", "gunicorn==27.0.1",
    ),
}  # fmt: skip
TOLD = (
    "tipg",
    "uvicorn",
    "asyncpg",
    "pygeoapi",
    "django",
    "djangorestframework",
    "djangorestframework-gis",
    "gunicorn",
)


def make_environment(folder: Path, rival: str) -> Path:
    """The folder of the rival's programs; made when it is not there."""
    place = folder / rival
    programs = place / "bin"
    if not (programs / "python").exists():
        uv = str(Path(sys.executable).parent / "uv")
        subprocess.run([uv, "venv", "-q", str(place)], check=True)
        subprocess.run([uv, "pip", "install", "-q", "-p", str(programs / "python"), *PACKAGES[rival]], check=True)
    return programs


def versions(programs: Path) -> str:
    """The versions of what matters, in one line."""
    code = (
        "from importlib.metadata import version, PackageNotFoundError\n"
        f"for name in {TOLD!r}:\n"
        "    try: print(name, version(name), end=' · ')\n"
        "    except PackageNotFoundError: pass"
    )
    done = subprocess.run([programs / "python", "-c", code], check=True, capture_output=True, text=True)
    return done.stdout.rstrip(" ·")
