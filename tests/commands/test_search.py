"""`resift search` as people call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Run

PROJECT = Path(__file__).resolve().parents[2]


def test_search_prints_counts_by_clause_and_a_link(resift: Run, archive: Path) -> None:
    done = resift("search", "liver[ti] AND (metastases[ti] OR x1[ti])", "--archive", str(archive))
    assert done.returncode == 0, done.stderr
    assert "1 of 3 records match" in done.stdout
    assert "2    liver[ti]" in done.stdout
    assert "https://pubmed.ncbi.nlm.nih.gov/?term=liver" in done.stdout
    assert "\x1b[" not in done.stdout


def test_search_prints_ids_alone_and_json(resift: Run, archive: Path) -> None:
    assert resift("search", "liver[ti]", "--archive", str(archive), "--ids").stdout == "1\n2\n"
    found = json.loads(resift("search", "liver[ti]", "--archive", str(archive), "--json", "--ids").stdout)
    assert (found["count"], found["searched"], found["ids"]) == (2, 3, ["1", "2"])
    assert found["clauses"][0]["text"] == "liver[ti]"


def test_search_reads_a_file_and_standard_input(resift: Run, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "strategy.txt").write_text("#1 liver[ti]\n#2 tumours[ti]\n#3 #1 AND #2\n")
    done = resift("search", "strategy.txt", "--archive", str(archive), "--ids")
    assert done.stdout == "2\n"
    done = resift("search", "someone x[ir]", "--archive", str(archive), "--ids")
    assert not done.stdout
    assert "3 more are not evaluable" in done.stderr and "[ir]" in done.stderr


@pytest.mark.parametrize(
    "command", [["search", "--archive", "archive"], ["explain", "1", "--archive", "archive"]]
)
def test_an_unreadable_query_shows_the_place_and_gives_1(
    resift: Run, archive: Path, command: list[str]
) -> None:
    name, *rest = command
    done = resift(name, "liver[ti] AND ((", *rest)
    assert done.returncode == 1 or "never closed" in done.stdout
    done = resift(name, "[tiab]", *rest)
    assert done.returncode == 1
    assert "has no term before it" in done.stderr
    assert "»[tiab]«" in done.stderr
    assert "Traceback" not in done.stderr


def test_search_says_what_pubmed_drops_and_refuses_another_platforms_syntax(
    resift: Run, archive: Path
) -> None:
    done = resift("search", "liver[tiabb]", "--archive", str(archive))
    assert done.returncode == 0, done.stderr
    assert "fault: [tiabb] is not a PubMed field tag" in done.stdout
    ids = resift("search", "liver[tiabb]", "--archive", str(archive), "--ids")
    assert "[tiabb] is not a PubMed field tag" in ids.stderr
    ovid = "1. exp Liver/\n2. tumo?r$.ti,ab.\n3. 1 and 2"
    done = resift("search", ovid, "--archive", str(archive))
    assert done.returncode == 1
    assert "this is Ovid syntax: 3 lines" in done.stderr
    assert resift("search", ovid, "--archive", str(archive), "--as-pubmed").returncode == 0


def test_search_counts_numbered_lines_beside_what_was_printed(resift: Run, archive: Path) -> None:
    text = "1. liver[ti] (12)\n2. tumo*[ti] (1,234)\n3. 1 AND 2 (7)"
    done = resift("search", text, "--archive", str(archive), "--json")
    found = json.loads(done.stdout)
    assert found["sent"] == "(liver[ti]) AND (tumo*[ti])"
    assert [line["printed"] for line in found["lines"]] == [12, 1234, 7]
    assert found["lines"][2]["expansion"] == found["sent"]
    assert found["lines"][2]["n"] == found["count"]


def test_a_configuration_is_counted_within_its_limits(resift: Run) -> None:
    done = resift("search", "--config", "config/demo.yaml", "--json", cwd=PROJECT)
    assert done.returncode == 0, done.stderr
    strategies = json.loads(done.stdout)["strategies"]
    assert strategies
    for strategy in strategies:
        root = strategy["clauses"][0]
        assert strategy["count"] == root["n"] <= strategy["searched"]
        assert strategy["link"].startswith("https://pubmed.ncbi.nlm.nih.gov/?term=")
