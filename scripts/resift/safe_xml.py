"""How XML from elsewhere is parsed, whoever reads it: no entity, DTD or address is ever followed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from lxml import etree


def xml_parser(
    *,
    huge_tree: bool = False,
    remove_comments: bool = False,
    remove_pis: bool = False,
    collect_ids: bool = True,
) -> etree.XMLParser:
    """A parser with lxml's options; without `huge_tree` libxml2 bounds depth and the size of a text."""
    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        dtd_validation=False,
        huge_tree=huge_tree,
        remove_comments=remove_comments,
        remove_pis=remove_pis,
        collect_ids=collect_ids,
    )


def iter_elements(source: IO[bytes], tag: str) -> Iterator[etree._Element]:
    """The elements of that name as they end: a large file need not be held. Raises `XMLSyntaxError`."""
    for _, element in etree.iterparse(
        source, tag=tag, resolve_entities=False, load_dtd=False, no_network=True
    ):
        yield element
