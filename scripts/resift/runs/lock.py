"""One call at a time on a run: its lock, and a Snakemake that will not end by itself.

Snakemake answers SIGTERM and Ctrl-C by letting its running steps end. Its handler waits for the lock that it
holds itself while it chooses the next steps (`JobScheduler.exit_gracefully`), so that a signal that comes in
that moment stops it for ever. A Snakemake that was told to end and runs no step is therefore ended.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from resift.errors import RunError
from resift.runs.ledger import LOCK

ORPHAN_PATIENCE = 120
"""Seconds to wait for the steps of a killed call to end before giving up."""
STUCK_AFTER = 10.0
"""Seconds in which a Snakemake that was told to end runs no step before it counts as stuck."""


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock that is held. Whoever inherits `descriptor` holds it too, and a call after a kill -9 waits."""

    descriptor: int

    def held_by(self, snakemake: int) -> None:
        """Put down which process inherited it and runs its steps on this machine."""
        os.write(self.descriptor, f" {snakemake}".encode())


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[Lock]:
    """Hold `<run>/.lock`; the kernel frees it when the last holder ends, so nothing is left locked.

    Raises `RunError` where another call goes on, or a step of a killed one does not end.
    """
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LOCK
    inherited: list[int] = []

    def acquired(descriptor: int) -> None:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        # A forked child closes filelock's own descriptor; the copy stands for the same lock.
        inherited.append(os.dup(descriptor))

    lock = FileLock(path, preserve_lock_file=True, on_acquired=acquired)
    began = idle_since = time.monotonic()
    told = False
    while True:
        try:
            lock.acquire(blocking=False)
            break
        except Timeout:
            call, pid = (*path.read_text(encoding="utf-8", errors="replace").split(), "", "")[:2]
            snakemake, now = _snakemake(pid), time.monotonic()
            if _alive(call):
                raise RunError(
                    f"run '{folder.name}' is going on in another process ({call or 'unknown'})",
                    fix="wait for it to end",
                ) from None
            if now - began > ORPHAN_PATIENCE:
                raise RunError(
                    f"a step of run '{folder.name}' has not ended since its call was killed "
                    f"(process {snakemake.pid if snakemake else 'unknown'})",
                    fix="end it, or call again when it has ended",
                ) from None
            if not told:
                print("resift: an earlier call was killed; its last step is ending", file=sys.stderr)
                told = True
            if snakemake is None or _runs_a_step(snakemake):
                idle_since = now
            elif now - idle_since > STUCK_AFTER:
                with contextlib.suppress(psutil.Error):
                    snakemake.kill()
            time.sleep(0.2)
        except OSError as error:
            raise RunError(f"cannot be locked ({error.strerror or error})", where=str(path)) from None
    try:
        yield Lock(inherited[0])
    finally:
        os.close(inherited[0])
        lock.release()


def end_of(process: subprocess.Popen[bytes]) -> None:
    """Wait for a Snakemake of this machine that was told to end, as long as it runs a step."""
    idle = 0
    while process.poll() is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(1)
        snakemake = _snakemake(str(process.pid))
        idle = 0 if snakemake and _runs_a_step(snakemake) else idle + 1
        if idle > STUCK_AFTER:
            process.kill()


def _snakemake(pid: str) -> psutil.Process | None:
    """The Snakemake of that number; None where there is none: the number may be another program's by now."""
    with contextlib.suppress(psutil.Error, ValueError, OverflowError):
        process = psutil.Process(int(pid))
        return process if "snakemake" in process.cmdline() else None
    return None


def _runs_a_step(snakemake: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return any(child.status() != psutil.STATUS_ZOMBIE for child in snakemake.children())
    return False


def _alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
