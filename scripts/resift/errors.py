"""The one family of errors a person can meet.

Library code raises; the edges (`scripts/*.py`, `resift.__main__`) print `str(error)` as one line and
exit with a code that is not 0. Each error says where (file, line, key or span), what is wrong, and
what to do. Its `code` is for programs and never changes; its words are for people and may.

    ResiftError             something a person can put right
    ├── ConfigError         config              a config, protocol, screening or other input file is wrong
    ├── QueryError          query               a query cannot be read:
    │                       query-empty           nothing to search, or nothing between brackets
    │                       query-length          more characters, terms or faults than any search has
    │                       query-operator        an operator without its term, or two operators in a row
    │                       query-lone-tag        a tag without a term
    │                       query-quotation-mark  a quotation mark never closed, or nothing within
    │                       query-bracket         a bracket that opens or closes nothing
    │                       query-reference       #n is no earlier line
    │                       query-control-character
    │                       query-tag             no field of PubMed
    │                       query-proximity       proximity that PubMed does not offer
    │                       query-wildcard        a wildcard that PubMed did not yet read on that day
    │                       query-date            no date as PubMed writes them
    │                       query-range           a range of two fields, or backwards
    │                       query-number          no PMID
    │                       query-lines           numbered lines that cannot be told from one query
    │                       query-foreign         the syntax of another platform
    ├── FormatError         format              a file of records cannot be read whole
    ├── SourceError         source              a source gave no answer that can be trusted
    │   ├── AnswerError       source-answer       it answered, and the answer cannot be used:
    │   │   ├── IncompleteError   source-incomplete   it leaves out part of what was asked for
    │   │   └── NotOnTapeError    source-not-on-tape  a replay was asked what its tape does not answer
    │   ├── DisagreementError source-disagreement its parts do not add up to what it counted
    │   ├── UnfinishedError   source-unfinished   it has not given all that it holds; a later call asks on
    │   └── UnreachableError  source-unreachable  it did not answer
    ├── ScreeningError      screening           criteria or decisions contradict the records
    ├── FlowError           flow                an identity between PRISMA boxes fails
    └── RunError            run                 a run is locked, unfinished, or of another protocol
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar


class Code(StrEnum):
    """What kind of thing is wrong. Codes are added, never renamed: programs ask for them."""

    ANY = "error"
    CONFIG = "config"
    QUERY = "query"
    QUERY_EMPTY = "query-empty"
    QUERY_LENGTH = "query-length"
    QUERY_OPERATOR = "query-operator"
    QUERY_LONE_TAG = "query-lone-tag"
    QUERY_QUOTATION_MARK = "query-quotation-mark"
    QUERY_BRACKET = "query-bracket"
    QUERY_REFERENCE = "query-reference"
    QUERY_CONTROL_CHARACTER = "query-control-character"
    QUERY_TAG = "query-tag"
    QUERY_PROXIMITY = "query-proximity"
    QUERY_WILDCARD = "query-wildcard"
    QUERY_DATE = "query-date"
    QUERY_RANGE = "query-range"
    QUERY_NUMBER = "query-number"
    QUERY_LINES = "query-lines"
    QUERY_FOREIGN = "query-foreign"
    FORMAT = "format"
    SOURCE = "source"
    SOURCE_ANSWER = "source-answer"
    SOURCE_INCOMPLETE = "source-incomplete"
    SOURCE_NOT_ON_TAPE = "source-not-on-tape"
    SOURCE_DISAGREEMENT = "source-disagreement"
    SOURCE_UNFINISHED = "source-unfinished"
    SOURCE_UNREACHABLE = "source-unreachable"
    SCREENING = "screening"
    FLOW = "flow"
    RUN = "run"


class ResiftError(Exception):
    """Something a person can put right. `str()` is one line: `where: what; fix`."""

    family: ClassVar[Code] = Code.ANY

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        self.code = self.family
        self.what = what
        self.where = where
        self.fix = fix
        super().__init__(what)

    def __str__(self) -> str:
        line = f"{self.where}: {self.what}" if self.where else self.what
        if self.fix:
            line = f"{line}; {self.fix}"
        return printable(" ".join(line.split()))


class ConfigError(ResiftError):
    """A config, protocol, screening, known-items or human-decisions file is wrong."""

    family = Code.CONFIG


class QueryError(ResiftError):
    """A query cannot be read. `code` says in what way (one of `Code.QUERY_...`); `start` and `end` are
    character offsets into the query."""

    family = Code.QUERY

    def __init__(
        self, what: str, *, code: Code, start: int, end: int, where: str = "", fix: str = ""
    ) -> None:
        super().__init__(what, where=where or f"query, character {start + 1}", fix=fix)
        self.code = code
        self.start = start
        self.end = end


class FormatError(ResiftError):
    """A file of records (XML, RIS, nbib, CSV, BibTeX) cannot be read whole."""

    family = Code.FORMAT


class SourceError(ResiftError):
    """A source (PubMed, an archive) gave no answer or one that cannot be trusted."""

    family = Code.SOURCE


class ScreeningError(ResiftError):
    """Criteria or human decisions contradict the records they are applied to."""

    family = Code.SCREENING


class FlowError(ResiftError):
    """An identity between PRISMA boxes fails; the message names the records at fault."""

    family = Code.FLOW


class RunError(ResiftError):
    """A run folder is locked, unfinished, or belongs to another protocol."""

    family = Code.RUN


# C0 and C1 controls but tab and newline, marks of writing direction (UAX #9), lone surrogates.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """Text of a server or file as a terminal and a log may show it: what would steer them is spelled out."""
    return _UNPRINTABLE.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def nearest(name: str, known: Iterable[str]) -> str:
    """The valid name closest to `name`, or "" when none is close (for "did you mean")."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return found[0] if found else ""
