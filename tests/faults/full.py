"""A disk that is really full: a run on a small file system, which grows afterwards."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.faults.kept import Result
from tests.faults.tiny import World, command
from tests.faults.trial import Outcome
from tests.faults.whole import called

PLACES = 12


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A tmpfs at `folder`, which only root may mount (on Linux)."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def sizes(world: World) -> list[str]:
    """The disk full at so many places, evenly over what a run writes."""
    project = world.folder / "whole"
    written = sum(-(-path.stat().st_size // 4096) * 4 for path in project.rglob("*") if path.is_file())
    return [f"{written * n // PLACES} kB" for n in range(1, PLACES)]


def filled(world: World, name: str) -> Result:
    """The trial of that name: full in the middle of a run, then the same command with room."""
    disk = world.folder / "disk"
    began = time.monotonic()
    with small_disk(disk):
        project = world.project(disk / "project")
        _resize(disk, name.removesuffix(" kB") + "k")
        outcome, line = called(world, project, command)
        _resize(disk, "64m")
        then, said = called(world, project, command)
        if then is not Outcome.SURVIVED:
            outcome, line = Outcome.STUCK, f"{line} / then {then}: {said}"
    disk.rmdir()
    return Result(name, "full disk", outcome, line, round(time.monotonic() - began, 2))


def _resize(disk: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)
