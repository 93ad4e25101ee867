"""The smallest change of a term that would find a record."""

from __future__ import annotations

from typing import Any

import pytest
from tests.query.test_evidence import explained

from resift.query import evidence
from resift.query.evidence import Answer, explain
from resift.query.syntax import parse

from .conftest import a_record, table_of


def test_near_forms_are_tried_of_so_many_terms_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST", 3)
    record = a_record(title="tumour", abstract="children")
    for terms, said in (
        ("a1 b1 c1 tumor", "no near form of its first 3 terms"),
        ("a1 tumor", "with tumour[ti]"),
    ):
        query = parse(" OR ".join(f"{term}[ti]" for term in terms.split()))
        assert said in explain(query, table_of(record), 0, record).nearest_fix


@pytest.mark.parametrize(
    ("query", "fields", "fix"),
    [
        ("liver[ti] AND tumor[tiab]", {"title": "Liver", "abstract": "tumours"}, "tumour*[tiab]"),
        ("liver[ti] AND tumor[tiab]", {"title": "Liver", "abstract": "tumour"}, "tumour[tiab]"),
        ("liver[ti] AND tumor[tiab]", {"title": "Liver", "abstract": "tumourlets"}, "tumour*[tiab]"),
        ("liver[ti] AND metastasis[tiab]", {"title": "Liver", "abstract": "metastases"}, "metastases[tiab]"),
        ("liver[ti] AND pain[ti]", {"title": "Liver", "abstract": "pain"}, "pain[tiab]"),
        (
            'liver[ti] AND "hip pain"[tiab]',
            {"title": "Liver", "abstract": "pain in the hip"},
            '"hip pain"[tiab:~2]',
        ),
        ("liver[ti] AND asthma[mh]", {"title": "Liver", "abstract": "asthma"}, "asthma[tiab]"),
        ("liver[ti] AND asthma[majr]", {"title": "Liver", "mesh": ("Asthma", "Cough*")}, '"asthma"[mh]'),
        (
            "liver[ti] AND pancreatic[tiab]",
            {"title": "Liver", "abstract": "gastroenteropancreatic"},
            "gastroenteropancreatic[tiab]",
        ),
    ],
)
def test_the_nearest_fix_is_the_smallest_change(query: str, fields: dict[str, Any], fix: str) -> None:
    found = explained(query, **fields)
    assert found.nearest_fix == f"1 of 2 blocks match; block 2 would match with {fix}"
    fixed = explained(f"liver[ti] AND {fix}", **fields)
    assert fixed.answer is Answer.YES
