"""A run rebuilt from its tape in another folder, with no source to ask, and compared byte for byte.

The new folder is a project of its own: the protocol and the files it names, the record of the start, the
answers as received, and the part of the earlier run that the run was compared with. The workflow then runs
there as it runs anywhere; an answer that is not on the tape ends it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from resift.changes.applied import applied_by
from resift.errors import RunError
from resift.files import write_text
from resift.project.run import RESULTS, Run, lacks_a_service, load_run
from resift.runs.ledger import differing, of_manifest, read_ledger, record
from resift.runs.made_by import place, step_of
from resift.runs.plan import READ_OF_CHAIN, Plan, chain_of, plan
from resift.runs.steps import REPLAYED
from resift.screening.criteria import load_screening
from resift.tables import APPLIED, MANIFEST, REQUESTS, RUN, TAPE, declared

CONFIG = "config.yaml"
_TIME = re.compile(rb"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?")


@dataclass(frozen=True, slots=True)
class Difference:
    """A file that came out in another way."""

    name: str
    what: str

    @property
    def step(self) -> str:
        """The step that makes the file."""
        return step_of(self.name)


def prepare(folder: Path, to: Path) -> Path:
    """Lay out in `to` what the run in `folder` (of the project in the working directory) was made from.

    Returns the configuration to run there. Raises `RunError` when the run is not whole, when what it was
    made from is gone, and when `to` is not empty.
    """
    if not MANIFEST.of(folder).is_file() or lacks_a_service(folder):
        raise RunError("is not finished", where=str(folder), fix="run it to its end first")
    for name, how in differing(folder):
        if RUN.matches(name) or REQUESTS.matches(name) or TAPE.matches(name):
            raise RunError(how, where=str(folder / name), fix="`resift run` restores it, or asks again")
    if to.is_dir() and any(to.iterdir()):
        raise RunError("is not empty", where=str(to), fix="name another folder with --to")
    run = load_run(RUN.of(folder))
    config = _config(run, folder)
    planned = plan(config, where=str(RUN.of(folder)), replayed=True)
    for name in _changed_since(folder, run, planned):
        raise RunError(
            "is not as the run applied it",
            where=name,
            fix="put the file back as it was; `resift run` applies it as it is now",
        )
    needed = [*planned.given, *planned.appraisal_files, *planned.earlier]
    if planned.earlier:
        chain = chain_of(Path(planned.earlier[0]).parent)
        needed += [str(file.of(before)) for before in chain for file in READ_OF_CHAIN]
    for name in dict.fromkeys(needed):
        _copy(Path(name), to)
    copy = to / RESULTS / run.name
    shutil.copytree(
        REQUESTS.of(folder).parent, REQUESTS.of(copy).parent, ignore=shutil.ignore_patterns(".*", "refused")
    )
    shutil.copyfile(RUN.of(folder), RUN.of(copy))
    (copy / REPLAYED).touch()
    record(copy, [RUN.of(copy)])
    write_text(to / CONFIG, yaml.safe_dump(config, sort_keys=False, allow_unicode=True))
    return to / CONFIG


def _changed_since(folder: Path, run: Run, planned: Plan) -> list[str]:
    """Files that people gave to the run and that have another content now, by what the run put down of them.

    The files of a protocol are told apart by their hashes, the protocol itself by its content.
    """
    then, protocol = APPLIED.read(APPLIED.of(folder)), planned.protocol
    now = applied_by(run, protocol, load_screening(protocol.screening, protocol.fragments))
    changed = [str(protocol.path)] if now.protocol != then.protocol else []
    for purpose in sorted({*then.files, *now.files}):
        if then.files.get(purpose) != now.files.get(purpose):
            place = protocol.path.parent / purpose.partition(": ")[2]
            changed.append(os.path.normpath(place))
    return changed + ([then.mesh] if now.mesh_sha256 != then.mesh_sha256 else [])


def _config(run: Run, folder: Path) -> dict[str, Any]:
    """A configuration that goes on with the run as it was begun. It names the tape as its archive, since
    the archive that answered need not be there; `run.yaml` keeps what was configured."""
    if folder.name != run.name:
        raise RunError(
            f"holds the run '{run.name}'", where=str(folder), fix="give the folder that name again"
        )
    kept = {key: run.config.get(key) for key in ("protocol", "mesh", "clause_counts")}
    tape = REQUESTS.of(RESULTS / run.name).parent.as_posix()
    return {**{k: v for k, v in kept.items() if v}, "source": "archive", "archive": tape, "run": run.name}


def _copy(path: Path, to: Path) -> None:
    """Copy a file of the project to its place in another; one outside of the project is used where it is."""
    if path.is_absolute():
        return
    if ".." in path.parts:
        raise RunError("lies outside of the project", where=str(path), fix="replay from the folder above")
    if not path.is_file():
        raise RunError("is gone: the run cannot be made again without it", where=str(path), fix="restore it")
    target = to / path
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)


def compare(folder: Path, again: Path) -> list[Difference]:
    """Files that differ between a run and its replay, in the order of the steps that make them.

    Where a declaration says that a file holds recorded times, it may differ in these alone.
    """
    names = {**_files(folder), **_files(again)}
    found = []
    for name in sorted(names, key=place):
        one, two = folder / name, again / name
        if not one.is_file() or not two.is_file():
            found.append(
                Difference(name, "is in the replay only" if two.is_file() else "is missing in the replay")
            )
            continue
        first, second = one.read_bytes(), two.read_bytes()
        file = declared(name)
        if file is not None and file.times:
            first, second = _TIME.sub(b"", first), _TIME.sub(b"", second)
        if first != second:
            at = next(
                (n for n, (a, b) in enumerate(zip(first, second, strict=False)) if a != b),
                min(len(first), len(second)),
            )
            line = first[:at].count(b"\n") + 1
            found.append(Difference(name, f"differs from line {line} on"))
    return found


def _files(folder: Path) -> dict[str, str]:
    """The files of a run by its ledger, else by its manifest."""
    return {**of_manifest(folder), **read_ledger(folder), MANIFEST.pattern: ""}


def workflow(config: Path, *, cores: int) -> bool:
    """Run the workflow in the new project. Whether it came to its end, whatever it has to report."""
    command = [sys.executable, "-m", "resift", "run", "--config", config.name, "--cores", str(cores)]
    subprocess.run(command, cwd=config.parent, stdout=subprocess.DEVNULL, check=False)
    name = yaml.safe_load(config.read_text(encoding="utf-8"))["run"]
    return MANIFEST.of(config.parent / RESULTS / name).is_file()


def versions_apart(folder: Path, again: Path) -> list[str]:
    """What has another version here than it had when the run was made."""
    was, now = (
        json.loads(MANIFEST.of(one).read_text(encoding="utf-8"))["versions"] for one in (folder, again)
    )
    return [
        f"{name} was {was.get(name, 'not used')}, here it is {now[name]}"
        for name in now
        if was.get(name) != now[name]
    ]
