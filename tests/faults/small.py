"""A project whose run takes seconds, for trials that run the whole command again and again."""

from __future__ import annotations

import csv
import shutil
import sys
from pathlib import Path

from resift.files import sha256_file
from resift.runs.ledger import differing, of_manifest
from resift.runs.replay import compare
from resift.tables import MANIFEST, REQUESTS

PROJECT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "resift", "run", "--cores", "2"]

CONFIG = """\
run: small
protocol: config/protocol.yaml
source: archive
archive: archive
compare_with: none
"""
PROTOCOL = """\
id: small
databases: [PubMed]
window: {from: 1995-01-01, until: 2012-12-31, field: dp}
languages: [english]
strategies:
  main: {primary: true, provenance: stated, query: "neuroendocrine[tiab] AND pancrea*[tiab]", quote: both}
other_methods:
  references: {rounds: 1, seeds: eligible, list: []}
screening: screening.yaml
"""
SCREENING = """\
version: "1"
criteria:
  - {id: kind, label: A report of data, stage: title_abstract, exclude_if: "editorial[pt]"}
topics: {surgery: "surgical[tiab]"}
"""


def small_project(folder: Path) -> Path:
    """A new project in `folder` with a review of some 70 synthetic records; returns the folder of its run."""
    (folder / "config").mkdir(parents=True)
    (folder / "archive").mkdir()
    shutil.copy(PROJECT / "config" / "demo" / "corpus" / "therapy.xml.gz", folder / "archive")
    for name, text in (("config", CONFIG), ("protocol", PROTOCOL), ("screening", SCREENING)):
        (folder / "config" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / "results" / "small"


def differences(whole: Path, run: Path) -> list[str]:
    """What is not as in an undisturbed run, but for recorded times. The manifest has hashes of files that
    hold such times: it is held against its own run instead. An answer that was asked again stands last."""
    apart = (MANIFEST.pattern, REQUESTS.pattern)
    found = [f"{one.name} {one.what}" for one in compare(whole, run) if one.name not in apart]
    if _answers(whole) != _answers(run):
        found.append(f"{REQUESTS.pattern} has other answers")
    found += [f"{name} {how}" for name, how in differing(run)]
    told = of_manifest(run)
    found += [f"{name} has another hash in the manifest" for name in told if told[name] != _sha256(run, name)]
    return found if told else [*found, "there is no manifest"]


def _answers(run: Path) -> list[tuple[str, str, str]]:
    """Request, parameters and hash of the answer, in no order."""
    if not REQUESTS.of(run).is_file():  # it ended before anything was asked
        return []
    with REQUESTS.of(run).open(encoding="utf-8", newline="") as file:
        rows = [(row["request"], row["parameters"], row["bytes_sha256"]) for row in csv.DictReader(file)]
    return sorted(rows)


def _sha256(run: Path, name: str) -> str:
    return sha256_file(run / name) if (run / name).is_file() else ""
