"""`resift run`: the front door. Snakemake does the work, this holds the lock and answers with a code."""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from resift.errors import RunError

HELP = "run a protocol: search, fetch, deduplicate, screen, report (continues an unfinished run)"

# How long to wait for the steps of a killed call to end before giving up, in seconds.
ORPHAN_PATIENCE = 120


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `resift run`."""
    parser.add_argument("--config", default="config/config.yaml", metavar="FILE", help="default: %(default)s")
    parser.add_argument("--cores", type=_positive, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument(
        "--continue",
        dest="resume",
        action="store_true",
        help="go on with an unfinished run that began on an earlier day",
    )
    parser.add_argument("--progress", action="store_true", help="show step, requests and time on the way")
    parser.add_argument("-n", "--dry-run", action="store_true", help="list the steps that would run")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def run(args: argparse.Namespace) -> int:
    """Run the workflow. 0 = nothing new, 10 = something to look at (summary.json), 1 = a step failed,
    40 = done but for what a service did not give; the same command completes it."""
    from resift.project.config import load_yaml
    from resift.project.run import lacks_a_service
    from resift.project.shipped import shipped
    from resift.runs.plan import plan
    from resift.runs.progress import watched

    snakefile = shipped("workflow/Snakefile")
    this = plan(load_yaml(Path(args.config)), where=args.config, resume=args.resume)
    if this.told:
        print(f"resift: {this.told}", file=sys.stderr)
    folder = Path(this.folder)
    # The quotation marks keep Snakemake from reading a name such as 2021 or 1e5 as a number.
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(snakefile), "--cores", str(args.cores)]
    command += [
        "--workflow-profile",
        "none",
        "--nolock",
        "--rerun-incomplete",
        "--configfile",
        args.config,
        "--config",
        f'run="{this.run}"',
    ]
    if args.dry_run:
        return subprocess.run([*command, "--dry-run"], check=False).returncode
    if lacks_a_service(folder):
        # What a service did not answer for is asked again, and all that rests on it is made anew.
        command += ["--forcerun", "follow_references", "match_known_items"]
    began = time.time()
    watching = watched(folder, Path("logs") / this.run, began) if args.progress else contextlib.nullcontext()
    with _lock(folder) as descriptor, watching:
        process = subprocess.Popen(
            [*command, "--quiet", "all"], pass_fds=[descriptor], preexec_fn=_end_with_parent
        )
        try:
            status = process.wait()
        except KeyboardInterrupt:
            process.terminate()  # it lets running steps end; until then the run stays locked
            process.wait()
            raise
    report = folder / "report.html"
    if status != 0:
        if not _told(Path("logs") / this.run, began):
            print(
                "resift: the workflow stopped; its own log is the newest in .snakemake/log", file=sys.stderr
            )
        if report.exists() and report.stat().st_mtime < began:
            print(f"resift: {report} is of an earlier call; it does not show this one", file=sys.stderr)
        return status if 0 < status < 128 else 1
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    print(summary["paragraph"])
    print(f"report: {report}")
    return int(summary["exit_code"])


def _told(logs: Path, began: float) -> bool:
    """Whether a step of this call has printed what is wrong."""
    return any(path.stat().st_mtime >= began - 1 for path in logs.glob("*.error"))


@contextlib.contextmanager
def _lock(folder: Path) -> Iterator[int]:
    """Hold `<run>/.lock`; the kernel frees it when the last holder ends, so nothing is left locked.

    Yields a descriptor for the workflow to inherit: its steps then hold the lock too, and a call after
    a kill -9 waits for them.
    """
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ".lock"
    inherited: list[int] = []

    def acquired(descriptor: int) -> None:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        # A forked child closes filelock's own descriptor; the copy stands for the same lock.
        inherited.append(os.dup(descriptor))

    lock = FileLock(path, preserve_lock_file=True, on_acquired=acquired)
    deadline = time.monotonic() + ORPHAN_PATIENCE
    told = False
    while True:
        try:
            lock.acquire(blocking=False)
            break
        except Timeout:
            holder = path.read_text(encoding="utf-8").strip()
            if _alive(holder) or time.monotonic() > deadline:
                raise RunError(
                    f"run '{folder.name}' is going on in another process ({holder or 'unknown'})",
                    fix="wait for it to end",
                ) from None
            if not told:
                print("resift: an earlier call was killed; its last step is ending", file=sys.stderr)
                told = True
            time.sleep(0.2)
        except OSError as error:
            raise RunError(f"cannot be locked ({error.strerror or error})", where=str(path)) from None
    try:
        yield inherited[0]
    finally:
        os.close(inherited[0])
        lock.release()


def _alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _end_with_parent() -> None:
    """In the child: ask Linux for SIGTERM when the wrapper dies, so that kill -9 leaves no workflow running.

    Snakemake then lets its running steps end and starts no other (prctl(2), PR_SET_PDEATHSIG = 1).
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
