"""einfo: the database, its build, its fields."""

from __future__ import annotations

import re

from lxml import etree

from resift.frozen.pubmed import FrozenPubMed
from resift.safe_xml import xml_parser

from .conftest import BODIES, ask, needs_bodies, shape


@needs_bodies
def test_fields_are_named_as_einfo_names_them(frozen: FrozenPubMed) -> None:
    def names(body: bytes) -> set[tuple[str | None, str | None]]:
        root = etree.fromstring(body, xml_parser())
        return {(e.findtext("Name"), e.findtext("FullName")) for e in root.iter("Field")}

    recorded = names((BODIES / "biopython/einfo2.xml").read_bytes())
    ours = names(ask(frozen, "einfo", db="pubmed").body)
    assert len(recorded & ours) >= 30
    assert shape(ask(frozen, "einfo").body) == re.sub(
        "(<DbName></DbName>)+", "<DbName></DbName>", shape((BODIES / "biopython/einfo1.xml").read_bytes())
    )


def test_the_build_names_the_content_of_the_archive(frozen: FrozenPubMed, real: FrozenPubMed) -> None:
    assert frozen.build != real.build
    assert frozen.build == f"Build-frozen-{frozen._archive.identity[:16]}"
