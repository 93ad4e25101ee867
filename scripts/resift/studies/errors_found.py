"""Ten kinds of error in a strategy, counted from what the linter finds.

The kinds follow the study of 137 PubMed strategies by Salvador-Oliván et al. (J Med Libr Assoc
2019;107:210-21): errors of terms, of headings, of operators, of fields. A linter sees what stands in a
text; which synonym or heading nobody thought of, only a person sees. So a count of 0 is no proof, and the
shares here are not comparable with those of people who judged each strategy against its question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from resift.query import findings as rule


class ErrorKind(StrEnum):
    """The ten kinds, those that lose records first."""

    VARIANTS = "word forms and spellings missing"
    HEADINGS_MISSING = "concept without a subject heading"
    WORDS_MISSING = "concept without text words"
    NOT_EXPLODED = "heading not exploded"
    NO_HEADING = "heading, subheading or type that MeSH lacks"
    OPERATORS = "Boolean operators and parentheses"
    FIELDS = "field tags"
    PHRASES = "truncation, phrases and signs"
    LIMITS = "limits and dates"
    REDUNDANT = "redundant terms and clauses"


_K = ErrorKind
KIND_OF: Mapping[str, ErrorKind] = MappingProxyType(
    {
        found.code: kind
        for kind, rules in {
            _K.VARIANTS: (rule.SPELLING, rule.PLURAL),
            _K.HEADINGS_MISSING: (rule.TEXT_ONLY,),
            _K.WORDS_MISSING: (rule.HEADINGS_ONLY,),
            _K.NOT_EXPLODED: (rule.NOT_EXPLODED,),
            _K.NO_HEADING: (
                rule.NOT_A_HEADING, rule.NOT_A_SUBHEADING, rule.AMPERSAND, rule.TRUNCATED_HEADING,
                rule.JOINED_HEADING, rule.NOT_A_TYPE,
            ),
            _K.OPERATORS: (
                rule.BRACKETS, rule.SEQUENCE, rule.OPERATOR_CASE, rule.OPERATOR_SIGN, rule.AND_NOT,
                rule.PRECEDENCE, rule.NOT_LOSES, rule.NOT_USED, rule.IMPLICIT_AND, rule.REFERENCE,
                rule.UNUSED_LINE, rule.LINES, rule.LINE_BREAK,
            ),
            _K.FIELDS: (
                rule.UNKNOWN_TAG, rule.GROUP_TAG, rule.UNTAGGED, rule.BLANK_TAG, rule.JOURNAL_WITHIN,
                rule.IDENTIFIER,
            ),
            _K.PHRASES: (
                rule.QUOTES, rule.INVISIBLE, rule.CURLY, rule.ASTERISK, rule.ALL_QUOTED, rule.ENTITY,
                rule.IGNORED, rule.REPLACED, rule.STOP_WORD, rule.SHORT_TRUNCATION, rule.OLD_TRUNCATION,
                rule.LEADING_WILDCARD, rule.UNQUOTED, rule.WILDCARD_USE, rule.PROXIMITY, rule.HYPHEN,
            ),
            _K.LIMITS: (
                rule.DATE_FORMAT, rule.DATE_FIELD, rule.DATE_READS_TWO, rule.DATE_WITHIN, rule.RELATIVE_DATE,
                rule.NOT_ANIMALS, rule.LIMIT,
            ),
            _K.REDUNDANT: (rule.REDUNDANT, rule.REDUNDANT_CLAUSE, rule.NEEDLESS),
        }.items()
        for found in rules
    }
)  # fmt: skip
"""Code of a finding -> its kind."""
OF_NO_KIND = frozenset({rule.FOREIGN.code, rule.TOO_LONG.code})
"""Findings that are no error of a PubMed strategy: it is another platform's, or longer than is read."""


def by_kind(codes: Iterable[str]) -> dict[ErrorKind, int]:
    """How many findings there are of each kind, all ten named."""
    counted = Counter(KIND_OF[code] for code in codes if code not in OF_NO_KIND)
    return {kind: counted[kind] for kind in ErrorKind}
