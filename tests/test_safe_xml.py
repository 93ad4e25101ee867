"""No entity, DTD or address of a document is followed, and nobody parses XML in another way."""

from __future__ import annotations

import ast
import io
from pathlib import Path

import pytest
from lxml import etree

from resift.safe_xml import iter_elements, xml_parser

LIBRARY = Path(__file__).resolve().parents[1] / "scripts" / "resift"


@pytest.mark.parametrize("system", ["{file}", "http://127.0.0.1:9/never.dtd"])
def test_an_entity_from_elsewhere_stays_a_reference(tmp_path: Path, system: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    entity = system.format(file=secret.as_uri())
    text = f'<!DOCTYPE a [<!ENTITY e SYSTEM "{entity}">]><a><b>&e;</b></a>'.encode()
    for root in (etree.fromstring(text, xml_parser()), *iter_elements(io.BytesIO(text), "a")):
        assert "secret" not in "".join(root.itertext(etree.Element, "b"))
        assert root[0].text is None


def test_xml_is_parsed_in_this_one_way() -> None:
    for path in sorted(LIBRARY.rglob("*.py")):
        if path.name == "safe_xml.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            place = f"{path.relative_to(LIBRARY)}, line {node.lineno}"
            assert node.func.attr not in ("XMLParser", "iterparse", "XMLPullParser"), place
            whose = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
            if whose == "etree" and node.func.attr in ("fromstring", "parse", "XML"):
                assert len(node.args) > 1 or node.keywords, place
