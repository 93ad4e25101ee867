"""What a search could have shown on an earlier day."""

from __future__ import annotations

from tests.changes.observed import OLD, PROTOCOL, observed, record

from resift.changes.as_of import as_of, days_of, errors


def test_an_earlier_day_at_two_levels_for_both_ends_of_an_interval() -> None:
    protocol = PROTOCOL | {
        "strategies": {"one": {"query": "glioma[tiab] OR Glioma[mh]", "primary": True, "reason": "x"}},
        "reported": {"search_between": ["2010-12", "2011-03-31"]},
    }
    run = observed(
        [
            record(1),
            record(2, entered="2011-02-01"),
            record(3, "A tumour", mesh=("Glioma",), mesh_date="2011-01-15", revised="2014-01-01"),
            record(4, entered=""),
        ],
        day=OLD,
        protocol=protocol,
    )
    assert days_of(run.run, run.protocol) == ("2010-12-31", "2011-03-31")
    first, second = as_of(run, None)
    assert (first.now, first.level_1, first.level_2, first.without_entry_date) == (4, 2, 1, 1)
    assert (second.level_1, second.level_2, first.revised_since) == (3, 3, 1)
    assert any("1 records" in size for _, _, size in errors([first]))
