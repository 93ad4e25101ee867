"""The whole workflow over HTTP against the frozen PubMed: the same results, and the key nowhere."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from command_line import called, run_here
from tests.workflow.conftest import make_project, resift

from resift.frozen.bodies import XML, Reply
from resift.frozen.pubmed import FrozenPubMed, open_frozen
from resift.frozen.serve import create_app, running
from resift.pubmed.source import Endpoint

KEY = "0123456789abcdefSECRETkey"
CONFIG = """\
run: demo
protocol: config/demo/protocol.yaml
source: pubmed
contact: {{email: someone@example.org, tool: resift-tests}}
eutils: {url}
requests_per_second: 200
compare_with: none
"""


class Outage:
    """A frozen PubMed whose elink refuses to answer while it is `down`."""

    def __init__(self, frozen: FrozenPubMed) -> None:
        self.frozen = frozen
        self.down = True

    def answer(self, endpoint: Endpoint, pairs: list[tuple[str, str]]) -> Reply:
        if self.down and endpoint is Endpoint.ELINK:
            return Reply(b"<eLinkResult><ERROR>out of order</ERROR></eLinkResult>\n", XML)
        return self.frozen.answer(endpoint, pairs)


@pytest.fixture(scope="module")
def outage(demo: Path) -> Outage:
    return Outage(open_frozen(demo / "config/demo/corpus", cache=demo / ".cache/archive"))


@pytest.fixture(scope="module")
def server(outage: Outage) -> Iterator[str]:
    with running(create_app(cast(FrozenPubMed, outage))) as url:
        yield url


@pytest.fixture(scope="module")
def project(server: str, outage: Outage, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run during which reference lists were not to be had, completed by the same command."""
    project = make_project(tmp_path_factory.mktemp("live") / "project")
    (project / "config" / "live.yaml").write_text(CONFIG.format(url=server))
    run = project / "results" / "demo"
    done = run_here(project, "config/live.yaml", NCBI_API_KEY=KEY)
    assert done.returncode == 40, done.stderr
    assert KEY not in done.stdout + done.stderr
    said = "Reference lists not followed: service unavailable (elink"
    assert said in done.stdout
    for name in ("report.html", "flow.svg", "summary.json", "verdict.json"):
        assert "service unavailable" in (run / name).read_text(encoding="utf-8"), name
    outage.down = False
    # Snakemake makes anew what the outage left open, and all that rests on it.
    done = resift(project, "run", "--config", "config/live.yaml", "--cores", "2", NCBI_API_KEY=KEY)
    assert done.returncode == 0, done.stderr
    assert said not in done.stdout
    return project


def test_a_run_completed_after_an_outage_gives_what_the_archive_gives(demo: Path, project: Path) -> None:
    for name in (
        "records/databases.parquet",
        "records/other.parquet",
        "decisions.csv",
        "flow.json",
        "references.csv",
        "known-items.csv",
        "search/hits.csv",
    ):
        one, two = (folder / "results" / "demo" / name for folder in (demo, project))
        assert one.read_bytes() == two.read_bytes(), name


def test_the_key_is_nowhere(project: Path) -> None:
    places = [path for path in project.rglob("*") if path.is_file()]
    assert any(".snakemake" in path.parts for path in places)
    for path in places:
        assert KEY.encode() not in path.read_bytes(), path


def test_the_databases_lane_costs_few_requests(project: Path) -> None:
    """At most S + ceil(N/500) + 5 for S strategies and N records; the other lane adds its own."""
    with (project / "results/demo/raw/requests.csv").open(encoding="utf-8", newline="") as file:
        requests = [(row["endpoint"], dict(json.loads(row["parameters"]))) for row in csv.DictReader(file)]
    with (project / "results/demo/search/hits.csv").open(encoding="utf-8") as file:
        hits = {row["pmid"] for row in csv.DictReader(file)}
    with (project / "results/demo/known-items.csv").open(encoding="utf-8") as file:
        hits |= {row["pmid"] for row in csv.DictReader(file)}
    # Notices are looked up for all earlier inclusions, whatever the search finds.
    with (project / "results/demo/retractions.csv").open(encoding="utf-8") as file:
        notices = {row["notice_pmid"] for row in csv.DictReader(file)}
    lane = [
        parameters
        for endpoint, parameters in requests
        if endpoint == "einfo"
        or (
            endpoint == "esearch"
            and not {"[doi]", "[crdt]"} & set(re.findall(r"\[\w+\]", parameters["term"]))
        )
        or (endpoint == "efetch" and (ids := set(parameters["id"].split(","))) <= hits and not ids <= notices)
    ]
    assert len(lane) <= 4 + -(-len(hits) // 500) + 5


def test_a_search_is_counted_before_anything_is_fetched(project: Path, server: str) -> None:
    done = called(project, "search", "--config", "config/live.yaml", NO_COLOR="1", NCBI_API_KEY=KEY)
    assert done.returncode == 0, done.stderr
    assert "214" in done.stdout
    assert "https://pubmed.ncbi.nlm.nih.gov/?term=" in done.stdout
    assert KEY not in done.stdout + done.stderr
