"""The cache behind an archive: built once, by one process, and never believed when it is damaged."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from tests.archive.two_files import check
from xml_samples import article_set, titled

from resift.archive import index as layout
from resift.archive import source as room
from resift.archive.source import Archive
from resift.errors import SourceError


def indexes(cache: Path) -> list[Path]:
    return sorted(path for path in cache.iterdir() if path.is_dir())


def state(cache: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in sorted(cache.rglob("*"))
        if path.is_file() and path.parent != cache
    }


def test_an_index_is_built_once(folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, int, int]] = []
    check(Archive.open(folder, cache=cache, progress=lambda *done: seen.append(done)))
    assert seen == [("a.xml", 1, 2), ("b.xml", 2, 2)]
    before = state(cache)
    monkeypatch.setattr(layout, "_write", lambda *_: pytest.fail("parsed again"))
    check(Archive.open(folder, cache=cache, progress=lambda *_: pytest.fail("built again")))
    assert state(cache) == before


def test_a_changed_file_is_indexed_anew(folder: Path, indexed: Path) -> None:
    (folder / "b.xml").write_bytes(article_set(titled(40, "changed")))
    archive = Archive.open(folder, cache=indexed)
    assert archive.frame(["title"], [40])["title"].tolist() == ["changed"]
    assert len(archive.pmids) == 40


def test_a_change_that_keeps_size_and_time_is_seen(folder: Path, cache: Path) -> None:
    path = folder / "b.xml"
    an_hour_ago = time.time_ns() - 3600 * 10**9
    os.utime(path, ns=(an_hour_ago, an_hour_ago))
    Archive.open(folder, cache=cache)
    changed = path.read_bytes().replace(b"paper 40", b"PAPER 40")
    path.write_bytes(changed)
    os.utime(path, ns=(an_hour_ago, an_hour_ago))
    assert Archive.open(folder, cache=cache).frame(["title"], [40])["title"].tolist() == ["PAPER 40"]


def test_settled_files_are_not_hashed_again(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_SETTLED_NS", -(10**9))  # as if the files had lain there for long
    check(Archive.open(folder, cache=cache))
    monkeypatch.setattr(room, "sha256_file", lambda path: pytest.fail(f"hashed again: {path}"))
    check(Archive.open(folder, cache=cache))


def test_files_just_written_are_not_trusted_by_their_times(folder: Path, cache: Path) -> None:
    Archive.open(folder, cache=cache)
    remembered = cache / "files.json"
    assert not remembered.exists() or json.loads(remembered.read_text()) == {}


@pytest.mark.parametrize("content", ["", "[]", '{"x"', '{"/a": 1}'])
def test_a_damaged_memory_of_hashes_does_no_harm(folder: Path, cache: Path, content: str) -> None:
    cache.mkdir()
    (cache / "files.json").write_text(content)
    check(Archive.open(folder, cache=cache))


def test_a_flipped_hash_is_forgotten_and_the_file_hashed_again(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_SETTLED_NS", -(10**9))
    identity = Archive.open(folder, cache=cache).identity
    remembered = cache / "files.json"
    known = json.loads(remembered.read_text())
    damaged = {
        name: [*entry[:4], f"{int(entry[4][0], 16) ^ 1:x}{entry[4][1:]}"] for name, entry in known.items()
    }
    remembered.write_text(json.dumps(damaged))
    for _ in range(2):
        archive = Archive.open(folder, cache=cache)
        check(archive)
        assert archive.identity == identity
    assert json.loads(remembered.read_text()) == known
    assert len(indexes(cache)) == 2


def test_a_file_that_changes_while_it_is_indexed_leaves_no_index_of_another_content(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (folder / "b.xml").read_bytes()
    hashed = room._hashes

    def then_changed(*arguments: Any) -> list[str]:
        hashes = hashed(*arguments)
        (folder / "b.xml").write_bytes(article_set(titled(40, "changed")))
        return hashes

    monkeypatch.setattr(room, "_hashes", then_changed)
    with pytest.raises(SourceError, match="changed while it was read"):
        Archive.open(folder, cache=cache)
    monkeypatch.undo()
    (folder / "b.xml").write_bytes(whole)
    check(Archive.open(folder, cache=cache))


FILES = ("events.parquet", "records.parquet", "citations.parquet", "blocks.parquet", "elements.bin", "query")


def file_of(index: Path, name: str) -> Path:
    return next(path for path in index.iterdir() if path.name.startswith(name))


@pytest.mark.parametrize("name", [*FILES, "complete.json"])
@pytest.mark.parametrize("how", ["missing", "short", "empty"])
def test_half_an_index_is_built_anew(folder: Path, indexed: Path, name: str, how: str) -> None:
    path = file_of(indexes(indexed)[0], name)
    if how == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2] if how == "short" else b"")
    check(Archive.open(folder, cache=indexed))


@pytest.mark.parametrize("name", FILES)
def test_damage_within_a_file_is_noticed_and_mended(folder: Path, indexed: Path, name: str) -> None:
    """Every tenth byte of the middle of the file, its size unchanged."""
    for index in indexes(indexed):
        path = file_of(index, name)
        content = bytearray(path.read_bytes())
        for at in range(len(content) // 4, 3 * len(content) // 4, 10):
            content[at] ^= 0xFF
        path.write_bytes(content)
    check(Archive.open(folder, cache=indexed))


@pytest.mark.parametrize("at", range(0, 100, 7))
def test_one_flipped_byte_never_gives_another_element(folder: Path, indexed: Path, at: int) -> None:
    path = max((index / "elements.bin" for index in indexes(indexed)), key=lambda p: p.stat().st_size)
    content = bytearray(path.read_bytes())
    content[at * len(content) // 100] ^= 0x10
    path.write_bytes(content)
    found = Archive.open(folder, cache=indexed).elements(range(1, 40))
    assert found == {str(n): titled(n, f"paper {n}").encode() for n in range(1, 40)}


def test_a_file_that_changes_under_an_open_archive_is_an_error_and_not_a_mixture(
    folder: Path, indexed: Path
) -> None:
    archive = Archive.open(folder, cache=indexed)
    (folder / "a.xml").write_bytes(article_set(titled(1, "other")))
    for index in indexes(indexed):
        (index / "elements.bin").write_bytes(b"")
    with pytest.raises(SourceError, match=r"a\.xml: the file changed while the archive was open; run again"):
        archive.elements([1])


def test_what_a_killed_build_left_is_cleared_away(folder: Path, indexed: Path) -> None:
    for index in indexes(indexed):
        index.rename(index.with_name(f"{index.name}.part"))  # killed before the rename
    check(Archive.open(folder, cache=indexed))
    assert not list(indexed.glob("*.part"))


def test_a_new_parser_gets_an_index_of_its_own(
    folder: Path, indexed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "PARSER_VERSION", layout.PARSER_VERSION + 1)
    check(Archive.open(folder, cache=indexed))
    assert len(indexes(indexed)) == 4


def test_a_cache_that_cannot_be_written_is_one_clear_line(folder: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(SourceError, match=r"a\.xml: its index cannot be written") as caught:
        Archive.open(folder, cache=blocked)
    assert "\n" not in str(caught.value)
