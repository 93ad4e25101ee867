"""What the demo leaves behind: every file of the design, the same bytes anywhere."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from pathlib import Path

import pyarrow.parquet as pq
from tests.workflow.conftest import make_project, resift

from resift.dedupe.model import GROUP_COLUMNS
from resift.identify.known_items import COLUMNS as KNOWN_COLUMNS
from resift.identify.references import COLUMNS as REFERENCE_LIST_COLUMNS
from resift.records import RECORD_COLUMNS, REFERENCE_COLUMNS
from resift.runs.changes import COLUMNS as CHANGE_COLUMNS
from resift.runs.manifest import RECORDED_IN
from resift.screening.criteria import ANSWER_COLUMNS, EVIDENCE_COLUMNS
from resift.screening.table import DECISION_COLUMNS

TABLES = {
    "search/hits.csv": ("pmid", "strategies"),
    "raw/requests.csv": ("request", "endpoint", "parameters", "utc", "http", "bytes_sha256", "from_run"),
    "duplicates/databases.csv": GROUP_COLUMNS,
    "duplicates/other.csv": GROUP_COLUMNS,
    "screening/databases.csv": ANSWER_COLUMNS,
    "screening/other.csv": ANSWER_COLUMNS,
    "screening/databases.evidence.csv": EVIDENCE_COLUMNS,
    "screening/other.evidence.csv": EVIDENCE_COLUMNS,
    "decisions.csv": DECISION_COLUMNS,
    "references.csv": REFERENCE_LIST_COLUMNS,
    "known-items.csv": KNOWN_COLUMNS,
    "changes.csv": CHANGE_COLUMNS,
    "prisma-s.csv": ("item", "name", "reported", "done", "status", "evidence"),
}


def rows(run: Path, name: str) -> list[dict[str, str]]:
    with (run / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_file_of_a_run_is_there_with_its_columns(demo: Path) -> None:
    run = demo / "results" / "demo"
    for name, columns in TABLES.items():
        with (run / name).open(encoding="utf-8", newline="") as file:
            assert tuple(next(csv.reader(file))) == tuple(columns), name
    for lane in ("databases", "other"):
        assert pq.read_schema(run / f"records/{lane}.parquet").names == list(RECORD_COLUMNS)
        assert pq.read_schema(run / f"records/{lane}.references.parquet").names == list(REFERENCE_COLUMNS)
    for part in ("all", "eligible", "included", "excluded", "awaiting"):
        for ending in ("ris", "nbib", "csv", "bib"):
            assert (run / "exports" / f"{part}.{ending}").is_file()
    for strategy in ("literal", "concepts", "sensitive", "organ-wide"):
        assert (run / "search" / f"{strategy}.json").is_file()
    for name in (
        "run.yaml",
        "flow.json",
        "flow.svg",
        "flow-strict.svg",
        "report.html",
        "summary.json",
        "manifest.json",
    ):
        assert (run / name).stat().st_size > 0


def test_the_manifest_has_the_hash_of_every_file(demo: Path) -> None:
    run = demo / "results" / "demo"
    manifest = json.loads((run / "manifest.json").read_text())
    files = {
        path.relative_to(run).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in run.rglob("*")
        if path.is_file() and not path.name.startswith(".") and path.name != "manifest.json"
    }
    assert manifest["files"] == files


def test_every_record_has_one_decision_and_every_box_is_its_set(demo: Path) -> None:
    run = demo / "results" / "demo"
    decisions = rows(run, "decisions.csv")
    assert len({row["record"] for row in decisions}) == len(decisions)
    flow = json.loads((run / "flow.json").read_text())
    found = {
        f"pubmed:{r['pmid']}"
        for r in rows(run, "search/hits.csv")
        if "concepts" in r["strategies"].split(";")
    }
    boxes = {box["key"]: box for box in flow["boxes"]}
    assert set(boxes["D"]["records"]) == found
    search = json.loads((run / "search" / "concepts.json").read_text())
    assert boxes["D"]["n"] == search["count"]
    assert all(identity["holds"] for identity in flow["identities"])
    for box in flow["boxes"]:
        if box["n"] is not None:
            assert box["n"] == len(box["records"])


def test_the_demo_shows_every_state(demo: Path) -> None:
    states = {row["state"] for row in rows(demo / "results" / "demo", "decisions.csv")}
    expected = "duplicate excluded awaiting eligible not_retrieved excluded_full_text included already_known"
    assert set(expected.split()) <= states


def test_two_runs_on_two_paths_give_the_same_bytes_but_for_recorded_times(demo: Path, tmp_path: Path) -> None:
    other = make_project(tmp_path / "another place" / "deeper")
    done = resift(other, "run", "--config", "config/demo.yaml", "--cores", "1", LC_ALL="C", TZ="Asia/Tokyo")
    assert done.returncode == 0, done.stderr
    one, two = demo / "results" / "demo", other / "results" / "demo"

    def content(run: Path) -> dict[str, bytes]:
        files = {}
        for path in sorted(run.rglob("*")):
            name = path.relative_to(run).as_posix()
            if path.is_file() and name not in ("manifest.json", ".lock"):
                files[name] = path.read_bytes()
        return files

    first, second = content(one), content(two)
    assert first.keys() == second.keys()
    times = re.compile(rb"20\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?Z?( UTC)?")
    days = re.compile(rb"(?<=<time data-recorded>)[^<]*")
    for name in first:
        if first[name] == second[name]:
            continue
        assert any(name == part or name.startswith(part) for part in RECORDED_IN if part[-1] != "/") or any(
            name.startswith(part) for part in RECORDED_IN if part[-1] == "/"
        ), f"{name} differs between two runs"
        blank = [days.sub(b"", times.sub(b"", text[name])) for text in (first, second)]
        if name != "report.html":  # it lists the hashes of files that carry times
            assert blank[0] == blank[1], name


def test_no_output_names_the_folder_it_was_made_in(built: Path) -> None:
    for path in (built / "results" / "demo").rglob("*"):
        if path.is_file():
            assert str(built).encode() not in path.read_bytes(), path
