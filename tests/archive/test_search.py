"""A query over an archive file by file answers as it does on all records in one table."""

from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xml_samples import article, article_set, deletion

from resift.archive.search import search
from resift.archive.source import Archive
from resift.query.evaluate import evaluate
from resift.query.syntax import parse

WORDS = ("liver", "livers", "tumor", "tumour", "of", "the", "β-cell", "a")


QUERIES = (
    "liver[ti]", "live*[tiab]", "tum*[ti]", '"of the"[tiab]', '"liver tumor"[ti]', '"liver of tumo*"[tiab]',
    '"tumor liver"[tiab:~1]', '"the the"[ti:~2]', '"liver the liver"[tiab:~3]', '"beta cell"[tiab]', "a*[ti]",
    "liver[tiab] NOT tumor[tiab]", "(liver[ti] OR the[ti]) AND tumou*[tiab]", "Neoplasms[mh]",
    "liver neoplasms", "tumor liver", "missing[tiab]", "1990[dp]", "1:3[uid]", "english[la] AND liver[tw]",
    "investigator x[ir]",
)  # fmt: skip


texts = st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join)


def written(pmid: int, title: str, abstract: str, heading: str) -> str:
    name = f"<MeshHeading><DescriptorName>{heading}</DescriptorName></MeshHeading>"
    return article(
        pmid,
        f"<ArticleTitle>{title}</ArticleTitle><Abstract><AbstractText>{abstract}</AbstractText></Abstract>",
        citation=f"<MeshHeadingList>{name}</MeshHeadingList>" if heading else "",
    )


records = st.builds(
    written, st.integers(1, 9), texts, texts, st.sampled_from(["", "Neoplasms", "Liver Neoplasms"])
)


members = st.one_of(records, records, st.integers(1, 9).map(deletion))


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(st.lists(members, max_size=5), min_size=1, max_size=3))
def test_any_archive_gives_the_answers_of_one_table(
    files: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("xml")
    for n, file in enumerate(files):
        (folder / f"n{n:04}.xml").write_bytes(article_set(*file))
    archive = Archive.open(folder, cache=folder.parent / f"{folder.name}-cache")
    whole = archive.query_table()
    for text in QUERIES:
        query = parse(text)
        one, found = evaluate(query, whole), search(query, archive)
        assert found.pmids.tolist() == np.sort(whole.numbers("pmid")[one.yes]).tolist(), text
        assert found.unknown.tolist() == np.sort(whole.numbers("pmid")[one.unknown]).tolist(), text
        assert found.clauses == one.clauses, text
        assert found.approximations == one.approximations, text
        assert found.searched == len(whole)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    folder = tmp_path / "xml"
    folder.mkdir()
    (folder / "n0001.xml").write_bytes(article_set(written(1, "liver", "", ""), written(2, "tumor", "", "")))
    (folder / "n0002.xml").write_bytes(article_set(written(2, "liver tumor", "", ""), deletion(1)))
    return Archive.open(folder, cache=tmp_path / "cache")


def test_limits_count_every_clause_within_them(archive: Archive) -> None:
    found = search(parse("liver[ti] OR tumor[ti]"), archive, limits=parse("3:9[uid]"))
    assert (found.pmids.tolist(), found.inside, set(found.within.values())) == ([2], 0, {0})


def test_progress_counts_files(archive: Archive) -> None:
    said: list[tuple[int, int]] = []
    search(parse("liver[ti]"), archive, progress=lambda done, of: said.append((done, of)))
    assert said == [(1, 2), (2, 2)]


def test_no_file_stays_open(archive: Archive) -> None:
    held = Path("/proc/self/fd")
    if not held.is_dir():
        pytest.skip("open files are counted as Linux lists them")
    gc.disable()  # what a cycle holds would be closed too late
    try:
        before = len(list(held.iterdir()))
        search(parse('"liver tumor"[ti]'), archive)
        assert len(list(held.iterdir())) == before
    finally:
        gc.enable()


@pytest.mark.parametrize("name", ["words", "lengths", "query", "facets"])
def test_damage_to_what_is_searched_is_mended(archive: Archive, tmp_path: Path, name: str) -> None:
    for path in (tmp_path / "cache").glob(f"*/{name}-v*.parquet"):
        content = bytearray(path.read_bytes())
        for at in range(8, len(content) - 8, 5):
            content[at] ^= 0xFF
        path.write_bytes(content)
    assert search(parse("liver[ti] AND eng[la]"), archive).clauses[1].yes == 1
