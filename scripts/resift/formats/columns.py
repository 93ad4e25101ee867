"""What the headings of people's tables mean: those of each platform, and how a heading line is found.

A table says what its columns hold only by its headings, so those that each platform writes are listed
here. A table may begin with something else (Embase.com's query, Dimensions' note on the data, Excel's
`sep=;`): the heading line is the one with the most headings that are known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from resift.text.fold import fold

# Column of the record (or of `Found`) -> the headings that mean it, in order of trust; compared folded
# (lower case, words only). The two-letter ones are the field tags of Web of Science and Ovid.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "pmid": (
        "PMID", "PubMed ID", "Medline PMID", "PM", "PubMedID", "pubmed_id", "PubMed PMID",
        "PubMed Identifier",
        "ids.pmid", "PubMed", "PubMed PMID (PMID)",
    ),
    "doi": (
        "DOI", "DOI Link", "DI", "DOI URL", "DOI Number", "DOI name", "Item DOI", "digitalObjectIdentifier",
        "Digital Object Identifier", "doi_url", "DO",
    ),
    "pmcid": ("PMCID", "PMC ID", "pmc_id", "PubMed Central ID", "ids.pmcid"),
    "title": (
        "Title", "Article Title", "Document Title", "Primary Title", "Title Primary", "TI", "Item Title",
        "Study Title", "Public Title", "Scientific Title", "Display Name", "Paper Title", "Publication Name",
        "Reference Title", "Title of article", "Title English", "Work Title",
    ),
    "vernacular_title": ("Original Title", "Original non-English title", "Vernacular Title",
    "Translated Title"),
    "abstract": (
        "Abstract", "Abstract Note", "AB", "Abstracts", "Brief Summary", "Abstract Text", "Summary",
        "Original Abstract",
    ),
    "authors": (
        "Authors", "Author Names", "Author(s)", "Author/s", "Author", "AU", "Author full names", "AF",
        "AuthorString", "Contributors", "Authors, Primary", "Authors Primary", "Author Name",
        "Primary Authors",
        "authorships.author.display_name", "Creator", "Creators", "Authors (Raw)",
    ),
    "editors": ("Editors", "Editor"),
    "collective_authors": ("Collective Authors", "Group Authors", "CA", "Corporate Author",
    "Corporate Authors"),
    "journal": (
        "Journal/Book", "Source title", "Publication Title", "Journal", "Journal Title", "Full Journal Title",
        "Periodical Full", "Periodical", "pubtitle", "Secondary Title", "Title Secondary", "Parent Title",
        "primary_location.source.display_name", "Journal Name", "JN", "SO", "Publication", "Source", "Venue",
        "Journal/Source", "Anthology title", "Conference name",
    ),
    "journal_abbreviation": (
        "Abbreviated Source Title", "Journal Abbreviation", "Journal Abbrev", "JI", "J9", "Periodical Abbrev",
        "Journal ISO Abbreviation", "JA",
    ),
    "issn": ("ISSN", "ISSNs", "SN", "ISSN Print", "ISSN/ISBN", "Print ISSN", "IS (ISSN)", "eISSN", "EI"),
    "year": (
        "Publication Year", "Year", "PY", "Published Year", "Year Published", "PubYear", "Pub Year", "YR",
        "Year of Publication", "publication_year", "Date", "Date of Publication", "Publication Date",
        "pubdate",
        "publicationDate", "Date Published", "Date registration", "Start Date", "First Posted", "DP",
    ),
    "date": (
        "Publication Date (print)", "Date Published", "Publication Date", "Date of Publication", "Print Date",
        "Date", "pubdate", "publicationDate", "PD",
    ),
    "volume": ("Volume", "VL", "Journal Volume", "Volume Number", "biblio.volume", "VO", "Vol", "VI"),
    "issue": (
        "Issue", "IS", "Number", "Issue Number", "Journal Issue", "biblio.issue", "IP", "No", "Issue/No",
    ),
    "pages": ("Pages", "Page Range", "Page(s)", "Pagination", "PG", "Page", "Page numbers"),
    "first_page": (
        "Page start", "First Page", "Start Page", "BP", "StartPage", "pageStart", "biblio.first_page", "SP",
        "Starting Page",
    ),
    "last_page": (
        "Page end", "Last Page", "End Page", "EP", "EndPage", "pageEnd", "biblio.last_page", "Other Pages",
        "Ending Page",
    ),
    "article_number": ("Art. No.", "Article Number", "AR", "Article No", "eLocator",
    "Electronic Location ID"),
    "languages": (
        "Language of Original Document", "Language", "Article Language", "LA", "Languages", "LG",
        "Language of Publication", "Publication Language",
    ),
    "publication_types": (
        "Document Type", "Publication Type", "DT", "PT", "Publication Types", "pubTypes", "docTypes",
        "Doctype",
        "documentType", "ArticleType", "Study Type", "Reference Type",
    ),
    "keywords": (
        "Author Keywords", "Keywords", "Keyword(s)", "Manual Tags", "DE", "Index Keywords", "Descriptor(s)",
        "Subjects", "subjectTerms", "Conditions", "Subject Terms", "KW", "Descriptors", "IEEE Terms",
        "Emtree Drug Index Terms (Major Focus)", "Emtree Medical Index Terms (Major Focus)",
        "Emtree Drug Index Terms", "Emtree Medical Index Terms",
    ),
    "mesh": ("MeSH Terms", "MeSH", "MH", "MeSH Headings"),
    "affiliations": ("Affiliations", "Author Addresses", "Author Affiliations", "Author Affiliation"),
    "type": ("Item Type", "Type"),
    "registries": ("NCT Number", "NCT ID", "TrialID", "Trial ID", "Clinical Trial Numbers", "CTgov ID"),
    "accession": (
        "Embase Accession ID", "PUI", "EID", "UT (Unique WOS ID)", "UT (Unique ID)", "UT", "Accession Number",
        "Cochrane ID", "Cochrane Review ID", "CENTRAL ID", "ID Number", "AN", "UI", "Unique Identifier",
        "Lens ID",
        "NCT Number", "NCT ID", "TrialID", "Trial ID", "Publication ID", "StoreId", "AccessionNumber", "Key",
    ),
    "database": ("Database Name", "Database", "DB", "longDBName", "Library Catalog", "Databases"),
    "links": ("PubMed Link", "URL", "Url", "Link", "Links", "ArticleURL", "plink", "Source URLs",
    "External URL"),
    "citation": ("Citation",),
    "extra": ("Extra",),
}  # fmt: skip
FOLDED: Mapping[str, tuple[str, ...]] = {
    name: tuple(dict.fromkeys(fold(heading) for heading in known)) for name, known in HEADINGS.items()
}
_KNOWN = frozenset(heading for known in FOLDED.values() for heading in known) | {
    "record", "source", "record id", "included", "first author", "create date", "nihms id",
}  # fmt: skip
_LOOKED_AT = 60  # lines in which a heading line is looked for


def known_headings(cells: Sequence[str]) -> int:
    """How many different cells of a row are headings that some platform writes."""
    if max(map(len, cells), default=0) > 80:
        return 0
    return len({name for cell in cells if (name := fold(cell)) in _KNOWN})


def find_heading(lines: Sequence[str], named: Sequence[str] = ()) -> tuple[int, str]:
    """(place, separator) of the heading line: the first of those with most known headings, or -1.

    `named` are headings that a map of columns names; a line that holds one counts as known. One column
    alone is a heading line only in the first line that has text.
    """
    wanted = {fold(name) for name in named}
    best, place, separator = 0, -1, ","
    for at, line in enumerate(lines[:_LOOKED_AT]):
        for sign in ("\t", ",", ";", "|"):
            cells = [cell.strip().strip('"').strip() for cell in line.split(sign)]
            if len(cells) < 2 and at > 2:
                continue
            score = known_headings(cells) + 10 * sum(fold(cell) in wanted for cell in cells)
            if score > best:
                best, place, separator = score, at, sign
    return place, separator
