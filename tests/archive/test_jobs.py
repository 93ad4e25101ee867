"""An archive indexed by many jobs: groups of its files, and one list from those of the groups."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from xml_samples import article_set, titled, updates

from resift.archive.index import index_folder
from resift.archive.jobs import forget_what_is_gone, gather, groups, index_group, lists_of


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return updates(tmp_path / "xml")


def test_groups_are_of_so_many_files_and_a_later_file_changes_the_last_alone(folder: Path) -> None:
    (folder / "n0004.xml").write_bytes(article_set(titled(4, "e")))
    before = groups(folder, 2)
    assert [[path.name for path in group] for group in before] == [
        ["n0001.xml", "n0002.xml"],
        ["n0003.xml", "n0004.xml"],
    ]
    (folder / "n0005.xml").write_bytes(article_set(titled(5, "f")))
    assert groups(folder, 2)[:2] == before


def test_lists_of_groups_make_one_and_a_list_without_its_indexes_is_forgotten(folder: Path) -> None:
    cache = Path(".cache/archive")
    place = lists_of(folder, cache)
    place.mkdir(parents=True)
    lists = [place / f"group.{n}.csv" for n in range(2)]
    for group, listed in zip(groups(folder, 2), lists, strict=True):
        index_group(group, listed, cache=cache)
    gather(lists, place / "files.csv")
    rows = (place / "files.csv").read_text().splitlines()
    assert rows[0] == "name,sha256,records,deletions"
    assert [row.split(",")[0] for row in rows[1:]] == ["n0001.xml", "n0002.xml", "n0003.xml"]
    assert [row.split(",")[2:] for row in rows[1:]] == [["2", "0"], ["2", "0"], ["0", "1"]]
    shutil.rmtree(index_folder(cache, rows[3].split(",")[1]))
    forget_what_is_gone(place, cache)
    assert [path.name for path in place.glob("*.csv")] == ["group.0.csv"]
