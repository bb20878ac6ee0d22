"""The units for systemd and the container file: what can be checked of them without either."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from config import from_environment
from tests.deploy.serving import free_port, serving
from tests.programs import need_program

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "docs/drift/exempel"
STEPS = ROOT / "docs/drift/driftsattning.md"
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


def container() -> str:
    """The container file, with lines that go on put together."""
    return (FOLDER / "Containerfile").read_text("utf-8").replace("\\\n", " ")


def copied() -> list[str]:
    return [word for line in re.findall(r"^COPY (?!--from)(.*)$", container(), re.M) for word in line.split()[:-1]]


def test_the_container_has_no_root_and_no_secrets() -> None:
    text = container()
    assert re.search(r"^USER 10001:10001$", text, re.M)
    assert text.rindex("\nUSER ") > text.rindex("\nRUN ")
    assert "." not in copied()
    for path in copied():
        assert (ROOT / path).exists(), path
        assert path not in ("instance", "tests", ".git", ".venv")
    assert "registry" not in text


def test_the_container_has_all_that_the_product_reads() -> None:
    assert {"tracker", "config.py", "migrations", "templates", "static", "docs"} <= set(copied())


def test_the_container_that_runs_has_the_programs_that_are_called() -> None:
    installed = container().rpartition("\nFROM ")[2].partition("\nCOPY ")[0].split()
    for package in (
        "python3", "libsqlite3-mod-spatialite", "libreoffice-writer-nogui", "postgresql-client-15", "ca-certificates",
    ):  # fmt: skip
        assert package in installed


def test_the_container_is_stopped_later_than_what_is_under_way() -> None:
    graceful = from_environment({"SECRET_KEY": "x" * 20})["GRACEFUL_SECONDS"]
    for text in (container(), STEPS.read_text("utf-8")):
        found = re.findall(r"--stop-timeout (\d+)", text)
        assert found
        assert all(int(seconds) > graceful for seconds in found)


def test_a_build_keeps_the_check_of_health() -> None:
    """The format that podman takes by itself has no place for it."""
    for text in (container(), STEPS.read_text("utf-8")):
        assert "podman build --format docker " in text
        assert "podman build -f" not in text


def test_nginx_before_a_container_asks_its_port_for_everything(tmp_path: Path) -> None:
    found = re.search(r"^sed -i (-e .*) /etc/nginx/\S+$", STEPS.read_text("utf-8"), re.M)
    assert found is not None
    site = shutil.copy(FOLDER / "nginx.conf", tmp_path / "site.conf")
    subprocess.run(["sed", "-i", *shlex.split(found[1]), site], check=True)
    text = Path(site).read_text("utf-8")
    assert "    server 127.0.0.1:8000 fail_timeout=0;" in text
    assert "alias" not in text
    assert re.findall(r"location (.*) {", text) == ["/", "= /metrics", "@away"]
    assert len(re.findall(r"{$", text, re.M)) == len(re.findall(r"^ *}$", text, re.M))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_check_of_health_tells_whether_the_server_answers(database_url: str, tmp_path: Path) -> None:
    found = re.search(r"^HEALTHCHECK .*? CMD (\[.*\])$", container(), re.M)
    assert found is not None
    program, *words = json.loads(found[1])
    assert program == "/opt/portfoljkartan/.venv/bin/python"

    def code(port: int) -> int:
        # podman hands on the proxy of the machine.
        env = {"PORT": str(port), "http_proxy": f"http://127.0.0.1:{free_port()}"}
        done = subprocess.run([sys.executable, *words], env=env, capture_output=True, check=False)
        return done.returncode

    public = "https://portfolj.staden.se"
    with serving(database_url, tmp_path, FORCE_HTTPS="1", TRUSTED_PROXIES="1", PUBLIC_URL=public) as server:
        assert code(server.port) == 0
    assert code(free_port()) == 1


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
