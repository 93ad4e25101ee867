"""The tape: every answer of a source, kept as received, under the request that it answers.

A request already answered in this run is never sent again, so resuming after a kill, replaying without a
network and auditing are one mechanism. The folder holds `<request sha256>.gz`, the body as received
(gzip without a time), and `requests.csv`, one row per answer. An answer is kept once its row is complete:
the body is on disk before the row, and takes its final name after it, so a kill at any moment leaves an
answer that is whole or absent. Only an answer that passed every check is kept (`verdict.judge`); one that
failed is set aside in `refused/` and never read again, and so is one that is withdrawn later.
"""

from __future__ import annotations

import csv
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

from filelock import FileLock

from resift.errors import SourceError
from resift.pubmed.refused import Refused
from resift.pubmed.source import (
    Answer,
    AnswerError,
    Cause,
    Endpoint,
    IncompleteError,
    NotOnTapeError,
    Request,
    Transport,
)
from resift.pubmed.verdict import judge
from resift.rows import CELL_LIMIT

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

    @property
    def asked(self) -> Request:
        """The request that the row is of."""
        return Request(Endpoint(self.endpoint), tuple((k, v) for k, v in json.loads(self.parameters)))


class Tape:
    """A transport that keeps the answers of another one.

    `transport=None` replays: a request without an answer on the tape is then a `SourceError`. An answer that
    was taken over from another run holds records and answers nothing: a question put today is sent.
    Several processes may share a folder: one at a time sends, and the others find its answer.
    """

    def __init__(self, folder: Path, transport: Transport | None = None) -> None:
        self.folder = folder
        self.transport = transport
        self.sent = 0
        self.refused = Refused(folder / "refused")
        self._rows: dict[str, TapeRow] = {}
        self._read_to = 0
        self._read_of = 0

    def send(self, request: Request) -> Answer:
        """The answer to `request`: from the tape if it is there, else from the transport, and then kept.

        A kept answer that was damaged since, or that is to be asked for anew, is withdrawn first.
        """
        if self.transport is None:
            kept = self.find(request)
            if kept is None:
                raise NotOnTapeError(
                    f"no answer on the tape to {_shown(request)}",
                    where=str(self.folder),
                    fix="the run is incomplete: run it again with its source",
                )
            return kept
        kept = self._usable(request)
        if kept is not None:
            return kept
        with self._alone():
            kept = self._usable(request)
            if kept is not None:  # another process asked it while this one waited
                return kept
            if self._row(request) is not None:
                self._withdraw(request)
            return self._keep(request, self._ask(request), "")

    def keep(self, request: Request, answer: Answer) -> None:
        """Put an answer on the tape that leaves out ids of which the tape shows that the source has none."""
        with self._alone():
            if self._row(request) is None:
                self._keep(request, answer, answer.from_run)

    def take_over(self, earlier: Tape, row: TapeRow) -> str:
        """Copy an answer of another run's tape as it was received, with its time and the name of the run that
        received it; returns that name. An answer to the same request that is there and whole stays: the name
        is then that of its run, "" for this one."""
        request = row.asked
        with self._alone():
            there = self._found_whole(request)
            if there is not None:
                return there.from_run
            answer = earlier.find(request)
            if answer is None:
                return ""
            if self._row(request) is not None:
                self._withdraw(request)
            name = answer.from_run or earlier.folder.resolve().parent.name
            return self._keep(request, answer, name).from_run

    def _usable(self, request: Request) -> Answer | None:
        """The answer that this run has received to a request, unless it is to be asked anew."""
        kept = None if request.asking.fresh else self._found_whole(request)
        return None if kept is None or kept.from_run else kept

    def _found_whole(self, request: Request) -> Answer | None:
        try:
            return self.find(request)
        except SourceError:
            return None

    def _row(self, request: Request) -> TapeRow | None:
        if request.sha256 not in self._rows:
            self._read_new_rows()
        return self._rows.get(request.sha256)

    def find(self, request: Request) -> Answer | None:
        """The kept answer to `request`, or None. Raises `SourceError` when its file is damaged."""
        row = self._row(request)
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

    def _ask(self, request: Request) -> Answer:
        assert self.transport is not None
        self.sent += 1
        answer = self.transport.send(request)
        verdict = judge(request, answer.http, answer.body)
        if verdict.cause is Cause.INCOMPLETE:
            what = f"{request.endpoint}: {verdict.reason}"
            raise IncompleteError(what, missing=verdict.missing, answer=answer, where=str(self.folder))
        if not verdict.usable:
            self.refused.keep(request, answer, verdict.reason)
            raise AnswerError(f"{request.endpoint}: {verdict.reason}", cause=verdict.cause)
        return answer

    def _withdraw(self, request: Request) -> None:
        """Take an answer off the tape: its row first, so that a kill leaves a body without a row, which is
        none. Other processes notice that the table is another file."""
        row = self._rows.pop(request.sha256)
        problem, body = self._body(row)
        if not problem:
            self.refused.keep(
                request, Answer(body, row.http, row.utc, row.from_run), "withdrawn: asked again"
            )
        part = self._csv.with_name("requests.csv.part")
        with part.open("wb") as file:
            file.write(_lines(TAPE_COLUMNS, *(_cells(kept) for kept in self._rows.values())))
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._csv)
        for path in (self._path(row.request), self._part(row.request)):
            path.unlink(missing_ok=True)

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
            head = (TAPE_COLUMNS,) if whole == 0 else ()
            file.write(_lines(*head, _cells(row)))
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
            status = os.fstat(file.fileno())
            if status.st_ino != self._read_of or status.st_size < self._read_to:
                self._rows, self._read_to, self._read_of = {}, 0, status.st_ino  # an answer was withdrawn
            file.seek(self._read_to)
            added = file.read()
        whole = added[: added.rfind(b"\n") + 1]
        csv.field_size_limit(CELL_LIMIT)  # a long query, or the ids of a long list, are one cell
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
        with FileLock(self.folder / ".lock", poll_interval=0.02):
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


def _cells(row: TapeRow) -> tuple[str, ...]:
    return tuple(str(getattr(row, column)) for column in TAPE_COLUMNS)


def _lines(*rows: tuple[str, ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8")


def _shown(request: Request) -> str:
    parameters = request.parameters
    return f"{request.endpoint} {parameters if len(parameters) <= 160 else parameters[:159] + '…'}"
