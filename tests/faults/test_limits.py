"""docs/limits.md says what the code holds, and beyond each limit a person reads one line."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
TABLE = (TESTS.parent / "docs" / "limits.md").read_text(encoding="utf-8").partition("## Limits\n")[2]
ROW = re.compile(
    r"^\| (?P<what>[^|]+) \| (?P<limit>[\d,]+)(?: (?P<unit>\S+))? \| `(?P<name>[\w.]+)` \|", re.M
)
ROWS = {match["name"]: match for match in ROW.finditer(TABLE)}
UNITS = {"MB": 1 << 20, "kB": 1 << 10, None: 1, "s": 1, "bytes": 1, "characters": 1}
HOSTILE = "faults/test_hostile_input.py"
QUERIES = "query/test_hostile.py"
SERVE = "frozen/test_serve.py"
FAULTS = "faults/test_transport_faults.py"
TRANSPORT = "pubmed/test_transport.py"
# Limit -> the test that goes beyond it: its file, its name.
BEYOND = {
    "runs.lock.ORPHAN_PATIENCE": ("runs/test_lock.py", "a_step_that_goes_on_is_waited_for_and_named"),
    "runs.lock.STUCK_AFTER": ("runs/test_lock.py", "a_stuck_snakemake_of_a_killed_call_is_ended"),
    "formats.bibtex._MOST_NESTED": (HOSTILE, "deep_braces_are_left_out"),
    "formats.citations.tokens._MOST": (HOSTILE, "a_long_reference_string_is_read_in_part"),
    "formats.entry.MOST_ENTRIES": (HOSTILE, "too_many_entries_are_refused"),
    "formats.text.MOST_BYTES": (HOSTILE, "a_bomb_is_one_line_in_little_memory"),
    "formats.workbook.MOST_COLUMNS": (HOSTILE, "a_sheet_that_is_too_wide_is_refused"),
    "frozen.serve.BODY_SECONDS": (HOSTILE, "a_body_that_never_ends_is_given_up"),
    "frozen.history.MOST_HELD": (
        "frozen/test_history.py",
        "the_longest_unused_history_goes_when_too_much_is_held",
    ),
    "frozen.serve.CLIENT_SECONDS": (SERVE, "clients_that_keep_a_connection_and_do_nothing_are_given_up"),
    "frozen.serve.LONGEST_BODY": ("frozen/test_clients_expect.py", "a_body_past_the_limit_is_refused"),
    "frozen.serve.LONGEST_URL": (SERVE, "head_is_refused_and_long_addresses_are_too_long"),
    "project.yaml.DEEPEST_YAML": (HOSTILE, "yaml_beyond_its_limits_is_refused"),
    "project.yaml.LARGEST_YAML": (HOSTILE, "yaml_beyond_its_limits_is_refused"),
    "project.yaml.MOST_YAML": (HOSTILE, "yaml_beyond_its_limits_is_refused"),
    "pubmed.checks.MOST_RECORDS": (HOSTILE, "a_count_that_cannot_be_is_not_believed"),
    "pubmed.checks.MOST_TAGS": (HOSTILE, "an_answer_of_too_many_tags_is_not_read"),
    "pubmed.citmatch.LONGEST_TEXT": (HOSTILE, "a_long_reference_string_is_sent_in_part"),
    "pubmed.elements._LARGEST_ELEMENT": (
        "pubmed/test_elements.py",
        "an_element_without_end_does_not_fill_the_memory",
    ),
    "pubmed.entrez.MOST_HITS": (HOSTILE, "a_search_that_finds_too_much_is_refused"),
    "pubmed.inflate.LARGEST_ANSWER": (HOSTILE, "an_endless_body_is_cut_off"),
    "pubmed.inflate.MOST_MEMBERS": ("pubmed/test_inflate.py", "gzip_in_several_members_is_read_whole"),
    "pubmed.refused.LARGEST": (HOSTILE, "what_is_kept_aside_is_bounded"),
    "pubmed.refused.MOST": (HOSTILE, "what_is_kept_aside_is_bounded"),
    "pubmed.transport.Patience.answer": (FAULTS, "a_fault_never_becomes_a_result"),
    "pubmed.transport.Patience.connect": (HOSTILE, "a_name_that_nobody_answers_for"),
    "pubmed.transport.Patience.offline": (TRANSPORT, "no_server_is_one_clear_line"),
    "pubmed.transport.Patience.read": (FAULTS, "a_fault_never_becomes_a_result"),
    "pubmed.transport.Patience.total": (TRANSPORT, "total_time_is_limited"),
    "pubmed.transport.Patience.tries": (TRANSPORT, "tries_are_limited"),
    "query.evidence.MOST_PLACES": (
        "query/test_terminal.py",
        "evidence_ends_where_nobody_follows_it_any_more",
    ),
    "query.lexer.LONGEST": ("query/test_lexer.py", "a_query_longer_than_any_search_is_refused_in_one_line"),
    "query.mesh.LARGEST": (HOSTILE, "a_mesh_file_beyond_its_limit_is_refused"),
    "query.nearest.MOST": ("query/test_nearest.py", "near_forms_are_tried_of_so_many_terms_and_no_more"),
    "query.faults.MOST_FAULTS": (
        "query/test_reader.py",
        "more_terms_or_faults_than_any_search_has_are_refused",
    ),
    "query.reader.MOST_TERMS": (
        "query/test_reader.py",
        "more_terms_or_faults_than_any_search_has_are_refused",
    ),
    "report.room.IN_FULL": ("report/test_room.py", "records_not_shown_in_full_count_as_all_others"),
    "report.room.LISTED": ("report/test_room.py", "a_page_says_how_many_of_its_records_it_lists"),
    "rows.CELL_LIMIT": (HOSTILE, "a_cell_beyond_its_limit_is_refused"),
    "runs.verify.MOST_FINDINGS": ("runs/test_verify.py", "findings_of_one_kind_are_counted"),
}


def value(name: str) -> float:
    """The value of a constant, or of a field of `Patience`, below `resift`."""
    module, _, constant = name.rpartition(".")
    if module.endswith(".Patience"):
        from resift.pubmed.transport import Patience

        return float(getattr(Patience(), constant))
    return float(getattr(importlib.import_module(f"resift.{module}"), constant))


@pytest.mark.parametrize("name", sorted(ROWS))
def test_the_table_says_what_the_code_holds(name: str) -> None:
    row = ROWS[name]
    assert float(row["limit"].replace(",", "")) * UNITS[row["unit"]] == value(name)


def test_every_row_is_read_and_has_its_test() -> None:
    assert len(ROWS) == sum(line.startswith("| ") and "`" in line for line in TABLE.splitlines())
    assert set(ROWS) == set(BEYOND)
    for path, name in BEYOND.values():
        assert f"def test_{name}(" in (TESTS / path).read_text(encoding="utf-8"), name


def test_every_limit_of_input_in_the_library_is_in_the_table() -> None:
    """Constants named LONGEST, LARGEST, DEEPEST or MOST_<things> that bound what is read."""
    found = set()
    library = TESTS.parent / "scripts" / "resift"
    for folder in ("project", "formats", "pubmed"):
        for path in (library / folder).rglob("*.py"):
            for constant in re.findall(r"^_?((?:LARGEST|DEEPEST|MOST)(?:_\w+)?) =", path.read_text(), re.M):
                found.add(f"{'.'.join(path.relative_to(library).with_suffix('').parts)}.{constant}")
    apart = {"pubmed.entrez.MOST_PARTS"}  # not of input: how a search is cut into parts
    assert found - apart <= {name.replace("._", ".") for name in ROWS}
