"""Where every word of a shard stands: written again without parsing again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.archive.test_search import written as written_with_words
from tests.archive.two_files import check
from xml_samples import article_set, deletion

from resift.archive import index as layout
from resift.archive.search import search
from resift.archive.source import Archive
from resift.query.syntax import parse


def test_a_new_normaliser_adds_its_text_without_parsing_again(
    folder: Path, indexed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "_write", lambda *_: pytest.fail("parsed again"))
    monkeypatch.setattr(layout, "NORMALISER_VERSION", layout.NORMALISER_VERSION + 1)
    check(Archive.open(folder, cache=indexed))
    assert len(list(indexed.glob("*/query-v*.parquet"))) == 4


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    folder = tmp_path / "xml"
    folder.mkdir()
    (folder / "n0001.xml").write_bytes(
        article_set(written_with_words(1, "liver", "", ""), written_with_words(2, "tumor", "", ""))
    )
    (folder / "n0002.xml").write_bytes(article_set(written_with_words(2, "liver tumor", "", ""), deletion(1)))
    return Archive.open(folder, cache=tmp_path / "cache")


def test_words_are_added_to_an_index_without_parsing_again(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (tmp_path / "cache").glob("*/words-v*.parquet"):
        path.unlink()
    for seal in (tmp_path / "cache").glob("*/complete.json"):
        kept = {n: v for n, v in layout._read_seal(seal.parent).items() if not n.startswith("words")}
        seal.write_text(json.dumps(kept))
    monkeypatch.setattr(layout, "_write", lambda *_: pytest.fail("parsed again"))
    again = Archive.open(tmp_path / "xml", cache=tmp_path / "cache")
    assert search(parse("tumor[ti]"), again).pmids.tolist() == [2]
