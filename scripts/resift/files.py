"""Files as every room writes them: whole or not at all, the same data in the same bytes, hashed one way."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def write_text(path: Path, text: str) -> None:
    """Write a text file by rename (UTF-8, `\\n`), so that a killed step leaves the former file or none."""
    with replaced(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def read_at_most(path: Path, most: int) -> bytes:
    """The bytes of a file, but no more than `most + 1`: whoever gets that many knows that it is longer. A
    device or a pipe may have no end, and tells no size before."""
    with path.open("rb") as file:
        return file.read(most + 1)


@contextlib.contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; it takes the place of `path` when the block ends without an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    yield part
    part.replace(path)


def canonical_json(data: Any) -> str:
    """JSON for files: sorted keys, one value a line, ending in a newline."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, indent=1) + "\n"


def compact_json(data: Any) -> str:
    """JSON for hashing and embedding: sorted keys and no blanks."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256_text(text: str) -> str:
    """SHA-256 of a text's UTF-8 (a lone surrogate, as broken files hold them, is hashed as it is)."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def sha256_json(data: Any) -> str:
    """SHA-256 of the data's compact JSON."""
    return sha256_text(compact_json(data))


def sha256_file(path: Path) -> str:
    """SHA-256 of a file's bytes, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def refusal(error: OSError) -> str:
    """What the system did not allow, in one line: the file, and what to do where that can be seen."""
    said = error.strerror or str(error)
    if not isinstance(error.filename, str):
        return said
    if isinstance(error, FileExistsError | NotADirectoryError):
        path = Path(error.filename)
        there = (p for p in (path, *path.parents) if os.path.lexists(p) and not p.is_dir())
        blocking = next(there, None)
        if blocking is not None:
            return f"{blocking}: stands where a folder is to be; move or rename it"
    if error.errno == errno.EROFS or isinstance(error, PermissionError):
        return f"{error.filename}: {said}; allow it, or work in a folder of your own"
    return f"{error.filename}: {said}"
