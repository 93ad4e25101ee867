"""Files of other databases, hand-searched citations and the review's own list in one run."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from command_line import run_here
from tests.workflow.conftest import make_project

PROTOCOL = """\
extends: ../demo/protocol.yaml
id: wider
imports:
  - {file: embase.ris, database: Embase}
  - {file: trials.csv, database: ClinicalTrials.gov, register: true}
other_methods:
  references: {rounds: 2, seeds: listed, list: ['90003141']}
  handsearched: hand.txt
  limits_apply: true
known_items: {files: [], from_review: '90003141'}
"""
CONFIG = "run: wider\nprotocol: config/wider/protocol.yaml\nsource: archive\narchive: config/demo/corpus\n"
TRIALS = (
    "title,authors,year,accession\n"
    "Lanreotide treatment of metastatic pancreatic neuroendocrine tumours,Velmor A,2009,NCT00000001\n"
)
HAND = """\
# found on the shelf
1. Yao JC, Lombard-Bohas C, Baudin E, et al.: Daily oral everolimus activity in patients with metastatic \
pancreatic neuroendocrine tumors after failure of cytotoxic chemotherapy: a phase II trial. J Clin Oncol 28 \
(1): 69-76, 2010.
2. Kvols LK, Buck M, Moertel CG, et al.: Treatment of metastatic islet cell carcinoma with a somatostatin \
analogue (SMS 201-995). Ann Intern Med 107 (2): 162-8, 1987.
3. Nobody Z. A lost leaflet on islets. 1999.
"""


def rows(run: Path, name: str) -> list[dict[str, str]]:
    with (run / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def run(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = make_project(tmp_path_factory.mktemp("wider") / "project")
    folder = project / "config" / "wider"
    folder.mkdir()
    (folder / "protocol.yaml").write_text(PROTOCOL)
    (folder / "hand.txt").write_text(HAND)
    (folder / "trials.csv").write_text(TRIALS)
    # What one database exports: three records that PubMed has too (without their PMIDs), and one of its own.
    exported = (demo / "results/demo/exports/included.ris").read_text().split("ER  - ")[:3]
    kept = ("PMID", "AN", "DB", "N1", "ID", "C2", "C7", "U1", "M1", "UR", "L2", "DA")
    lines = [line for text in exported for line in [*text.strip().splitlines(), "ER  - "]]
    own = "TY  - JOUR\nTI  - Sunitinib for metastatic gastrinoma treatment\nAU  - Zorn, Q\nPY  - 2011\n"
    text = "\n".join(line for line in lines if line and line[:2] not in kept)
    (folder / "embase.ris").write_text(text + "\n" + own + "ER  - \n")
    (project / "config" / "wider.yaml").write_text(CONFIG)
    done = run_here(project, "config/wider.yaml")
    assert done.returncode == 0, done.stderr
    return project / "results" / "wider"


def test_each_database_and_register_has_its_number(run: Path) -> None:
    flow = json.loads((run / "flow.json").read_text())
    boxes = {box["box"]: box for box in flow["boxes"] if box["lane"] == "databases"}
    assert {part["label"]: part["n"] for part in boxes["identified_databases"]["parts"]} == {
        "Embase": 4,
        "PubMed": 214,
    }
    assert {part["label"]: part["n"] for part in boxes["identified_registers"]["parts"]} == {
        "ClinicalTrials.gov": 1
    }
    assert all(identity["holds"] for identity in flow["identities"])


def test_records_that_pubmed_has_too_are_duplicates_and_the_pubmed_record_is_kept(run: Path) -> None:
    embase = [row for row in rows(run, "decisions.csv") if row["source"] == "embase"]
    assert [row["state"] for row in embase].count("duplicate") == 3
    assert all(row["group"].startswith("pubmed:") for row in embase if row["state"] == "duplicate")
    (own,) = [row for row in embase if row["state"] != "duplicate"]
    assert own["title"] == "Sunitinib for metastatic gastrinoma treatment"


def test_hand_searched_citations_are_resolved_or_kept_with_the_reason(run: Path) -> None:
    works = [row for row in rows(run, "references.csv") if row["round"] == "0"]
    assert [(work["how"], work["pmid"]) for work in works] == [
        ("citation match", "19933912"),
        ("citation match", "2886085"),
        ("unresolved", ""),
    ]
    assert works[2]["reason"]
    states = {row["record"]: row for row in rows(run, "decisions.csv")}
    assert states[works[0]["record"]]["state"] == "already_known"
    twin = states[works[1]["record"]]  # the seed cites it too: one report, found twice
    assert twin["state"] == "duplicate"
    assert states[twin["group"]]["reason"] == "outside the review's date or language limits"
    assert works[2]["record"] in states


def test_the_reviews_own_references_are_split_into_build_and_test(run: Path) -> None:
    items = rows(run, "known-items.csv")
    assert {item["set"] for item in items} == {"cited by the review"}
    assert {item["use"] for item in items} == {"build", "test"}
    assert {item["in_source"] for item in items if item["pmid"] == "19933912"} == {"yes"}
    assert {item["in_source"] for item in items if not item["pmid"]} == {"no PMID known"}
