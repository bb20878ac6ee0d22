"""PDF through LibreOffice: said where it is missing, ended where it hangs, nothing left behind."""

from __future__ import annotations

import os
import stat
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.reports.board import board
from tracker.contribution.rules import CountingRule
from tracker.errors import DomainError
from tracker.reports import pdf
from tracker.reports.writing import write_report


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files that nobody else uses."""
    own = tmp_path / "tillfalligt"
    own.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(own))
    return own


def program(path: Path, script: str) -> None:
    path.mkdir()
    file = path / "soffice"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


def test_without_libreoffice_it_is_said_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DomainError, match="PDF kräver LibreOffice"):
        write_report(board(), CountingRule.FORDELAD, "pdf", tmp_path / "rapport.pdf")
    assert os.listdir(tmp_path) == []


def test_a_program_that_fails_gives_its_reason(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "bin", "echo 'Error: source file could not be loaded' >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/bin:/usr/bin")
    document = tmp_path / "a.docx"
    document.write_bytes(b"x")
    with pytest.raises(DomainError, match=r"PDF kräver LibreOffice.*could not be loaded"):
        pdf.convert_to_pdf(document, tmp_path / "a.pdf")
    assert os.listdir(folder) == []


def test_a_program_that_hangs_is_ended_with_its_children(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "pid"
    program(tmp_path / "bin", f"sleep 600 & echo $! > {mark}; wait")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/bin:/usr/bin")
    document = tmp_path / "a.docx"
    document.write_bytes(b"x")
    with pytest.raises(DomainError, match="tog mer än"):
        pdf.convert_to_pdf(document, tmp_path / "a.pdf", timeout=1)
    state = subprocess.run(["ps", "-o", "stat=", "-p", mark.read_text().strip()], capture_output=True, text=True).stdout
    assert state.strip() in ("", "Z")
    assert os.listdir(folder) == []


def test_the_same_facts_give_the_same_text_and_nothing_of_the_machine(tmp_path: Path, folder: Path) -> None:
    texts = []
    for name in ("a.pdf", "b.pdf"):
        write_report(board(), CountingRule.FORDELAD, "pdf", tmp_path / name)
        found = subprocess.run(["pdftotext", tmp_path / name, "-"], capture_output=True, check=True, text=True)
        texts.append(found.stdout)
    assert texts[0] == texts[1]
    assert "Tertialrapport 1 2005 (april)" in texts[0]
    about = subprocess.run(["pdfinfo", tmp_path / "a.pdf"], capture_output=True, check=True, text=True).stdout
    assert "Author" not in about
    assert os.uname().nodename not in about
    assert str(tmp_path).encode() not in (tmp_path / "a.pdf").read_bytes()
    assert os.listdir(folder) == []


def test_several_are_made_by_one_start_and_one_that_fails_is_tried_by_itself(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = tmp_path / "starts"
    script = f"""echo start >> {starts}
    while [ $# -gt 0 ]; do
      case $1 in --outdir) out=$2; shift;; *.docx) files="$files $1";; esac; shift
    done
    mkdir -p "$out"
    for file in $files; do
      if grep -q fel "$file"; then echo "fel i filen" >&2; else cp "$file" "$out/$(basename "$file" .docx).pdf"; fi
    done"""
    program(tmp_path / "bin", script)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/bin:/usr/bin")
    documents = {tmp_path / f"{name}.docx": tmp_path / f"{name}.pdf" for name in "abcd"}
    for document in documents:
        document.write_text(document.stem)
    assert pdf.convert_together(documents) == {}
    assert starts.read_text().count("start") == 1
    assert [target.read_text() for target in documents.values()] == ["a", "b", "c", "d"]
    wrong = tmp_path / "b.docx"
    wrong.write_text("fel")
    documents[wrong].unlink()
    problems = pdf.convert_together(documents)
    assert list(problems) == [wrong]
    assert "fel i filen" in problems[wrong]
    assert not documents[wrong].exists()
    assert starts.read_text().count("start") == 3
    assert os.listdir(folder) == []
