"""Reading MeSH trees in both of NLM's forms."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from resift.errors import FormatError
from resift.query.evaluate import evaluate
from resift.query.mesh import MeshTree, qualifier_family
from resift.query.syntax import parse

from .conftest import a_record, table_of

DESCRIPTORS = """<?xml version="1.0"?>
<!DOCTYPE DescriptorRecordSet SYSTEM "https://www.nlm.nih.gov/databases/dtd/nlmdescriptorrecordset_20250101.dtd">
<DescriptorRecordSet LanguageCode="eng">
<DescriptorRecord><DescriptorName><String>Heart Diseases</String></DescriptorName>
<TreeNumberList><TreeNumber>C14.280</TreeNumber></TreeNumberList></DescriptorRecord>
<DescriptorRecord><DescriptorName><String>Myocardial Infarction</String></DescriptorName>
<TreeNumberList><TreeNumber>C14.280.647.500</TreeNumber><TreeNumber>C23.550</TreeNumber></TreeNumberList>
<ConceptList><Concept><TermList><Term><String>Myocardial Infarction</String></Term>
<Term><String>Heart Attack</String></Term></TermList></Concept></ConceptList></DescriptorRecord>
</DescriptorRecordSet>"""


def test_both_forms_and_gzip_give_the_same_tree(tmp_path: Path) -> None:
    (tmp_path / "mtrees2025.bin").write_text(
        "Heart Diseases;C14.280\nMyocardial Infarction;C14.280.647.500\nMyocardial Infarction;C23.550\n"
    )
    (tmp_path / "desc2025.xml.gz").write_bytes(gzip.compress(DESCRIPTORS.encode()))
    tree, descriptors = (
        MeshTree.load(tmp_path / "mtrees2025.bin"),
        MeshTree.load(tmp_path / "desc2025.xml.gz"),
    )
    assert tree.year == descriptors.year == 2025
    assert tree.positions == descriptors.positions
    assert tree.explode("Heart Diseases") == {"heart diseases", "myocardial infarction"}
    assert len(tree.sha256) == 64


def test_entry_terms_stand_for_their_heading(tmp_path: Path) -> None:
    (tmp_path / "desc2025.xml").write_text(DESCRIPTORS)
    mesh = MeshTree.load(tmp_path / "desc2025.xml")
    record = a_record(mesh=("Myocardial Infarction*",))
    for query in ('"heart attack"[mh]', '"Heart Diseases"[mh]', "heart attack"):
        assert evaluate(parse(query), table_of(record), mesh=mesh).yes[0]


def test_subheadings_explode_by_family() -> None:
    assert "transplantation" in qualifier_family("surgery")
    assert "transplantation" in qualifier_family("therapy")
    assert qualifier_family("therapy", explode=False) == {"therapy"}
    assert {"epidemiology", "mortality"} <= qualifier_family("statistics and numerical data")
    assert {"administration and dosage", "adverse effects", "poisoning"} <= qualifier_family(
        "therapeutic use"
    )


@pytest.mark.parametrize("content", [b"", b"no tree here\n", b"<a><b></a>", b"<a/>", b"\x1f\x8bbroken"])
def test_a_wrong_file_is_one_clear_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mtrees2025.bin"
    path.write_bytes(content)
    with pytest.raises(FormatError) as caught:
        MeshTree.load(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_entities_are_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("Secret")
    path = tmp_path / "desc2025.xml"
    path.write_text(
        f'<!DOCTYPE d [<!ENTITY e SYSTEM "file://{secret}">]><d><DescriptorRecord><DescriptorName>'
        "<String>A&e;</String></DescriptorName></DescriptorRecord></d>"
    )
    assert "secret" not in "".join(MeshTree.load(path).positions)
