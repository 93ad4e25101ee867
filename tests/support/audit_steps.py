"""Run every step of a finished run under an audit hook; print, as JSON, what each read in secret.

`python tests/support/audit_steps.py results/later`: step (with its lane) -> paths under `results/` that it
opened to read, or died without, though they are neither an input nor an updated output of its rule. Files
of the run that the rule does not name are out of the way while its step runs: a reader that is not written
in Python raises no event, but it stops. The run's files are written again.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from resift.project.shipped import shipped
from resift.runs import alone
from resift.tables import LANES, TAPE

RESULTS = "results"
WRITE_ONLY = os.O_WRONLY
# Read in Python and by Arrow: were they not named, the audit would have to say so.
KEPT_BACK = ("run.yaml", "records/databases.parquet")

opened: set[str] = set()
watching = False


def note(event: str, arguments: tuple[Any, ...]) -> None:
    """The audit hook: keep the paths that are opened to read."""
    if not watching or event != "open" or not isinstance(arguments[0], str | bytes):
        return
    path, mode, flags = arguments
    reads = ("r" in mode or "+" in mode) if mode else (flags & os.O_ACCMODE) != WRITE_ONLY
    if reads:
        opened.add(str(Path(os.fsdecode(path)).absolute()))


def exempt(name: str) -> bool:
    """Whether a path in a run folder needs no rule.

    `raw/` is the store of answers: a request is looked up there before it is sent, and which requests a
    step makes is known only while it runs. Hidden files (locks, the ledger) say how to work, not what with.
    """
    return name.startswith(TAPE.pattern.split("/")[0] + "/") or any(
        p.startswith(".") for p in name.split("/")
    )


@contextlib.contextmanager
def put_away(files: list[Path], aside: Path) -> Iterator[None]:
    """The files moved to `aside`, and back where nothing new has taken their place."""
    moved = []
    for n, path in enumerate(files):
        aside.mkdir(exist_ok=True)
        moved.append((path.rename(aside / str(n)), path))
    try:
        yield
    finally:
        for held, path in moved:
            if not path.exists():
                held.rename(path)


def audit(given: Any, run: Path, *, kept_back: str = "") -> list[str]:
    """What one step read though its rule does not name it; `kept_back` is an input taken for not named.

    Its own outputs may be read: the former ones are away, what is read there it has written itself.
    """
    global watching
    from snakemake.io import is_flagged  # only now: `alone` imports Snakemake's parts in an order that works

    named = {str(Path(path).absolute()) for path in given.input} - {str(run / kept_back)}
    made = {str(Path(path).absolute()) for path in given.output}
    updated = {str(Path(path).absolute()) for path in given.output if is_flagged(path, "update")}
    results = Path(RESULTS).resolve()
    unnamed = [
        path
        for path in sorted(run.rglob("*"))
        if path.is_file()
        and str(path) not in named | updated
        and not exempt(path.relative_to(run).as_posix())
    ]
    vars(alone).pop("snakemake", None)
    opened.clear()
    died = ""
    with put_away(unnamed, results / ".aside"):
        watching = True
        try:
            runpy.run_path(str(shipped(f"scripts/{given.rule}.py")), {"snakemake": given}, "__main__")
        except SystemExit as end:
            died = str(end.code)
        finally:
            watching = False
    read = [Path(path) for path in opened - named - made if Path(path).is_relative_to(results)]
    hidden = [p for p in read if not exempt("/".join(p.relative_to(results).parts[1:]))]
    return sorted(p.relative_to(results).as_posix() for p in hidden) + ([died] if died else [])


def steps() -> list[str]:
    """The steps of a run: all scripts but those of a study."""
    of_others = [
        name
        for other in ("workflow/study.smk", "workflow/archive.smk")
        for name in re.findall(r"scripts/(\w+)\.py", shipped(other).read_text(encoding="utf-8"))
    ]
    return sorted({path.stem for path in shipped("scripts").glob("*.py")} - set(of_others))


def main(run: Path) -> None:
    """Every step, in both lanes where its rule has lanes; then one with inputs kept back."""
    sys.addaudithook(note)
    found = {}
    for step in steps():
        for lane in LANES:
            given = alone.for_run(step, [str(run), f"lane={lane}"])
            if lane == LANES[0] or "lane" in given.wildcards.keys():  # noqa: SIM118 (not a mapping)
                found[f"{step} {lane}"] = audit(given, run)
    for name in KEPT_BACK:
        given = alone.for_run("screen", [str(run)])
        found[f"screen without {name}"] = audit(given, run, kept_back=name)
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
