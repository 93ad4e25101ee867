"""The one family of errors a person can meet.

Library code raises; the edges (`scripts/*.py`, `resift.__main__`) print `str(error)` as one line and
exit with a code that is not 0. Each error says where (file, line, key or span), what is wrong, and
what to do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ResiftError(Exception):
    """Something a person can put right. `str()` is one line: `where: what; fix`."""

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        self.what = what
        self.where = where
        self.fix = fix
        super().__init__(what)

    def __str__(self) -> str:
        line = f"{self.where}: {self.what}" if self.where else self.what
        if self.fix:
            line = f"{line}; {self.fix}"
        return " ".join(line.split())


class ConfigError(ResiftError):
    """A config, protocol, screening, known-items or human-decisions file is wrong."""


class QueryError(ResiftError):
    """A query cannot be read. `start` and `end` are character offsets into the query."""

    def __init__(self, what: str, *, start: int, end: int, where: str = "", fix: str = "") -> None:
        super().__init__(what, where=where or f"query, character {start + 1}", fix=fix)
        self.start = start
        self.end = end


class FormatError(ResiftError):
    """A file of records (XML, RIS, nbib, CSV, BibTeX) cannot be read whole."""


class SourceError(ResiftError):
    """A source (PubMed, an archive) gave no answer or one that cannot be trusted."""


class ScreeningError(ResiftError):
    """Criteria or human decisions contradict the records they are applied to."""


class FlowError(ResiftError):
    """An identity between PRISMA boxes fails; the message names the records at fault."""


class RunError(ResiftError):
    """A run folder is locked, unfinished, or belongs to another protocol."""


def nearest(name: str, known: Iterable[str]) -> str:
    """The valid name closest to `name`, or "" when none is close (for "did you mean")."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return found[0] if found else ""
