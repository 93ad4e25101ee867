"""`resift lint` as people call it."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import Run

PROJECT = Path(__file__).resolve().parents[2]


def test_lint_gives_1_on_errors_only(resift: Run) -> None:
    assert resift("lint", "asthma[tiabb]").returncode == 1
    done = resift("lint", "asthma[tiab] OR asthma[mh]")
    assert (done.returncode, done.stdout) == (0, "0 errors, 0 warnings, 0 info\n")


def test_lint_json_holds_code_place_and_press_domain(resift: Run) -> None:
    found = json.loads(resift("lint", "the[tiab] AND asthma[mh]", "--json").stdout)["findings"][0]
    assert (found["code"], found["severity"], found["start"], found["end"]) == ("FLD004", "error", 0, 9)
    assert found["press"] == "text word searching"


def test_lint_reads_every_strategy_of_a_protocol(resift: Run) -> None:
    done = resift("lint", "config/demo/protocol.yaml", "--json", cwd=PROJECT)
    assert isinstance(json.loads(done.stdout), list)
    assert done.returncode == 0, done.stdout


def test_lint_tells_which_known_items_a_not_loses(resift: Run, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "known.csv").write_text("item,pmid\na,1\nb,3\nc,99\nd,\n")
    rest = ["--known-items", "known.csv", "--archive", str(archive)]
    done = resift("lint", "liver[ti] NOT metastases[ti]", *rest)
    assert done.returncode == 1
    assert "removes 1 known item: pubmed:1" in done.stdout
    assert f"not in {archive}: 1 of 3 known items (99)" in done.stderr
    (tmp_path / "known.csv").write_text("item,PubMed\na,1\n")
    done = resift("lint", "liver[ti] NOT metastases[ti]", *rest)
    assert done.returncode == 1 and "pmid" in done.stderr and not done.stdout
