"""Making every file of a period that is being closed, from the bytes of its snapshots alone."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from hashlib import file_digest
from pathlib import Path
from threading import Thread

from tracker.contribution.rules import CountingRule
from tracker.errors import DomainError
from tracker.exports.audience import Audience
from tracker.reports.encoding import decode
from tracker.reports.facts import BoardFacts
from tracker.reports.pdf import convert_together
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
    """Every format × rule × audience; nothing but the snapshots is read. PDFs are made of the documents themselves."""
    with_pdf = "pdf" in forms
    first = tuple(dict.fromkeys(one for form in forms for one in (("docx",) if form == "pdf" else (form,))))
    jobs = [
        Job(audience, rule, content, folder, template, first)
        for audience, content in snapshots.items()
        for rule in CountingRule
    ]
    found = _make_all(jobs)
    if with_pdf:
        found += _as_pdf([one for one in found if one.form == "docx"])
    return [one for one in found if one.form in forms]


def _make_all(jobs: Sequence[Job]) -> list[Made]:
    words = any("docx" in job.forms for job in jobs)
    if not words and max((len(job.snapshot) for job in jobs), default=0) < PARALLEL_FROM_BYTES:
        return [made for job in jobs for made in _make(job)]
    # Not forked: the process has threads, and a database connection that is its own.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(MOST_PROCESSES, mp_context=spawn, initializer=end_with_parent) as pool:
        return [made for found in pool.map(_make, jobs) for made in found]


def end_with_parent() -> None:
    """Let a process that makes files end when the one that asked for them is killed: it would wait for ever for more.

    It holds the facts of a period in memory.
    """
    Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _as_pdf(documents: Sequence[Made]) -> list[Made]:
    """The very documents that are kept, together; a document that could not be made is no PDF for the same reason."""
    targets = {one.path: one.path.with_suffix(".pdf") for one in documents if one.path is not None}
    problems = convert_together(targets) if targets else {}
    found = []
    for one in documents:
        name, problem = Path(one.name).with_suffix(".pdf").name, one.problem
        if one.path is not None:
            problem = problems.get(one.path, "")
        path = None if one.path is None or problem else targets[one.path]
        found.append(_described(Made("pdf", one.rule, one.audience, name, path, problem=problem)))
    return found


def _described(made: Made) -> Made:
    """With the sum and size of what was written."""
    if made.path is None:
        return made
    with made.path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return replace(made, sha256=digest, size_bytes=made.path.stat().st_size)


def _make(job: Job) -> list[Made]:
    facts = decode(job.snapshot)
    if facts.audience is not job.audience:
        raise ValueError(f"a snapshot of {facts.audience} is kept for {job.audience}")
    return list(_each(facts, job))


def _each(facts: BoardFacts, job: Job) -> Iterator[Made]:
    for form in job.forms:
        name = file_name(facts, job.rule, form)
        made = Made(form, job.rule, facts.audience, name, job.folder / name)
        try:
            write_report(facts, job.rule, form, job.folder / name, facts.snapshot_sha256, job.template)
        except DomainError as error:
            yield replace(made, path=None, problem=str(error))
            continue
        yield _described(made)
