"""The tape: every answer of a source, kept as received, under the request that it answers.

A request already answered in this run is never sent again, so resuming after a kill, replaying without a
network and auditing are one mechanism. The folder holds `<request sha256>.gz`, the body as received
(gzip without a time), and `requests.csv`, one row per answer. An answer is kept once its row is complete:
the body is on disk before the row, and takes its final name after it, so a kill at any moment leaves an
answer that is whole or absent. Only usable answers are kept; a failure never stands for an answer.
"""

from __future__ import annotations

import csv
import fcntl
import gzip
import hashlib
import io
import json
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from resift.errors import SourceError
from resift.pubmed.source import Answer, AnswerError, Endpoint, Request, Transport
from resift.pubmed.verdict import classify

TAPE_COLUMNS = ("request", "endpoint", "parameters", "utc", "http", "bytes_sha256", "from_run")


@dataclass(frozen=True, slots=True)
class TapeRow:
    """One row of `requests.csv`. `from_run` is "" for answers received by this run itself."""

    request: str
    endpoint: str
    parameters: str
    utc: str
    http: int
    bytes_sha256: str
    from_run: str


class Tape:
    """A transport that keeps the answers of another one.

    `transport=None` replays: a request without an answer on the tape is then a `SourceError`. `earlier` is
    the tape folder of another run, whose answers are taken over (with their time and the name of that run)
    instead of asking again; a new observation of the source is made without it.
    Several processes may share a folder: one at a time sends, and the others find its answer.
    """

    def __init__(
        self, folder: Path, transport: Transport | None = None, *, earlier: Path | None = None
    ) -> None:
        self.folder = folder
        self.transport = transport
        self.sent = 0
        self._earlier = None if earlier is None else Tape(earlier)
        self._rows: dict[str, TapeRow] = {}
        self._read_to = 0

    def send(self, request: Request) -> Answer:
        """The answer to `request`: from the tape if it is there, else from the transport, and then kept."""
        kept = self.find(request)
        if kept is not None:
            return kept
        if self.transport is None and self._earlier is None:
            raise SourceError(
                f"no answer on the tape to {_shown(request)}",
                where=str(self.folder),
                fix="the run is incomplete: run it again with its source",
            )
        with self._alone():
            kept = self.find(request)  # another process may have asked it while this one waited
            return kept if kept is not None else self._keep(request, *self._ask(request))

    def find(self, request: Request) -> Answer | None:
        """The kept answer to `request`, or None. Raises `SourceError` when its file is damaged."""
        row = self._rows.get(request.sha256)
        if row is None:
            self._read_new_rows()
            row = self._rows.get(request.sha256)
        if row is None or not (self._path(row.request).exists() or self._part(row.request).exists()):
            return None
        problem, body = self._body(row)
        if problem:
            raise SourceError(problem, where=str(self.folder), fix="delete that file to ask the source again")
        return Answer(body, row.http, row.utc, row.from_run)

    def rows(self) -> tuple[TapeRow, ...]:
        """All answers kept, in the order in which they came."""
        self._read_new_rows()
        return tuple(self._rows.values())

    def verify(self) -> tuple[str, ...]:
        """Recompute every hash. Returns one line for each answer that is missing or was changed."""
        problems = []
        for row in self.rows():
            asked = Request(Endpoint(row.endpoint), tuple((k, v) for k, v in json.loads(row.parameters)))
            if asked.sha256 != row.request:
                problems.append(f"{row.request}: the parameters in requests.csv are not those of the request")
            problem, _ = self._body(row)
            if problem:
                problems.append(problem)
        return tuple(problems)

    def _ask(self, request: Request) -> tuple[Answer, str]:
        if self._earlier is not None:
            known = self._earlier.find(request)
            if known is not None:
                return known, known.from_run or self._earlier.folder.resolve().parent.name
        if self.transport is None:
            raise SourceError(f"neither tape holds an answer to {_shown(request)}", where=str(self.folder))
        self.sent += 1
        answer = self.transport.send(request)
        verdict = classify(request.endpoint, answer.http, {}, answer.body)
        if not verdict.usable:
            raise AnswerError(f"{request.endpoint}: {verdict.reason}", cause=verdict.cause)
        return answer, answer.from_run

    def _keep(self, request: Request, answer: Answer, from_run: str) -> Answer:
        part = self._part(request.sha256)
        with part.open("wb") as file:
            file.write(gzip.compress(answer.body, compresslevel=6, mtime=0))
            file.flush()
            os.fsync(file.fileno())
        row = TapeRow(
            request.sha256,
            request.endpoint.value,
            request.parameters,
            answer.utc,
            answer.http,
            hashlib.sha256(answer.body).hexdigest(),
            from_run,
        )
        self._append(row)
        part.replace(self._path(request.sha256))
        self._rows[row.request] = row
        return Answer(answer.body, answer.http, answer.utc, from_run)

    def _append(self, row: TapeRow) -> None:
        """Add a row in one write, after cutting off what a killed process left of an unfinished one."""
        with self._csv.open("a+b") as file:
            size = file.seek(0, os.SEEK_END)
            whole = self._last_whole_line(file, size)
            if whole < size:
                file.truncate(whole)
            text = io.StringIO()
            writer = csv.writer(text, lineterminator="\n")
            if whole == 0:
                writer.writerow(TAPE_COLUMNS)
            writer.writerow([getattr(row, column) for column in TAPE_COLUMNS])
            file.write(text.getvalue().encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())

    @staticmethod
    def _last_whole_line(file: io.BufferedRandom, size: int) -> int:
        """Offset after the last newline: rows hold none, since parameters are JSON."""
        end = size
        while end > 0:
            start = max(0, end - 65536)
            file.seek(start)
            newline = file.read(end - start).rfind(b"\n")
            if newline >= 0:
                return start + newline + 1
            end = start
        return 0

    def _read_new_rows(self) -> None:
        """Read what was added to `requests.csv` since the last look; an unfinished last line is left."""
        if not self._csv.exists():
            return
        with self._csv.open("rb") as file:
            file.seek(self._read_to)
            added = file.read()
        whole = added[: added.rfind(b"\n") + 1]
        for cells in csv.reader(io.StringIO(whole.decode("utf-8"), newline="")):
            if tuple(cells) == TAPE_COLUMNS:
                continue
            if len(cells) != len(TAPE_COLUMNS) or not cells[4].isdigit():
                raise SourceError(
                    f"a row does not have the columns {', '.join(TAPE_COLUMNS)}: {','.join(cells)[:80]}",
                    where=str(self._csv),
                    fix="restore the file: it is only ever added to",
                )
            request, endpoint, parameters, utc, http, bytes_sha256, from_run = cells
            self._rows[request] = TapeRow(
                request, endpoint, parameters, utc, int(http), bytes_sha256, from_run
            )
        self._read_to += len(whole)

    def _body(self, row: TapeRow) -> tuple[str, bytes]:
        """A problem and the body; a body whose process was killed before the last rename is finished here."""
        path = self._path(row.request)
        held = path if path.exists() else self._part(row.request)
        try:
            body = gzip.decompress(held.read_bytes())
        except FileNotFoundError:
            return f"{path.name}: the answer is missing", b""
        except (OSError, EOFError, zlib.error) as error:
            return f"{path.name}: the answer cannot be read ({error})", b""
        if hashlib.sha256(body).hexdigest() != row.bytes_sha256:
            return f"{path.name}: the answer is not the one that was received", b""
        return "", body

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the folder against other processes; released by the system when this process dies."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._finish_renames()
            yield

    def _finish_renames(self) -> None:
        """Tidy up after a killed process: a body with its row gets its name, one without is unfinished."""
        self._read_new_rows()
        for part in sorted(self.folder.glob("*.gz.part")):
            request = part.name.removesuffix(".gz.part")
            row = self._rows.get(request)
            if row is not None and not self._path(request).exists() and not self._body(row)[0]:
                part.replace(self._path(request))
            else:
                part.unlink()

    def _path(self, request: str) -> Path:
        return self.folder / f"{request}.gz"

    def _part(self, request: str) -> Path:
        return self.folder / f"{request}.gz.part"

    @property
    def _csv(self) -> Path:
        return self.folder / "requests.csv"


def _shown(request: Request) -> str:
    parameters = request.parameters
    return f"{request.endpoint} {parameters if len(parameters) <= 160 else parameters[:159] + '…'}"
