# ruff: noqa: E501  (samples keep their lines as exporters write them)
"""Records and files that the tests of formats share. Written by us; no real abstracts."""

from __future__ import annotations

from dataclasses import replace

from tests.support.exports import to_text

from resift.formats.export import Exported
from resift.records import Record

RECORDS = (
    Record(
        record="pubmed:20049617",
        source="pubmed",
        pmid="20049617",
        doi="10.1245/s10434-009-0857-4",
        pmcid="PMC2843600",
        title="Treatment of müllerian & [other] tumours: 50% of {cases} -- a_b^c ~ \\alpha",
        abstract='BACKGROUND: Little "is" known.\nRESULTS: p < 0.05; 10 µg/l.',
        authors=("Franko J", "de Jong M", "King ML Jr", "Pogorelov IaD", "O'Grady HL", "Madonna"),
        collective_authors=("North Sea Study Group",),
        journal="Annals of surgical oncology",
        journal_abbreviation="Ann Surg Oncol",
        issn="1068-9265",
        year=2010,
        print_date="2010-03",
        electronic_date="2010-01-05",
        volume="17",
        issue="3",
        pages="514-23",
        languages=("eng",),
        publication_types=("Journal Article", "Review"),
        mesh=("Liver Neoplasms/drug therapy", "Liver Neoplasms/secondary*", "Octreotide*/therapeutic use", "Humans"),
        keywords=("PRRT; lutetium", "pancreas"),
        entered="2010-01-06",
        entrez_date="2010-01-06",
        mesh_date="2010-05-22",
        status="MEDLINE",
    ),
    Record(
        record="pubmed:411126",
        source="pubmed",
        pmid="411126",
        doi="10.1002/1097-4679(197901)35:1<74::aid-jclp2270350108>3.0.co;2-8",
        title="[=Une étude sur l'insulinome].",
        vernacular_title="Une étude sur l'insulinome.",
        authors=("Élise ÉM", "Kvols LK"),
        journal="Revue",
        journal_abbreviation="Revue",
        year=1977,
        print_date="1977-09-19",
        volume="285",
        pages="1123-6, 1130",
        languages=("fre",),
    ),
    Record(
        record="embase:L2001234567",
        source="embase",
        title="-5 °C: a cold title",
        authors=("Li XY",),
        journal="Cold journal",
        year=2012,
        pages="e123",
        languages=("eng",),
    ),
)  # fmt: skip

NOTES = {"state": "excluded", "reason": '=not English, "quoted"', "title": "kept apart"}
ITEMS = tuple(Exported(record, NOTES) for record in RECORDS)
PLAIN = tuple(
    Exported(replace(record, record=f"pubmed:{pmid}", source="pubmed", pmid=pmid))
    for record, pmid in zip(RECORDS, ("20049617", "411126", "22000001"), strict=True)
)


def endnote_xml(records: tuple[Record, ...] = RECORDS) -> str:
    """The records as EndNote writes them: each run of text in a `style` element."""
    from xml.sax.saxutils import escape

    def styled(name: str, text: str) -> str:
        return f'<{name}><style face="normal" size="100%">{escape(text)}</style></{name}>' if text else ""

    parts = ['<?xml version="1.0" encoding="UTF-8" ?><xml><records>\n']
    for n, r in enumerate(records, start=1):
        people = "".join(styled("author", ", ".join(a.rsplit(" ", 1))) for a in r.authors)
        groups = "".join(styled("author", f"{g},") for g in r.collective_authors)
        parts.append(
            f'<record><database name="My.enl">My.enl</database><rec-number>{n}</rec-number>'
            f'<ref-type name="Journal Article">17</ref-type><contributors><authors>{people}{groups}</authors>'
            f"</contributors><titles>{styled('title', r.title)}{styled('secondary-title', r.journal)}</titles>"
            f"<periodical>{styled('full-title', r.journal)}{styled('abbr-1', r.journal_abbreviation)}</periodical>"
            f"{styled('pages', r.pages)}{styled('volume', r.volume)}{styled('number', r.issue)}"
            f"<dates>{styled('year', str(r.year or ''))}</dates>{styled('accession-num', r.pmid)}"
            f"{styled('abstract', r.abstract)}{styled('electronic-resource-num', r.doi)}"
            f"{styled('remote-database-provider', 'NLM' if r.pmid else '')}{styled('language', 'eng')}</record>\n"
        )
    return "".join(parts) + "</records></xml>\n"


# The text of three records in each format that is read, by the ending of its files.
TEXTS = {
    **{form: to_text(form, PLAIN) for form in ("ris", "nbib", "csv", "bib")},
    "xml": endnote_xml(tuple(item.record for item in PLAIN)),
}
