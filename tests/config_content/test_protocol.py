"""The Rossi protocol says what the review says, and avoids the known mistakes of such searches."""

from __future__ import annotations

import csv
import gzip
import re

import pytest

from resift.project.protocol import Protocol
from resift.query import fields
from resift.query.nodes import Leaf, Proximity, Range
from resift.query.syntax import leaves, parse
from resift.screening.criteria import Kind, Screening

from .conftest import SHARED

# The Methods of the review's abstract (PMC4200651), as printed.
METHODS = (
    "A PubMed search was performed for English-language publications from 1995 through December 2012. "
    "Reference lists from studies selected were manually searched to identify further relevant reports. "
    "Manuscripts comparing different therapeutic options and advances for metastatic pNETs were selected."
)
STRATEGIES = ("literal", "concepts", "sensitive", "organ-wide")


def terms(protocol: Protocol, screening: Screening) -> list[tuple[str, Leaf | Range | Proximity]]:
    """Every term of every strategy, criterion and topic, with the name of the query it stands in."""
    queries = {strategy.name: parse(strategy.expanded) for strategy in protocol.strategies}
    queries |= {criterion.id: criterion.query for criterion in screening.criteria}
    queries |= dict(screening.topics)
    return [
        (name, leaf) for name, query in queries.items() for line in query.lines for leaf in leaves(line.root)
    ]


def test_four_strategies_with_concepts_as_the_primary(protocol: Protocol) -> None:
    assert tuple(strategy.name for strategy in protocol.strategies) == STRATEGIES
    assert protocol.primary.name == "concepts"
    assert all(strategy.provenance == "reconstructed" and strategy.reason for strategy in protocol.strategies)


def test_limits_are_sent_once_as_the_review_states_them(protocol: Protocol) -> None:
    for strategy in protocol.strategies:
        sent = protocol.sent(strategy, until=protocol.window.until)
        assert sent.endswith(") AND english[la] AND 1995/01/01:2012/12/31[dp]")
        assert sent.count("[la]") == sent.count("[dp]") == 1


def test_quotes_are_the_words_of_the_review(protocol: Protocol) -> None:
    stated = {name: part["quote"] for name, part in protocol.provenance.items() if part["status"] == "stated"}
    assert {"databases", "languages", "window", "other_methods.references", "screening"} <= set(stated)
    for name, quote in stated.items():
        assert " ".join(quote.split()) in METHODS, name


def test_what_the_review_does_not_say_is_never_stated(protocol: Protocol) -> None:
    status = {name: part["status"] for name, part in protocol.provenance.items()}
    assert status["window.field"] == "reconstructed"
    for part in (
        "search_date",
        "strategies",
        "records_identified",
        "studies_included",
        "automation",
        "full_text",
    ):
        assert status[part] == "not_reported"
    for key in ("search_date", "records_identified", "records_screened", "studies_included", "query"):
        assert protocol.reported[key] is None


def test_prisma_s_has_sixteen_items_and_no_invented_ones(protocol: Protocol) -> None:
    items = protocol.reported["prisma_s"]
    assert [int(number) for number in items] == list(range(1, 17))
    assert [number for number, text in items.items() if text] == ["1", "2", "5", "9"]


def test_comparing_is_declared_as_not_operationalised(protocol: Protocol) -> None:
    assert "not operationalised" in protocol.provenance["screening.criteria"]["reason"]


def test_every_term_has_a_field_and_none_is_truncated(protocol: Protocol, screening: Screening) -> None:
    for name, term in terms(protocol, screening):
        assert isinstance(term, Leaf), f"{name}: {term}"
        assert term.tagged, f"{name}: {term.text}"
        assert "*" not in term.text and "?" not in term.text, f"{name}: {term.text}"


def test_headings_mean_the_same_with_and_without_a_tree(protocol: Protocol, screening: Screening) -> None:
    for name, term in terms(protocol, screening):
        assert isinstance(term, Leaf)
        if term.field in (fields.MESH_TERMS, fields.MESH_MAJOR):
            assert not term.explode, f"{name}: {term.text}"


def test_every_heading_exists_in_mesh(protocol: Protocol, screening: Screening) -> None:
    path = SHARED / "data" / "mesh" / "mtrees2019.bin.gz"
    if not path.is_file():
        pytest.skip(f"the MeSH tree is not on this machine: {path}")
    headings = {
        line.split(";")[0] for line in gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()
    }
    # The shared tree begins at A05 and lacks nothing of C, D and E.
    named = {
        term.text.partition("/")[0]
        for _, term in terms(protocol, screening)
        if isinstance(term, Leaf) and term.field is fields.MESH_TERMS
    }
    assert len(named) > 40
    assert not named - headings


def test_accepted_warnings_are_phrases_of_the_strategy(protocol: Protocol) -> None:
    for strategy in protocol.strategies:
        for phrase in strategy.accept_warnings:
            assert f"OR {phrase}" in " ".join(strategy.expanded.split())


