"""What the linter says: a code, a place, a reason, a remedy, and the PRESS domain it belongs to.

PRESS 2015: McGowan J, Sampson M, Salzwedel DM, Cogo E, Foerster V, Lefebvre C. PRESS Peer Review of
Electronic Search Strategies: 2015 Guideline Statement. J Clin Epidemiol 2016;75:40-6.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """ERROR: PubMed does something else than what is written. WARNING: likely loss. INFO: worth a look."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Press(StrEnum):
    """The six elements of the PRESS 2015 evidence-based checklist."""

    QUESTION = "translation of the research question"
    OPERATORS = "Boolean and proximity operators"
    HEADINGS = "subject headings"
    TEXT_WORDS = "text word searching"
    SYNTAX = "spelling, syntax, and line numbers"
    LIMITS = "limits and filters"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `start` and `end` are character offsets into the query as given."""

    code: str
    label: str
    severity: Severity
    start: int
    end: int
    message: str
    fix: str
    press: Press


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of finding; called with its place it makes one."""

    code: str
    label: str
    severity: Severity
    press: Press

    def at(self, start: int, end: int, message: str, fix: str = "") -> Finding:
        return Finding(self.code, self.label, self.severity, start, end, message, fix, self.press)


_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO

QUOTES = Rule("SYN001", "unbalanced-quotes", _E, Press.SYNTAX)
BRACKETS = Rule("SYN002", "unbalanced-parentheses", _E, Press.SYNTAX)
SEQUENCE = Rule("SYN003", "token-sequence", _E, Press.SYNTAX)
INVISIBLE = Rule("SYN004", "invisible-character", _E, Press.SYNTAX)
CURLY = Rule("SYN005", "curly-quotes", _E, Press.SYNTAX)
ASTERISK = Rule("SYN006", "typographic-asterisk", _E, Press.SYNTAX)
OPERATOR_CASE = Rule("SYN007", "operator-capitalization", _I, Press.SYNTAX)
OPERATOR_SIGN = Rule("SYN008", "operator-sign", _W, Press.SYNTAX)
AND_NOT = Rule("SYN009", "and-not", _I, Press.OPERATORS)
ALL_QUOTED = Rule("SYN010", "query-in-quotes", _W, Press.SYNTAX)
FOREIGN = Rule("SYN011", "foreign-syntax", _E, Press.SYNTAX)
ENTITY = Rule("SYN012", "html-entity", _E, Press.SYNTAX)
IGNORED = Rule("SYN013", "ignored-sign", _W, Press.SYNTAX)
REFERENCE = Rule("SYN014", "line-reference", _E, Press.SYNTAX)
UNUSED_LINE = Rule("SYN015", "unused-line", _W, Press.SYNTAX)
TOO_LONG = Rule("SYN019", "query-length", _E, Press.SYNTAX)
LINES = Rule("SYN017", "numbered-lines", _E, Press.SYNTAX)
LINE_BREAK = Rule("SYN018", "line-break-and", _W, Press.SYNTAX)
REPLACED = Rule("SYN016", "character-replacement", _W, Press.SYNTAX)

UNKNOWN_TAG = Rule("FLD001", "unknown-tag", _E, Press.SYNTAX)
GROUP_TAG = Rule("FLD002", "tag-on-group", _E, Press.SYNTAX)
UNTAGGED = Rule("FLD003", "untagged-term", _W, Press.TEXT_WORDS)
STOP_WORD = Rule("FLD004", "stop-word", _E, Press.TEXT_WORDS)
DATE_FORMAT = Rule("FLD005", "date-format", _E, Press.LIMITS)
DATE_FIELD = Rule("FLD006", "date-field-ambiguity", _W, Press.LIMITS)
DATE_READS_TWO = Rule("FLD007", "publication-date", _I, Press.LIMITS)
DATE_WITHIN = Rule("FLD008", "date-filter-in-subquery", _W, Press.LIMITS)
JOURNAL_WITHIN = Rule("FLD009", "journal-filter-in-subquery", _I, Press.LIMITS)
BLANK_TAG = Rule("FLD010", "blank-before-tag", _I, Press.SYNTAX)
IDENTIFIER = Rule("FLD011", "identifier-format", _W, Press.SYNTAX)
NOT_A_NUMBER = Rule("FLD011", "identifier-format", _E, Press.SYNTAX)
RELATIVE_DATE = Rule("FLD012", "relative-date", _W, Press.LIMITS)

SHORT_TRUNCATION = Rule("TRM001", "short-truncation", _E, Press.TEXT_WORDS)
OLD_TRUNCATION = Rule("TRM002", "truncation-dialect", _W, Press.TEXT_WORDS)
WILDCARD_TOO_NEW = Rule("TRM002", "truncation-dialect", _E, Press.TEXT_WORDS)
LEADING_WILDCARD = Rule("TRM003", "leading-wildcard", _E, Press.TEXT_WORDS)
SPELLING = Rule("TRM004", "spelling-variant", _W, Press.TEXT_WORDS)
PLURAL = Rule("TRM005", "plural-missing", _I, Press.TEXT_WORDS)
REDUNDANT = Rule("TRM006", "redundant-term", _I, Press.TEXT_WORDS)
UNQUOTED = Rule("TRM007", "unquoted-phrase", _I, Press.TEXT_WORDS)
WILDCARD_USE = Rule("TRM008", "potential-wildcard-use", _I, Press.TEXT_WORDS)
PROXIMITY = Rule("TRM009", "proximity", _E, Press.OPERATORS)
HYPHEN = Rule("TRM010", "hyphenated-phrase", _I, Press.TEXT_WORDS)

NOT_A_HEADING = Rule("MSH001", "heading-not-in-tree", _W, Press.HEADINGS)
HEADINGS_ONLY = Rule("MSH002", "headings-only-concept", _W, Press.HEADINGS)
TEXT_ONLY = Rule("MSH003", "text-only-concept", _W, Press.HEADINGS)
NOT_A_SUBHEADING = Rule("MSH004", "unknown-subheading", _E, Press.HEADINGS)
AMPERSAND = Rule("MSH005", "ampersand-in-heading", _W, Press.HEADINGS)
JOINED_HEADING = Rule("MSH007", "lower-case-and-in-heading", _I, Press.HEADINGS)
NOT_EXPLODED = Rule("MSH008", "heading-not-exploded", _I, Press.HEADINGS)
NOT_A_TYPE = Rule("MSH009", "unknown-publication-type", _W, Press.HEADINGS)
TRUNCATED_HEADING = Rule("MSH006", "truncated-heading", _W, Press.HEADINGS)

PRECEDENCE = Rule("STR001", "implicit-precedence", _W, Press.OPERATORS)
NEEDLESS = Rule("STR002", "unnecessary-parentheses", _I, Press.OPERATORS)
REDUNDANT_CLAUSE = Rule("STR003", "redundant-clause", _W, Press.OPERATORS)
NOT_LOSES = Rule("STR004", "not-loses-known-items", _E, Press.OPERATORS)
NOT_ANIMALS = Rule("STR005", "not-animals", _W, Press.LIMITS)
NOT_USED = Rule("STR006", "not-operator", _I, Press.OPERATORS)
IMPLICIT_AND = Rule("STR007", "implicit-and", _W, Press.OPERATORS)
LIMIT = Rule("LIM001", "limit-drops-unindexed", _W, Press.LIMITS)
