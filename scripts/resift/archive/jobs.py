"""An archive indexed by many jobs: `workflow/archive.smk` over groups of its files, on any executor.

A group is so many files in their order, so that files that come later change the last group alone. What
a job leaves for the next is a list of its files; the indexes themselves lie in the cache that all share.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from resift.archive.index import index_folder, is_complete
from resift.archive.source import Archive, ArchiveFile, Progress, xml_files
from resift.errors import RunError
from resift.project.workflow import run_workflow
from resift.rows import read_rows, write_rows

#: Files to a job: about 25 minutes of work for one of NLM's baseline, where its start is nothing.
FILES_PER_JOB = 50


def groups(folder: Path, size: int = FILES_PER_JOB) -> list[list[Path]]:
    """The files of an archive, `size` to a job. Raises `SourceError` when the folder holds none."""
    files = xml_files(folder)
    return [files[start : start + size] for start in range(0, len(files), size)]


def lists_of(folder: Path, cache: Path) -> Path:
    """Where the jobs of this archive leave their lists."""
    resolved = folder.resolve()
    return cache / "jobs" / f"{resolved.name}-{hashlib.sha256(os.fsencode(resolved)).hexdigest()[:8]}"


def index_group(sources: list[Path], listed: Path, *, cache: Path, progress: Progress | None = None) -> None:
    """Index one group and write the list of its files. Raises what `Archive.open` raises."""
    write_rows(ArchiveFile, Archive.over(sources, cache=cache, progress=progress).files, listed)


def gather(lists: list[Path], listed: Path) -> None:
    """Put the lists of all groups into one, in the order of the files."""
    write_rows(ArchiveFile, [file for path in lists for file in read_rows(ArchiveFile, path)], listed)


def add_by_jobs(folder: Path, *, cache: Path, profile: str, cores: int | None, size: int) -> int:
    """Index what is new in a folder by Snakemake under a profile; how many files the archive has.

    Raises `RunError` with Snakemake's last error when it stops.
    """
    place = lists_of(folder, cache)
    forget_what_is_gone(place, cache)
    run_workflow(
        "workflow/archive.smk",
        {"archive": folder, "cache": cache, "files_per_job": size},
        profile=profile,
        cores=cores,
        log=place / "snakemake.log",
    )
    return len(read_rows(ArchiveFile, place / "files.csv"))


def forget_what_is_gone(place: Path, cache: Path) -> None:
    """Take away the list of a group whose indexes are not all there, so that its job runs again."""
    for listed in place.glob("*.csv"):
        try:
            files = read_rows(ArchiveFile, listed)
        except RunError:
            files = []
        if not files or not all(is_complete(index_folder(cache, file.sha256)) for file in files):
            listed.unlink()
