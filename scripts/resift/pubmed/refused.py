"""Answers that failed a check, kept aside for whoever wants to know what came; never read again.

The folder holds the newest `MOST` bodies (each up to `LARGEST` bytes of it) and `refused.csv`, which says of
each why it was refused.
"""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

from filelock import FileLock

from resift.files import replaced
from resift.pubmed.source import Answer, Request

MOST = 100
LARGEST = 1 << 18
COLUMNS = ("file", "utc", "endpoint", "request", "http", "bytes", "reason")


class Refused:
    """A bounded store beside a tape. Secrets were struck out of bodies before they come here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, request: Request, answer: Answer, reason: str) -> None:
        """Set one answer aside; the oldest goes when there are too many."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / ".lock", poll_interval=0.01):
            rows = self._rows()
            number = int(rows[-1][0].partition("-")[0]) + 1 if rows else 1
            name = f"{number:06d}-{request.endpoint}-{request.sha256[:12]}.gz"
            body = gzip.compress(answer.body[:LARGEST], compresslevel=6, mtime=0)
            with replaced(self.folder / name) as part:
                part.write_bytes(body)
            length = len(answer.body)
            row = (name, answer.utc, request.endpoint, request.sha256, answer.http, length, reason)
            rows.append([str(cell) for cell in row])
            for old in rows[:-MOST]:
                (self.folder / old[0]).unlink(missing_ok=True)
            self._write(rows[-MOST:])

    def _rows(self) -> list[list[str]]:
        try:
            text = (self.folder / "refused.csv").read_text(encoding="utf-8")
        except (FileNotFoundError, UnicodeDecodeError):
            return []
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if len(row) == len(COLUMNS)]
        return [row for row in rows if row[0][:6].isdigit()]

    def _write(self, rows: list[list[str]]) -> None:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
        with replaced(self.folder / "refused.csv") as part:
            part.write_text(text.getvalue(), encoding="utf-8")
