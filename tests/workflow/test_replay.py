"""`resift replay`: a run made again from its tape, elsewhere and without its source, has the same bytes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import called

from resift.errors import RunError
from resift.runs.replay import compare, prepare


@pytest.fixture
def project(demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the finished demo, without its source; the working directory."""
    copy = Path(
        shutil.copytree(
            demo, tmp_path / "project", ignore=shutil.ignore_patterns(".snakemake", ".cache"), symlinks=True
        )
    )
    shutil.rmtree(copy / "config" / "demo" / "corpus")
    monkeypatch.chdir(copy)
    return copy


@pytest.mark.slow
def test_another_path_locale_zone_umask_and_number_of_cores_give_the_same_bytes(
    project: Path, tmp_path: Path
) -> None:
    to = tmp_path / "an other place ü" / "deeper"
    done = subprocess.run(
        [sys.executable, "-m", "resift", "replay", "demo", "--to", str(to), "--cores", "1"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        umask=0o077,
        env={
            **os.environ,
            "LC_ALL": "C",
            "TZ": "Asia/Tokyo",
            "PYTHONHASHSEED": "7",
            "http_proxy": "http://127.0.0.1:9",
        },
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "every byte is the same" in done.stdout
    one, two = (folder / "results" / "demo" for folder in (project, to))
    names = {path.relative_to(one) for path in one.rglob("*") if path.is_file()}
    hidden = {name for name in names if any(part.startswith(".") for part in name.parts)}
    assert len(names - hidden) > 60
    for name in names - hidden:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name
    assert (two / "decisions.csv").stat().st_mode & 0o077 == 0
    (two / "decisions.csv").write_bytes((two / "decisions.csv").read_bytes() + b"\n")
    (two / "flow.svg").unlink()
    assert [(found.name, found.step) for found in compare(one, two)] == [
        ("decisions.csv", "decide"),
        ("flow.svg", "decide"),
    ]


def test_a_damaged_answer_is_not_replayed(project: Path, tmp_path: Path) -> None:
    answer = next((project / "results" / "demo" / "raw").glob("*.gz"))
    answer.write_bytes(answer.read_bytes()[:-1])
    with pytest.raises(RunError, match=r"\.gz: is not what its step wrote"):
        prepare(Path("results/demo"), tmp_path / "to")


@pytest.mark.parametrize(
    "name", ["config/demo/human-decisions.csv", "config/reviews/rossi-2014/protocol.yaml"]
)
def test_a_file_that_was_changed_since_is_named(project: Path, tmp_path: Path, name: str) -> None:
    text = (project / name).read_text(encoding="utf-8")
    times = (project / name).stat()
    (project / name).write_text(text.replace("Rossi", "Someone").replace("T09:00:00Z", "T08:00:00Z"))
    os.utime(project / name, ns=(times.st_atime_ns, times.st_mtime_ns))
    with pytest.raises(RunError, match=r"config/demo/.*: is not as the run applied it"):
        prepare(Path("results/demo"), tmp_path / "to")


def test_nothing_is_written_over(project: Path, tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "mine.txt").touch()
    with pytest.raises(RunError, match="is not empty"):
        prepare(Path("results/demo"), tmp_path / "to")


def test_a_lost_protocol_is_named(project: Path, tmp_path: Path) -> None:
    (project / "config" / "demo" / "protocol.yaml").unlink()
    done = called(project, "replay", "demo", "--to", str(tmp_path / "to"))
    assert done.returncode == 1
    assert "config/demo/protocol.yaml" in done.stderr and len(done.stderr.splitlines()) == 1
