"""A folder of PubMed XML as an archive: which records stand, and what they give back."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xml_samples import article_set, deletion, titled

from resift.archive.source import Archive
from resift.errors import FormatError, SourceError
from resift.pubmed.xml import Record, parse_element, read_records
from resift.records import RECORD_COLUMNS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "xml"
    path.mkdir()
    return path


def opened(folder: Path) -> Archive:
    return Archive.open(folder, cache=folder.parent / "cache")


def cites(*pmids: int) -> str:
    return "".join(
        f"<Reference><Citation>Cited</Citation><ArticleIdList><ArticleId IdType='pubmed'>{pmid}</ArticleId>"
        "</ArticleIdList></Reference>"
        for pmid in pmids
    )


def citing(pmid: int, *pmids: int) -> str:
    return titled(pmid, f"paper {pmid}", data=f"<ReferenceList>{cites(*pmids)}</ReferenceList>")


# ── what stands ─────────────────────────────────────────────────────────────────────────────────────


def test_records_stand_sorted_by_pmid_whatever_the_files(folder: Path) -> None:
    (folder / "b.xml").write_bytes(article_set(titled(30, "c"), titled(4, "a")))
    (folder / "a.xml.gz").write_bytes(gzip.compress(article_set(titled(200, "d"), titled(5, "b"))))
    archive = opened(folder)
    assert archive.pmids.tolist() == [4, 5, 30, 200]
    assert archive.frame()["title"].tolist() == ["a", "b", "c", "d"]
    assert [(f.name, f.records, f.deletions) for f in archive.files] == [("a.xml.gz", 2, 0), ("b.xml", 2, 0)]


def test_the_last_of_several_elements_with_one_pmid_stands(folder: Path) -> None:
    (folder / "n0001.xml").write_bytes(article_set(titled(1, "first"), titled(1, "second")))
    (folder / "n0002.xml").write_bytes(article_set(titled(2, "old")))
    (folder / "n0003.xml").write_bytes(article_set(titled(2, "new"), titled(3, "only")))
    archive = opened(folder)
    assert archive.frame(["pmid", "title"]).values.tolist() == [["1", "second"], ["2", "new"], ["3", "only"]]
    assert [record.title for record in archive.records(["2", "1"])] == ["new", "second"]


def test_a_deletion_takes_away_what_came_before_it_and_nothing_after(folder: Path) -> None:
    (folder / "n0001.xml").write_bytes(article_set(titled(1, "a"), titled(2, "b"), titled(3, "c")))
    (folder / "n0002.xml").write_bytes(article_set(titled(4, "d"), deletion(1, 3, 99)))
    (folder / "n0003.xml").write_bytes(article_set(titled(3, "again")))
    archive = opened(folder)
    assert archive.pmids.tolist() == [2, 3, 4]
    assert archive.deleted == {"1", "99"}
    assert archive.elements([1, 99]) == {}


EVENTS = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from(["record", "record", "deletion", "next file"])), max_size=12
)
"""Few PMIDs and files: what matters is the order of two words on one PMID, in one file or in two."""


@settings(
    max_examples=settings.default.max_examples // 5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(EVENTS)
def test_the_last_word_on_each_pmid_stands(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple[int, str]]
) -> None:
    folder = tmp_path_factory.mktemp("archive") / "xml"
    folder.mkdir()
    files: list[list[str]] = [[]]
    standing: dict[int, str] = {}
    deleted: set[int] = set()
    for n, (pmid, event) in enumerate(events):
        if event == "next file":
            files.append([])
        elif event == "deletion":
            files[-1].append(deletion(pmid))
            standing.pop(pmid, None)
            deleted.add(pmid)
        else:
            files[-1].append(titled(pmid, f"title {n}"))
            standing[pmid] = f"title {n}"
            deleted.discard(pmid)
    for n, members in enumerate(files):
        (folder / f"n{n:04d}.xml").write_bytes(article_set(*members))
    archive = opened(folder)
    assert dict(zip(archive.pmids.tolist(), archive.frame()["title"], strict=True)) == dict(
        sorted(standing.items())
    )
    assert archive.deleted == {str(pmid) for pmid in deleted}
    assert [record.title for record in archive.records(standing)] == list(standing.values())


# ── what they give back ─────────────────────────────────────────────────────────────────────────────


def test_elements_come_back_byte_for_byte_in_the_order_asked_for(folder: Path) -> None:
    raws = {str(n): titled(n, f"paper <i>{n}</i> é ") for n in range(1, 60)}
    (folder / "a.xml.gz").write_bytes(gzip.compress(article_set(*raws.values())))
    found = opened(folder).elements(["40", 7, "0007", "777", "x", "1"])
    assert list(found) == ["40", "7", "1"]
    assert found == {pmid: raws[pmid].encode() for pmid in found}


def test_frame_has_the_columns_and_pmids_asked_for(folder: Path) -> None:
    (folder / "a.xml").write_bytes(article_set(titled(3, "c"), titled(1, "a"), titled(2, "b")))
    archive = opened(folder)
    frame = archive.frame(["title", "record", "year"], [3, "1", 42])
    assert list(frame.columns) == ["title", "record", "year"]
    assert frame["record"].tolist() == ["pubmed:1", "pubmed:3"]
    assert str(frame["year"].dtype) == "Int32"
    assert list(archive.frame().columns) == list(RECORD_COLUMNS)
    assert archive.frame(pmids=[]).empty
    with pytest.raises(ValueError, match="'ttile'"):
        archive.frame(["title", "ttile"])


def test_query_table_is_aligned_with_the_pmids(folder: Path) -> None:
    (folder / "b.xml").write_bytes(article_set(titled(9, "nine"), titled(2, "two")))
    (folder / "a.xml").write_bytes(article_set(titled(5, "five"), titled(2, "old"), titled(7, "seven")))
    archive = opened(folder)
    table = archive.query_table().table
    assert table["pmid"].to_pylist() == archive.pmids.tolist() == [2, 5, 7, 9]
    assert [title.split()[0] for title in table["title"].to_pylist()] == ["two", "five", "seven", "nine"]


def test_references_and_citing_papers_are_those_of_the_records_that_stand(folder: Path) -> None:
    (folder / "n1.xml").write_bytes(article_set(citing(1, 900), citing(2, 900, 1, 900), titled(3, "none")))
    (folder / "n2.xml").write_bytes(article_set(citing(1, 2, 800), citing(4, 900), deletion(4)))
    archive = opened(folder)
    assert archive.references(["1", "2", "3", "4"]) == {"1": ["2", "800"], "2": ["900", "1"], "3": []}
    assert archive.cited_by(["900", "2", "5"]) == {"900": ["2"], "2": ["1"], "5": []}


def test_an_archive_without_records_is_an_archive(folder: Path) -> None:
    (folder / "a.xml").write_bytes(article_set())
    archive = opened(folder)
    assert len(archive.pmids) == 0
    assert archive.frame().empty
    assert archive.records(["1"]) == []
    assert (archive.references([1]), archive.cited_by([1])) == ({}, {"1": []})
    assert archive.query_table().table.num_rows == 0


# ── files ───────────────────────────────────────────────────────────────────────────────────────────


def test_identity_is_of_the_content_in_its_order(folder: Path) -> None:
    (folder / "a.xml").write_bytes(article_set(titled(1, "a")))
    (folder / "b.xml").write_bytes(article_set(titled(1, "b")))
    before = opened(folder).identity
    moved = folder.rename(folder.parent / "moved")
    (moved / "a.xml").rename(moved / "a2.xml")
    assert opened(moved).identity == before
    (moved / "a2.xml").rename(moved / "c.xml")  # now the other version of PMID 1 stands
    assert opened(moved).identity != before


def test_only_pubmed_xml_by_name_is_read_and_nothing_is_written(folder: Path) -> None:
    (folder / "A.XML").write_bytes(article_set(titled(1, "a")))
    (folder / "notes.txt").write_text("not XML")
    (folder / "._A.xml").write_bytes(b"resource fork")
    (folder / "below.xml").mkdir()
    before = sorted(folder.iterdir())
    folder.chmod(0o555)
    try:
        assert [file.name for file in opened(folder).files] == ["A.XML"]
    finally:
        folder.chmod(0o755)
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: None, "no PubMed XML in this folder"),
        (lambda path: path.rmdir(), "there is no such folder"),
        (lambda path: (path.rmdir(), path.write_text("x")), "this is a file, not a folder"),
    ],
)
def test_a_folder_without_xml_is_one_clear_line(folder: Path, make, said: str) -> None:
    make(folder)
    with pytest.raises(SourceError, match=said) as caught:
        opened(folder)
    assert str(caught.value).startswith(f"{folder}: ")


def test_a_file_that_breaks_off_is_named_with_the_record_and_nothing_stays(folder: Path) -> None:
    whole = article_set(titled(1, "a"), titled(2, "b"))
    (folder / "good.xml").write_bytes(whole)
    (folder / "bad.xml.gz").write_bytes(gzip.compress(whole[:-60]))
    with pytest.raises(FormatError, match=r"bad\.xml\.gz: the file breaks off inside record 2 \(PMID 2\)"):
        opened(folder)
    assert not list((folder.parent / "cache").glob("*.part"))
    (folder / "bad.xml.gz").write_bytes(gzip.compress(whole))
    assert opened(folder).pmids.tolist() == [1, 2]


# ── real files ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Archive]:
    """The varied files of the test data (not the two large ones) as an archive."""
    folder = tmp_path_factory.mktemp("real") / "xml"
    folder.mkdir()
    for path in sorted((shared / "pubmed").glob("*.xml.gz")):
        if path.stat().st_size < 1 << 20:
            (folder / path.name).symlink_to(path)
    return folder, Archive.open(folder, cache=folder.parent / "cache")


@pytest.mark.slow
def test_real_files_give_back_every_record_that_stands(real: tuple[Path, Archive]) -> None:
    folder, archive = real
    standing: dict[str, Record] = {}
    deleted: set[str] = set()
    for path in sorted(folder.iterdir()):
        for item in read_records(path):
            if isinstance(item, Record):
                standing[item.pmid] = item
                deleted.discard(item.pmid)
            else:
                deleted.update(item.pmids)
                for pmid in item.pmids:
                    standing.pop(pmid, None)
    assert len(standing) > 700
    assert archive.pmids.tolist() == sorted(map(int, standing))
    assert archive.deleted == deleted
    assert {record.pmid: record for record in archive.records(standing)} == standing
    frame = archive.frame().set_index("pmid")
    lists = archive.references(standing)
    for pmid, record in standing.items():
        row = frame.loc[pmid]
        assert row["element_sha256"] == record.element_sha256
        assert tuple(row["mesh"]) == record.mesh
        assert row["abstract"] == record.abstract
        assert lists[pmid] == list(
            dict.fromkeys(reference.pmid for reference in record.references if reference.pmid)
        )


def test_real_elements_are_slices_of_the_file(real: tuple[Path, Archive]) -> None:
    folder, archive = real
    content = gzip.decompress((folder / "qi29_pubmed_result_121.xml.gz").read_bytes())
    inside = 0
    for pmid, raw in archive.elements(archive.pmids.tolist()).items():
        assert parse_element(raw).pmid == pmid
        inside += raw in content
    assert inside == 121
