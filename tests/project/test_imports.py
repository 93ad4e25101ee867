"""Files of other databases: each record's id is its own, and none looks like one that resift found itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from resift.errors import ConfigError
from resift.formats.entry import told_apart
from resift.project.imports import check_imports, source_of
from resift.records import Record


def test_a_name_in_another_script_is_a_name_too() -> None:
    assert [source_of(name) for name in ("Web of Science", "万方", "КиберЛенинка")] == [
        "web-of-science", "wanfang", "kiberleninka"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([{"database": "PubMed"}], r"imports\.0\.database': records named 'pubmed'.*'PubMed \(exported\)'"),
        (
            [{"database": "Web of Science"}, {"database": "Web-of-Science"}],
            "Web-of-Science and of Web of Science",
        ),
        ([{"database": "CENTRAL"}, {"database": "CENTRAL", "register": True}], "a register in one file"),
    ],
)
def test_databases_whose_records_would_be_taken_for_others_are_refused(
    entries: list[dict[str, Any]], said: str
) -> None:
    with pytest.raises(ConfigError, match=said):
        check_imports(entries, "protocol.yaml")


def test_two_files_of_one_database_may_hold_the_same_record() -> None:
    check_imports([{"database": "Embase"}, {"database": "Embase"}], "protocol.yaml")
    one = Record(record="embase:L1", source="embase", element_sha256="a" * 64)
    other = replace(one, element_sha256="b" * 64)
    assert [r.record for r in told_apart([one, replace(one, record="embase:L2"), one])] == [
        "embase:L1", "embase:L2", "embase:L1.2"
    ]  # fmt: skip
    assert [r.record for r in told_apart([one, other])] == [f"embase:L1-{'a' * 12}", f"embase:L1-{'b' * 12}"]
