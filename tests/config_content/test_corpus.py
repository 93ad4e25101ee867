"""The demo corpus is what its generator writes, and holds what it promises."""

from __future__ import annotations

import csv
import gzip
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from .conftest import DEMO, PROJECT

CORPUS = DEMO / "corpus"
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
EXPECTED_ELEMENTS = {"PubmedArticle": 383, "PubmedBookArticle": 1, "DeleteCitation": 1}
REAL_CITATIONS = 40
BRANCHES = {
    "date in the window",
    "date out of the window",
    "late arrival",
    "language English",
    "language other",
    "duplicate: same DOI",
    "duplicate: same citation",
    "duplicate: ahead of print",
    "no duplicate: common title",
    "no duplicate: parts",
    "no duplicate: one DOI on two papers",
    "version",
    "companion",
    "retracted",
    "expression of concern",
    "not a report",
    "animals only",
    "unclear: population",
    "unclear: no abstract",
    "mixed series",
    "therapy without spread",
    "spread without therapy",
    "spread denied",
    "markup in the title",
    "collective author",
    "no authors",
    "book",
    "MedlineDate",
    "never indexed",
    "reference list",
    "cited, off topic",
    "cited, not found by the search",
    "cited, other language",
    "cited, out of window",
    "revised",
    "deleted",
    "real citation",
}


def content(path: Path) -> bytes:
    raw = path.read_bytes()
    return gzip.decompress(raw) if path.suffix == ".gz" else raw


@pytest.fixture(scope="module")
def trees() -> dict[str, etree._Element]:
    return {path.name: etree.fromstring(content(path), PARSER) for path in sorted(CORPUS.glob("*.xml*"))}


@pytest.fixture(scope="module")
def synthetic(trees: dict[str, etree._Element]) -> list[etree._Element]:
    return [element for name, tree in trees.items() if name != "known-references.xml" for element in tree]


def test_generator_writes_the_same_records_again(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(DEMO / "generate.py"), str(tmp_path)], check=True, cwd=PROJECT)
    written = {path.name: content(path) for path in (tmp_path / "corpus").glob("*.xml*")}
    assert written == {path.name: content(path) for path in CORPUS.glob("*.xml*")}
    assert (tmp_path / "contents.csv").read_bytes() == (DEMO / "contents.csv").read_bytes()


