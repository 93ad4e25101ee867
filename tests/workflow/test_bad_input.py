"""Bad input ends in one clear line and a code that is not 0; zero hits is a valid result."""

from __future__ import annotations

import gzip
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import run_here
from tests.workflow.conftest import make_project

PROTOCOL = """\
id: small
window: {{from: 1995-01-01, until: 2012-12-31, field: dp}}
languages: [english]
strategies:
  only: {{provenance: reconstructed, reason: a test, query: '{query}'}}
screening: screening.yaml
"""
SCREENING = """\
criteria:
  - id: population
    label: Neuroendocrine tumour
    exclude_unless: '{criterion}'
"""
CONFIG = "run: small\nprotocol: config/small/protocol.yaml\nsource: archive\narchive: xml\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = make_project(tmp_path / "project")
    (project / "xml").mkdir()
    corpus = project / "config/demo/corpus"
    (project / "xml" / "a.xml").write_bytes(gzip.decompress((corpus / "mixed-series.xml.gz").read_bytes()))
    return project


def run(
    project: Path, *, query: str = "neuroendocrine[tiab]", criterion: str = "neuroendocrine[tiab]"
) -> subprocess.CompletedProcess[str]:
    folder = project / "config" / "small"
    folder.mkdir(exist_ok=True)
    (folder / "protocol.yaml").write_text(PROTOCOL.format(query=query))
    (folder / "screening.yaml").write_text(SCREENING.format(criterion=criterion))
    (project / "config" / "small.yaml").write_text(CONFIG)
    return run_here(project, "config/small.yaml")


def only_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr + done.stdout
    lines = [line for line in done.stderr.strip().splitlines() if line.startswith("resift:")]
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_zero_hits_is_a_result_with_a_report(project: Path) -> None:
    done = run(project, query="unicorn[tiab]")
    assert done.returncode == 0, done.stderr
    folder = project / "results" / "small"
    flow = json.loads((folder / "flow.json").read_text())
    assert {box["box"]: box["n"] for box in flow["boxes"]}["identified_databases"] == 0
    assert (folder / "report.html").is_file()
    assert (folder / "exports" / "all.ris").is_file()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("(neuroendocrine[tiab] OR carcinoid[tiab]", "never closed"),
        ("neuroendocrine[tiab] AND", "AND"),
    ],
)
def test_a_query_that_cannot_be_read_is_named_with_its_position(project: Path, query: str, said: str) -> None:
    line = only_line(run(project, query=query))
    assert said in line
    assert "strategy 'only'" in line
    assert "character" in line


def test_a_field_that_the_source_drops_stops_the_run_and_is_named(project: Path) -> None:
    """PubMed drops an unknown tag without a word: the query is sent, and its loss is told."""
    line = only_line(run(project, query="neuroendocrine[tiba]"))
    assert "strategy 'only'" in line
    assert "[tiba]" in line


def test_a_criterion_with_an_unknown_field_is_named(project: Path) -> None:
    line = only_line(run(project, criterion="neuroendocrine[tiabb]"))
    assert "screening.yaml: criterion 'population'" in line
    assert "tiab" in line


def truncated_gzip(folder: Path) -> None:
    whole = gzip.compress((folder / "a.xml").read_bytes(), mtime=0)
    (folder / "b.xml.gz").write_bytes(whole[: len(whole) // 2])


def truncated_xml(folder: Path) -> None:
    whole = (folder / "a.xml").read_bytes()
    (folder / "b.xml").write_bytes(whole[: len(whole) // 2])


def not_xml(folder: Path) -> None:
    (folder / "b.xml").write_text("TY  - JOUR\nER  - \n")


@pytest.mark.parametrize("damage", [truncated_gzip, truncated_xml, not_xml])
def test_a_damaged_file_is_named(project: Path, damage: Callable[[Path], None]) -> None:
    damage(project / "xml")
    line = only_line(run(project))
    assert "b.xml" in line


def test_an_empty_archive_is_named(project: Path) -> None:
    (project / "xml" / "a.xml").unlink()
    line = only_line(run(project))
    assert "xml" in line
    assert "no" in line
