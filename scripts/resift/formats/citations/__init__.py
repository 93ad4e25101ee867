"""Reference strings: taken apart, written out, read from files, and matched to records."""

from resift.formats.citations.model import Citation, Kind, Style
from resift.formats.citations.parse import parse_citation
from resift.formats.citations.render import citation_of, render

__all__ = ["Citation", "Kind", "Style", "citation_of", "parse_citation", "render"]
