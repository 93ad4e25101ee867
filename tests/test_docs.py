"""The documentation: it builds without a broken link, its code runs, and it names every command."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from resift import __version__
from resift.commands import COMMANDS

PROJECT = Path(__file__).resolve().parents[1]
DOCS = PROJECT / "docs"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; a link that leads nowhere fails the build."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(folder)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.slow
def test_every_page_is_built_and_has_its_place(site: Path) -> None:
    pages = {path.stem for path in DOCS.glob("*.md")} | {"configuration", "changelog"}
    listed = set(re.findall(r"(\S+)\.md$", (PROJECT / "mkdocs.yml").read_text(), flags=re.M))
    assert listed == pages
    for page in pages - {"index"}:
        assert (site / page / "index.html").is_file(), page


def test_the_tests_that_the_documentation_names_are_there() -> None:
    text = (DOCS / "development.md").read_text(encoding="utf-8")
    named = re.findall(r"`(\w+/[\w/]+\.py)`", text.split("## Where the tests")[1].split("\n## ")[0])
    assert len(named) > 20
    assert [name for name in named if not (PROJECT / "tests" / name).is_file()] == []


@pytest.mark.slow
def test_every_table_of_a_run_is_listed_with_its_columns(site: Path) -> None:
    from resift import tables

    text = (site / "run-files" / "index.html").read_text(encoding="utf-8")
    for file in tables.RUN_FILES:
        if isinstance(file, tables.Table):
            assert file.pattern in text
    assert "text_sha256" in text and "resift.tables" not in text


@pytest.mark.slow
def test_every_rule_of_deduplication_is_listed_with_its_case(site: Path) -> None:
    from resift.dedupe.rules import RULES

    text = (site / "deduplication" / "index.html").read_text(encoding="utf-8")
    assert text.count("<tr>") > len(RULES)
    assert "same PMID" in text


def test_the_notebook_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(
        r"```python\n(.*?)```", (DOCS / "notebook.md").read_text(encoding="utf-8"), flags=re.S
    )
    assert len(blocks) >= 3
    monkeypatch.chdir(PROJECT)
    exec("\n".join(blocks), {})
    assert re.match(r"\d+ of \d+\n\w", capsys.readouterr().out)


@pytest.mark.slow
def test_the_site_asks_no_other_host(site: Path) -> None:
    text = (site / "index.html").read_text(encoding="utf-8")
    assert not re.findall(r"(?:src|href)=\"https?://(?!squidfunk)", text)


def test_commands_in_the_documentation_exist() -> None:
    for path in (*DOCS.glob("*.md"), PROJECT / "README.md"):
        for block in re.findall(r"```sh\n(.*?)```", path.read_text(encoding="utf-8"), flags=re.S):
            for name in re.findall(r"^(?:\.venv/bin/)?resift (\w[\w-]*)", block, flags=re.M):
                assert name in COMMANDS, f"{path.name}: resift {name}"


def test_the_citation_file_has_what_its_format_asks_for() -> None:
    """Keys and their values after the schema of the Citation File Format 1.2.0."""
    cited = yaml.safe_load((PROJECT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(cited)
    assert cited["cff-version"] == "1.2.0" and cited["type"] == "software"
    assert cited["version"] == __version__
    assert all(set(author) & {"name", "family-names"} for author in cited["authors"])


def test_the_workflow_catalogue_knows_how_to_use_it() -> None:
    usage = yaml.safe_load((PROJECT / ".snakemake-workflow-catalog.yml").read_text(encoding="utf-8"))["usage"]
    assert set(usage["mandatory-flags"]) == {"desc", "flags"}
    assert usage["software-stack-deployment"] and isinstance(usage["report"], bool)
    assert (PROJECT / "workflow" / "Snakefile").is_file() and (PROJECT / "config" / "README.md").is_file()


@pytest.mark.parametrize("path", sorted((PROJECT / ".github").rglob("*.yml")), ids=lambda path: path.name)
def test_files_for_the_forge_are_yaml(path: Path) -> None:
    assert isinstance(yaml.safe_load(path.read_text(encoding="utf-8")), dict)


def test_the_pictures_of_the_architecture_name_every_step_and_every_room() -> None:
    data, rooms = ((DOCS / name).read_text(encoding="utf-8") for name in ("data.svg", "rooms.svg"))
    rules = "".join(path.read_text() for path in (PROJECT / "workflow" / "rules").glob("*.smk"))
    for step in re.findall(r"^rule (\w+):", rules, flags=re.M):
        assert f">{step}<" in data or step == "start", step
    library = PROJECT / "scripts" / "resift"
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    for room in sorted(path.parent.name for path in library.glob("*/__init__.py")):
        assert f">{room}<" in rooms and f"`{room}/`" in page, room


def test_every_promise_names_tests_that_exist() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)`", "".join(path.read_text() for path in DOCS.glob("*.md")))
    assert len(named) > 10
    assert [name for name in named if not (PROJECT / name).is_file()] == []


def test_what_the_forge_runs_is_there() -> None:
    targets = set(re.findall(r"^([\w-]+):", (PROJECT / "Makefile").read_text(), flags=re.M))
    workflows = list((PROJECT / ".github" / "workflows").glob("*.yml"))
    jobs = [job for path in workflows for job in yaml.safe_load(path.read_text())["jobs"].values()]
    lines = [
        line.split() for job in jobs for step in job["steps"] for line in step.get("run", "").splitlines()
    ]
    assert len(lines) >= 4
    for command, *arguments in lines:
        if command == "make":
            assert set(arguments) <= targets, arguments
        elif command == ".ci/run":
            assert os.access(PROJECT / command, os.X_OK)
        else:
            assert command == ".venv/bin/python" and arguments[0] == "-m", command


def test_a_report_of_a_fault_asks_for_the_doctors_answers() -> None:
    for path in (PROJECT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"):
        form = yaml.safe_load(path.read_text())
        if "body" not in form:
            continue
        assert "resift doctor" in path.read_text() and "--save visit.json" in path.read_text(), path.name
