"""The retrieval sheet: reports that passed on title and abstract and are not read yet, with their links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from resift.records import Record
from resift.tables import DecisionRow
from resift.vocabulary import State


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRetrieve:
    """One report to be retrieved. `free_full_text` is PubMed Central's page, where it holds the report;
    `outcome` and `reason` are for a person to fill in: include or not_retrieved, and why."""

    record: str
    pmid: str
    doi: str
    pmcid: str
    citation: str
    publisher: str
    free_full_text: str
    pubmed: str
    outcome: str = ""
    reason: str = ""


def to_retrieve(decisions: Sequence[DecisionRow], records: Mapping[str, Record]) -> list[ToRetrieve]:
    """The sheet, in the order of `decisions.csv`."""
    rows = []
    for row in decisions:
        record = records.get(row.record)
        if row.state is not State.ELIGIBLE or record is None:
            continue
        authors = ", ".join(record.authors[:3]) + (" et al" if len(record.authors) > 3 else "")
        where = ";".join(filter(None, (str(record.year or ""), record.volume)))
        pages = f":{record.pages}" if record.pages else ""
        cited = (
            authors,
            record.title.rstrip("."),
            record.journal_abbreviation or record.journal,
            where + pages,
        )
        rows.append(
            ToRetrieve(
                record=row.record,
                pmid=record.pmid,
                doi=record.doi,
                pmcid=record.pmcid,
                citation=". ".join(part for part in cited if part),
                publisher=f"https://doi.org/{record.doi}" if record.doi else "",
                free_full_text=f"https://pmc.ncbi.nlm.nih.gov/articles/{record.pmcid}/"
                if record.pmcid
                else "",
                pubmed=f"https://pubmed.ncbi.nlm.nih.gov/{record.pmid}/" if record.pmid else "",
            )
        )
    return rows