def test_no_strategy_limits_to_humans_or_abstracts(protocol: Protocol) -> None:
    for strategy in protocol.strategies:
        assert not re.search(r"hasabstract|humans|\[sb\]|\[filter\]|\[pt\]", strategy.expanded, re.IGNORECASE)


def test_pnet_alone_and_spread_to_the_pancreas_are_not_searched(protocol: Protocol) -> None:
    for strategy in protocol.strategies:
        words = strategy.expanded.lower()
        assert not re.search(r"\bpnets?\b", words)
        assert "pancreatic neoplasms/secondary" not in words
        assert "secondary[sh]" not in words


@pytest.mark.parametrize("name", STRATEGIES)
def test_british_spelling_stands_beside_american(protocol: Protocol, name: str) -> None:
    query = next(s.expanded for s in protocol.strategies if s.name == name)
    for american in re.findall(r'"([^"/]*tumors?)"\[ti', query):
        assert f'"{american.replace("tumor", "tumour")}"' in query
    assert ("embolization" in query) == ("embolisation" in query)


def test_criteria_exclude_only_on_evidence_or_the_one_essential_concept(screening: Screening) -> None:
    kinds = {criterion.id: criterion.kind for criterion in screening.criteria}
    assert [name for name, kind in kinds.items() if kind is Kind.EXCLUDE_UNLESS] == ["neuroendocrine"]
    assert [name for name, kind in kinds.items() if kind is Kind.EXCLUDE_IF] == [
        "not-a-report",
        "animals-only",
    ]
    assert all(criterion.reason for criterion in screening.criteria)


def test_no_criterion_repeats_date_or_language(protocol: Protocol, screening: Screening) -> None:
    for criterion in screening.criteria:
        for line in criterion.query.lines:
            for leaf in leaves(line.root):
                assert leaf.field is not fields.LANGUAGE and leaf.field.kind is not fields.Kind.DATE


def test_topics_are_the_eight_of_the_review(screening: Screening) -> None:
    assert list(screening.topics) == [
        "surgery",
        "liver transplantation",
        "liver-directed therapy",
        "somatostatin analogues",
        "PRRT",
        "chemotherapy",
        "targeted therapy",
        "interferon",
    ]


def test_demo_runs_the_strategies_criteria_and_known_items_of_the_review(
    protocol: Protocol, demo_protocol: Protocol
) -> None:
    assert demo_protocol.id != protocol.id
    assert demo_protocol.strategies_sha256() == protocol.strategies_sha256()
    assert demo_protocol.screening and protocol.screening
    assert demo_protocol.screening.resolve() == protocol.screening.resolve()
    assert [p.resolve() for p in demo_protocol.known_items] == [p.resolve() for p in protocol.known_items]
    assert demo_protocol.decisions != protocol.decisions
    assert dict(demo_protocol.provenance) == dict(protocol.provenance)


def test_review_comes_without_decisions_or_handsearched_works(protocol: Protocol) -> None:
    assert protocol.decisions and protocol.other_methods.handsearched
    assert len(protocol.decisions.read_text(encoding="utf-8").splitlines()) == 1
    lines = protocol.other_methods.handsearched.read_text(encoding="utf-8").splitlines()
    assert all(line.startswith("#") for line in lines)


def test_build_items_are_the_five_and_unverified(known_items: list[dict[str, str]]) -> None:
    build = [item for item in known_items if item["use"] == "build"]
    assert [item["item"] for item in build] == [
        "franko-2010",
        "oberg-2010",
        "cusati-2012",
        "jensen-2012",
        "strosberg-2011",
    ]
    assert {(item["set"], item["pmid_verified"]) for item in build} == {("cited by the review", "no")}


def test_item_names_and_pmids_are_distinct(known_items: list[dict[str, str]]) -> None:
    for column in ("item", "pmid"):
        values = [item[column] for item in known_items]
        assert len(set(values)) == len(values)


def test_test_items_are_pdq_treatment_references_in_the_window(known_items: list[dict[str, str]]) -> None:
    path = SHARED / "data" / "pnet" / "pdq_pnet_references.csv"
    if not path.is_file():
        pytest.skip(f"the PDQ list is not on this machine: {path}")
    with path.open(encoding="utf-8", newline="") as file:
        listed = {
            row["pmid"]: row["citation"]
            for row in csv.DictReader(file)
            if row["pmid"]
            and 1995 <= int(row["year"]) <= 2012
            and any(section.strip().startswith("Treatment") for section in row["sections"].split(";"))
        }
    test = [item for item in known_items if item["use"] == "test"]
    assert {item["pmid"]: item["citation"] for item in test} == listed
    assert {(item["set"], item["pmid_verified"]) for item in test} == {("independent", "yes")}
