"""Reference strings: taken apart, written out, read from files, and matched to records."""

from resift.formats.citations.lists import split_strings
from resift.formats.citations.match import MATCH_COLUMNS, CitationIndex, Match, bears_out, fitting, match
from resift.formats.citations.model import Citation, Kind, Style
from resift.formats.citations.parse import parse_citation
from resift.formats.citations.read import (
    HandsearchedEntry,
    read_citations,
    to_ecitmatch,
    to_record,
)
from resift.formats.citations.render import citation_of, render

__all__ = [
    "MATCH_COLUMNS",
    "Citation",
    "CitationIndex",
    "HandsearchedEntry",
    "Kind",
    "Match",
    "Style",
    "bears_out",
    "citation_of",
    "fitting",
    "match",
    "parse_citation",
    "read_citations",
    "render",
    "split_strings",
    "to_ecitmatch",
    "to_record",
]
