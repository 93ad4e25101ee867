"""The map tells the truth: a step reads no file of a run that its rule does not name."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.workflow.conftest import PROJECT

from resift.runs.ledger import KEPT, record
from resift.tables import RUN


@pytest.mark.slow
def test_no_step_reads_what_its_rule_does_not_name(built: Path, tmp_path: Path) -> None:
    """The steps of a run that has an earlier run: a copy of the demo, compared with the demo."""
    demo = Path(shutil.copytree(built, tmp_path / "project", symlinks=True))
    run = demo / "results" / "later"
    shutil.copytree(demo / "results" / "demo", run)
    stored = yaml.safe_load((run / "run.yaml").read_text(encoding="utf-8"))
    stored["run"] = "later"
    stored["compare_with"] = "demo"
    RUN.of(run).write_text(yaml.safe_dump(stored), encoding="utf-8")
    shutil.rmtree(run / KEPT)
    record(run, [RUN.of(run)])
    done = subprocess.run(
        [sys.executable, str(PROJECT / "tests" / "support" / "audit_steps.py"), "results/later"],
        cwd=demo,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    read = json.loads(done.stdout.splitlines()[-1])
    kept_back = {step: read.pop(step) for step in list(read) if " without " in step}
    others = "".join((PROJECT / "workflow" / name).read_text() for name in ("study.smk", "archive.smk"))
    of_others = set(re.findall(r"scripts/(\w+)\.py", others))
    steps = {path.stem for path in PROJECT.glob("scripts/*.py")} - of_others
    assert len(steps) == 10 and {step.split()[0] for step in read} == steps
    assert {step: files for step, files in read.items() if files} == {}
    # The audit itself: an input of `screen` that is taken for not named shows, whoever reads it.
    assert len(kept_back) == 2 and all(kept_back.values())
