"""All steps of a run in this process, for many small runs: one start of Python, one archive opened.

The steps are the scripts of the rules in `workflow/`, in the order that their files ask for; nothing is
scheduled here that Snakemake would schedule otherwise. A step that ends the process ends only its run.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path
from types import CodeType
from typing import Any

from resift.errors import RunError
from resift.project.shipped import shipped
from resift.runs import alone
from resift.tables import LANES


def run_together(config: Mapping[str, Any]) -> None:
    """Run every step of the run that `config` names, in the project's folder.

    Raises `RunError` with the one line that a step (or the reading of the configuration) ended with.
    """
    try:
        for job in _ordered(alone.parsed(config)):
            alone.hand(alone.handed(job))
            name = Path(str(job.rule.script)).name
            exec(  # noqa: S102 - the step script itself, as Snakemake would run it
                _code(name), {"__name__": f"resift_step_{job.rule.name}", "__file__": name}
            )
    except SystemExit as ended:
        if ended.code not in (None, 0):
            raise RunError(str(ended.code).removeprefix("resift: ")) from None


def _ordered(workflow: Any) -> Iterator[Any]:
    """The jobs of a workflow, each after those that make what it reads."""
    jobs = []
    for rule in workflow.rules:
        if rule.script is None:
            continue
        lanes = LANES if "lane" in rule.wildcard_names else (None,)
        jobs += [alone.job_of(workflow, rule.name, {"lane": str(lane)} if lane else {}) for lane in lanes]
    maker = {str(output): n for n, job in enumerate(jobs) for output in job.output}
    needs = {n: {maker[str(file)] for file in job.input if str(file) in maker} for n, job in enumerate(jobs)}
    return (jobs[n] for n in TopologicalSorter(needs).static_order())


@functools.cache
def _code(script: str) -> CodeType:
    path = shipped(f"scripts/{script}")
    return compile(path.read_text(encoding="utf-8"), str(path), "exec")
