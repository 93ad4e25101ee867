"""A folder of two files of XML with 59 records, and what an archive of it must give."""

from __future__ import annotations

from pathlib import Path

from xml_samples import article_set, titled

from resift.archive.source import Archive


def written(path: Path) -> Path:
    path.mkdir()
    for name, pmids in (("a.xml", range(1, 40)), ("b.xml", range(40, 60))):
        (path / name).write_bytes(article_set(*(titled(n, f"paper {n}") for n in pmids)))
    return path


def check(archive: Archive) -> None:
    """All ways of reading give what the folder holds."""
    assert archive.pmids.tolist() == list(range(1, 60))
    assert archive.frame(["title"])["title"].tolist() == [f"paper {n}" for n in range(1, 60)]
    assert list(archive.elements(range(1, 60))) == [str(n) for n in range(1, 60)]
    assert archive.elements([41])["41"] == titled(41, "paper 41").encode()
    assert archive.query_table().table["pmid"].to_pylist() == list(range(1, 60))
    assert archive.references([1]) == {"1": []}
