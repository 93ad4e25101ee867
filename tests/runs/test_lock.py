"""One call at a time on a run, also after a call was killed or its Snakemake is stuck."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from resift.errors import RunError
from resift.runs import lock as room
from resift.runs.ledger import LOCK
from resift.runs.lock import end_of, locked

# A call that takes the lock, starts a "snakemake" that inherits it, and is killed.
CALL = """
import os, signal, subprocess, sys
from pathlib import Path
from resift.runs.lock import locked
with locked(Path(sys.argv[1])) as lock:
    child = subprocess.Popen([sys.executable, "-c", sys.argv[2], "snakemake"], pass_fds=[lock.descriptor],
                             stdout=subprocess.PIPE)
    child.stdout.readline()
    lock.held_by(child.pid)
    print(child.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
IDLE = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
WITH_A_STEP = "import subprocess; step = subprocess.Popen(['sleep', '60']); print(flush=True); step.wait()"


@contextlib.contextmanager
def killed_call(folder: Path, snakemake: str) -> Iterator[int]:
    """The process that is left of a killed call."""
    call = subprocess.run(
        [sys.executable, "-c", CALL, str(folder), snakemake], stdout=subprocess.PIPE, check=False
    )
    pid = int(call.stdout)
    yield pid
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 9)


def there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_stuck_snakemake_of_a_killed_call_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(room, "STUCK_AFTER", 0.2)
    with killed_call(tmp_path, IDLE) as left, locked(tmp_path):
        assert (tmp_path / LOCK).read_text() == str(os.getpid())
        for _ in range(50):
            if not there(left):
                break
            time.sleep(0.1)  # nobody waits for it but the system
        assert not there(left)
    assert capfd.readouterr().err == "resift: an earlier call was killed; its last step is ending\n"


def test_a_step_that_goes_on_is_waited_for_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "STUCK_AFTER", 0.2)
    monkeypatch.setattr(room, "ORPHAN_PATIENCE", 1)
    with killed_call(tmp_path, WITH_A_STEP) as left:
        with (
            pytest.raises(RunError, match=f"has not ended since its call was killed \\(process {left}\\)"),
            locked(tmp_path),
        ):
            pass
        assert there(left)


def test_a_snakemake_told_to_end_that_runs_no_step_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "STUCK_AFTER", 0)
    with subprocess.Popen([sys.executable, "-c", IDLE, "snakemake"]) as snakemake:
        end_of(snakemake)
        assert snakemake.returncode == -9


def test_a_lock_that_names_no_process_of_snakemake_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "STUCK_AFTER", 0)
    monkeypatch.setattr(room, "ORPHAN_PATIENCE", 0.5)
    with killed_call(tmp_path, IDLE) as left, subprocess.Popen(["sleep", "60"]) as other:
        for said in (str(other.pid), "nobody", "9" * 40, "\xff"):
            (tmp_path / LOCK).write_text(f"999999999 {said}", encoding="latin-1")
            with pytest.raises(RunError, match="process unknown"), locked(tmp_path):
                pass
        assert other.poll() is None and there(left)
        other.kill()
