"""The recipes of docs/schedule.md: the YAML is a workflow, its shell parts run, the units name a command."""

from __future__ import annotations

import configparser
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

DOCS = Path(__file__).resolve().parents[2] / "docs" / "schedule.md"
STUB = """#!/bin/sh
mkdir -p results/today && echo "$*" > results/today/summary.json
echo "One paragraph."
exit {code}
"""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", DOCS.read_text(encoding="utf-8"), re.M | re.S)


@pytest.fixture(scope="module")
def workflow() -> dict[str, Any]:
    (text,) = blocks("yaml")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def shell(workflow: dict[str, Any], name: str) -> str:
    return next(str(step["run"]) for step in workflow["jobs"]["search"]["steps"] if step.get("name") == name)


def test_the_yaml_is_a_workflow_of_github(workflow: dict[str, Any]) -> None:
    # YAML reads the key `on` as true.
    assert set(workflow) == {"name", True, "permissions", "jobs"}
    assert workflow[True]["schedule"][0]["cron"].count(" ") == 4
    assert workflow["permissions"] == {"contents": "write", "issues": "write"}
    for job in workflow["jobs"].values():
        assert job["runs-on"]
        for step in job["steps"]:
            assert ("uses" in step) != ("run" in step), step
            assert set(step) <= {"uses", "with", "name", "id", "env", "run", "if"}


@pytest.mark.parametrize("code", [0, 1, 20])
def test_the_shell_parts_run_and_keep_the_run_on_its_branch(
    workflow: dict[str, Any], tmp_path: Path, code: int
) -> None:
    remote, project = tmp_path / "remote.git", tmp_path / "project"

    def run(script: str, cwd: Path = project, **more: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ, **more, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_AUTHOR_NAME": "t",
            "GIT_AUTHOR_EMAIL": "t@example.org", "GIT_COMMITTER_NAME": "t",
            "GIT_COMMITTER_EMAIL": "t@example.org",
        }  # fmt: skip
        return subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script], cwd=cwd, env=environment, capture_output=True,
            text=True, check=False,
        )  # fmt: skip

    project.mkdir()
    made = run(
        f"git init -q --bare {remote} && git init -q . && git remote add origin {remote} && mkdir -p results"
        " .venv/bin && touch results/.gitkeep README && git add README && git commit -qm start"
    )
    assert made.returncode == 0, made.stderr
    stub = project / ".venv/bin/resift"
    stub.write_text(STUB.format(code=code), encoding="utf-8")
    stub.chmod(0o755)
    output = tmp_path / "output"
    for name in ("Fetch earlier runs", "Run", "Keep the run"):
        done = run(shell(workflow, name), GITHUB_OUTPUT=str(output))
        assert done.returncode == 0, f"{name}: {done.stderr}"
    assert output.read_text(encoding="utf-8") == f"code={code}\n"
    assert (project / "paragraph.txt").read_text(encoding="utf-8") == "One paragraph.\n"
    kept = run(f"git --git-dir={remote} show data:results/today/summary.json", tmp_path)
    assert kept.stdout == "run --config config/config.yaml\n", kept.stderr
    # The next month starts from a fresh clone, and finds the run there.
    clone = tmp_path / "clone"
    assert (
        run(f"git clone -q {remote} {clone} 2>/dev/null; mkdir -p {clone}/results", tmp_path).returncode == 0
    )
    again = run(shell(workflow, "Fetch earlier runs"), clone)
    assert again.returncode == 0, again.stderr
    assert (clone / "results/today/summary.json").is_file()


def test_units_of_systemd_and_the_line_of_cron() -> None:
    service, timer = (configparser.ConfigParser(interpolation=None, strict=False) for _ in range(2))
    first, second = blocks("ini")
    service.read_string(first)
    timer.read_string(second)
    assert service["Service"]["SuccessExitStatus"].split() == ["10", "20", "30"]
    assert service["Service"]["ExecStart"].endswith("resift run --config config/config.yaml")
    assert timer["Timer"]["Persistent"] == "true"
    cron = next(line for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("0 4 1"))
    command = cron.split(" ", 5)[5]
    assert subprocess.run(["bash", "-n", "-c", command], check=False).returncode == 0
