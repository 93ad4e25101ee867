"""What `resift run` does with a damaged run before it goes on: restore, or take away to be made again.

Snakemake goes by times: a file that was damaged without a change of time would stand for ever. So whatever
is not as its step left it, by the ledger, is deleted, and is then made again from what it was made from; an
answer of the source is asked again. `run.yaml` and the list of answers are restored from their copies.
"""

from __future__ import annotations

import contextlib
import csv
import gzip
import re
import zlib
from pathlib import Path

from filelock import FileLock, Timeout

from resift.errors import RunError
from resift.files import sha256_file
from resift.pubmed.tape import TAPE_COLUMNS
from resift.rows import CELL_LIMIT
from resift.runs.ledger import (
    LEDGER,
    LOCK,
    alone,
    content_of,
    copy_of,
    differing,
    keep,
    of_manifest,
    put,
    read_ledger,
    sha256_bytes,
    vouched,
    write_ledger,
)
from resift.tables import REQUESTS, RUN, TAPE, declared

_SHA256 = re.compile(r"[0-9a-f]{64}")


def clear_damaged(folder: Path) -> list[str]:
    """Make a run ready to be continued. To be called by who holds the run's lock.

    Returns a line for each file that a person should know of. Raises `RunError` when the record of the
    start is damaged in both its copies.
    """
    if not any(folder.rglob("*.*")):
        return []
    known = vouched(folder)
    said = restore_start(folder)
    _check_start(folder, known)
    rows, lines = _restore_requests(folder, known)
    said += lines
    asked_again = False
    for name, how in differing(folder):
        path = folder / name
        if name in (RUN.pattern, REQUESTS.pattern):
            continue
        if TAPE.matches(name) and name not in known:
            continue  # a step was killed after the answer had come; the tape checks it when it is read
        if TAPE.matches(name) and _mended(path, rows.get(path.name.removesuffix(".gz"), "")):
            known[name] = sha256_file(path)
            continue
        path.unlink(missing_ok=True)
        if TAPE.matches(name) and path.name.removesuffix(".gz") in rows:
            asked_again = True
            said.append(f"{path} {how}; the source is asked again")
        elif name in known and how != "is missing":
            said.append(f"{path} {how}; it is made again")
        known.pop(name, None)
    if asked_again:
        # Whatever was made from the lost answer is made from the new one.
        for name in [name for name in known if declared(name) not in (None, RUN, TAPE, REQUESTS)]:
            (folder / name).unlink(missing_ok=True)
            del known[name]
    if known != read_ledger(folder):
        with alone(folder):
            write_ledger(folder, known)
    return said


def restore_starts(results: Path) -> list[str]:
    """Restore the record of the start of every run in `results`: which run a call continues, and which one
    it is compared with, hangs on all of them. A run that another call holds is left to that call.

    Returns a line for each that was restored.
    """
    said = []
    for ledger in sorted(results.glob(f"*/{LEDGER}")):
        folder = ledger.parent
        if not _differs(folder):
            continue
        lock = FileLock(folder / LOCK, blocking=False, preserve_lock_file=True)
        with contextlib.suppress(Timeout, OSError), lock:
            said += restore_start(folder)
    return said


def _differs(folder: Path) -> bool:
    return _right_start(folder) not in (b"", content_of(RUN.of(folder)))


def restore_start(folder: Path) -> list[str]:
    """Put the record of the start back from its copy where it is damaged and the copy is not."""
    if not _differs(folder):
        return []
    right = _right_start(folder)
    put(RUN.of(folder), right)
    return [f"{RUN.of(folder)} was not what its step wrote; it was restored from its copy"]


