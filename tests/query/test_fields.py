"""Every tag in its short and long forms."""

from __future__ import annotations

from typing import Any

import pytest
from tests.query.test_syntax import root

from resift.query import fields as f
from resift.query.fields import BY_NAME, FIELDS, Kind
from resift.query.nodes import Leaf


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.tag)
def test_every_field_is_read_by_all_of_its_names(field: f.Field) -> None:
    value = "2012" if field.kind is Kind.DATE else "1"
    for name in field.names:
        leaf = root(f"{value}[{name.upper()}]")
        assert isinstance(leaf, Leaf)
        assert leaf.field is field


def test_no_name_belongs_to_two_fields() -> None:
    assert len(BY_NAME) == sum(len(set(field.names)) for field in FIELDS)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("MeSH Terms", f.MESH_TERMS),
        ("Date - Publication", f.PUBLICATION_DATE),
        ("Date - Entry", f.ENTRY_DATE),
        ("All Fields", f.ALL),
        ("Title/Abstract", f.TITLE_ABSTRACT),
        ("MeSH Subheading", f.SUBHEADING),
        ("Publication Type", f.PUBLICATION_TYPE),
        ("Supplementary Concept", f.SUPPLEMENTARY_CONCEPT),
        ("UID", f.PMID),
    ],
)
def test_tags_as_a_query_translation_prints_them(name: str, field: f.Field) -> None:
    leaf = root(f'"1990"[{name}]' if field.kind is not Kind.NUMBER else f"1[{name}]")
    assert isinstance(leaf, Leaf)
    assert leaf.field is field


def test_every_searchable_field_that_einfo_lists_has_a_tag(shared: Any) -> None:
    from lxml import etree

    tree = etree.parse(shared / "eutils" / "biopython" / "einfo2.xml")
    listed = [
        (node.findtext("Name"), node.findtext("FullName")) for node in tree.iterfind(".//FieldList/Field")
    ]
    assert len(listed) > 40
    missing = [pair for pair in listed if not {str(part).lower() for part in pair} <= set(BY_NAME)]
    assert missing == []
