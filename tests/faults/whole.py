"""Trials of whole runs: `resift run` disturbed by one fault or damage, then the same command undisturbed."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

from tests.faults.damaged import DAMAGES, damage
from tests.faults.kept import Result
from tests.faults.kinds import AGREEING, KINDS
from tests.faults.proxy import Plan
from tests.faults.tiny import NAME, World, command, missing_steps
from tests.faults.trial import Outcome

from resift.runs.outcome import ExitCode

Call = Callable[[Path], CompletedProcess[str]]


def faults(world: World) -> list[str]:
    """Each kind at the first, middle and last answer of a run, once and for ever; then at the last answer of
    each endpoint."""
    middle = world.answers // 2 + 2
    places = dict.fromkeys([middle, 1, world.answers])
    places |= dict.fromkeys({end: n for n, (end, _) in enumerate(world.proxy.asked, 1)}.values())
    return [
        f"{kind}, answer {n}, {often}"
        for n in places
        for often in ("once", "for ever")
        for kind in sorted(KINDS)
        if often == "once" or kind not in AGREEING
    ]


def fault(world: World, name: str) -> Result:
    """The trial of that name: a run that meets its fault, then the same command without it."""
    kind, place, often = name.rsplit(", ", 2)
    at = int(place.removeprefix("answer "))
    project = world.begun(_empty(world), at - 1)
    plan = Plan(kind, None, 1, 1 if often == "once" else None)
    world.proxy.plan = plan

    def heal() -> None:
        plan.healed = True

    return _judged(world, name, kind, project, command, heal)


def damaged(world: World) -> list[str]:
    """Each file of a finished run, in each way."""
    files = [path for path in sorted(world.whole.rglob("*")) if path.is_file() and path.stat().st_size]
    names = [path.relative_to(world.whole).as_posix() for path in files if "lock" not in path.name]
    return [f"{how.__name__} {name}" for name in names for how in DAMAGES]


def mended(world: World, name: str) -> Result:
    """The trial of that name: a finished run with one file damaged, then the same command."""
    way, _, file = name.partition(" ")
    project = Path(shutil.copytree(world.folder / "whole", _empty(world)))
    how = next(one for one in DAMAGES if one.__name__ == way)
    damage(project / "results" / NAME / file, how, keep_time=len(name) % 2 == 0)
    world.proxy.plan = None
    group = "raw/<request>.gz" if file.endswith(".gz") and file.startswith("raw/") else file
    return _judged(world, name, group, project, missing_steps, lambda: None)


def _empty(world: World) -> Path:
    folder = world.folder / "trial"
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def _judged(
    world: World,
    name: str,
    group: str,
    project: Path,
    call: Call,
    heal: Callable[[], None],
) -> Result:
    began = time.monotonic()
    outcome, line = called(world, project, call)
    heal()
    if outcome in (Outcome.STOPPED, Outcome.TOLD):
        then, said = called(world, project, call)
        if then is not Outcome.SURVIVED:
            outcome, line = Outcome.STUCK, f"{line} / then {then}: {said}"
    world.proxy.plan = None
    return Result(name, group, outcome, line, round(time.monotonic() - began, 2))


def called(world: World, project: Path, call: Callable[[Path], CompletedProcess[str]]) -> tuple[Outcome, str]:
    """What one call came to, and its line for a person."""
    try:
        done = call(project)
    except Exception as error:
        return Outcome.CRASHED, f"{type(error).__name__}: {error}"
    lines = done.stderr.splitlines()
    line = next((one for one in reversed(lines) if one.startswith("resift: ")), "")
    if done.returncode == ExitCode.SERVICE_DOWN:
        return Outcome.TOLD, next(iter(done.stdout.splitlines()), "")
    if done.returncode == 1 and line and not any("Traceback" in one for one in lines):
        return Outcome.STOPPED, line
    if done.returncode:
        return Outcome.CRASHED, f"exit {done.returncode}: {done.stderr[:300]}"
    differs = world.differences(project)
    if differs:
        return Outcome.WRONG, "; ".join(differs[:4])
    return Outcome.SURVIVED, lines[0] if lines else ""
