"""The ledger of a run: the SHA-256 of every file as its step left it, in `<run>/.ledger`.

It has the layout of `sha256sum`, so that anyone can check a run without resift: `sha256sum -c .ledger`.
A step checks what it reads (`check_inputs`) and records what it wrote (`record`). Nearly everything can be
made again from the tape. What cannot, the record of the start and the list of answers, is kept a second time
in `<run>/.kept/`; `resift.runs.restore` uses both.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from filelock import FileLock

from resift.errors import RunError
from resift.files import replaced, sha256_file, write_text
from resift.tables import MANIFEST, REQUESTS, RUN, RUN_FILES, TAPE, RunFile, declared

LEDGER = ".ledger"
KEPT = ".kept"
LOCK = ".lock"
"""Held by the call that works on a run (`resift run`)."""
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def read_ledger(folder: Path) -> dict[str, str]:
    """File -> SHA-256; empty where there is no ledger. A line that is none vouches for nothing."""
    try:
        text = (folder / LEDGER).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return {}
    return {m[2]: m[1] for m in map(_LINE.fullmatch, text.splitlines()) if m}


def vouched(folder: Path) -> dict[str, str]:
    """File -> SHA-256 by the ledger, else by the manifest, for runs that were copied without hidden files."""
    return read_ledger(folder) or of_manifest(folder)


def of_manifest(folder: Path) -> dict[str, str]:
    """File -> SHA-256 by the manifest; empty where there is none that can be read."""
    try:
        files = json.loads(MANIFEST.of(folder).read_text(encoding="utf-8"))["files"]
        return {str(name): str(sha256) for name, sha256 in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def record(folder: Path, files: Iterable[Path]) -> None:
    """Put down `files` of a run, and what its tape holds now. Steps that run side by side may call this."""
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder):
        known = read_ledger(folder)
        made = {path.relative_to(folder).as_posix(): path for path in files}
        known.update({name: sha256_file(path) for name, path in made.items() if name != RUN.pattern})
        answers = {f"raw/{path.name}": path for path in (folder / "raw").glob("*.gz")}
        known = {name: sha256 for name, sha256 in known.items() if name in answers or not TAPE.matches(name)}
        # An answer is written once; one that was asked again has another row, and is hashed again below.
        listed = content_of(REQUESTS.of(folder))
        again = content_of(copy_of(folder, REQUESTS)) and listed != content_of(copy_of(folder, REQUESTS))
        known.update({n: sha256_file(p) for n, p in answers.items() if again or n not in known})
        start = content_of(RUN.of(folder))
        if not content_of(copy_of(folder, RUN)):
            keep(folder, RUN, start)
        if start == content_of(copy_of(folder, RUN)):
            known[RUN.pattern] = sha256_bytes(start)
        if listed:
            keep(folder, REQUESTS, listed)
            known[REQUESTS.pattern] = sha256_bytes(listed)
        write_ledger(folder, known)


def unfinished(name: str) -> bool:
    """Whether a path in a run folder is hidden, not whole yet, or refused: no file of the run."""
    hidden = any(part.startswith(".") for part in name.split("/"))
    return hidden or name.endswith(".part") or name.startswith("raw/refused/")


def copy_of(folder: Path, file: RunFile) -> Path:
    """Where the second copy of a file that cannot be made again lies."""
    return folder / KEPT / Path(file.pattern).name


def keep(folder: Path, file: RunFile, content: bytes) -> None:
    """Keep a second copy of a file that cannot be made again."""
    if content_of(copy_of(folder, file)) != content:
        put(copy_of(folder, file), content)


def put(path: Path, content: bytes) -> None:
    """Write bytes by rename."""
    with replaced(path) as part:
        part.write_bytes(content)


def content_of(path: Path) -> bytes:
    """The bytes of a file, none where it is missing."""
    return path.read_bytes() if path.is_file() else b""


def sha256_bytes(content: bytes) -> str:
    """SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()


def alone(folder: Path) -> FileLock:
    """Hold the ledger of a run against other steps."""
    return FileLock(folder / f"{LEDGER}.lock")


def write_ledger(folder: Path, known: Mapping[str, str]) -> None:
    """Write the ledger by rename; under `alone`."""
    write_text(folder / LEDGER, "".join(f"{known[name]}  {name}\n" for name in sorted(known)))


def check_inputs(paths: Iterable[Path], *, run: Path) -> None:
    """Check files that a step is about to read: those of its own run, and those of an earlier one.

    Raises `RunError` naming the first file that is not as its step left it.
    """
    known: dict[Path, dict[str, str]] = {}
    for path in paths:
        folder = _run_of(path, run)
        if folder is None:
            continue
        if folder not in known:
            known[folder] = vouched(folder)
        name = path.relative_to(folder).as_posix()
        written = known[folder].get(name)
        if written is None and folder != run and name == MANIFEST.pattern:
            continue  # no ledger came with it: then the manifest vouches for the others
        if written is None or sha256_file(path) != written:
            raise RunError(
                "is not what its step wrote",
                where=str(path),
                fix="`resift run` makes it again"
                if folder == run
                else "restore the earlier run, or name another one with compare_with",
            )


def _run_of(path: Path, run: Path) -> Path | None:
    """The run folder that a file belongs to, if any: the step's own, or one with a ledger or a manifest."""
    for parent in path.parents:
        if parent == run:
            return run
        if (parent / LEDGER).is_file() or MANIFEST.of(parent).is_file():
            return parent
    return None


def differing(folder: Path) -> list[tuple[str, str]]:
    """Files of a run that are not as their steps left them, and in what way; those made first come first."""
    known = vouched(folder)
    found = []
    for name in sorted({*known, *_present(folder)}, key=_order):
        path = folder / name
        if not path.is_file():
            found.append((name, "is missing"))
        elif name not in known:
            found.append((name, "was not finished"))
        elif sha256_file(path) != known[name]:
            found.append((name, "is not what its step wrote"))
    return found


def _order(name: str) -> tuple[int, str]:
    file = declared(name)
    return (RUN_FILES.index(file) if file in RUN_FILES else len(RUN_FILES), name)


def _present(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not unfinished(name) and declared(name) not in (None, MANIFEST):
            yield name
