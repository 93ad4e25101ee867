"""What the demo leaves behind: every file of the design, the same bytes anywhere."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pyarrow.parquet as pq

from resift.records import RECORD_COLUMNS, REFERENCE_COLUMNS
from resift.runs.ledger import unfinished
from resift.tables import (
    EXPORTS,
    LANES,
    MANIFEST,
    RECORDS,
    REFERENCE_LISTS,
    RUN_FILES,
    SEARCH,
    TAPE,
    Table,
    declared,
)


def rows(run: Path, name: str) -> list[dict[str, str]]:
    with (run / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_file_of_a_run_is_there_with_its_columns(demo: Path) -> None:
    run = demo / "results" / "demo"
    for file in RUN_FILES:
        if file in (SEARCH, TAPE):
            continue
        for path in file.each(run):
            assert path.stat().st_size > 0 or file is EXPORTS, path
            if isinstance(file, Table):
                file.read(path)
    for lane in LANES:
        assert pq.read_schema(RECORDS.of(run, lane=lane)).names == list(RECORD_COLUMNS)
        assert pq.read_schema(REFERENCE_LISTS.of(run, lane=lane)).names == list(REFERENCE_COLUMNS)
    for strategy in ("literal", "concepts", "sensitive", "organ-wide"):
        assert SEARCH.read(SEARCH.of(run, strategy=strategy)).name == strategy


def test_every_file_of_a_run_is_declared(demo: Path) -> None:
    run = demo / "results" / "demo"
    names = [p.relative_to(run).as_posix() for p in run.rglob("*") if p.is_file()]
    assert [n for n in names if not unfinished(n) and declared(n) is None] == []


def test_the_manifest_has_the_hash_of_every_file(demo: Path) -> None:
    run = demo / "results" / "demo"
    manifest = json.loads((run / "manifest.json").read_text())
    files = {
        path.relative_to(run).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in run.rglob("*")
        if path.is_file() and not unfinished(path.relative_to(run).as_posix()) and path != MANIFEST.of(run)
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
    boxes = {box["box"]: box for box in flow["boxes"] if box["lane"] == "databases"}
    assert set(boxes["identified_databases"]["records"]) == found
    search = json.loads((run / "search" / "concepts.json").read_text())
    assert boxes["identified_databases"]["n"] == search["count"]
    assert all(identity["holds"] for identity in flow["identities"])
    for box in flow["boxes"]:
        if box["n"] is not None:
            assert box["n"] == len(box["records"])


def test_the_demo_shows_every_state(demo: Path) -> None:
    states = {row["state"] for row in rows(demo / "results" / "demo", "decisions.csv")}
    expected = "duplicate excluded awaiting eligible not_retrieved excluded_full_text included already_known"
    assert set(expected.split()) <= states


def test_no_output_names_the_folder_it_was_made_in(built: Path) -> None:
    for path in (built / "results" / "demo").rglob("*"):
        if path.is_file():
            assert str(built).encode() not in path.read_bytes(), path
