"""Where PubMed answers a query and does not do what it says: faults with their reading, and notes.

A *fault* is a mistake: collected where a query is read as printed, raised otherwise. A *note* is a place that
the linter speaks about.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from resift.errors import Code, QueryError

MOST_FAULTS = 1_000  # whose reading is not known; what has more is no search


class NoteKind(StrEnum):
    """What PubMed accepts without doing what it seems to say."""

    TAG_ON_GROUP = "tag-on-group"
    AND_NOT = "and-not"
    IGNORED = "ignored"
    IMPLICIT_AND = "implicit-and"
    LINE_BREAK = "line-break"


@dataclass(frozen=True, slots=True)
class Note:
    """Such a place; the linter speaks about it. LINE_BREAK: an AND that only a line break stands for."""

    kind: NoteKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake in a query that PubMed answers all the same. `reading` says what it was read as.

    `known`: PubMed is known to read it so; otherwise the reading is this engine's own guess.
    """

    code: Code
    what: str
    start: int
    end: int
    fix: str
    reading: str
    known: bool = False

    def __str__(self) -> str:
        by = "PubMed reads it" if self.known else "how PubMed reads it is not known; here it was read"
        return f"{self.what} (character {self.start + 1}): {by} {self.reading}"


@dataclass(slots=True)
class Faults:
    """Where faults go: collected when a query is read as printed, raised otherwise."""

    collected: list[Fault] | None = None
    unknown: int = 0

    def add(
        self, what: str, *, code: Code, start: int, end: int, fix: str = "", reading: str, known: bool = False
    ) -> None:
        """Note a fault, or raise it as `QueryError`."""
        if self.collected is None:
            raise QueryError(what, code=code, start=start, end=end, fix=fix)
        self.unknown += not known
        if self.unknown > MOST_FAULTS:
            raise QueryError(
                f"the query has more than {MOST_FAULTS:,} faults; here {what}",
                code=Code.QUERY_LENGTH,
                start=start,
                end=end,
                fix="copy it again from where it was printed",
            )
        self.collected.append(Fault(code, what, start, end, fix, reading, known))
