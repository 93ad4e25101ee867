"""Every command that the README prints does what the README says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import called
from tests.workflow.conftest import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")
# What stands for the placeholders of the README.
ARGUMENTS = {
    "archive": ["status", "config/demo/corpus"],
    "audit-sample": ["--n", "5", "--seed", "1", "--run", "demo", "-o", "audit.csv"],
    "doctor": ["--offline"],
    "search": ["gastrinoma*[tiab]", "--archive", "config/demo/corpus"],
    "lint": ["gastrinoma[tiab] OR glucagonoma[tiab]"],
    "explain": ["gastrinoma*[tiab]", "90000001", "--archive", "config/demo/corpus"],
    "decide": ["config/demo/human-decisions.csv", "--run", "demo", "--retrieval-sheet", "sheet.csv"],
    "dedupe": ["results/demo/exports/all.ris", "-o", "groups.csv"],
    "demo": ["--into", "."],
    "serve": ["config/demo/corpus"],
    "study": ["new", "mine"],  # its check tells the planted faults of the demo with exit code 1
    "challenge": ["somatostatin*[tiab]", "--run", "demo", "--dry-run"],
    "compare": ["demo", "demo"],
    "verify": ["demo"],
    "package": ["demo"],
    "replay": ["demo"],
}


def printed() -> list[str]:
    """The subcommands in the README's table of commands."""
    return re.findall(r"^\| `resift ([\w-]+)", README, flags=re.M)


def test_the_table_names_every_command_but_those_with_a_section_of_their_own() -> None:
    assert sorted(printed()) == sorted(ARGUMENTS)
    for name in ("run", "new"):
        assert f".venv/bin/resift {name}" in README


@pytest.mark.parametrize(
    "name", sorted(set(ARGUMENTS) - {"serve", "replay"})
)  # tested below and in test_replay.py
def test_a_printed_command_works(demo: Path, name: str) -> None:
    done = called(demo, name, *ARGUMENTS[name])
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_serve_prints_its_address_when_it_is_ready(demo: Path) -> None:
    command = [sys.executable, "-m", "resift", "serve", *ARGUMENTS["serve"], "--port", "0"]
    process = subprocess.Popen(command, cwd=demo, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/entrez/eutils/", process.stdout.readline().strip())
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_a_new_review_is_a_valid_protocol_that_claims_nothing(demo: Path) -> None:
    done = called(demo, "new", "smith-2020")
    assert done.returncode == 0, done.stderr
    folder = demo / "config/reviews/smith-2020"
    config = (folder / "config.yaml").read_text()
    config = config.replace("source: pubmed", "source: archive\narchive: config/demo/corpus")
    (folder / "config.yaml").write_text(config)
    counted = called(demo, "search", "--config", "config/reviews/smith-2020/config.yaml")
    assert counted.returncode == 0, counted.stderr
    assert "stated" not in re.sub(r"#.*", "", (folder / "protocol.yaml").read_text())
    again = called(demo, "new", "smith-2020")
    assert again.returncode == 1
    assert "exists already" in again.stderr


def test_files_that_the_documentation_lists_are_in_the_run_folder(demo: Path) -> None:
    table = (PROJECT / "docs" / "run-files.md").read_text(encoding="utf-8").split("## Tables")[0]
    names = [
        name
        for cell in re.findall(r"^\| (`[^|]*) \|", table, flags=re.M)
        for name in re.findall("`([^`]+)`", cell)
    ]
    assert len(names) > 12
    for name in names:
        assert (demo / "results" / "demo" / name).exists(), name


def test_links_of_the_readme_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (PROJECT / target).exists(), target
