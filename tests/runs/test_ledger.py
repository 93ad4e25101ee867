"""The ledger of a run: what a step wrote is vouched for, and a step reads nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from resift.errors import RunError
from resift.runs.ledger import (
    LEDGER,
    check_inputs,
    copy_of,
    differing,
    read_ledger,
    record,
    sha256_bytes,
    unfinished,
    vouched,
    write_ledger,
)
from resift.tables import DECISIONS, FLOW, HITS, MANIFEST, REQUESTS, RUN


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run folder with its start, a list of answers, an answer, and one file that a step wrote."""
    folder = tmp_path / "results" / "small"
    for path, content in (
        (RUN.of(folder), "name: small\n"),
        (REQUESTS.of(folder), "n,endpoint\n"),
        (folder / "raw" / f"{'a' * 64}.gz", "an answer"),
        (HITS.of(folder), "pmid\n1\n"),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    record(folder, [RUN.of(folder), HITS.of(folder)])
    return folder


def test_anyone_can_check_a_run_by_its_ledger_without_resift(run: Path) -> None:
    def checked() -> int:
        return subprocess.run(["sha256sum", "-c", "--quiet", LEDGER], cwd=run, capture_output=True).returncode

    assert checked() == 0
    HITS.of(run).write_text("pmid\n2\n")
    assert checked() != 0


def test_what_a_step_wrote_may_be_read_and_nothing_that_was_changed_or_added(run: Path) -> None:
    check_inputs([RUN.of(run), HITS.of(run)], run=run)
    HITS.of(run).write_text("pmid\n2\n")
    with pytest.raises(RunError, match="is not what its step wrote") as caught:
        check_inputs([RUN.of(run), HITS.of(run)], run=run)
    assert str(caught.value).startswith(str(HITS.of(run)))
    assert caught.value.fix == "`resift run` makes it again"
    DECISIONS.of(run).write_text("record\n")
    with pytest.raises(RunError):
        check_inputs([DECISIONS.of(run)], run=run)


def test_a_file_of_an_earlier_run_is_checked_by_that_run_and_one_of_no_run_by_nobody(
    run: Path, tmp_path: Path
) -> None:
    (tmp_path / "protocol.yaml").write_text("id: x\n")
    check_inputs([HITS.of(run), tmp_path / "protocol.yaml"], run=tmp_path / "results" / "later")
    HITS.of(run).write_text("pmid\n2\n")
    with pytest.raises(RunError) as caught:
        check_inputs([HITS.of(run)], run=tmp_path / "results" / "later")
    assert caught.value.fix == "restore the earlier run, or name another one with compare_with"


def test_a_run_that_was_copied_without_hidden_files_is_vouched_for_by_its_manifest(
    run: Path, tmp_path: Path
) -> None:
    known = read_ledger(run)
    (run / LEDGER).unlink()
    assert vouched(run) == {}
    listed = ", ".join(f'"{name}": "{sha256}"' for name, sha256 in known.items())
    MANIFEST.of(run).write_text(f'{{"files": {{{listed}}}}}')
    assert vouched(run) == known
    check_inputs([MANIFEST.of(run), HITS.of(run)], run=tmp_path / "results" / "later")
    MANIFEST.of(run).write_text("{")
    assert vouched(run) == {}


def test_the_start_of_a_run_keeps_the_hash_it_began_with(run: Path) -> None:
    """It cannot be made again: what is recorded later never vouches for a changed one."""
    first = read_ledger(run)[RUN.pattern]
    RUN.of(run).write_text("name: another\n")
    record(run, [RUN.of(run)])
    assert read_ledger(run)[RUN.pattern] == first == sha256_bytes(copy_of(run, RUN).read_bytes())
    assert differing(run) == [(RUN.pattern, "is not what its step wrote")]


def test_an_answer_that_was_asked_again_is_hashed_again_and_one_that_is_gone_is_forgotten(run: Path) -> None:
    answer = run / "raw" / f"{'a' * 64}.gz"
    answer.write_text("another answer")
    record(run, [])  # its row is as it was: it is an answer that somebody changed
    assert (f"raw/{answer.name}", "is not what its step wrote") in differing(run)
    REQUESTS.of(run).write_text("n,endpoint\n1,esearch\n")
    record(run, [])
    assert differing(run) == []
    answer.unlink()
    record(run, [])
    assert f"raw/{answer.name}" not in read_ledger(run)


def test_what_differs_is_told_in_the_order_in_which_files_are_made(run: Path) -> None:
    FLOW.of(run).write_text("{}")
    HITS.of(run).unlink()
    (run / "raw" / f"{'b' * 64}.gz").write_text("unlisted")
    RUN.of(run).write_text("name: another\n")
    assert differing(run) == [
        (RUN.pattern, "is not what its step wrote"),
        (f"raw/{'b' * 64}.gz", "was not finished"),
        (HITS.pattern, "is missing"),
        (FLOW.pattern, "was not finished"),
    ]


def test_a_line_that_is_none_vouches_for_nothing(run: Path) -> None:
    known = read_ledger(run)
    with (run / LEDGER).open("ab") as file:
        file.write(b"\xff\xfe\nnot a line\n" + b"0" * 63 + b"  short.csv\n")
    assert read_ledger(run) == known
    write_ledger(run, known)
    assert (run / LEDGER).read_text().splitlines() == [f"{known[name]}  {name}" for name in sorted(known)]


@pytest.mark.parametrize("name", [".ledger", ".kept/run.yaml", "raw/refused/a.gz", "decisions.csv.part"])
def test_hidden_refused_and_half_written_files_are_none_of_the_run(name: str) -> None:
    assert unfinished(name) and not unfinished("decisions.csv")
