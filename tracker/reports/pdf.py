"""A .docx as PDF, by LibreOffice without a screen: in a profile of its own, ended and cleaned up whatever comes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tracker.errors import DomainError
from tracker.messages import message
from tracker.reports.working_folders import PDF, working_folder

PROGRAMS = ("soffice", "libreoffice")
TIMEOUT_SECONDS = 180
OPTIONS = '{"UseTaggedPDF":{"type":"boolean","value":"true"},"ExportBookmarks":{"type":"boolean","value":"true"}}'
"""Tagged, so that a screen reader finds headings, tables and the words of charts."""
MISSING = message(
    "PDF kräver LibreOffice, som inte finns på den här datorn (Debian: libreoffice-writer-nogui). "
    "Hämta rapporten i Word i stället."
)


def convert_to_pdf(document: Path, target: Path, timeout: float = TIMEOUT_SECONDS) -> None:
    """Write `document` as PDF to `target`. Raises DomainError where LibreOffice is missing, fails or takes too long."""
    problems = convert_together({document: target}, timeout)
    if problems:
        raise DomainError(problems[document])


def convert_together(documents: Mapping[Path, Path], timeout: float = TIMEOUT_SECONDS) -> dict[Path, str]:
    """Write each document as PDF to its target by one start of LibreOffice, which takes longer than a document.

    Answers what went wrong, by document. One that is not made among others is tried once more by itself. `timeout` is
    of each.
    """
    program = _program()
    if program is None:
        return dict.fromkeys(documents, MISSING)
    with working_folder(PDF) as folder:
        problems = _convert(program, documents, folder, timeout * len(documents))
    # Where none was made, trying again would only take the time again.
    if len(problems) < len(documents):
        for document in tuple(problems):
            problems |= convert_together({document: documents[document]}, timeout) or {document: ""}
    return {document: problem for document, problem in problems.items() if problem}


def can_convert() -> bool:
    """Whether there is a LibreOffice to ask, so that nobody is offered a PDF that will be refused."""
    return _program() is not None


def _program() -> str | None:
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def _convert(program: str, documents: Mapping[Path, Path], folder: Path, timeout: float) -> dict[Path, str]:
    sources, out = {one: folder / f"rapport-{at}.docx" for at, one in enumerate(documents)}, folder / "ut"
    for document, source in sources.items():
        shutil.copyfile(document, source)
    command = [
        program, "--headless", "--nologo", "--norestore", "--nolockcheck", "--nodefault",
        f"-env:UserInstallation={(folder / 'profil').as_uri()}",
        "--convert-to", f"pdf:writer_pdf_Export:{OPTIONS}", "--outdir", str(out), *map(str, sources.values()),
    ]  # fmt: skip
    # A home of its own, so that nothing of the machine's user is read or written.
    environment = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL") if key in os.environ}
    environment |= {"HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
    try:
        code, said = _run(command, environment, timeout)
    except subprocess.TimeoutExpired:
        return dict.fromkeys(
            documents, _failed(message("det tog mer än %(seconds)s sekunder", seconds=f"{timeout:.0f}"))
        )
    except OSError as error:
        return dict.fromkeys(documents, _failed(error.strerror or message("programmet startar inte")))
    problems: dict[Path, str] = {}
    for document, source in sources.items():
        made = out / f"{source.stem}.pdf"
        if made.exists() and made.stat().st_size:
            shutil.move(made, documents[document])
        else:
            problems[document] = _failed(said or message("utgångskod %(code)s", code=code))
    return problems


def _failed(reason: str) -> str:
    return message(
        "PDF kräver LibreOffice, som inte kunde göra om rapporten: %(reason)s. Hämta rapporten i Word i stället.",
        reason=reason,
    )


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
