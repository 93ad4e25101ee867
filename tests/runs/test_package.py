"""A package holds ids and no texts, is a valid RO-Crate 1.1, and is the same each time."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.workflow.conftest import built, demo  # noqa: F401

from resift.__main__ import main
from resift.records import iter_records
from resift.tables import DECISIONS, LANES, RECORDS

RUN = Path("results/demo")


@pytest.fixture(scope="module")
def packed(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:  # noqa: F811
    """The package of the demo, made once; the working directory is the demo's project."""
    package = tmp_path_factory.mktemp("packed") / "package"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(demo)
        assert main(["package", "demo", "--to", str(package)]) == 0
        yield package


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_no_text_of_a_record_and_no_name_of_a_person_is_handed_on(packed: Path) -> None:
    whole = b"\n".join(contents(packed).values()).decode("utf-8")
    texts = [r for lane in LANES for r in iter_records(RECORDS.of(RUN, lane=lane))]
    assert sum(len(record.abstract) > 100 for record in texts) > 100
    for record in texts:
        assert len(record.abstract) < 40 or record.abstract[:40] not in whole, record.record
        assert len(record.title) < 40 or record.title not in whole, record.record
    people = Path("config/demo/human-decisions.csv").read_text(encoding="utf-8").splitlines()[1:]
    for name in {line.split(",")[1] for line in people}:
        assert not re.search(
            rf"\b{re.escape(name)}\b", (packed / "decisions.csv").read_text(encoding="utf-8")
        ), name
    ends = (packed / "decisions.csv").read_text(encoding="utf-8").splitlines()
    assert len(ends) == len(DECISIONS.read(DECISIONS.of(RUN))) + 1
    assert "config:" not in (packed / "run.yaml").read_text(encoding="utf-8")


def entity(graph: list[dict[str, Any]], id_: str) -> dict[str, Any]:
    (found,) = [one for one in graph if one["@id"] == id_]
    return found


def test_it_is_a_crate_of_version_1_1(packed: Path) -> None:
    """What the specification says MUST be, and SHOULD be of the root: sections 4.1, 4.2, 5.1 and 5.2."""
    document = json.loads((packed / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    assert document["@context"] == "https://w3id.org/ro/crate/1.1/context"
    graph = document["@graph"]
    ids = [one["@id"] for one in graph]
    assert len(ids) == len(set(ids)) and all("@type" in one for one in graph)
    descriptor = entity(graph, "ro-crate-metadata.json")
    assert descriptor["@type"] == "CreativeWork"
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert descriptor["about"] == {"@id": "./"}
    root = entity(graph, "./")
    assert root["@type"] == "Dataset" and root["name"] and root["description"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", root["datePublished"])
    assert entity(graph, root["license"]["@id"])["name"]
    parts = [part["@id"] for part in root["hasPart"]]
    assert sorted(parts) == sorted(set(contents(packed)) - {"ro-crate-metadata.json"})
    for part in parts:
        file = entity(graph, part)
        assert file["@type"] == "File" and file["name"] and "/" in file["encodingFormat"]
        assert int(file["contentSize"]) == (packed / part).stat().st_size
    action = entity(graph, "#run")
    assert action["@type"] == "CreateAction" and action["startTime"] <= action["endTime"]
    assert entity(graph, action["instrument"]["@id"])["@type"] == "SoftwareApplication"

    def links(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [value["@id"]] if set(value) == {"@id"} else [x for v in value.values() for x in links(v)]
        return [x for v in value for x in links(v)] if isinstance(value, list) else []

    assert set(links(graph)) - set(ids) == {"https://w3id.org/ro/crate/1.1"}


def test_a_card_has_what_searchrxiv_asks_for(packed: Path) -> None:
    card = (packed / "searchrxiv" / "concepts.md").read_text(encoding="utf-8")
    for said in ("Date of search: 20", "Results: 214", "1995-01-01 to 2012-12-31 [dp]", "## As sent", "[…]"):
        assert said in card
    assert "these are not real papers" in card


def test_it_is_the_same_each_time_and_written_over_nothing(
    packed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["package", "demo", "--to", str(tmp_path / "again")]) == 0
    assert contents(packed) == contents(tmp_path / "again")
    assert main(["package", "demo", "--to", str(packed)]) == 1
    assert "is not empty" in capsys.readouterr().err


def test_a_run_that_came_without_hidden_files_is_packed_in_full(packed: Path, tmp_path: Path) -> None:
    came = tmp_path / "results" / "demo"
    shutil.copytree(RUN, came, ignore=shutil.ignore_patterns(".*"))
    assert main(["package", str(came), "--to", str(tmp_path / "again")]) == 0
    assert contents(packed) == contents(tmp_path / "again")


def test_a_damaged_run_is_not_packed(
    packed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = RUN / "flow.svg"
    content = path.read_bytes()
    try:
        path.write_bytes(content + b" ")
        assert main(["package", "demo", "--to", str(tmp_path / "again")]) == 1
    finally:
        path.write_bytes(content)
    assert "flow.svg: is not what its step wrote" in capsys.readouterr().err
    assert not (tmp_path / "again").exists()
