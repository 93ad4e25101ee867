"""What the strategies, criteria and topics do to records: the demo corpus and, where present, real ones."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from resift.archive.source import Archive
from resift.project.protocol import Protocol
from resift.pubmed.xml import read_records
from resift.query.evaluate import evaluate
from resift.query.mesh import MeshTree
from resift.query.syntax import parse
from resift.query.table import QueryTable
from resift.records import Record, write_records
from resift.screening.criteria import Screening, answers_of
from resift.vocabulary import Answer

from .conftest import DEMO, SHARED

FIVE = {
    "19997980": "franko-2010",
    "21167379": "oberg-2010",
    "22726741": "cusati-2012",
    "22261919": "jensen-2012",
    "21451455": "strosberg-2011",
}
SMALL_REAL_FILES = (
    "pubmedportable_pancreatic-cancer_100.xml.gz",
    "nlm-medsample1_medline17.xml.gz",
    "qi29_pubmed_result_121.xml.gz",
    "sk8erjs69_pubmed_result_106.xml.gz",
)


@dataclass(frozen=True)
class Corpus:
    """Records by PMID: which strategies find them within the window, and what the criteria answer."""

    found: dict[str, set[str]]
    answers: dict[str, dict[str, Answer]]
    topics: dict[str, set[str]]

    def outcome(self, pmid: str) -> str:
        given = self.answers[pmid]
        for wanted in (Answer.NOT_MET, Answer.UNCLEAR):
            for criterion, answer in given.items():
                if answer is wanted:
                    return f"{wanted}: {criterion}"
        return "eligible"


def hits(query: str, table: QueryTable, pmids: list[str]) -> set[str]:
    return {pmids[i] for i in np.flatnonzero(evaluate(parse(query), table).yes)}


@pytest.fixture(scope="module")
def corpus(protocol: Protocol, screening: Screening, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    archive = Archive.open(DEMO / "corpus", cache=tmp_path_factory.mktemp("cache"))
    table, pmids = archive.query_table(), [str(pmid) for pmid in archive.pmids]
    found: dict[str, set[str]] = {pmid: set() for pmid in pmids}
    for strategy in protocol.strategies:
        for pmid in hits(protocol.sent(strategy, until=protocol.window.until), table, pmids):
            found[pmid].add(strategy.name)
    answers: dict[str, dict[str, Answer]] = defaultdict(dict)
    for criterion in screening.criteria:
        for pmid, answer in zip(pmids, answers_of(criterion, evaluate(criterion.query, table)), strict=True):
            answers[pmid][criterion.id] = answer
    topics: dict[str, set[str]] = {pmid: set() for pmid in pmids}
    for name, query in screening.topics.items():
        for i in np.flatnonzero(evaluate(query, table).yes):
            topics[pmids[i]].add(name)
    return Corpus(found=found, answers=dict(answers), topics=topics)


def of(contents: list[dict[str, str]], branch: str) -> list[str]:
    return [row["pmid"] for row in contents if row["branch"] == branch]


def table_of(records: list[Record], folder: Path) -> QueryTable:
    from resift.records import read_records as read_frame

    write_records(records, folder / "records.parquet")
    return QueryTable.from_records(read_frame(folder / "records.parquet"))


def assert_nested(sets: dict[str, set[str]]) -> None:
    assert sets["literal"] <= sets["concepts"] <= sets["sensitive"]


def test_literal_in_concepts_in_sensitive_on_the_demo_corpus(corpus: Corpus, protocol: Protocol) -> None:
    sets = {s.name: {p for p, names in corpus.found.items() if s.name in names} for s in protocol.strategies}
    assert_nested(sets)
    assert len(sets["literal"]) < len(sets["concepts"]) < len(sets["sensitive"])
    assert sets["organ-wide"] - sets["sensitive"], "organ-wide must add mixed series"


@pytest.mark.parametrize("name", SMALL_REAL_FILES)
def test_literal_in_concepts_in_sensitive_on_real_records(
    name: str, protocol: Protocol, tmp_path: Path
) -> None:
    path = SHARED / "data" / "pubmed" / name
    if not path.is_file():
        pytest.skip(f"real PubMed records are not on this machine: {path}")
    records = [item for item in read_records(path) if isinstance(item, Record)]
    table = table_of(records, tmp_path)
    pmids = [str(i) for i in range(len(records))]
    assert_nested({s.name: hits(s.expanded, table, pmids) for s in protocol.strategies})


def test_a_mesh_tree_changes_no_result(protocol: Protocol, tmp_path: Path) -> None:
    """All headings are :noexp with their narrower headings written out."""
    tree = SHARED / "data" / "mesh" / "mtrees2019.bin.gz"
    if not tree.is_file():
        pytest.skip(f"the MeSH tree is not on this machine: {tree}")
    archive = Archive.open(DEMO / "corpus", cache=tmp_path)
    table, mesh = archive.query_table(), MeshTree.load(tree)
    for strategy in protocol.strategies:
        query = parse(strategy.expanded)
        bare, exploded = evaluate(query, table), evaluate(query, table, mesh=mesh)
        assert (bare.yes == exploded.yes).all(), strategy.name
        assert bare.approximations == exploded.approximations, strategy.name


def test_five_known_references_by_title_alone(corpus: Corpus) -> None:
    """Franko and Oberg hang on abstract or headings, which the citations lack."""
    by_strategy = defaultdict(set)
    for pmid, item in FIVE.items():
        for name in corpus.found[pmid]:
            by_strategy[name].add(item)
    assert dict(by_strategy) == {
        "concepts": {"cusati-2012", "strosberg-2011"},
        "sensitive": {"cusati-2012", "strosberg-2011", "jensen-2012"},
        "organ-wide": {"cusati-2012", "strosberg-2011"},
    }


def test_window_and_language_bind_the_search(corpus: Corpus, contents: list[dict[str, str]]) -> None:
    for branch in ("date in the window", "language English", "late arrival"):
        assert all("concepts" in corpus.found[pmid] for pmid in of(contents, branch)), branch
    for branch in (
        "date out of the window",
        "language other",
        "cited, out of window",
        "cited, other language",
    ):
        assert not any(corpus.found[pmid] for pmid in of(contents, branch)), branch


def test_no_strategy_finds_what_is_off_topic(corpus: Corpus, contents: list[dict[str, str]]) -> None:
    off_topic = [row["pmid"] for row in contents if row["branch"].startswith("off topic")]
    assert off_topic and not any(corpus.found[pmid] for pmid in off_topic)


def test_every_topical_record_is_found_and_carries_its_topic(
    corpus: Corpus, contents: list[dict[str, str]], screening: Screening
) -> None:
    """Some have neither abstract nor headings; only such a record may escape `concepts`."""
    for name in screening.topics:
        pmids = of(contents, f"topic: {name}")
        assert all("sensitive" in corpus.found[pmid] and name in corpus.topics[pmid] for pmid in pmids), name
        assert sum("concepts" in corpus.found[pmid] for pmid in pmids) >= len(pmids) - 1, name


@pytest.mark.parametrize(
    ("branch", "outcome"),
    [
        ("animals only", "not met: animals-only"),
        ("not a report", "not met: not-a-report"),
        ("cited, off topic", "not met: neuroendocrine"),
        ("off topic: primitive neuroectodermal", "not met: neuroendocrine"),
        ("off topic: melanoma", "not met: neuroendocrine"),
        ("spread denied", "unclear: metastatic"),
        ("therapy without spread", "unclear: metastatic"),
        ("spread without therapy", "unclear: therapy"),
        ("unclear: population", "unclear: pancreatic"),
        ("mixed series", "unclear: pancreatic"),
        ("retracted", "eligible"),
        ("companion", "eligible"),
        ("reference list", "eligible"),
    ],
)
def test_outcome_of_a_branch(
    branch: str, outcome: str, corpus: Corpus, contents: list[dict[str, str]]
) -> None:
    pmids = of(contents, branch)
    assert pmids
    assert {corpus.outcome(pmid) for pmid in pmids} == {outcome}


def test_a_missing_abstract_never_excludes(corpus: Corpus, contents: list[dict[str, str]]) -> None:
    bare = of(contents, "unclear: no abstract") + of(contents, "real citation")
    assert not [pmid for pmid in bare if corpus.outcome(pmid).startswith("not met")]


def test_streptozotocin_diabetes_is_no_chemotherapy_and_scintigraphy_no_treatment(
    corpus: Corpus, contents: list[dict[str, str]]
) -> None:
    for branch in ("off topic: streptozotocin diabetes", "off topic: imaging only"):
        assert not set().union(*(corpus.topics[pmid] for pmid in of(contents, branch)))


def test_microspheres_are_liver_directed_and_no_prrt(corpus: Corpus) -> None:
    kennedy, king, bushnell = "18525307", "18618495", "20194865"
    for pmid in (kennedy, king):
        assert "liver-directed therapy" in corpus.topics[pmid] and "PRRT" not in corpus.topics[pmid]
    assert "PRRT" in corpus.topics[bushnell]
