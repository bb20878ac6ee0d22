"""Making every file of a period that is being closed, from the bytes of its snapshots alone."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from tracker.contribution.rules import CountingRule
from tracker.errors import DomainError
from tracker.exports.audience import Audience
from tracker.reports.encoding import decode
from tracker.reports.facts import BoardFacts
from tracker.reports.pdf import convert_to_pdf
from tracker.reports.writing import FORMATS, file_name, write_report

PARALLEL_FROM_BYTES = 500_000
"""Snapshots at least so large are worth processes of their own, and so are reports in words, which take seconds each.

A process holds the facts of one audience in memory.
"""
MOST_PROCESSES = 2


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made, or why it could not be (then `path` is None)."""

    form: str
    rule: CountingRule
    audience: Audience
    name: str
    path: Path | None
    sha256: str = ""
    size_bytes: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """The files of one audience and rule."""

    audience: Audience
    rule: CountingRule
    snapshot: bytes
    folder: Path
    template: Path | None
    forms: tuple[str, ...]


def make_files(
    snapshots: Mapping[Audience, bytes],
    folder: Path,
    template: Path | None = None,
    forms: Sequence[str] = FORMATS,
) -> list[Made]:
    """Every format × rule × audience; nothing but the snapshots is read."""
    jobs = [
        Job(audience, rule, content, folder, template, tuple(forms))
        for audience, content in snapshots.items()
        for rule in CountingRule
    ]
    if "docx" not in forms and max(map(len, snapshots.values()), default=0) < PARALLEL_FROM_BYTES:
        return [made for job in jobs for made in _make(job)]
    # Not forked: the process has threads, and a database connection that is its own.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(MOST_PROCESSES, mp_context=spawn) as pool:
        return [made for found in pool.map(_make, jobs) for made in found]


def _make(job: Job) -> list[Made]:
    facts = decode(job.snapshot)
    if facts.audience is not job.audience:
        raise ValueError(f"a snapshot of {facts.audience} is kept for {job.audience}")
    return list(_each(facts, job))


def _each(facts: BoardFacts, job: Job) -> Iterator[Made]:
    for form in job.forms:
        name = file_name(facts, job.rule, form)
        path = job.folder / name
        try:
            _write(facts, job, form, path)
        except DomainError as error:
            yield Made(form, job.rule, facts.audience, name, None, problem=str(error))
            continue
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        yield Made(form, job.rule, facts.audience, name, path, digest, path.stat().st_size)


def _write(facts: BoardFacts, job: Job, form: str, path: Path) -> None:
    """The PDF is made of the very document that is kept beside it, where that was made."""
    document = path.with_suffix(".docx")
    if form == "pdf" and document.exists():
        convert_to_pdf(document, path)
    else:
        write_report(facts, job.rule, form, path, facts.snapshot_sha256, job.template)
