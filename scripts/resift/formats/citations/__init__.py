"""Reference strings: taken apart, written out, read from files, and matched to records."""

from resift.formats.citations.match import CitationIndex, Match, match
from resift.formats.citations.model import Citation, Kind, Style
from resift.formats.citations.parse import parse_citation
from resift.formats.citations.read import (
    HandsearchedEntry,
    read_citations,
    split_strings,
    to_ecitmatch,
    to_record,
)
from resift.formats.citations.render import citation_of, render

__all__ = [
    "Citation",
    "CitationIndex",
    "HandsearchedEntry",
    "Kind",
    "Match",
    "Style",
    "citation_of",
    "match",
    "parse_citation",
    "read_citations",
    "render",
    "split_strings",
    "to_ecitmatch",
    "to_record",
]
