"""The JSON documents of a run are read as they were written; a box has words where it has no number."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.rows import rows_of

from resift.documents import FlowBox, FlowDocument, sha256_of_ids
from resift.errors import RunError
from resift.files import sha256_text
from resift.rows import document_of, document_text, plain
from resift.tables import RUN_FILES, JsonFile
from resift.vocabulary import Box, Column, Counted, FullText, Unit

DOCUMENTS = [file for file in RUN_FILES if isinstance(file, JsonFile)]


def box(which: Box, n: int | None, *, status: Counted = Counted.COUNTED) -> FlowBox:
    return FlowBox(
        box=which,
        lane=Column.DATABASES,
        wording="Records screened",
        unit=Unit.RECORD,
        status=status,
        n=n,
        sha256=None,
        records=(),
    )


def flow(*boxes: FlowBox) -> FlowDocument:
    return FlowDocument(
        primary="concepts",
        full_text=FullText.NOT_UNDERTAKEN,
        automation_role="screener",
        boxes=boxes,
        by_strategy={},
        identities=(),
        footnotes=(),
    )


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.pattern)
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_declared_document_is_read_as_it_was_written(
    file: JsonFile[object], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    document = data.draw(rows_of(file.kind))
    path = tmp_path_factory.getbasetemp() / "document.json"
    file.write(path, document)
    assert file.read(path) == document
    assert document_text(file.read(path)) == path.read_text(encoding="utf-8")


def test_a_box_without_a_number_says_why_and_counts_nothing() -> None:
    held = flow(box(Box.SCREENED, 1234), box(Box.SOUGHT, None, status=Counted.NOT_UNDERTAKEN))
    assert [one.shown for one in held.boxes] == ["n = 1,234", "not undertaken"]
    assert held.number(Box.SOUGHT) is None and held.n(Box.SOUGHT) == 0
    assert held.number(Box.SCREENED) == 1234
    assert held.number(Box.SCREENED, Column.OTHER) is None


def test_another_word_for_a_box_is_refused_by_its_key() -> None:
    data = plain(flow(box(Box.SCREENED, 1)))
    data["boxes"][0]["box"] = "I_s"
    with pytest.raises(RunError, match=r"flow\.json, key boxes\.0\.box"):
        document_of(FlowDocument, data, where="flow.json")


def test_a_flow_of_an_earlier_layout_is_read_with_defaults() -> None:
    data = plain(flow(box(Box.SCREENED, 1)))
    for added_later in ("counts", "sources", "reference_lists", "rules_only", "other_methods"):
        del data[added_later]
    held = document_of(FlowDocument, data, where="flow.json")
    assert held.counts is None and held.reference_lists.seeds == 0
    assert held == flow(box(Box.SCREENED, 1))


def test_the_hash_of_a_set_does_not_depend_on_its_order() -> None:
    ids = ["pubmed:10", "pubmed:9", "doi:10.1/a"]
    assert sha256_of_ids(ids) == sha256_of_ids(reversed(ids))
    assert sha256_of_ids(ids) == sha256_text("doi:10.1/a\npubmed:9\npubmed:10")
    assert sha256_of_ids([]) == sha256_text("")
