"""`resift` called in this process: what a person would see, without starting a Python for it.

Starting one costs about two seconds, most of it imports. What only a process of its own shows (a kill, an
environment, a terminal, Snakemake) is tested with one.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import sys
from pathlib import Path
from subprocess import CompletedProcess
from unittest import mock

from resift.__main__ import main
from resift.commands import run as front_door
from resift.errors import RunError
from resift.project.yaml import load_yaml
from resift.runs.together import run_together


def called(folder: Path, *arguments: str, **environment: str) -> CompletedProcess[str]:
    """`resift ARGUMENTS` in `folder`; an exception that the command does not handle is the test's failure."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, environment),
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch.object(sys, "stdin", io.StringIO()),
    ):
        try:
            code = main(list(arguments))
        except SystemExit as ended:  # argparse, of wrong use
            code = ended.code if isinstance(ended.code, int) else 1
    return CompletedProcess(["resift", *arguments], code, out.getvalue(), err.getvalue())


def run_here(folder: Path, config: str, **environment: str) -> CompletedProcess[str]:
    """`resift run --config CONFIG` with all steps in this process, a fifth of the time Snakemake takes.

    All that the front door does is done, and a step that fails is told by its line. Which steps need not
    run is not asked: all of them do.
    """

    def steps(command: list[str], log: Path, lock: object, *, here: bool) -> int:
        log.parent.mkdir(parents=True, exist_ok=True)
        handlers = list(logging.root.handlers)  # each step logs into a file of its own
        try:
            run_together({**load_yaml(Path(config)), "run": _run_of(command)})
        except RunError as error:
            print(f"resift: {error}", file=sys.stderr)
            return 1
        finally:
            logging.root.handlers[:] = handlers
        return 0

    with mock.patch.object(front_door, "_snakemake", steps):
        return called(folder, "run", "--config", config, "--cores", "2", **environment)


def _run_of(command: list[str]) -> str:
    """The run's name, as the front door hands it to Snakemake."""
    return command[command.index("--config") + 1].removeprefix("run=").strip('"')
