"""EFetch's abstract format (rettype=abstract): records as a reader would have them."""

from __future__ import annotations

from resift.formats.nbib import source_line
from resift.records import Record


def abstract(n: int, record: Record) -> str:
    """rettype=abstract: a numbered citation, title, authors, abstract, identifiers."""
    parts = [
        f"{n}. {source_line(record)}",
        record.title,
        ", ".join((*record.authors, *record.collective_authors)) + "." if record.authors else "",
        record.abstract,
        " ".join(
            part
            for part in (
                f"DOI: {record.doi}" if record.doi else "",
                f"PMCID: {record.pmcid}" if record.pmcid else "",
                f"PMID: {record.pmid}",
            )
            if part
        ),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"
