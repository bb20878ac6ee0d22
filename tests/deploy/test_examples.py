"""The units for systemd and the container file: what can be checked of them without either."""

from __future__ import annotations

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from config import from_environment
from tests.programs import need_program

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "docs/drift/exempel"
UNITS = sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".service", ".socket", ".timer"))


def read_unit(name: str) -> dict[str, list[tuple[str, str]]]:
    """Section → (key, value) in order; keys repeat."""
    sections: dict[str, list[tuple[str, str]]] = {}
    current = ""
    for line in (FOLDER / name).read_text("utf-8").splitlines():
        if line.startswith("["):
            current = line.strip("[]")
        elif line and not line.startswith("#"):
            key, _equals, value = line.partition("=")
            sections.setdefault(current, []).append((key, value))
    return sections


@pytest.fixture
def laid_out(tmp_path: Path) -> Path:
    """The units in a root of their own, where the programs that they start are."""
    place = tmp_path / "etc/systemd/system"
    place.mkdir(parents=True)
    for name in UNITS:
        shutil.copy(FOLDER / name, place / name)
    for program in ("opt/portfoljkartan/.venv/bin/portfoljkartan", "bin/sh", "usr/bin/find"):
        path = tmp_path / program
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/sh\n", "utf-8")
        path.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_no_fault(laid_out: Path, name: str) -> None:
    need_program("systemd-analyze", "systemd")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", "--man=no", f"--root={laid_out}", name],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_the_service_may_as_little_as_can_be(laid_out: Path) -> None:
    need_program("systemd-analyze", "systemd")
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=30", f"--root={laid_out}",
         "portfoljkartan.service"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = re.search(r"Overall exposure level for portfoljkartan.service: ([\d.]+)", done.stdout)
    assert found is not None, done.stdout + done.stderr
    assert float(found[1]) <= 3.0, done.stdout


def test_the_service_gives_what_is_under_way_its_time() -> None:
    service = dict(read_unit("portfoljkartan.service")["Service"])
    graceful = from_environment({"SECRET_KEY": "x" * 20})["GRACEFUL_SECONDS"]
    assert int(service["TimeoutStopSec"]) > graceful
    assert service["KillMode"] == "mixed"
    assert service["User"] == "portfoljkartan"


def test_the_environment_of_the_example_is_taken(tmp_path: Path) -> None:
    lines = (FOLDER / "miljo.env").read_text("utf-8").splitlines()
    given = dict(line.lstrip("#").split("=", 1) for line in lines if re.match(r"#?[A-Z_]+=", line))
    settings = from_environment(given | {"SECRET_KEY": "x" * 20, "METRICS_TOKEN": "y" * 30, "STATE_DIR": str(tmp_path)})
    assert settings["TRUSTED_PROXIES"] == 1
    assert settings["DATABASE_URL"].startswith("postgresql+psycopg:///")
    readme = (ROOT / "README.md").read_text("utf-8")
    for name in given:
        assert f"`{name}`" in readme, name


def test_the_container_has_no_root_and_no_secrets() -> None:
    text = (FOLDER / "Containerfile").read_text("utf-8")
    assert re.search(r"^USER 10001$", text, re.M)
    assert text.rindex("\nUSER ") > text.rindex("\nRUN ")
    copied = [word for line in re.findall(r"^COPY (?!--from)(.*)$", text, re.M) for word in line.split()[:-1]]
    assert "." not in copied
    for path in copied:
        assert (ROOT / path).exists(), path
        assert path not in ("instance", "tests", ".git", ".venv")
    assert "HEALTHCHECK" in text
    assert "/healthz" in text
    assert "registry" not in text


def test_the_units_are_all_there() -> None:
    assert UNITS == [
        "portfoljkartan-backup.service", "portfoljkartan-backup.timer", "portfoljkartan.service",
        "portfoljkartan.socket",
    ]  # fmt: skip


def test_the_example_settings_are_those_that_a_parser_reads() -> None:
    for name in UNITS:
        parser = ConfigParser(strict=False, interpolation=None, delimiters=("=",))
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read(FOLDER / name, "utf-8")
        assert parser.sections()
