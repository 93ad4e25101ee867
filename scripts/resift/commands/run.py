"""`resift run`: the front door. Snakemake does the work, this holds the lock and answers with a code."""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from resift.errors import printable
from resift.progress import ASKED, MARK

if TYPE_CHECKING:
    from resift.runs.lock import Lock

HELP = "run a protocol: search, fetch, deduplicate, screen, report (continues an unfinished run)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `resift run`."""
    parser.add_argument("--config", default="config/config.yaml", metavar="FILE", help="default: %(default)s")
    where_to_run(parser)
    parser.add_argument(
        "--continue",
        dest="resume",
        action="store_true",
        help="go on with an unfinished run that began on an earlier day",
    )
    parser.add_argument("--progress", action="store_true", help="show step, requests and time on the way")
    parser.add_argument("-n", "--dry-run", action="store_true", help="list the steps that would run")


def where_to_run(parser: argparse.ArgumentParser) -> None:
    """`--cores` and `--profile`: what this machine gives, or where else the jobs run."""
    parser.add_argument(
        "--cores",
        type=_positive,
        metavar="N",
        help="how many to use at once; default: all of this machine, or what the profile says",
    )
    parser.add_argument(
        "--profile", metavar="NAME", help="where jobs run: slurm, kubernetes, or the folder of a profile"
    )


def _positive(text: str) -> int:
    if not re.fullmatch("[0-9]{1,6}", text) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number, 1 or more, not {text!r}")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Run the workflow, and answer with the code of `resift.runs.outcome` that stands in summary.json."""
    from resift.project.run import RESULTS, lacks_a_service, point_to_latest
    from resift.project.shipped import shipped
    from resift.project.workflow import engine
    from resift.project.yaml import load_yaml
    from resift.runs.lock import locked
    from resift.runs.outcome import MEANING, ExitCode
    from resift.runs.plan import plan
    from resift.runs.progress import watched
    from resift.runs.restore import clear_damaged, restore_starts
    from resift.runs.times import bring_back
    from resift.tables import SUMMARY

    snakefile = shipped("workflow/Snakefile")
    _say(restore_starts(RESULTS))
    this = plan(load_yaml(Path(args.config)), where=args.config, resume=args.resume)
    if this.told:
        print(f"resift: {this.told}", file=sys.stderr)
    folder = Path(this.folder)
    # The quotation marks keep Snakemake from reading a name such as 2021 or 1e5 as a number.
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(snakefile)]
    command += [
        *engine(args.profile, args.cores),
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
        command += ["--forcerun", "follow_references", "appraise"]
    began = time.time()
    logs, report = Path("logs") / this.run, folder / "report.html"
    watching = watched(folder, logs, began) if args.progress else contextlib.nullcontext()
    with locked(folder) as lock, watching:
        before = report.stat().st_mtime_ns if report.exists() else 0
        for told in logs.glob("*.error"):
            told.unlink()
        _say(clear_damaged(folder))
        rests_on = (*this.given, *this.appraisal_files, *this.earlier, *this.base, *this.chain)
        ahead = bring_back([*folder.rglob("*"), *map(Path, rests_on)])
        if ahead:
            _say([f"{len(ahead)} files bore a time ahead of the clock, as {ahead[0]} did; it was set to now"])
        # Not `all`: what stops Snakemake itself would then stand nowhere.
        status = _snakemake(
            [*command, "--quiet", "host", "progress", "rules", "reason"],
            logs / "snakemake.log",
            lock,
            here=args.profile is None,
        )
    if status != 0:
        lines = [path.read_text(encoding="utf-8").strip() for path in sorted(logs.glob("*.error"))]
        if not lines:
            print(f"resift: {reason(logs / 'snakemake.log')}", file=sys.stderr)
        elif args.profile:  # on this machine they were passed on as they were said
            print("\n".join(map(printable, lines)), file=sys.stderr)
        if report.exists() and report.stat().st_mtime_ns == before:
            print(f"resift: {report} is of an earlier call; it does not show this one", file=sys.stderr)
        return status if 0 < status < 128 else 1
    summary = SUMMARY.read(SUMMARY.of(folder))
    print(printable(summary.paragraph))
    print(f"report: {report}")
    code = ExitCode(summary.exit_code)
    print(f"exit code {code.value}: {MEANING[code]}")
    if code not in (ExitCode.ANOMALOUS, ExitCode.SERVICE_DOWN):
        _say(filter(None, [point_to_latest(folder, summary.protocol)]))
    return code.value


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        print(f"resift: {line}", file=sys.stderr)


def _snakemake(command: list[str], log: Path, lock: Lock, *, here: bool) -> int:
    """Run Snakemake; what it and its steps say goes into `log`, and our own lines to the terminal at once.

    It holds the run's lock too, until its last step has ended. Only where steps run `here` is one without a
    step known to be stuck: with a profile it may wait for jobs of a cluster.
    """
    from resift.project.workflow import environment
    from resift.runs.lock import end_of

    log.parent.mkdir(parents=True, exist_ok=True)
    given = environment()
    if sys.stderr.isatty():
        given[ASKED] = "1"
    with log.open("wb") as out, log.open(encoding="utf-8", errors="replace") as said:
        process = subprocess.Popen(
            command,
            stderr=out,
            pass_fds=[lock.descriptor],
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - no thread has been started
            env=given,
        )
        if here:
            lock.held_by(process.pid)
        try:
            while True:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(0.2)
                ended = process.returncode is not None
                _relay(said)
                if ended:
                    return process.returncode
        except KeyboardInterrupt:
            process.terminate()  # it lets running steps end; until then the run stays locked
            if here:
                end_of(process)
            process.wait()
            _relay(said)
            raise


def _relay(said: TextIO) -> None:
    """Pass on the whole lines that are ours; to a terminal also how far a step is, in one line."""
    while True:
        start = said.tell()
        line = said.readline()
        if not line.endswith("\n"):
            said.seek(start)
            return
        live = "\r\x1b[K" if sys.stderr.isatty() else ""
        if line.startswith("resift: "):
            print(live + printable(line.rstrip("\n")), file=sys.stderr, flush=True)
        elif line.startswith(MARK) and live:
            print(live + printable(line.removeprefix(MARK).rstrip("\n")), end="", file=sys.stderr, flush=True)


_ERROR = re.compile(r"^\w*(?:Error|Exception|Exit)(?!ing)\w*\b.*", re.MULTILINE)
# What Snakemake prints after an error, of what it does next.
_AFTER = re.compile(
    r"^(?:Removing output|Shutting down|Exiting because|Complete log|Trying to restart)", re.M
)


def reason(log: Path) -> str:
    """Why the workflow stopped: the last error that Snakemake printed, with the lines that explain it."""
    text = log.read_text(encoding="utf-8", errors="replace").strip() if log.is_file() else ""
    errors = list(_ERROR.finditer(text))
    said = _AFTER.split(text[errors[-1].start() :])[0] if errors else text[-300:]
    line = printable(" ".join(said.split())[:300])
    return f"the workflow stopped: {line or 'Snakemake did not say why'}; all that it printed is in {log}"


def _end_with_parent() -> None:
    """In the child: ask Linux for SIGTERM when the wrapper dies, so that kill -9 leaves no workflow running.

    Snakemake then lets its running steps end and starts no other (prctl(2), PR_SET_PDEATHSIG = 1).
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
