"""The command line as a process: output that cannot be written, closed readers, closed streams."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

RESIFT = f"'{sys.executable}' -m resift"


def shell(line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", line.replace("resift", RESIFT, 1)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONUNBUFFERED": ""},
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", ["--help", "lint 'cats[tiab]'"])
def test_output_that_cannot_be_written_is_one_line(command: str) -> None:
    done = shell(f"resift {command} > /dev/full")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and done.stderr.endswith("No space left on device\n")


def test_a_closed_output_is_said_before_anything_is_done() -> None:
    done = shell("resift lint 'cats[tiab]' >&-")
    assert done.returncode == 1
    assert done.stderr == "resift: standard output is closed: send it to a file, or to /dev/null\n"


def test_a_reader_that_closes_is_no_error() -> None:
    done = shell("resift lint 'cats[tiab]' | true; exit ${PIPESTATUS[0]}")
    assert (done.returncode, done.stderr) == (0, "")


def test_closed_errors_do_not_stop_a_command() -> None:
    done = shell("resift lint 'cats[tiab]' 2>&- <&-")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].endswith("0 info")


def test_help_stays_light() -> None:
    code = (
        "import sys, contextlib, io\nfrom resift.__main__ import build_parser\nbuild_parser()\n"
        "print([m for m in ('pandas', 'pyarrow', 'numpy', 'lxml', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
