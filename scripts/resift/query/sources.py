"""Which columns of a table each field searches.

PubMed User Guide, "Title/Abstract [tiab]", "Text Words [tw]", "All Fields [all]" and the field of each tag.
"""

from __future__ import annotations

from resift.query import fields as f
from resift.query.fields import Field

# Text columns first, then lists whose values are searched as text.
TEXT: dict[Field, tuple[tuple[str, ...], tuple[str, ...]]] = {
    f.TITLE: (("title",), ()),
    f.TITLE_ABSTRACT: (("title", "abstract"), ("keywords",)),
    f.OTHER_TERM: ((), ("keywords",)),
    f.TRANSLITERATED_TITLE: (("vernacular",), ()),
    f.AFFILIATION: (("affiliation",), ()),
    f.CORPORATE_AUTHOR: ((), ("collective",)),
    f.TEXT_WORD: (
        ("title", "abstract"),
        ("keywords", "mesh", "publication_types", "substances", "supplementary", "collective", "registries"),
    ),
    f.ALL: (
        ("title", "abstract", "affiliation"),
        (
            "keywords", "mesh", "publication_types", "substances", "supplementary", "collective",
            "registries", "authors", "journal", "registry_numbers", "identifiers", "grants", "volume",
            "issue", "pages",
        ),
    ),
}  # fmt: skip
# Lists whose values are compared whole.
WHOLE: dict[Field, tuple[str, ...]] = {
    f.JOURNAL: ("journal",),
    f.SUPPLEMENTARY_CONCEPT: ("substances", "supplementary"),
    f.REGISTRY_NUMBER: ("registry_numbers",),
    f.VOLUME: ("volume",),
    f.ISSUE: ("issue",),
    f.PAGES: ("pages",),
    f.GRANT: ("grants",),
    f.SECONDARY_SOURCE: ("registries",),
    f.ARTICLE_IDENTIFIER: ("identifiers",),
    f.LOCATION: ("identifiers", "pages"),
}
DATES: dict[Field, tuple[str, ...]] = {
    f.PUBLICATION_DATE: ("print_date", "electronic_date"),
    f.PRINT_DATE: ("print_date",),
    f.ELECTRONIC_DATE: ("electronic_date",),
    f.ENTRY_DATE: ("entrez_date",),
    f.CREATE_DATE: ("entered",),
    f.MESH_DATE: ("mesh_date",),
    f.MODIFICATION_DATE: ("revised",),
}