def test_generator_leaves_gzipped_files_that_hold_the_records_alone(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    name = "therapy.xml.gz"
    packed_otherwise = gzip.compress(content(CORPUS / name), compresslevel=1, mtime=1)
    (tmp_path / "corpus" / name).write_bytes(packed_otherwise)
    subprocess.run([sys.executable, str(DEMO / "generate.py"), str(tmp_path)], check=True, cwd=PROJECT)
    assert (tmp_path / "corpus" / name).read_bytes() == packed_otherwise


def test_gzipped_files_carry_no_time() -> None:
    for path in CORPUS.glob("*.gz"):
        assert path.read_bytes()[4:8] == bytes(4), path.name


def test_corpus_stays_small() -> None:
    assert sum(path.stat().st_size for path in CORPUS.glob("*.xml*")) < 1_000_000


def test_counts_of_elements_are_as_promised(trees: dict[str, etree._Element]) -> None:
    counted = Counter(str(element.tag) for tree in trees.values() for element in tree)
    assert counted == EXPECTED_ELEMENTS


def test_files_are_valid_by_the_dtd_of_nlm(trees: dict[str, etree._Element]) -> None:
    entrez = pytest.importorskip("Bio.Entrez", reason="Biopython brings NLM's DTD")
    dtd = etree.DTD(str(Path(entrez.__file__).parent / "DTDs" / "pubmed_190101.dtd"))
    for name, tree in trees.items():
        dtd.validate(tree)
        assert not list(dtd.error_log.filter_from_errors()), name


def test_every_branch_is_present(contents: list[dict[str, str]]) -> None:
    assert {row["branch"] for row in contents} >= BRANCHES


def test_every_therapy_topic_has_records(contents: list[dict[str, str]], screening) -> None:  # type: ignore[no-untyped-def]
    counted = Counter(row["branch"] for row in contents)
    assert all(counted[f"topic: {name}"] >= 10 for name in screening.topics)


def test_contents_list_every_record_once_per_file(
    contents: list[dict[str, str]], trees: dict[str, etree._Element]
) -> None:
    listed = [(row["file"], row["pmid"]) for row in contents]
    held = [
        (name, pmid.text)
        for name, tree in trees.items()
        for pmid in tree.iterfind("./*/MedlineCitation/PMID")
    ]
    held += [
        (name, pmid.text) for name, tree in trees.items() for pmid in tree.iterfind("./*/BookDocument/PMID")
    ]
    held += [
        (name, pmid.text) for name, tree in trees.items() for pmid in tree.iterfind("./DeleteCitation/PMID")
    ]
    assert sorted(listed) == sorted(held)


def test_synthetic_pmids_and_dois_belong_to_no_real_work(synthetic: list[etree._Element]) -> None:
    for element in synthetic:
        for pmid in element.iterfind("./MedlineCitation/PMID"):
            assert int(pmid.text or "") > 90_000_000
        for doi in element.xpath(".//ArticleId[@IdType='doi'] | .//ELocationID[@EIdType='doi']"):
            assert str(doi.text).startswith("10.5555/")


def test_every_synthetic_record_says_that_it_is_synthetic(synthetic: list[etree._Element]) -> None:
    for element in synthetic:
        if element.tag == "DeleteCitation":
            continue
        assert "synthetic record" in element.xpath(".//Keyword/text()")
        journal = element.findtext(".//Journal/Title") or element.findtext(".//BookTitle") or ""
        assert journal.startswith("Synthetic ")
        for abstract in element.iter("Abstract"):
            assert (abstract.findtext("CopyrightInformation") or "").startswith("Synthetic record")


def test_every_file_says_what_it_is_in_a_comment() -> None:
    for path in CORPUS.glob("*.xml*"):
        head = content(path)[:900].decode("utf-8")
        assert "<!-- SYNTHETIC" in head or "<!-- Citations of REAL works" in head, path.name


def test_real_works_are_citations_without_abstract_or_headings(trees: dict[str, etree._Element]) -> None:
    tree = trees["known-references.xml"]
    assert len(tree) == REAL_CITATIONS
    for tag in ("Abstract", "MeshHeadingList", "ELocationID", "History", "KeywordList"):
        assert tree.find(f".//{tag}") is None, tag


def test_known_items_stand_in_the_corpus(
    trees: dict[str, etree._Element], known_items: list[dict[str, str]]
) -> None:
    held = {pmid.text for pmid in trees["known-references.xml"].iterfind("./*/MedlineCitation/PMID")}
    assert {item["pmid"] for item in known_items} <= held


def test_seeds_cite_by_pmid_by_doi_and_by_citation_only(trees: dict[str, etree._Element]) -> None:
    references = trees["special-cases.xml"].findall(".//Reference")
    kinds = Counter(
        "citation only" if (ids := reference.find("ArticleIdList")) is None else ids[0].get("IdType")
        for reference in references
    )
    assert kinds["pubmed"] and kinds["doi"] and kinds["citation only"]
    cited = {i.text for i in trees["special-cases.xml"].iterfind(".//Reference//ArticleId[@IdType='pubmed']")}
    held = {pmid.text for tree in trees.values() for pmid in tree.iterfind("./*/MedlineCitation/PMID")}
    assert cited & held and cited - held


def test_notices_point_both_ways(trees: dict[str, etree._Element]) -> None:
    links = {
        (article.findtext("./MedlineCitation/PMID"), link.get("RefType"), link.findtext("PMID"))
        for article in trees["special-cases.xml"]
        for link in article.iterfind("./MedlineCitation/CommentsCorrectionsList/CommentsCorrections")
    }
    opposite = {
        "RetractionIn": "RetractionOf",
        "ErratumIn": "ErratumFor",
        "CommentIn": "CommentOn",
        "UpdateIn": "UpdateOf",
    }
    for pmid, kind, other in links:
        if kind in opposite and other:
            assert (other, opposite[kind], pmid) in links


def test_oddities_of_the_format_are_there(trees: dict[str, etree._Element]) -> None:
    tree = trees["special-cases.xml"]
    for path in (
        ".//MedlineDate", ".//Season", ".//VernacularTitle", ".//CollectiveName", ".//ArticleTitle/i",
        ".//OtherAbstract", ".//SupplMeshName", ".//AccessionNumber", ".//ArticleDate",
    ):  # fmt: skip
        assert tree.find(path) is not None, path
    assert "ENG" in tree.xpath(".//Language/text()")
    assert trees["therapy.xml.gz"].find(".//AbstractText[@Label]") is not None


def test_demo_decisions_judge_synthetic_records_only() -> None:
    with (DEMO / "human-decisions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    named = {row["record"] for row in rows} | {row["other_record"] for row in rows if row["other_record"]}
    assert all(int(name.removeprefix("pubmed:")) > 90_000_000 for name in named)
    assert {row["outcome"] for row in rows} == {
        "same", "different", "include", "exclude", "not_retrieved", "unsure",
    }  # fmt: skip
    assert {row["role"] for row in rows} == {"reviewer", "resolver"}
