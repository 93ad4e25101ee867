"""One step by itself, for debugging: `python scripts/screen.py results/demo [lane=other]`.

Under Snakemake a script is handed an object `snakemake` that holds the files of its rule. Steps import
that object from here: it is Snakemake's own where there is one, else one made from the declaration of
the same rule in `workflow/`, for a run that exists. The step then reads and writes the files of that
run, in this process, so that a debugger can follow it.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from resift.errors import ResiftError, RunError


def __getattr__(name: str) -> Any:
    """`snakemake`: what the running step was given. Made once, when a step asks for it."""
    if name != "snakemake":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    main = sys.modules["__main__"]
    given = getattr(main, "snakemake", None)
    if given is None:
        try:
            given = for_run(Path(str(main.__file__)).stem, sys.argv[1:])
        except ResiftError as error:
            sys.exit(f"resift: {error}")
    globals()[name] = given
    return given


def for_run(rule: str, arguments: list[str]) -> Any:
    """The object that Snakemake would hand to a rule's script for the run `arguments[0]`.

    Further arguments set wildcards (`lane=other`; the lane is `databases` unless said otherwise).
    Changes into the project folder of the run. Raises `RunError` when there is no such run.
    """
    if not arguments:
        raise RunError("name a run", where=f"scripts/{rule}.py", fix="as in: results/demo")
    folder = Path(arguments[0]).resolve()
    if not (folder / "run.yaml").is_file():
        raise RunError("is not a run", where=arguments[0], fix="name a folder that holds a run.yaml")
    wildcards = dict(argument.split("=", 1) for argument in arguments[1:] if "=" in argument)
    os.chdir(folder.parents[1])
    workflow = parsed(_config(folder))
    return handed(job_of(workflow, rule, {"lane": "databases", **wildcards}))


def hand(given: Any) -> None:
    """Make `given` what the next step imports as `snakemake`, where several steps run in one process."""
    globals()["snakemake"] = given


def handed(job: Any) -> Any:
    """The object that Snakemake would hand to the script of a job, with the folders of its outputs made."""
    from snakemake.script import Snakemake

    for output in job.output:
        Path(output).parent.mkdir(parents=True, exist_ok=True)
    return Snakemake(
        job.input,
        job.output,
        job.params,
        job.wildcards,
        1,  # thread: all is done in this process
        job.resources,
        job.log,
        dict(job.rule.workflow.config),
        job.rule.name,
        None,
    )


def _config(folder: Path) -> dict[str, Any]:
    """The configuration that started a run, in the shape of a configuration file."""
    stored = yaml.safe_load((folder / "run.yaml").read_text(encoding="utf-8"))["config"]
    config = {key: value for key, value in stored.items() if value is not None}
    contact = {key: config.pop(key) for key in ("email", "tool") if key in config}
    return {**config, "run": folder.name, "contact": contact}


def parsed(config: Mapping[str, Any]) -> Any:
    """`workflow/Snakefile` as Snakemake reads it for a configuration."""
    import snakemake.api  # noqa: F401  (its parts import each other: the others only work after it)
    from snakemake.logging import LoggerManager, logger
    from snakemake.settings import types as settings
    from snakemake.workflow import Workflow

    from resift.project.shipped import shipped

    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        yaml.safe_dump(dict(config), file)
        file.flush()
        workflow = Workflow(
            settings.ConfigSettings(configfiles=[Path(file.name)]),
            settings.ResourceSettings(),
            settings.WorkflowSettings(),
            LoggerManager(logger, settings.OutputSettings()),
            storage_settings=settings.StorageSettings(),
            dag_settings=settings.DAGSettings(rerun_triggers=[]),
            deployment_settings=settings.DeploymentSettings(),
            storage_provider_settings={},
        )
        workflow.include(str(shipped("workflow/Snakefile")))
    workflow.global_resources = {}
    return workflow


def job_of(workflow: Any, rule: str, wildcards: Mapping[str, str]) -> Any:
    """A rule of a workflow with its wildcards filled in."""
    from snakemake.dag import DAG
    from snakemake.jobs import Job

    wanted = workflow.get_rule(rule)
    if not set(wanted.wildcard_names) <= set(wildcards):
        raise RunError(f"rule {rule} needs {', '.join(sorted(wanted.wildcard_names))}")
    needed = {name: wildcards[name] for name in wanted.wildcard_names}
    return Job(wanted, DAG(workflow, rules=[wanted]), needed)
