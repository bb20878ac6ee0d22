"""The child that reads foreign files: what it cannot do, how it ends, and that the application lives on."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.imports.files import write_csv
from tracker.errors import ConfigurationError, RefusedFileError
from tracker.imports.sources import read_table
from tracker.sandbox import calling, gdal, landlock, limits, wire
from tracker.sandbox.limits import Limits, limits_from

MUCH_TIME, NO_TIME = Limits(memory_mb=256, seconds=60), Limits(memory_mb=256, seconds=2)
READERS = "tests.imports.sandbox_readers"
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def small() -> Iterator[None]:
    """Little memory; much time, for no test depends on how fast a machine is."""
    kept = limits.current()
    limits.configure(MUCH_TIME)
    yield
    limits.configure(kept)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the private folders are made."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "fil.csv"
    path.write_bytes(b"kod;namn\nA;x\n")
    return path


def ask(name: str, path: Path, **arguments: Any) -> Any:
    return wire.unpack(calling.run(f"{READERS}:{name}", path, "a.csv", **arguments), Any)


def test_an_honest_reader_answers(file: Path, place: Path) -> None:
    assert ask("echo", file, layer=None, rows=[1, 2]) == [file.read_bytes(), "a.csv", {"layer": None, "rows": [1, 2]}]
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "arguments", "reason"),
    [
        ("crash", {}, "får läsaren att krascha"),
        ("leave", {"code": 0}, "får läsaren att krascha"),
        ("leave", {"code": 3}, "får läsaren att krascha"),
        ("shoot", {"number": int(signal.SIGABRT)}, "får läsaren att krascha"),
        ("shoot", {"number": int(signal.SIGKILL)}, "får läsaren att krascha"),
        ("spin", {}, "längre tid än 2 sekunder"),
        ("sleep", {}, "längre tid än 2 sekunder"),
        ("hog", {}, "mer minne än 256 MB"),
        ("babble", {}, "mer minne än 256 MB"),
        ("fail", {}, "skadad eller byggd på ett sätt"),
    ],
)
def test_whatever_happens_to_the_child_is_one_sentence(
    file: Path, place: Path, name: str, arguments: dict[str, Any], reason: str
) -> None:
    limits.configure(NO_TIME if name in ("spin", "sleep") else MUCH_TIME)
    with pytest.raises(RefusedFileError, match=reason) as refused:
        ask(name, file, **arguments)
    limits.configure(MUCH_TIME)
    assert str(refused.value).startswith("a.csv gick inte att läsa: ")
    assert list(place.iterdir()) == []
    assert ask("echo", file)[1] == "a.csv", "the next file is read"


def test_an_error_of_the_reader_is_logged_without_what_it_quotes(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(RefusedFileError) as refused:
        ask("fail", file)
    assert "LookupError < sandbox_readers.py:" in caplog.text
    assert "hemligt" not in caplog.text + str(refused.value)


def test_a_file_that_grows_without_end_is_cut(file: Path, place: Path) -> None:
    assert ask("fill", file, count=1000) == "skrivet"
    assert list(place.iterdir()) == [], "what it leaves is removed with its folder"
    with pytest.raises(RefusedFileError):
        ask("fill", file, count=limits.WRITTEN_BYTES + 1)
    assert list(place.iterdir()) == []


def test_the_child_has_no_secrets_no_descriptors_and_bounds(
    file: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "en planterad hemlighet")
    monkeypatch.setenv("DATABASE_URL", "postgresql://a:hemlig@b/c")
    calling._forker.stop()
    environment, descriptors, folder, bounds, drivers = ask("state", file)
    assert "hemlig" not in str(environment)
    assert not {"SECRET_KEY", "DATABASE_URL"} & environment.keys()
    assert len(descriptors) <= 1, "the pipe of the answer alone"
    assert Path(folder).parent == place
    assert bounds["RLIMIT_CORE"] == 0
    assert bounds["RLIMIT_CPU"] == 60
    assert bounds["RLIMIT_FSIZE"] == limits.WRITTEN_BYTES
    assert bounds["RLIMIT_NOFILE"] == limits.OPEN_FILES
    if sys.platform == "linux":
        assert 256 * 2**20 < bounds["RLIMIT_AS"] < 3 * 2**30
    assert set(drivers) == gdal.DRIVERS, "no driver that follows references, none that asks the network"


@pytest.mark.skipif(not landlock.version(), reason="Landlock finns inte i den här kärnan")
def test_the_child_reaches_no_other_file(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "portfoljkartan.db"
    other.write_bytes(b"register")
    assert ask("look", file, other=str(other)) == ["PermissionError", "PermissionError"]
    assert ask("look", file, other="/etc/passwd") == ["PermissionError", "PermissionError"]
    assert not other.with_name("portfoljkartan.db.ny").exists()


@pytest.mark.skipif(landlock.version() < 4, reason="nätet kan inte stängas av med den här kärnan")
def test_the_child_has_no_network(file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        assert ask("connect", file, port=server.getsockname()[1]) in ("PermissionError", "OSError")
        with pytest.raises(BlockingIOError):
            server.accept()


def test_what_no_honest_child_answers_is_not_believed(file: Path) -> None:
    with pytest.raises(wire.WireError):
        ask("nonsense", file, data=b"\xc1")


def test_many_threads_read_many_files(tmp_path: Path) -> None:
    paths = [write_csv(tmp_path / f"{n}.csv", [(f"P-{n}", "x")], ("Kod", "Namn")) for n in range(12)]
    with ThreadPoolExecutor(6) as pool:
        tables = list(pool.map(read_table, paths))
    assert [one.columns["Kod"] for one in tables] == [[f"P-{n}"] for n in range(12)]


def test_one_that_hangs_holds_up_no_other(file: Path) -> None:
    limits.configure(Limits(memory_mb=256, seconds=10))
    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(ask, "sleep", file)
        assert ask("echo", file)[1] == "a.csv"
        assert not hanging.done()
        with pytest.raises(RefusedFileError):
            hanging.result()


def test_too_many_at_once_are_told_to_come_again(file: Path) -> None:
    limits.configure(Limits(memory_mb=256, seconds=1))
    taken = [calling._slots.acquire() for _ in range(calling.MOST_AT_ONCE)]
    try:
        with pytest.raises(RefusedFileError, match="servern läser andra filer"):
            ask("echo", file)
    finally:
        for _ in taken:
            calling._slots.release()


def test_the_program_that_forks_is_started_again(file: Path) -> None:
    ask("echo", file)
    process = calling._forker._process
    assert process is not None
    process.kill()
    process.wait()
    assert ask("echo", file)[1] == "a.csv"


def test_it_may_end_in_the_middle_of_a_file(file: Path) -> None:
    ask("echo", file)
    process = calling._forker._process
    assert process is not None
    limits.configure(NO_TIME)
    threading.Timer(0.3, process.kill).start()
    with pytest.raises(RefusedFileError):
        ask("sleep", file)
    limits.configure(MUCH_TIME)
    assert ask("echo", file)[1] == "a.csv"


def test_a_fork_of_the_process_gets_a_program_of_its_own(file: Path) -> None:
    """gunicorn --preload forks its workers from a process that may have read a file."""
    ask("echo", file)
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if ask("echo", file)[1] == "a.csv" and calling._forker._process is not None else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert ask("echo", file)[1] == "a.csv"


def test_nothing_outlives_the_process(file: Path) -> None:
    code = f"""
        from pathlib import Path
        from tracker.sandbox import calling
        calling.run("{READERS}:echo", Path({str(file)!r}), "a.csv")
        print(calling._forker._process.pid)
    """
    told = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stderr == ""
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.stdout), 0)


@pytest.mark.parametrize(
    ("name", "value"), [("IMPORT_MEMORY_MB", "64"), ("IMPORT_SECONDS", "0"), ("IMPORT_SECONDS", "a")]
)
def test_nonsense_limits_stop_the_start(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        limits_from({name: value})


def test_the_limits_are_read() -> None:
    assert limits_from({}) == Limits(1024, 60)
    assert limits_from({"IMPORT_MEMORY_MB": "2048", "IMPORT_SECONDS": "300"}) == Limits(2048, 300)
