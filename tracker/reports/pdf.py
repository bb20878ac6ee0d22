"""A .docx as PDF, by LibreOffice without a screen: in a profile of its own, ended and cleaned up whatever comes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from tracker.errors import DomainError

PROGRAMS = ("soffice", "libreoffice")
TIMEOUT_SECONDS = 180
OPTIONS = '{"UseTaggedPDF":{"type":"boolean","value":"true"},"ExportBookmarks":{"type":"boolean","value":"true"}}'
"""Tagged, so that a screen reader finds headings, tables and the words of charts."""
MISSING = (
    "PDF kräver LibreOffice, som inte finns på den här datorn (Debian: libreoffice-writer-nogui). "
    "Hämta rapporten som docx i stället."
)
FAILED = "PDF kräver LibreOffice, som inte kunde göra om rapporten: {reason}. Hämta rapporten som docx i stället."


def can_make_pdf() -> bool:
    """Whether LibreOffice is at hand."""
    return _program() is not None


def convert_to_pdf(document: Path, target: Path, timeout: float = TIMEOUT_SECONDS) -> None:
    """Write `document` as PDF to `target`. Raises DomainError where LibreOffice is missing, fails or takes too long."""
    program = _program()
    if program is None:
        raise DomainError(MISSING)
    with tempfile.TemporaryDirectory(prefix="portfoljkartan-pdf-") as folder:
        made = _convert(program, document, Path(folder), timeout)
        shutil.move(made, target)


def _program() -> str | None:
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def _convert(program: str, document: Path, folder: Path, timeout: float) -> Path:
    source, out = folder / "rapport.docx", folder / "ut"
    shutil.copyfile(document, source)
    command = [
        program, "--headless", "--nologo", "--norestore", "--nolockcheck", "--nodefault",
        f"-env:UserInstallation={(folder / 'profil').as_uri()}",
        "--convert-to", f"pdf:writer_pdf_Export:{OPTIONS}", "--outdir", str(out), str(source),
    ]  # fmt: skip
    # A home of its own, so that nothing of the machine's user is read or written.
    environment = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL") if key in os.environ}
    environment |= {"HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
    try:
        code, said = _run(command, environment, timeout)
    except subprocess.TimeoutExpired:
        raise DomainError(FAILED.format(reason=f"det tog mer än {timeout:.0f} sekunder")) from None
    except OSError as error:
        raise DomainError(FAILED.format(reason=error.strerror or "programmet startar inte")) from error
    made = out / "rapport.pdf"
    if not made.exists() or made.stat().st_size == 0:
        raise DomainError(FAILED.format(reason=said or f"utgångskod {code}"))
    return made


def _run(command: list[str], environment: dict[str, str], timeout: float) -> tuple[int, str]:
    """In a process group of its own: soffice starts others, and all of them end with it."""
    process = subprocess.Popen(  # noqa: S603 - our own command, no shell
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    try:
        _, errors = process.communicate(timeout=timeout)
    except BaseException:
        _end(process)
        raise
    lines = errors.decode("utf-8", "replace").strip().splitlines()
    return process.returncode, lines[-1][:200] if lines else ""


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
