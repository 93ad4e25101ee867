"""Rows become protocols that the one loader reads; what cannot be rerun is left with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tests.studies.conftest import SEARCH, Make

from resift.project.protocol import Protocol, load_protocol
from resift.rows import write_document
from resift.runs.plan import check_inputs
from resift.studies.gather import gather
from resift.studies.model import Study
from resift.studies.outcome import Ending
from resift.studies.plan import Ended, ended_file, make_plan
from resift.studies.protocols import split

EMBASE = {"database": "Embase", "platform": "Ovid", "query": "exp asthma/"}


def loaded(study: Study, folder: Path, n: int = 0) -> Protocol:
    rerun = split(study)[0][n]
    folder.mkdir(exist_ok=True)
    for name, text in rerun.files.items():
        (folder / name).write_text(text)
    protocol = load_protocol(folder / "protocol.yaml")
    check_inputs(protocol)
    return protocol


def test_a_row_becomes_a_protocol_of_a_single_review(make: Make, tmp_path: Path) -> None:
    study = make(
        {
            **SEARCH,
            "review": "a",
            "count": "17",
            "search_date": "2008-12-31",
            "window_from": "2000",
            "window_until": "2008",
            "languages": "English; French",
            "included": "12 13",
        },
        {**SEARCH, **EMBASE, "review": "a", "item_13": "no", "item_13_quote": ""},
    )
    protocol = loaded(study, tmp_path / "p")
    assert protocol.databases == ("PubMed", "Embase (Ovid)")
    assert protocol.sent(protocol.primary, until=protocol.window.until) == (
        "(asthma[tiab]) AND (english[la] OR french[la]) AND 2000/01/01:2008/12/31[dp]"
    )
    assert protocol.primary.provenance == "stated"
    assert protocol.primary.server_messages == "record"
    assert protocol.reported["records_identified"] == {"PubMed": 17}
    items = protocol.reported["prisma_s"]
    assert items["8"]["judged"] == "yes"
    assert items["13"] == {"judged": "partly", "quote": "on 31 December 2008"}
    assert protocol.provenance["languages"]["status"] == "stated"
    assert protocol.provenance["window.field"]["status"] == "reconstructed"
    assert len(protocol.known_items) == 1


def test_limits_without_the_reviews_words_are_not_stated(make: Make, tmp_path: Path) -> None:
    study = make({**SEARCH, "review": "a", "window_from": "2000", "item_9": "no", "item_9_quote": ""})
    assert loaded(study, tmp_path / "p").provenance["window"]["status"] == "reconstructed"


def test_what_is_not_attempted_is_told_with_its_reason(make: Make) -> None:
    study = make(
        {**SEARCH, "review": "a", **EMBASE},
        {**SEARCH, "review": "b", "query": "exp Asthma/ and child$.tw."},
        {**SEARCH, "review": "c", "query": "", "item_8": "no", "item_8_quote": ""},
        {**SEARCH, "review": "d"},
    )
    reruns, left = split(study)
    assert [rerun.name for rerun in reruns] == ["d"]
    assert [one.why.split(":")[0] for one in left] == [
        "searched in Embase (Ovid); only PubMed is rerun",
        "foreign syntax",
        "the review prints no search string for it",
    ]


def test_two_searches_of_pubmed_are_two_runs(make: Make, tmp_path: Path) -> None:
    one = {**SEARCH, "review": "a", "count": "5"}
    study = make(one, {**one, "search": "update", "count": "2", "query": "asthma[ti]"})
    assert [rerun.name for rerun in split(study)[0]] == ["a", "a-s2"]
    first, second = loaded(study, tmp_path / "p"), loaded(study, tmp_path / "q", 1)
    assert first.reported["records_identified"]["PubMed"] == 5
    assert second.reported["records_identified"]["PubMed"] == 2
    assert second.primary.query == "asthma[ti]"


def test_a_further_search_never_takes_the_name_of_another_review(make: Make, tmp_path: Path) -> None:
    one = {**SEARCH, "review": "a"}
    study = make(one, {**one, "search": "update", "query": "asthma[ti]"}, {**one, "review": "a-s2"})
    assert [rerun.name for rerun in split(study)[0]] == ["a", "a-s3", "a-s2"]


def test_a_rerun_of_another_row_says_nothing_of_this_one(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path("results/studies/sample")
    before = make({**SEARCH, "review": "a"})
    ((planned,),) = make_plan(before, folder, source=Path("sample"), cores=1).batches
    ended = Ended(name="a", run=planned.run, sha256=planned.sha256, library="", cause="the disk was full")
    write_document(ended, ended_file(folder, "a"))
    assert gather(before, folder).searches[0].ending is Ending.FAILED
    changed = make({**SEARCH, "review": "a", "query": "asthma[ti]"})
    assert gather(changed, folder).searches[0].ending is Ending.NOT_ATTEMPTED


def test_the_rows_of_the_named_extractor_count(make: Make) -> None:
    one = {**SEARCH, "review": "a", "extractor": "AB", "query": "asthma[ti]"}
    two = {**one, "extractor": "CD", "query": "asthma[tiab]"}
    assert split(make(one, two))[0][0].row.extractor == "AB"
    named = make(one, two, settings="extractor: CD\n")
    assert split(named)[0][0].row.query == "asthma[tiab]"


def test_a_query_with_line_breaks_and_signs_is_kept_as_printed(make: Make, tmp_path: Path) -> None:
    printed = '#1 "asthma"[mh] OR yes: [tiab]\n#2 - wheez*[tiab]\n#3 #1 OR #2'
    text = split(make({**SEARCH, "review": "a", "query": printed}))[0][0].files["protocol.yaml"]
    assert yaml.safe_load(text)["strategies"]["printed"]["query"] == printed
