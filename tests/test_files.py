"""Files are written whole or not at all; the same data are the same bytes and the same hash."""

from __future__ import annotations

import errno
import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resift.files import (
    canonical_json,
    compact_json,
    refusal,
    replaced,
    sha256_file,
    sha256_json,
    sha256_text,
    write_text,
)


def test_a_write_that_fails_leaves_the_former_file(tmp_path: Path) -> None:
    path = tmp_path / "kept.csv"
    write_text(path, "former\n")
    with pytest.raises(ZeroDivisionError), replaced(path) as part:
        part.write_text("half")
        raise ZeroDivisionError
    assert path.read_text() == "former\n"
    write_text(path, "later\n")
    assert path.read_text() == "later\n"
    assert [p.name for p in tmp_path.iterdir()] == ["kept.csv"]


def test_text_is_written_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "text.txt"
    write_text(path, "ø\r\n\u2028\n")
    assert path.read_bytes() == "ø\r\n\u2028\n".encode()


@given(st.dictionaries(st.text(), st.integers() | st.text() | st.lists(st.text())))
def test_json_and_hash_do_not_depend_on_the_order_of_keys(data: dict[str, object]) -> None:
    turned = dict(reversed(data.items()))
    assert canonical_json(data) == canonical_json(turned)
    assert sha256_json(data) == sha256_json(turned) == sha256_text(compact_json(data))


def test_hashes_are_those_that_any_tool_computes(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    write_text(path, "Grønbæk\n")
    assert sha256_text("Grønbæk\n") == sha256_file(path) == hashlib.sha256(path.read_bytes()).hexdigest()
    assert sha256_json({"b": [1, "é"], "a": None}) == sha256_text('{"a":null,"b":[1,"é"]}')
    assert len(sha256_text("\ud800")) == 64  # a half character, as broken files hold them


def test_what_stands_in_the_way_of_a_folder_is_named(tmp_path: Path) -> None:
    file = tmp_path / "results"
    file.write_text("", encoding="utf-8")
    for wanted in (file, file / "run" / "search"):
        with pytest.raises(OSError, match=r"File exists|Not a directory") as caught:
            wanted.mkdir(parents=True, exist_ok=True)
        assert refusal(caught.value) == f"{file}: stands where a folder is to be; move or rename it"


def test_a_refusal_of_the_system_names_its_file_and_what_to_do() -> None:
    denied = refusal(OSError(errno.EROFS, "Read-only file system", "results/a"))
    assert denied.startswith("results/a: Read-only file system; ")
    assert refusal(OSError(errno.ENOSPC, "No space left on device", "a")) == "a: No space left on device"
    assert refusal(OSError("the stream ended")) == "the stream ended"
