"""`resift explain` as people call it."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import Run


def test_explain_says_yes_no_and_not_held(resift: Run, archive: Path) -> None:
    done = resift("explain", "liver[ti] AND tumors[ti]", "1", "2", "99", "--archive", str(archive))
    assert done.returncode == 0, done.stderr
    assert "pubmed:2: no" in done.stdout
    assert "block 2 would match with tumours[ti]" in done.stdout
    assert "pubmed:99: not evaluable: not in the archive" in done.stdout


def test_explain_reads_a_file_of_records_and_gives_json(resift: Run, archive: Path) -> None:
    done = resift("explain", "liver[ti]", str(archive / "a.xml"), "--json")
    records = json.loads(done.stdout)["records"]
    assert [r["answer"] for r in records] == ["yes", "yes", "no"]
    assert records[0]["evidence"][0]["quote"] == "Liver"


def test_explain_reads_a_query_as_search_does(resift: Run, archive: Path) -> None:
    done = resift("explain", "exp Liver/", "1", "--archive", str(archive))
    assert (done.returncode, done.stdout) == (1, "") and "Ovid" in done.stderr
    done = resift("explain", "exp Liver/", "1", "--archive", str(archive), "--as-pubmed")
    assert done.returncode == 0, done.stderr
    done = resift("explain", "liver[zz]", "1", "--archive", str(archive), "--json")
    (fault,) = json.loads(done.stdout)["faults"]
    assert "[zz]" in fault