def _right_start(folder: Path) -> bytes:
    """The record of the start as it was left, by what vouches for it; empty where nothing does."""
    held = [content for content in (content_of(RUN.of(folder)), content_of(copy_of(folder, RUN))) if content]
    ledger, manifest = (known.get(RUN.pattern) for known in (read_ledger(folder), of_manifest(folder)))
    for content in held:
        if sha256_bytes(content) in (ledger, manifest):
            return content
    agree = len(held) == 2 and held[0] == held[1] and ledger != manifest
    return held[0] if agree else b""  # then it is the ledger that is damaged


def _check_start(folder: Path, known: dict[str, str]) -> None:
    path, right = RUN.of(folder), _right_start(folder)
    if right:
        known[RUN.pattern] = sha256_bytes(right)
        keep(folder, RUN, right)
    elif known or (not path.is_file() and any((folder / "raw").glob("*.gz"))):
        raise RunError(
            "this record of the start is damaged or missing, and so is its copy",
            where=str(path),
            fix="restore it, or delete the folder and run again",
        )


def _restore_requests(folder: Path, known: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """Put the list of answers right, row by row: a row stands if the answer on disk is the one it tells of.

    A row that was put down and is gone or changed comes back from the copy, unless its answer is gone too:
    then it was withdrawn. Returns request -> SHA-256 of its answer, and what there is to say.
    """
    path, kept = REQUESTS.of(folder), copy_of(folder, REQUESTS)
    if not path.parent.is_dir():
        return {}, []
    with FileLock(path.parent / ".lock"):
        held, copy = content_of(path), content_of(kept)
        if sha256_bytes(copy) != known.get(REQUESTS.pattern):
            # The copy is damaged, or the ledger: it counts where it agrees with the list.
            copy = copy if held.startswith(copy) else b""
            if not copy and sha256_bytes(held) == known.get(REQUESTS.pattern):
                copy = held
        now, then = _rows(held), _rows(copy)
        told = {
            request: line
            for request, line in then.items()
            if now.get(request) != line and _tells_of(folder, request, line)
        }
        rows = now | told
        order = [request for request in then if request in rows]
        order += [request for request in rows if request not in then]
        content = b"".join([_HEADING, *(rows[request] for request in order)]) if rows else b""
        said = []
        if held != content:
            put(path, content)
            if held[: held.rfind(b"\n") + 1] != content:
                said.append(f"{path} was not what its step wrote; it was restored from its copy")
        if content:
            keep(folder, REQUESTS, content)
            known[REQUESTS.pattern] = sha256_bytes(content)
        else:
            known.pop(REQUESTS.pattern, None)
    return {request: _cells(line)[5] for request, line in rows.items()}, said


_HEADING = (",".join(TAPE_COLUMNS) + "\n").encode()


def _rows(content: bytes) -> dict[str, bytes]:
    """Request -> its line, of every line that can be a row; the last one of a request counts."""
    found = {}
    for line in content.splitlines(keepends=True):
        cells = _cells(line)
        whole = len(cells) == len(TAPE_COLUMNS) and line.endswith(b"\n") and cells[4].isdecimal()
        if whole and _SHA256.fullmatch(cells[0]) and _SHA256.fullmatch(cells[5]):
            found[cells[0]] = line
    return found


def _cells(line: bytes) -> list[str]:
    csv.field_size_limit(CELL_LIMIT)
    try:
        return next(csv.reader([line.decode("utf-8").removesuffix("\n")], strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        return []


def _tells_of(folder: Path, request: str, line: bytes) -> bool:
    return _body_sha256(TAPE.of(folder, request=request)) == _cells(line)[5]


def _body_sha256(path: Path) -> str:
    try:
        return sha256_bytes(gzip.decompress(path.read_bytes()))
    except (OSError, EOFError, zlib.error):
        return ""


def _mended(path: Path, bytes_sha256: str) -> bool:
    """Whether an answer can still be read as it was received: then only its wrapping was damaged."""
    if _body_sha256(path) != bytes_sha256 or not bytes_sha256:
        return False
    put(path, gzip.compress(gzip.decompress(path.read_bytes()), compresslevel=6, mtime=0))
    return True
