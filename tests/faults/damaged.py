"""The ways in which a file is damaged, and the files of a run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


def emptied(content: bytes) -> bytes:
    return b""


def halved(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


DAMAGES = (emptied, halved, flipped)


def damage(path: Path, how: Callable[[bytes], bytes], *, keep_time: bool = True) -> None:
    times = path.stat()
    content = path.read_bytes()
    path.unlink()  # it may be a hard link to the file of a whole run
    path.write_bytes(how(content))
    if keep_time:
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def files_of(run: Path) -> dict[str, bytes]:
    return {
        path.relative_to(run).as_posix(): path.read_bytes()
        for path in sorted(run.rglob("*"))
        if path.is_file() and "lock" not in path.name and path.stat().st_size
    }
