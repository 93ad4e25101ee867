"""The rule that speaks of two records that differ in named ways: a pair for each clause of each rule."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dedupe.pairs import paper
from dedupe.variants import BESIDE, variant
from resift.dedupe import deduplicate
from resift.dedupe.compare import Comparison
from resift.dedupe.decide import decide
from resift.dedupe.normalise import Entries, normalise, text_columns
from resift.dedupe.rules import RULES


@dataclass(frozen=True)
class Line:
    """Two variants of one paper, what else stands in the table, and what is said of the two."""

    one: str
    two: str
    beside: str
    relation: str
    veto: str
    rule: str


# Written by trying every change of a rule (tests/support/mutants.py) on some 60,000 pairs of variants: the
# fewest pairs that tell the rules from all of the changed ones.
with (Path(__file__).parent / "rules_of_variants.csv").open(encoding="utf-8", newline="") as file:
    LINES = [Line(**row) for row in csv.DictReader(file)]


def entries(*records: dict[str, str]) -> Entries:
    rows = [{"record": f"file:{n}", **values} for n, values in enumerate(records, 1)]
    return normalise(text_columns(pd.DataFrame(rows).fillna("")))


def said(one: int, two: int, table: Entries) -> tuple[str, str, str]:
    """Relation, veto and name of the rule that speaks of the first two entries."""
    pairs = Comparison(table).pairs(np.array([one], dtype=np.int32), np.array([two], dtype=np.int32))
    number = int(decide(pairs).rule[0])
    if number < 0:
        return "", "", ""
    rule = RULES[number]
    return rule.relation.name.lower(), "veto" if rule.veto else "", rule.name


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.one or 'paper'} | {line.two or 'paper'}")
def test_the_rule_of_two_variants_whichever_comes_first(line: Line) -> None:
    table = entries(variant(line.one), variant(line.two), *BESIDE[line.beside])
    assert said(0, 1, table) == (line.relation, line.veto, line.rule)
    assert said(1, 0, table) == (line.relation, line.veto, line.rule)


def groups_when_merged(*records: dict[str, str]) -> int:
    frame = pd.DataFrame([{"record": f"file:{n}", **values} for n, values in enumerate(records, 1)])
    return int(deduplicate(frame.fillna(""), versions="merge")["group"].nunique())


def test_versions_of_two_pmids_merge_only_where_an_identifier_names_the_work() -> None:
    two = {"doi": "10.1002/14651858.CD000193.pub2", "pmid": "1"}
    three = {"doi": "10.1002/14651858.CD000193.pub3", "pmid": "2"}
    assert groups_when_merged(paper(**two), paper(**three)) == 1
    linked = paper(pmid="1", links="UpdateIn:2"), paper(pmid="2", title="Octreotide, revisited")
    assert groups_when_merged(*linked) == 1
    preprint = {"journal": "bioRxiv", "doi": "10.1101/2008.11.03.123456"}
    assert groups_when_merged(paper(**preprint), paper()) == 1
    assert groups_when_merged(paper(**preprint, pmid="1"), paper(pmid="2")) == 2


def test_one_identifier_on_two_unlike_records_is_told_however_long_the_list_is() -> None:
    assert {rule.name for rule in RULES if rule.always} == {
        "one PMID on two unlike records",
        "one DOI on two unlike records",
    }


def test_one_doi_and_title_with_other_authors_and_pages_is_told_to_a_person() -> None:
    """A spreadsheet whose columns slipped by a row: neither merged nor passed over in silence."""
    slipped = paper(doi="10.5555/jeo.211", authors="Petrov, S. and Ito, H.", pages="391-399")
    rows = (paper(doi="10.5555/jeo.211"), slipped)
    frame = pd.DataFrame([{"record": f"file:{n}", **values} for n, values in enumerate(rows, 1)])
    groups = deduplicate(frame.fillna(""))
    assert groups["group"].nunique() == 2
    assert set(groups["relation"]) == {"review"}
    assert set(groups["rule"]) == {"one DOI and title, other authors or pages"}
