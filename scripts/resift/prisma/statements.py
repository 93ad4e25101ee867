"""The items of PRISMA-S and PRISMA 2020 in the statements' own words, and those of PRISMA-LSR in short.

PRISMA-S: Rethlefsen et al., Syst Rev 2021;10:39, table 1. PRISMA 2020: Page et al., BMJ 2021;372:n71.
Both are CC BY 4.0; the tests compare the texts with a stored copy. PRISMA-LSR: Akl et al., BMJ
2024;387:e079183, an addition to PRISMA 2020 for living reviews.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of a checklist."""

    number: str
    section: str
    name: str
    text: str


def declares_none(text: str) -> bool:
    """Whether a person's words on an item say that there is nothing: `none`, or YAML's no and false."""
    return text.lower() in ("none", "no", "false")


_SOURCES = "Information sources and methods"
_STRATEGIES = "Search strategies"
PRISMA_S = tuple(
    Item(number=number, section=section, name=name, text=text)
    for number, section, name, text in (
        (
            "1",
            _SOURCES,
            "Database name",
            "Name each individual database searched, stating the platform for each.",
        ),
        (
            "2",
            _SOURCES,
            "Multi-database searching",
            "If databases were searched simultaneously on a single platform, state the name of the platform, "
            "listing all of the databases searched.",
        ),
        ("3", _SOURCES, "Study registries", "List any study registries searched."),
        (
            "4",
            _SOURCES,
            "Online resources and browsing",
            "Describe any online or print source purposefully searched or browsed (e.g., tables of contents, "
            "print conference proceedings, web sites), and how this was done.",
        ),
        (
            "5",
            _SOURCES,
            "Citation searching",
            "Indicate whether cited references or citing references were examined, and describe any methods "
            "used for locating cited/citing references (e.g., browsing reference lists, using a citation "
            "index, setting up email alerts for references citing included studies).",
        ),
        (
            "6",
            _SOURCES,
            "Contacts",
            "Indicate whether additional studies or data were sought by contacting authors, experts, "
            "manufacturers, or others.",
        ),
        (
            "7",
            _SOURCES,
            "Other methods",
            "Describe any additional information sources or search methods used.",
        ),
        (
            "8",
            _STRATEGIES,
            "Full search strategies",
            "Include the search strategies for each database and information source, copied and pasted "
            "exactly as run.",
        ),
        (
            "9",
            _STRATEGIES,
            "Limits and restrictions",
            "Specify that no limits were used, or describe any limits or restrictions applied to a search "
            "(e.g., date or time period, language, study design) and provide justification for their use.",
        ),
        (
            "10",
            _STRATEGIES,
            "Search filters",
            "Indicate whether published search filters were used (as originally designed or modified), and "
            "if so, cite the filter(s) used.",
        ),
        (
            "11",
            _STRATEGIES,
            "Prior work",
            "Indicate when search strategies from other literature reviews were adapted or reused for a "
            "substantive part or all of the search, citing the previous review(s).",
        ),
        (
            "12",
            _STRATEGIES,
            "Updates",
            "Report the methods used to update the search(es) (e.g., rerunning searches, email alerts).",
        ),
        (
            "13",
            _STRATEGIES,
            "Dates of searches",
            "For each search strategy, provide the date when the last search occurred.",
        ),
        ("14", "Peer review", "Peer review", "Describe any search peer review process."),
        (
            "15",
            "Managing records",
            "Total Records",
            "Document the total number of records identified from each database and other information "
            "sources.",
        ),
        (
            "16",
            "Managing records",
            "Deduplication",
            "Describe the processes and any software used to deduplicate records from multiple database "
            "searches and other information sources.",
        ),
    )
)

PRISMA_2020 = tuple(
    Item(number=number, section=section, name=name, text=text)
    for number, section, name, text in (
        (
            "5",
            "Methods",
            "Eligibility criteria",
            "Specify the inclusion and exclusion criteria for the review and how studies were grouped for "
            "the syntheses.",
        ),
        (
            "6",
            "Methods",
            "Information sources",
            "Specify all databases, registers, websites, organisations, reference lists and other sources "
            "searched or consulted to identify studies. Specify the date when each source was last searched "
            "or consulted.",
        ),
        (
            "7",
            "Methods",
            "Search strategy",
            "Present the full search strategies for all databases, registers and websites, including any "
            "filters and limits used.",
        ),
        (
            "8",
            "Methods",
            "Selection process",
            "Specify the methods used to decide whether a study met the inclusion criteria of the review, "
            "including how many reviewers screened each record and each report retrieved, whether they "
            "worked independently, and if applicable, details of automation tools used in the process.",
        ),
        (
            "16a",
            "Results",
            "Study selection",
            "Describe the results of the search and selection process, from the number of records identified "
            "in the search to the number of studies included in the review, ideally using a flow diagram.",
        ),
        (
            "16b",
            "Results",
            "Study selection",
            "Cite studies that might appear to meet the inclusion criteria, but which were excluded, and "
            "explain why they were excluded.",
        ),
        (
            "27",
            "Other information",
            "Availability of data, code and other materials",
            "Report which of the following are publicly available and where they can be found: template data "
            "collection forms; data extracted from included studies; data used for all analyses; analytic "
            "code; any other materials used in the review.",
        ),
    )
)

# The four items of PRISMA-LSR by their number, and what it adds to items of PRISMA 2020 by a word.
PRISMA_LSR = tuple(
    Item(number=number, section=section, name=name, text=text)
    for number, section, name, text in (
        ("version", "Title", "Version number", "Which version of the living review this is."),
        ("preceding", "Introduction", "Preceding version", "Which version came before it, cited."),
        ("trigger", "Results", "Trigger of this version", "What gave rise to this version."),
        (
            "L1",
            "Methods",
            "Living mode parameters",
            "When each source is searched, when the other steps follow, and when the living mode ends; or "
            "that no end is planned.",
        ),
        (
            "L2",
            "Methods",
            "Changes to the methods",
            "What was changed in the methods since the preceding version, and why.",
        ),
        (
            "L3",
            "Results",
            "Changes to the results",
            "What was changed in the results since the preceding version.",
        ),
        (
            "L4",
            "Other information",
            "Authors and their roles",
            "Who did what for this version, and how that differs from the preceding one.",
        ),
    )
)
