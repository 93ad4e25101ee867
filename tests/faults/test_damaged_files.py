"""Every file of a run, damaged: noticed, and made again or restored; never trusted.

In short each file is damaged in one way, the ways taking turns, and the workflow runs after all of them
together. `RESIFT_SOAK=1` (the long form) damages each in every way; `soak.py damage` runs the command again.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from command_line import called
from tests.faults.damaged import DAMAGES, damage, files_of, flipped
from tests.workflow.conftest import built, demo  # noqa: F401

from resift.errors import RunError
from resift.runs.restore import clear_damaged

LONG = bool(os.environ.get("RESIFT_SOAK"))


def linked(run: Path, copy: Path) -> Path:
    """A copy of a run that shares its files: whatever is written anew is written beside them, by rename."""
    return Path(shutil.copytree(run, copy, copy_function=os.link))


def test_no_damaged_file_stands_when_a_run_is_continued(demo: Path, tmp_path: Path) -> None:  # noqa: F811
    run = demo / "results" / "demo"
    whole = files_of(run)
    assert len(whole) > 47
    damages = [
        (name, how) for n, name in enumerate(whole) for how in (DAMAGES if LONG else DAMAGES[n % 3 :][:1])
    ]
    for name, how in damages:
        copy = linked(run, tmp_path / "run")
        damage(copy / name, how)
        said = clear_damaged(copy)
        left = files_of(copy)
        for other, content in left.items():
            if other != ".ledger":
                assert content == whole[other], f"{name} was {how.__name__}, and {other} stands"
        if not name.startswith("."):
            assert said or left.get(name) == whole[name], name
            assert all(str(copy) in line for line in said)
        shutil.rmtree(copy)
    assert files_of(run) == whole


def test_damage_to_both_copies_of_the_start_is_said(demo: Path, tmp_path: Path) -> None:  # noqa: F811
    copy = Path(shutil.copytree(demo / "results" / "demo", tmp_path / "run"))
    for path in (copy / "run.yaml", copy / ".kept" / "run.yaml"):
        damage(path, flipped)
    with pytest.raises(RunError, match=r"run\.yaml: .* damaged .* so is its copy"):
        clear_damaged(copy)


def test_an_undamaged_run_is_left_as_it_is(demo: Path, tmp_path: Path) -> None:  # noqa: F811
    copy = Path(shutil.copytree(demo / "results" / "demo", tmp_path / "run"))
    before = files_of(copy)
    assert clear_damaged(copy) == []
    assert files_of(copy) == before


def test_the_ledger_can_be_checked_without_resift(demo: Path) -> None:  # noqa: F811
    import hashlib

    run = demo / "results" / "demo"
    lines = [line.split("  ", 1) for line in (run / ".ledger").read_text().splitlines()]
    for sha256, name in lines:
        assert hashlib.sha256((run / name).read_bytes()).hexdigest() == sha256, name
    assert {name for _, name in lines} == {name for name in files_of(run) if not name.startswith(".")} | {
        name for _, name in lines if not (run / name).stat().st_size
    }


@pytest.mark.slow
def test_the_same_command_gives_the_undisturbed_bytes(demo: Path, tmp_path: Path) -> None:  # noqa: F811
    project = Path(shutil.copytree(demo, tmp_path / "project", symlinks=True))
    run = project / "results" / "demo"
    whole = files_of(run)
    # What earlier steps wrote is damaged in a run that is killed: tests/workflow/test_front_door.py.
    names = "screening/other.csv summary.json decisions.csv flow.json report.html exports/all.ris"
    for n, name in enumerate(names.split()):
        damage(run / name, DAMAGES[n % 3], keep_time=n % 2 == 0)
    done = called(project, "run", "--config", "config/demo.yaml", "--cores", "2")
    assert done.returncode == 0, done.stderr
    assert "decisions.csv is not what its step wrote; it is made again" in done.stderr
    made = files_of(run)
    assert {name for name in whole if not name.startswith(".") and made[name] != whole[name]} == set()
