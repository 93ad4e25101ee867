"""What every format asks of `resift.text`, under one name: ids, dates, pages, names, languages."""

from __future__ import annotations

from resift.text.dates import MONTHS, as_iso_date, as_year
from resift.text.fold import fold, one_line
from resift.text.identifiers import as_doi, as_pmcid, as_pmid
from resift.text.languages import as_languages
from resift.text.names import SUFFIXES, as_author, initials_of, is_initials, split_author, split_people
from resift.text.pages import expand_pages, join_pages, page_range

__all__ = [
    "MONTHS",
    "SUFFIXES",
    "as_author",
    "as_doi",
    "as_iso_date",
    "as_languages",
    "as_pmcid",
    "as_pmid",
    "as_year",
    "expand_pages",
    "fold",
    "initials_of",
    "is_initials",
    "join_pages",
    "one_line",
    "page_range",
    "split_author",
    "split_people",
]
