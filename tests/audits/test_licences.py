"""docs/licenser.md names every package that the product uses when it runs, as the lock files do."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.M)
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
ALLOWED = {"0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "LGPL-2.1-only", "MIT",
           "MIT-0", "LGPL-3.0-only", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Unlicense", "Zlib"}  # fmt: skip


def listed() -> dict[str, tuple[str, str]]:
    rows = ROW.findall((ROOT / "docs" / "licenser.md").read_text(encoding="utf-8"))
    return {name: (version, licence) for name, version, licence in rows if name != "Paket"}


def test_every_locked_python_package_is_listed_in_its_versions() -> None:
    told = listed()
    locked: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", LOCK, re.M):
        locked.setdefault(name, []).append(version)
    assert len(locked) > 60
    assert {name: told.get(name, ("", ""))[0] for name in locked} == {
        name: ", ".join(versions) for name, versions in locked.items()
    }


def test_every_locked_npm_package_is_listed() -> None:
    told = listed()
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    wanted = {path.removeprefix("node_modules/").replace("/node_modules/", " > "): one["version"]
              for path, one in packages.items() if path and not one.get("dev")}  # fmt: skip
    assert {name: told.get(name, ("", ""))[0] for name in wanted} == wanted


def test_every_licence_may_be_used() -> None:
    for name, (_version, licence) in listed().items():
        said = [one.strip("() ") for one in re.split(r"\bAND\b", licence)]
        assert all({part.strip("() ") for part in re.split(r"\bOR\b", one)} & ALLOWED for one in said), (name, licence)


def test_the_page_is_what_the_command_writes() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "bin" / "licences"), "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_locked_package_has_its_hash() -> None:
    """So that another file under the same name is not installed."""
    parts = re.split(r"^(?=[a-z0-9._-]+==)", LOCK, flags=re.M)[1:]
    assert all("--hash=sha256:" in part for part in parts)
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert all(one["integrity"].startswith("sha512-") for path, one in packages.items() if path)


def test_no_lock_file_says_where_its_packages_are_fetched() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "package-lock.json", ".npmrc"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"\"resolved\"|index-url|find-links|://[^\s\"]*(registry|pypi|npmjs)", text), name
