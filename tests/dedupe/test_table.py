"""The table of groups as rows."""

from __future__ import annotations

import pandas as pd

from dedupe.pairs import paper
from resift.dedupe import deduplicate
from resift.dedupe.table import group_rows, write_groups


def test_table_is_written_with_true_and_false(tmp_path) -> None:  # type: ignore[no-untyped-def]
    groups = pd.DataFrame(
        {
            "record": ["a", "b"],
            "group": ["a", "a"],
            "kept": [True, False],
            "relation": ["", "duplicate"],
            "related": ["", "a"],
            "rule": ["", "same PMID"],
            "score": [None, 0.9],
            "evidence": ["", "same PMID"],
        }
    )
    write_groups(groups, tmp_path / "new" / "groups.csv")
    lines = (tmp_path / "new" / "groups.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1:] == ["a,a,true,,,,,", "b,a,false,duplicate,a,same PMID,0.9000,same PMID"]


def test_an_id_with_a_semicolon_is_one_id() -> None:
    """Accession numbers are the databases' own; some hold a semicolon."""
    ids = ("cabi:1;2011", "cabi:2;2011")
    rows = group_rows(deduplicate(pd.DataFrame([{"record": name, **paper()} for name in ids]).fillna("")))
    assert [row.related for row in rows if not row.kept] == [(ids[0],)]
